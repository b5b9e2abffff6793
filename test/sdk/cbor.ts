import { Tagged, type DecodeOptions } from "cborg";
import { call } from "./units.js";

/** What the bytes say, or null. */
export const read = (bytes: Uint8Array) => JSON.parse(call("cbor", bytes)) as unknown;

/** The other reader, as strict as it can be. */
export const OPTIONS: DecodeOptions = {
  strict: true,
  useMaps: true,
  allowIndefinite: false,
  allowUndefined: false,
  rejectDuplicateMapKeys: true,
  allowBigInt: true,
  tags: Tagged.preserve(0, 1, 18, 33, 61),
};

/** A value as the other reader has it, written as ours writes it. */
export function written(value: unknown): unknown {
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString("hex") };
  if (value instanceof Map) return { map: [...value].flat().map(written) };
  if (value instanceof Tagged) return { tag: Number(value.tag), of: written(value.value) };
  if (Array.isArray(value)) return value.map(written);
  if (typeof value === "string") return value;
  return { simple: value === true ? "f5" : value === false ? "f4" : "f6" };
}
