import { kubewarden } from "../capabilities/index.js";
import { UserError, type Json, type JsonObject } from "../document.js";
import { Policy } from "../policy.js";
import { admissionRequest } from "../request.js";
import { attestedType } from "./attestation.js";
import { DOCUMENT_ENTRY } from "./config-map.js";
import { formatEvidence } from "./document.js";
import type { Item } from "./item.js";
import { decodeText, toSignature, type Signature } from "./signature.js";
import { askedFor, type Signer } from "./signer.js";

/** What stands before the name of an annotation that is a signature's file, or a document. */
const PREFIX = "trusted-images.dev/";

/** The types of items that the policy verifies; of others nothing is proven. */
const VERIFIED: Item["type"][] = ["cosign", "sigstore-bundle", "notation", "notary-v1"];

/** A public key in PEM, and how messages call it. */
export type NamedKey = { name: string; key: string };

/** What an item proves, by the policy's own judgement. */
export interface Proof {
  /** Whose signature or attestation it is, by their names. */
  signers: string[];
  /** Of an attestation, what it says: the type of its predicate. */
  predicateType?: string;
  /** Why it is not the first one's whose it is not. */
  refusal?: string;
}

/** The signature of no image in no registry: all that there is of it are the files. */
const handler = async () => {
  throw new Error("OCI API error: manifest unknown");
};

/**
 * Why the policy itself refuses a signature, so that what passes here is what passes there; undefined if it is good.
 *
 * @param keys any of them will do
 */
export async function refusalOf(
  module: WebAssembly.Module,
  { digest, files }: Signature,
  keys: NamedKey[],
): Promise<string | undefined> {
  const policy = new Policy(module, kubewarden({ handler }));
  const settings = settingsOf({ pubKeys: keys, threshold: 1 });
  const [problem] = await policy.validateSettings(settings);
  const [, index = "0", what] = /\.pubKeys\[(\d+)\]\S*: (.*)$/.exec(problem ?? "") ?? [];
  if (problem !== undefined) throw new UserError(`${keys[Number(index)]!.name} ${what ?? problem}`);
  return (await ask(policy, `a@${digest}`, filesOf(files), settings)).refusal;
}

/**
 * Whom an item proves to have signed an image. Each of them is asked about alone.
 *
 * @param image its digest
 * @param now the time that the policy is told, in nanoseconds since 1970; default: the clock's
 */
export async function proofOf(
  module: WebAssembly.Module,
  image: string,
  item: Item,
  signers: Signer[],
  now?: bigint,
): Promise<Proof> {
  if (!VERIFIED.includes(item.type)) {
    return { signers: [], refusal: `the policy does not verify items of the type ${item.type}` };
  }
  let files;
  try {
    files = carried(image, item);
  } catch (error) {
    return { signers: [], refusal: (error as Error).message };
  }
  const predicateType = attestedType(item);
  const asked = signers.flatMap((signer) => askedFor(signer, item.type, predicateType));
  if (asked.length === 0) {
    const what = predicateType
      ? `attests ${predicateType}`
      : `signs items of the type ${item.type}`;
    return { signers: [], refusal: `nobody who is trusted ${what}` };
  }
  const policy = new Policy(module, kubewarden({ handler }), now === undefined ? {} : { now });
  // Notary's metadata is about images by the name of their repository.
  const name = item.type === "notary-v1" ? item.gun : "a";
  const reference = `${name}@${image}`;
  const proof: Proof = { signers: [], ...(predicateType && { predicateType }) };
  for (const { path, name, rule, trustRoots } of asked) {
    const { refusal, signer } = await ask(policy, reference, files, settingsOf(rule, trustRoots));
    const by = name ?? signer ?? path;
    if (refusal !== undefined) proof.refusal ??= refusal;
    else if (!proof.signers.includes(by)) proof.signers.push(by);
  }
  return proof;
}

/** What a proof comes to, in words. */
export function formatProof({ signers, predicateType, refusal }: Proof): string {
  if (signers.length === 0) return `nothing: ${refusal}`;
  const by = signers.join(", ");
  return predicateType ? `${predicateType}, attested by ${by}` : `signed by ${by}`;
}

/** Throws what is wrong with a signer's key, certificate or other settings. */
export async function validateSigners(module: WebAssembly.Module, signers: Signer[]) {
  const policy = new Policy(module, kubewarden({ handler }));
  for (const { path, rule, trustRoots } of signers) {
    const [problem] = await policy.validateSettings(settingsOf(rule, trustRoots));
    if (problem !== undefined) throw new UserError(`${path}: ${problem}`);
  }
}

/** The annotations that carry an item: cosign's files, else a document with nothing else in it. */
function carried(image: string, item: Item): JsonObject {
  if (item.type !== "cosign") {
    return { [`${PREFIX}${DOCUMENT_ENTRY}`]: formatEvidence({ image, items: [item] }) };
  }
  const text = (base64: string) => decodeText(Buffer.from(base64, "base64"), "item");
  const { payload, signature: sig, certificate, chain, bundle } = item;
  const others = {
    sig,
    ...(certificate && { cert: text(certificate) }),
    ...(chain && { chain: text(chain) }),
    ...(bundle && { bundle: text(bundle) }),
  };
  return filesOf(toSignature(text(payload), others).files);
}

function filesOf(files: Signature["files"]): JsonObject {
  const entries = Object.entries(files).map(([ending, text]) => [`${PREFIX}a.${ending}`, text]);
  return Object.fromEntries(entries) as JsonObject;
}

function settingsOf(rule: JsonObject, trustRoots?: Json): JsonObject {
  const common = { image: "*", verifier: "policy", evidenceFrom: [{ annotation: true }] };
  return { signatures: [{ ...common, ...rule }], ...(trustRoots && { trustRoots }) };
}

/** Why the policy refuses what annotations carry, or by its word who signed. */
async function ask(
  policy: Policy,
  image: string,
  annotations: JsonObject,
  settings: JsonObject,
): Promise<{ refusal?: string; signer?: string | undefined }> {
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "a", annotations },
    spec: { containers: [{ name: "a", image }] },
  };
  const answer = await policy.validate(admissionRequest(pod), settings);
  if (!answer.accepted) {
    return { refusal: (answer.message ?? "").replace(/^.*?\(rule 1, \*\): /, "") };
  }
  const told = answer.audit_annotations?.["containers.0"] ?? "";
  return { signer: / signed by (.*) \(rule 1\)$/.exec(told)?.[1] };
}
