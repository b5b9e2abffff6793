import { sha256 } from "../crypto/sha256";
import { isHub } from "../image/registry";
import { Reference } from "../image/reference";
import { Annotation, Builder, Text } from "../sdk";
import { writeGoString } from "./go-json";

/**
 * Writes the payload that cosign signs for an image (cosign's SIGNATURE_SPEC.md, Simple Signing), byte for byte as
 * cosign does: Go's JSON, without spaces, keys in the order of their bytes. `digest` is `sha256:…`; `annotations`
 * are all that the signature carries, each name once, in any order.
 */
export function writePayload(
  to: Builder,
  dockerReference: Text,
  digest: Text,
  annotations: Array<Annotation>,
): void {
  to.ascii('{"critical":{"identity":{"docker-reference":');
  writeGoString(to, dockerReference);
  to.ascii('},"image":{"docker-manifest-digest":');
  writeGoString(to, digest);
  to.ascii('},"type":"cosign container image signature"},"optional":');
  if (annotations.length == 0) {
    to.ascii("null}");
    return;
  }
  const sorted = sortByName(annotations);
  for (let i = 0; i < sorted.length; i++) {
    to.byte(i == 0 ? 0x7b : 0x2c);
    writeGoString(to, sorted[i].name);
    writeGoString(to.byte(0x3a), sorted[i].value);
  }
  to.ascii("}}");
}

/** The digest of a payload, `sha256:` and 64 hex digits: what the layer that holds it is known by. */
export function payloadDigest(payload: Text): Text {
  return new Builder(71).ascii("sha256:").hex(sha256(payload)).view();
}

/**
 * What a signer of this image may have written for its `docker-reference`, the likeliest first. cosign
 * does not go by it, but with any other than the signer's the payload is another.
 */
export function dockerReferences(reference: Reference): Array<Text> {
  const found: Array<Text> = [];
  if (isHub(reference.registry)) {
    // cosign writes the name in go-containerregistry's spelling, and that calls Docker Hub by its old name.
    found.push(new Builder().ascii("index.docker.io/").text(reference.repository).view());
  }
  // What cosign writes for any other registry, and what people call Docker Hub in --sign-container-identity.
  found.push(reference.name);
  // The same option again: Podman and CRI-O, who do go by it, want what is pulled, tag included.
  if (reference.tag || !reference.digest) {
    const tag = reference.tagOrLatest();
    found.push(new Builder().text(reference.name).byte(0x3a).text(tag).view());
  }
  return found;
}

/** The annotations in the order of their names' bytes, as Go writes a map. */
function sortByName(annotations: Array<Annotation>): Array<Annotation> {
  const sorted: Array<Annotation> = [];
  for (let i = 0; i < annotations.length; i++) {
    const annotation = annotations[i];
    let at = sorted.length;
    sorted.push(annotation);
    for (; at > 0 && isLess(annotation.name, sorted[at - 1].name); at--)
      sorted[at] = sorted[at - 1];
    sorted[at] = annotation;
  }
  return sorted;
}

function isLess(one: Text, other: Text): bool {
  const order = memory.compare(one.start, other.start, min(one.length, other.length));
  return order < 0 || (order == 0 && one.length < other.length);
}
