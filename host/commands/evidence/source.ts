import type { Command } from "commander";
import { UserError } from "../../document.js";
import { readEvidence } from "../../evidence/document.js";
import { gather, parseImage, resolveImage, type Finding } from "../../evidence/gather.js";
import { isKnown } from "../../evidence/item.js";
import { gatherNotary, parseServer } from "../../evidence/notary.js";
import { printable } from "../../pretty.js";
import { formatReference, type Reference } from "../../registry/reference.js";
import { formatTable } from "../../table.js";
import {
  addRegistryOptions,
  notaryRequests,
  registryClient,
  type RegistryOptions,
} from "../answers.js";
import { writeError } from "../options.js";

/** Where evidence is taken from. */
export interface SourceOptions extends RegistryOptions {
  repository?: string;
  notaryServer?: string;
  gun?: string;
}

/** The same, for commands that take a document as well. */
export interface DocumentOptions extends SourceOptions {
  evidencePath?: string;
}

/** What was found for an image. */
export interface Gathered {
  digest: string;
  findings: Finding[];
}

/** Gives a command the options that say where evidence is taken from. */
export function addSourceOptions(command: Command): Command {
  command
    .option(
      "--repository <repository>",
      "where evidence artifacts are: registry.example.com/evidence; default: the image's repository",
    )
    .option("--notary-server <url>", "take also what this Notary v1 server says of the image")
    .option("--gun <name>", "the repository's name there; default: registry and repository");
  return addRegistryOptions(command);
}

/** The option of commands that take a document instead. */
export function addDocumentOption(command: Command): Command {
  return command.option(
    "-e, --evidence-path <file>",
    "a document that `collect -o` wrote, instead of what registries hold; - is standard input",
  );
}

/** What a document has, which must be for the image if one is given; or what registries have for an image. */
export async function evidenceOf(
  image: string | undefined,
  options: DocumentOptions,
): Promise<Gathered> {
  const { evidencePath } = options;
  if (evidencePath === undefined) {
    if (image === undefined) throw new UserError("give an image, or --evidence-path");
    return gathered(image, options);
  }
  const document = readEvidence(evidencePath);
  if (image !== undefined) {
    const { reference, digest } = await resolveImage(await registryClient(options), image);
    mustBeFor(reference, digest, document.image);
  }
  for (const { type } of document.items.filter((item) => !isKnown(item))) {
    note(`passed over: an item of the type ${type}, which is not known here`);
  }
  const where = evidencePath === "-" ? "standard input" : evidencePath;
  const findings = document.items.filter(isKnown).map((item) => ({ item, where: [where] }));
  return { digest: document.image, findings };
}

/** Throws unless evidence is for the digest that an image has. */
export function mustBeFor(image: Reference, digest: string, evidence: string): void {
  if (digest === evidence) return;
  throw new UserError(
    `${formatReference(image)} is ${digest}, and the evidence is for ${evidence}: collect it anew`,
  );
}

/** What registries have for an image. */
export async function gathered(image: string, options: SourceOptions): Promise<Gathered> {
  const { notaryServer, gun } = options;
  if (gun !== undefined && notaryServer === undefined) {
    throw new UserError("--gun is a name at a Notary server: give --notary-server too");
  }
  const client = await registryClient(options);
  const { reference, digest } = await resolveImage(client, image);
  const { registry, repository } = reference;
  const companions = companionRepository(reference, options);
  const findings = await gather(client, reference, digest, companions, passOver);
  if (notaryServer !== undefined) {
    const requests = notaryRequests(options, registry);
    const server = parseServer(notaryServer);
    const name = gun ?? `${registry}/${repository}`;
    findings.push(...(await gatherNotary(requests, server, name, digest, passOver)));
  }
  return { digest, findings };
}

/** The repository of evidence artifacts: the image's, or the one that was named. */
export function companionRepository(image: Reference, { repository }: SourceOptions): Reference {
  if (repository === undefined) return { registry: image.registry, repository: image.repository };
  const { tag, digest, ...named } = parseImage(repository);
  if (digest === undefined && tag === "latest" && !repository.endsWith(":latest")) return named;
  throw new UserError(`--repository ${repository}: give it without a tag and a digest`);
}

/** Prints what was found, with a column that says something of each. */
export function printFindings({ digest, findings }: Gathered, head: string, cells: string[]): void {
  const rows = findings.map(({ item, where }, i) => [item.type, where.join(", "), cells[i]!]);
  const table = formatTable([["TYPE", "FOUND AT", head], ...rows], false);
  for (const line of [digest, ...table.split("\n")]) console.log(printable(line));
}

function passOver(line: string): void {
  note(`passed over: ${line}`);
}

function note(line: string): void {
  writeError(printable(line));
}
