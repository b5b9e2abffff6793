import type { KeyObject } from "node:crypto";
import { call } from "../sdk/units.js";

export const HASHES = ["sha256", "sha384", "sha512"] as const;
export type HashName = (typeof HASHES)[number];

/** A key as a SubjectPublicKeyInfo in DER. */
export const spki = (key: KeyObject) => key.export({ type: "spki", format: "der" });

/** Bytes behind their length, as the operations of `units-primitives.ts` read them. */
export function withLength(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([length, bytes]);
}

export interface Scheme {
  hash?: HashName;
  scheme?: "by key" | "PSS" | "Ed25519ph" | "raw";
  /** Length of a PSS salt; -1: any. */
  salt?: number;
}

/** Has the guest verify a signature: `valid`, `invalid`, or `key: ` and why it is none. */
export function verify(
  key: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
  { hash = "sha256", scheme = "by key", salt = -1 }: Scheme = {},
): string {
  const head = Buffer.of(
    ["by key", "PSS", "Ed25519ph", "raw"].indexOf(scheme),
    HASHES.indexOf(hash),
    0,
    0,
  );
  head.writeInt16LE(salt, 2);
  const parts = [key, message, signature].map(withLength);
  return call("verify_signature", Buffer.concat([head, ...parts]));
}

/** A copy with some bits of one byte turned over. */
export function flipped(bytes: Uint8Array, at: number, bits = 1): Buffer {
  const copy = Buffer.from(bytes);
  copy[at]! ^= bits;
  return copy;
}
