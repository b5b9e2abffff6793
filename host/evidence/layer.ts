import type { Descriptor, RegistryClient } from "../registry/client.js";
import type { Reference } from "../registry/reference.js";
import { SIMPLE_SIGNING } from "../sigstore/layers.js";
import { DSSE_ENVELOPE, toBundle } from "./attestation.js";
import { MAX_FIELD_BYTES, parseItem, type Item } from "./item.js";
import { pullSignature } from "./registry.js";
import { decodeText, type Signature } from "./signature.js";

const SIGSTORE_BUNDLE =
  /^application\/vnd\.dev\.sigstore\.bundle(?:\.v\d+\.\d+\+json|\+json;version=\d+\.\d+)$/;
const NOTATION = ["application/jose+json", "application/cose"];
/** What a field holds, being base64. */
const MAX_BYTES = (MAX_FIELD_BYTES / 4) * 3;

/**
 * Pulls a layer and makes an item of it, by its media type; throws why it is none. Bytes that are signed are kept
 * as they are.
 *
 * @param digest of the image that it should be about
 */
export async function pullItem(
  client: RegistryClient,
  from: Reference,
  layer: Descriptor,
  digest: string,
): Promise<Item> {
  const { mediaType, annotations = {}, size } = layer;
  if (size > MAX_BYTES) throw new Error(`it has ${size} bytes, and an item ${MAX_BYTES} at most`);
  if (mediaType === SIMPLE_SIGNING) {
    return valid(toItem(await pullSignature(client, from, layer, digest)));
  }
  if (mediaType === DSSE_ENVELOPE) {
    const envelope = decodeText(await client.pullBlob(from, layer), "envelope");
    const bundle = Buffer.from(JSON.stringify(toBundle(envelope, annotations)));
    return valid({ type: "sigstore-bundle", bundle: bundle.toString("base64") });
  }
  if (SIGSTORE_BUNDLE.test(mediaType)) {
    const bundle = await client.pullBlob(from, layer);
    return valid({ type: "sigstore-bundle", bundle: bundle.toString("base64") });
  }
  if (NOTATION.includes(mediaType)) {
    const envelope = await client.pullBlob(from, layer);
    return valid({ type: "notation", mediaType, envelope: envelope.toString("base64") });
  }
  throw new Error(`it is ${mediaType}, and no evidence that is known`);
}

/** A signature of cosign's files as an item. */
export function toItem({ files: { sig, payload, cert, chain, bundle } }: Signature): Item {
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  return {
    type: "cosign",
    payload: base64(payload),
    signature: sig,
    ...(cert && { certificate: base64(cert) }),
    ...(chain && { chain: base64(chain) }),
    ...(bundle && { bundle: base64(bundle) }),
  };
}

function valid(item: Item): Item {
  return parseItem(item, "the item") as Item;
}
