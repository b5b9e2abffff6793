import type { Descriptor, RegistryClient } from "../registry/client.js";
import { formatReference, parseReference, type Reference } from "../registry/reference.js";
import { decodePayload, type Payload } from "./payload.js";

/** One cosign signature of an image, as yet verified by nobody. */
export interface SignatureLayer {
  /** What was signed. */
  bytes: Buffer;
  payload: Payload;
  /** In base64. */
  signature: string;
  /** The signer's certificate in PEM, for signatures without a key. */
  certificate?: string;
  /** The transparency log's entry as cosign attaches it. */
  bundle?: string;
}

export const SIMPLE_SIGNING = "application/vnd.dev.cosign.simplesigning.v1+json";
/** Where a layer has what belongs to its signature. */
export const ANNOTATIONS = {
  signature: "dev.cosignproject.cosign/signature",
  certificate: "dev.sigstore.cosign/certificate",
  chain: "dev.sigstore.cosign/chain",
  bundle: "dev.sigstore.cosign/bundle",
};
const MAX_LAYERS = 256;

/**
 * Resolves an image to its digest and fetches the signatures that are about that digest.
 *
 * cosign v2 keeps them beside the image, in a manifest tagged `sha256-<hex>.sig`. A layer that is
 * not a signature of this digest is passed over, a layer of another media type or with another
 * content than its descriptor says spoils the manifest, as for policy-server's host.
 */
export async function fetchSignatures(
  client: RegistryClient,
  image: string,
): Promise<{ digest: string; layers: SignatureLayer[] }> {
  const reference = parse(image);
  const { digest } = await trusted(
    () => client.pullManifest(reference),
    (error) => `Cannot pull manifest of ${formatReference(reference)}: ${error.message}`,
  );
  const { registry, repository } = reference;
  const signatures = { registry, repository, tag: `${digest.replace(":", "-")}.sig` };
  const descriptors = await findSignatures(client, signatures, reference);
  const layers = await trusted(
    () => pullLayers(client, signatures, descriptors),
    (error) => `Cannot pull ${formatReference(signatures)}: ${error.message}`,
  );
  const about = layers.flatMap(
    ([descriptor, bytes]) => decodeLayer(descriptor, bytes, digest) ?? [],
  );
  if (about.length === 0) throw new Error(`${UNTRUSTED}No Signature Layer passed verification`);
  return { digest, layers: about };
}

const UNTRUSTED = "failed to get image trusted layers: ";

function parse(image: string): Reference {
  try {
    return parseReference(image);
  } catch (error) {
    throw new Error(`Not a valid oci image: ${(error as Error).message}`);
  }
}

async function trusted<T>(step: () => Promise<T>, word: (error: Error) => string): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw new Error(UNTRUSTED + word(error as Error), { cause: error });
  }
}

async function findSignatures(
  client: RegistryClient,
  signatures: Reference,
  image: Reference,
): Promise<Descriptor[]> {
  try {
    const { manifest } = await client.pullManifest(signatures);
    if (manifest.layers) return manifest.layers;
  } catch {
    // Whether the tag is absent or the registry failed, the words are the same in policy-server's host.
  }
  throw new Error(`no signatures found for image: ${formatReference(image)} `);
}

async function pullLayers(
  client: RegistryClient,
  signatures: Reference,
  descriptors: Descriptor[],
): Promise<[Descriptor, Buffer][]> {
  if (descriptors.length === 0) throw new Error("No layers to pull");
  if (descriptors.length > MAX_LAYERS) throw new Error(`more than ${MAX_LAYERS} layers`);
  const foreign = descriptors.find(({ mediaType }) => mediaType !== SIMPLE_SIGNING);
  if (foreign) throw new Error(`Incompatible layer media type: ${foreign.mediaType}`);
  const layers: [Descriptor, Buffer][] = [];
  for (const descriptor of descriptors) {
    layers.push([descriptor, await client.pullBlob(signatures, descriptor)]);
  }
  return layers;
}

function decodeLayer(
  { annotations }: Descriptor,
  bytes: Buffer,
  digest: string,
): SignatureLayer | undefined {
  try {
    const payload = decodePayload(bytes);
    const signature = annotations?.[ANNOTATIONS.signature];
    if (payload.digest !== digest || typeof signature !== "string") return undefined;
    const certificate = annotations?.[ANNOTATIONS.certificate];
    const bundle = annotations?.[ANNOTATIONS.bundle];
    return {
      bytes,
      payload,
      signature,
      ...(certificate && { certificate }),
      ...(bundle && { bundle }),
    };
  } catch {
    return undefined;
  }
}
