import { p256, p384, p521 } from "@noble/curves/nist.js";
import { CURVE25519, P256, P384, P521 } from "../../tools/fields/parameters.js";
import { call } from "../sdk/units.js";
import { der, random } from "./crypto.js";

/** The guest's curves, by their numbers. */
export const CURVES = [P256, P384, P521, CURVE25519] as const;

/** The curves of ECDSA in noble and Node. */
export const ECDSA = [
  { id: 0, name: "P-256", noble: p256, parameters: P256, bytes: 32 },
  { id: 1, name: "P-384", noble: p384, parameters: P384, bytes: 48 },
  { id: 2, name: "P-521", noble: p521, parameters: P521, bytes: 66 },
] as const;

/** Calls an operation on curves of the units guest; each part goes behind its length. */
export function callCurve(operation: string, curve: number, ...parts: Uint8Array[]): string {
  const framed = [Uint8Array.of(curve), ...parts].flatMap((part) => [
    Uint8Array.of(part.length & 0xff, part.length >> 8),
    part,
  ]);
  return call(`curve.${operation}`, Uint8Array.from(Buffer.concat(framed)));
}

/** The big-endian bytes of a number, at least `length`. */
export function bytesOf(value: bigint, length = 0): Buffer {
  const digits = value.toString(16);
  const even = digits.length % 2 ? `0${digits}` : digits;
  return Buffer.from(even.padStart(2 * length, "0"), "hex");
}

/** The contents of a DER INTEGER. */
export function integerOf(value: bigint): Buffer {
  const bytes = bytesOf(value);
  return bytes[0]! >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
}

export function signatureOf(r: bigint, s: bigint): Buffer {
  return der(0x30, der(2, integerOf(r)), der(2, integerOf(s)));
}

/** A number below `bound`. */
export function randomBelow(bound: bigint): bigint {
  const bytes = random(bytesOf(bound).length + 8);
  return BigInt(`0x${Buffer.from(bytes).toString("hex")}`) % bound;
}

/** Limbs as they lie in the guest's memory. */
export function limbBytes(limbs: readonly bigint[]): Uint8Array {
  const words = Int32Array.from(limbs, Number);
  return new Uint8Array(words.buffer);
}

export function valueOf(limbs: readonly (bigint | number)[], bits: number): bigint {
  return limbs.reduce<bigint>((sum, limb, i) => sum + (BigInt(limb) << BigInt(i * bits)), 0n);
}
