import { UserError } from "../document.js";
import type { Descriptor, RegistryClient } from "../registry/client.js";
import { formatReference, parseReference, type Reference } from "../registry/reference.js";
import { Refusal } from "../registry/requests.js";
import { ANNOTATIONS, SIMPLE_SIGNING } from "../sigstore/layers.js";
import { decodeText, toSignature, type Signature } from "./signature.js";

/**
 * Fetches the signatures of an image from its registry: the layers of the manifest at its `.sig` tag. What is no
 * signature of this image is passed over, and said.
 *
 * @param note told what is passed over
 */
export async function pullSignatures(
  client: RegistryClient,
  image: string,
  note: (line: string) => void,
): Promise<Signature[]> {
  const reference = parse(image);
  const { registry, repository } = reference;
  const { digest } = await ask(() => client.pullManifest(reference), "pull", reference);
  const tagged = { registry, repository, tag: `${digest.replace(":", "-")}.sig` };
  const pulled = await ask(
    () => unlessMissing(client.pullManifest(tagged)),
    "pull the signatures at",
    tagged,
  );
  if (!pulled) {
    const words =
      "has no signature in its registry; sign it with cosign in the format of a .sig tag";
    throw new UserError(`${formatReference(reference)} ${words}`);
  }
  const { manifest } = pulled;
  const found: Signature[] = [];
  for (const [index, layer] of (manifest.layers ?? []).entries()) {
    try {
      found.push(await pullSignature(client, tagged, layer, digest));
    } catch (error) {
      note(`layer ${index + 1} of ${formatReference(tagged)}: ${(error as Error).message}`);
    }
  }
  return found;
}

/** Pulls a layer that is a cosign signature of an image; throws why it is none. */
export async function pullSignature(
  client: RegistryClient,
  tagged: Reference,
  layer: Descriptor,
  digest: string,
): Promise<Signature> {
  const { mediaType, annotations = {} } = layer;
  if (mediaType !== SIMPLE_SIGNING) throw new Error(`it is ${mediaType}, and no signature`);
  const sig = annotations[ANNOTATIONS.signature];
  if (!sig) throw new Error("it has no signature among its annotations");
  const payload = decodeText(await client.pullBlob(tagged, layer), "payload");
  const cert = annotations[ANNOTATIONS.certificate];
  const chain = annotations[ANNOTATIONS.chain];
  const bundle = annotations[ANNOTATIONS.bundle];
  const signature = toSignature(payload, {
    sig,
    ...(cert && { cert }),
    ...(chain && { chain }),
    ...(bundle && { bundle }),
  });
  if (signature.digest === digest) return signature;
  throw new Error(`it is for another image: ${signature.digest}`);
}

function parse(image: string): Reference {
  try {
    return parseReference(image);
  } catch (error) {
    throw new UserError(`--image ${image}: ${(error as Error).message}`);
  }
}

async function unlessMissing<T>(pulled: Promise<T>): Promise<T | undefined> {
  try {
    return await pulled;
  } catch (error) {
    if (error instanceof Refusal && error.status === 404) return undefined;
    throw error;
  }
}

async function ask<T>(step: () => Promise<T>, what: string, reference: Reference): Promise<T> {
  try {
    return await step();
  } catch (error) {
    const why = (error as Error).message;
    throw new UserError(`cannot ${what} ${formatReference(reference)}: ${why}`);
  }
}
