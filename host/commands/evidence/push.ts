import type { Command } from "commander";
import { UserError } from "../../document.js";
import {
  companionManifest,
  companionTag,
  pushCompanion,
  readCompanion,
} from "../../evidence/companion.js";
import { mergeEvidence, type EvidenceDocument } from "../../evidence/document.js";
import { findManifest, parseImage, THERE, wording } from "../../evidence/gather.js";
import type { Item } from "../../evidence/item.js";
import { proofOf } from "../../evidence/verify.js";
import { readPolicy } from "../../policy.js";
import { printable } from "../../pretty.js";
import { sha256, type Descriptor, type RegistryClient } from "../../registry/client.js";
import { formatReference, type Reference } from "../../registry/reference.js";
import { registryClient } from "../answers.js";
import { writeError } from "../options.js";
import {
  addDocumentOption,
  addSourceOptions,
  companionRepository,
  evidenceOf,
  mustBeFor,
  type DocumentOptions,
  type Gathered,
} from "./source.js";
import { addTrustOptions, signersOf, type TrustOptions } from "./trust.js";

export interface PushOptions extends DocumentOptions, TrustOptions {
  unverified?: boolean;
  subject: boolean;
  dryRun?: boolean;
}

const EXAMPLES = `
Examples:
  trusted-images evidence push registry.example.com/web:1.0 --key cosign.pub
  trusted-images evidence push registry.example.com/web:1.0 -e evidence.json -s settings.yaml --dry-run
  trusted-images evidence push registry.example.com/web:1.0 --key cosign.pub --repository registry.example.com/evidence`;

/** Adds the options of `evidence push` to its command. */
export function addPushOptions(command: Command): Command {
  addTrustOptions(addDocumentOption(command))
    .option("--unverified", "push also what nobody who is trusted has signed")
    .option(
      "--no-subject",
      "for registries from before OCI 1.1: the artifact does not refer to the image",
    )
    .option("--dry-run", "say what would be pushed, and push nothing");
  return addSourceOptions(command).addHelpText("after", EXAMPLES);
}

/** `trusted-images evidence push`: puts an image's evidence beside it; returns the exit code. */
export async function pushCommand(image: string, options: PushOptions): Promise<number> {
  const reference = parseImage(image);
  if (options.exampleRegistry && !options.dryRun) {
    throw new UserError("the registry of the examples is read-only: add --dry-run");
  }
  const gathered = await evidenceOf(image, options);
  const client = await registryClient(options);
  const subject = await subjectOf(client, reference, gathered.digest);
  const at = { ...companionRepository(reference, options), tag: companionTag(gathered.digest) };
  const there = await companionAt(client, at, gathered.digest);
  const before = there?.document ?? { image: gathered.digest, items: [] };
  const document = mergeEvidence(before, await acceptable(gathered, options));
  if (document.items.length === 0) {
    writeError(`There is nothing for ${gathered.digest} that is verified: nothing is pushed.`);
    return 1;
  }
  const about = options.subject ? subject : undefined;
  const place = formatReference(at);
  const code = isUnknownToNotary(gathered, options) ? 1 : 0;
  if (there?.digest === sha256(companionManifest(document, about))) {
    console.log(`${place} is up to date: ${count(document)}`);
    return code;
  }
  if (!options.dryRun) {
    await pushCompanion(client, at, document, about, there?.digest, (line) =>
      writeError(printable(`${place}: ${line}`)),
    );
  }
  const verb = options.dryRun ? "would be" : "is";
  console.log(`${place} ${verb} pushed: ${count(document)}, ${count(before)} before`);
  return code;
}

/** Whether a Notary server was asked about the image and has no tag for it, which ends what it may have had before. */
function isUnknownToNotary({ findings }: Gathered, options: PushOptions): boolean {
  const { notaryServer, evidencePath } = options;
  if (notaryServer === undefined || evidencePath !== undefined) return false;
  return !findings.some(({ item, where }) => item.type === "notary-v1" && !where.includes(THERE));
}

/** The new items that may be pushed: those that a signer is proven to have signed, unless all may. */
async function acceptable({ digest, findings }: Gathered, options: PushOptions): Promise<Item[]> {
  const found = findings.filter(({ where }) => !where.includes(THERE));
  if (options.unverified) return found.map(({ item }) => item);
  const module = await readPolicy();
  const signers = await signersOf(module, options);
  const good: Item[] = [];
  for (const { item, where } of found) {
    const { signers: proven, refusal } = await proofOf(module, digest, item, signers, options.now);
    if (proven.length > 0) good.push(item);
    else writeError(printable(`refused: ${item.type} at ${where.join(", ")}: ${refusal}`));
  }
  return good;
}

/** What the artifact refers to: the image, which must be the one that the evidence is for. */
async function subjectOf(
  client: RegistryClient,
  image: Reference,
  expected: string,
): Promise<Descriptor> {
  const { mediaType, digest, size } = await wording("pull", image, () =>
    client.pullManifest(image),
  );
  mustBeFor(image, digest, expected);
  return { mediaType, digest, size };
}

/** The document that is there already. */
async function companionAt(client: RegistryClient, at: Reference, image: string) {
  const pulled = await findManifest(client, at);
  if (!pulled) return undefined;
  try {
    return { digest: pulled.digest, document: await readCompanion(client, at, pulled, image) };
  } catch (error) {
    const remedy = "Delete that tag, or name another repository with --repository";
    throw new UserError(`${(error as Error).message}\n${remedy}`);
  }
}

function count({ items }: EvidenceDocument): string {
  return `${items.length} item${items.length === 1 ? "" : "s"}`;
}
