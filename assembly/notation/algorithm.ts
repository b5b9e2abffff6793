import { Hash, hashBytes } from "../crypto/hash";
import { KeyKind, VerificationKey } from "../crypto/key";
import { Text } from "../sdk";

/**
 * How an envelope may be signed (Notary Project signature specification, Algorithm Selection): in the order of their
 * hashes, SHA-256, -384 and -512.
 */
export const enum Algorithm {
  Ps256,
  Ps384,
  Ps512,
  Es256,
  Es384,
  Es512,
  None,
}

/** The names that JWS has for them (RFC 7518 §3.1). */
const NAMES: StaticArray<string> = ["PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

/** The numbers that COSE has for them (RFC 9053 §2.1, RFC 8230 §2). */
const NUMBERS: StaticArray<i64> = [-37, -38, -39, -7, -35, -36];

/** The algorithm that JWS calls so. */
export function algorithmNamed(name: Text): Algorithm {
  for (let i = 0; i < NAMES.length; i++) if (name.is(NAMES[i])) return <Algorithm>i;
  return Algorithm.None;
}

/** The algorithm that is COSE's with this number. */
export function algorithmNumbered(number: i64): Algorithm {
  for (let i = 0; i < NUMBERS.length; i++) if (NUMBERS[i] == number) return <Algorithm>i;
  return Algorithm.None;
}

/** The only algorithm that a key may sign with. */
export function algorithmOf(key: VerificationKey): Algorithm {
  if (key.kind == KeyKind.Ed25519) return Algorithm.None;
  if (key.kind != KeyKind.Rsa) return <Algorithm>(Algorithm.Es256 + <i32>key.kind);
  const bits = key.modulusBits;
  if (bits == 2048) return Algorithm.Ps256;
  if (bits == 3072) return Algorithm.Ps384;
  return bits == 4096 ? Algorithm.Ps512 : Algorithm.None;
}

/** Whether the signature of a message, as JWS and COSE write it, is the key's by its algorithm. */
export function isSigned(key: VerificationKey, message: Text, signature: Text): bool {
  const algorithm = algorithmOf(key);
  if (algorithm == Algorithm.None) return false;
  const hash = <Hash>(<i32>algorithm % 3);
  const digest = hashBytes(hash, message);
  return algorithm >= Algorithm.Es256
    ? key.verifiesRaw(digest, signature)
    : key.verifiesPss(hash, digest, signature, digest.length);
}
