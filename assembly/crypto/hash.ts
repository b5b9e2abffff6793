import { Text } from "../sdk";
import { sha256 } from "./sha256";
import { sha384, sha512 } from "./sha512";

/** The hashes that signatures are made over. */
export const enum Hash {
  Sha256,
  Sha384,
  Sha512,
}

/** The hash of `bytes`: `hashLength(hash)` bytes. */
export function hashBytes(hash: Hash, bytes: Text): Text {
  if (hash == Hash.Sha256) return sha256(bytes);
  return hash == Hash.Sha384 ? sha384(bytes) : sha512(bytes);
}

/** Length in bytes: 32, 48 or 64. */
export function hashLength(hash: Hash): i32 {
  return 32 + 16 * hash;
}
