import { Hash } from "../crypto/hash";
import { KeyKind, VerificationKey } from "../crypto/key";
import { Code, Failure } from "../failure";
import { Text } from "../sdk";
import { CHECK, plainReadingCost, tooMuchWork, Work } from "../work";
import { Bundle } from "./bundle";
import { Digest } from "./digest";

/**
 * Why the signature in a bundle is not this key's; null if it is. It may be made with the hash that cosign 3 and Rekor
 * take for a key of its kind (`GetDefaultAlgorithmDetails` of sigstore/pkg/signature), SHA-512 and Ed25519ph for
 * Ed25519, or with SHA-256 and plain Ed25519.
 */
export function verifySignature(bundle: Bundle, key: VerificationKey, work: Work): Failure | null {
  const envelope = bundle.envelope;
  const own = hashFor(key.kind);
  const size = envelope ? envelope.payload.length : 0;
  const tries = envelope && own != Hash.Sha256 ? 2 : 1;
  if (!work.spend(tries * (key.cost * CHECK + plainReadingCost(size)))) return tooMuchWork();
  const signature = bundle.signature;
  let isSigned: bool = false;
  if (!envelope) isSigned = verifies(key, bundle.digest!, signature);
  else {
    if (tries == 2) isSigned = verifies(key, Digest.of(own, envelope.encoding), signature);
    if (!isSigned) isSigned = key.verifies(Hash.Sha256, envelope.encoding, signature);
  }
  return isSigned ? null : Failure.of(Code.SignatureUnmet, "no signature of the image is by it");
}

function hashFor(kind: KeyKind): Hash {
  if (kind == KeyKind.P384) return Hash.Sha384;
  return kind == KeyKind.P521 || kind == KeyKind.Ed25519 ? Hash.Sha512 : Hash.Sha256;
}

/** Whether the signature of a message with this digest is the key's. */
function verifies(key: VerificationKey, digest: Digest, signature: Text): bool {
  return key.kind == KeyKind.Ed25519
    ? key.verifiesPrehashed(digest.bytes, signature)
    : key.verifiesDigest(digest.hash, digest.bytes, signature);
}
