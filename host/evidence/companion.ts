import { UserError } from "../document.js";
import {
  IMAGE_MANIFEST,
  sha256,
  type Descriptor,
  type Pulled,
  type RegistryClient,
} from "../registry/client.js";
import { pushBlob, pushManifest } from "../registry/push.js";
import { formatReference, type Reference } from "../registry/reference.js";
import { listReferrer } from "../registry/referrers.js";
import { Refusal } from "../registry/requests.js";
import { EVIDENCE, formatEvidence, parseEvidence, type EvidenceDocument } from "./document.js";
import { decodeText } from "./signature.js";

/** The empty descriptor of image-spec 1.1, which stands where a layer must be. */
const EMPTY = { mediaType: "application/vnd.oci.empty.v1+json", bytes: Buffer.from("{}") };

/** Where an image's document is: `sha256-<hex>.evidence`. */
export function companionTag(digest: string): string {
  return `${digest.replace(":", "-")}.evidence`;
}

/** Reads the document that an artifact carries as its config. */
export async function readCompanion(
  client: RegistryClient,
  from: Reference,
  { manifest, digest }: Pulled,
  image: string,
): Promise<EvidenceDocument> {
  const { config } = manifest;
  const place = formatReference({ ...from, digest });
  if (config?.mediaType !== EVIDENCE) {
    throw new UserError(`${place} is no evidence document: its config is ${config?.mediaType}`);
  }
  const text = decodeText(await client.pullBlob(from, config), "evidence");
  const document = parseEvidence(text, `config of ${place}`);
  if (document.image === image) return document;
  throw new UserError(`${place} has the evidence of another image: ${document.image}`);
}

/** The artifact's manifest, the same for the same document. */
export function companionManifest(
  document: EvidenceDocument,
  subject: Descriptor | undefined,
): Buffer {
  const { mediaType, digest, size } = subject ?? {};
  const manifest = {
    schemaVersion: 2,
    mediaType: IMAGE_MANIFEST,
    artifactType: EVIDENCE,
    config: descriptor(EVIDENCE, Buffer.from(formatEvidence(document))),
    layers: [descriptor(EMPTY.mediaType, EMPTY.bytes)],
    ...(subject && { subject: { mediaType, digest, size } }),
  };
  return Buffer.from(JSON.stringify(manifest));
}

/**
 * Pushes a document as an artifact; what may be in the way is said with what to do.
 *
 * @param replaced the digest of the artifact whose place it takes
 * @param note told where the artifact is not listed with what it refers to: its own tag finds it all the same
 */
export async function pushCompanion(
  client: RegistryClient,
  at: Reference,
  document: EvidenceDocument,
  subject: Descriptor | undefined,
  replaced: string | undefined,
  note: (line: string) => void,
): Promise<void> {
  const { requests } = client;
  const manifest = companionManifest(document, subject);
  let isListed;
  try {
    await pushBlob(requests, at, Buffer.from(formatEvidence(document)), EVIDENCE);
    await pushBlob(requests, at, EMPTY.bytes, EMPTY.mediaType);
    isListed = await pushManifest(requests, at, manifest, IMAGE_MANIFEST);
  } catch (cause) {
    const why = (cause as Error).message;
    const remedy = cause instanceof Refusal ? remedyOf(cause, subject !== undefined) : "";
    throw new UserError(`cannot push ${formatReference(at)}: ${why}${remedy}`, { cause });
  }
  if (!subject || isListed) return;
  try {
    const listed = { ...descriptor(IMAGE_MANIFEST, manifest), artifactType: EVIDENCE };
    await listReferrer(client, at, subject.digest, listed, replaced);
  } catch (error) {
    note(`it is not listed with what refers to the image: ${(error as Error).message}`);
  }
}

function remedyOf({ status, message }: Refusal, withSubject: boolean): string {
  if (/immutable|already exists|overwrit/i.test(message) || status === 409 || status === 412) {
    return (
      "\nThe tag cannot be written again: let tags that end in .evidence be mutable there, " +
      "or name a repository where they are with --repository"
    );
  }
  if (status === 401 || status === 403) {
    return "\nLog in with docker as someone who may push there, or name another repository with --repository";
  }
  if (status < 500 && status !== 404 && withSubject) {
    return (
      "\nA registry from before OCI 1.1 may refuse what refers to an image: try --no-subject, " +
      "or carry the evidence in a ConfigMap: trusted-images evidence export"
    );
  }
  return "";
}

function descriptor(mediaType: string, bytes: Buffer): Descriptor {
  return { mediaType, digest: sha256(bytes), size: bytes.length };
}
