import { generateKeyPairSync, sign, type KeyPairKeyObjectResult } from "node:crypto";
import { der } from "../crypto/crypto.js";

/** An object identifier. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...others] = dotted.split(".").map(Number);
  const bytes = [40 * first + second, ...others].flatMap((number) => {
    const digits = [number & 0x7f];
    for (let left = number >> 7; left > 0; left >>= 7) digits.unshift(0x80 | (left & 0x7f));
    return digits;
  });
  return der(0x06, Buffer.from(bytes));
}

export const integer = (value: number) => der(0x02, Buffer.of(value));
export const utf8 = (text: string) => der(0x0c, Buffer.from(text));
export const bits = (...bytes: number[]) => der(0x03, Buffer.from(bytes));
export const TRUE = der(0x01, Buffer.of(0xff));
export const FALSE = der(0x01, Buffer.of(0));
export const NULL = der(0x05);

/** How certificates are signed: identifier and parameters, and Node's name of the hash. */
export const ALGORITHMS = {
  ecdsaSha256: [der(0x30, oid("1.2.840.10045.4.3.2")), "sha256"],
  ecdsaSha384: [der(0x30, oid("1.2.840.10045.4.3.3")), "sha384"],
  ecdsaSha512: [der(0x30, oid("1.2.840.10045.4.3.4")), "sha512"],
  rsaSha256: [der(0x30, oid("1.2.840.113549.1.1.11"), NULL), "sha256"],
  rsaSha384: [der(0x30, oid("1.2.840.113549.1.1.12"), NULL), "sha384"],
  rsaSha512: [der(0x30, oid("1.2.840.113549.1.1.13"), NULL), "sha512"],
  ed25519: [der(0x30, oid("1.3.101.112")), null],
  ecdsaSha1: [der(0x30, oid("1.2.840.10045.4.1")), "sha1"],
  rsaSha1: [der(0x30, oid("1.2.840.113549.1.1.5"), NULL), "sha1"],
} as const satisfies Record<string, [Buffer, string | null]>;

export type AlgorithmName = keyof typeof ALGORITHMS;

/** A key pair of each kind. */
export const KEYS = {
  p256: () => generateKeyPairSync("ec", { namedCurve: "P-256" }),
  p384: () => generateKeyPairSync("ec", { namedCurve: "P-384" }),
  p521: () => generateKeyPairSync("ec", { namedCurve: "P-521" }),
  rsa: (bits = 2048) => generateKeyPairSync("rsa", { modulusLength: bits }),
  ed25519: () => generateKeyPairSync("ed25519"),
};

/** An extension; its value is DER. */
export function extension(id: string, value: Buffer, critical = false): Buffer {
  return der(0x30, oid(id), ...(critical ? [TRUE] : []), der(0x04, value));
}

export const basicConstraints = (...fields: Buffer[]) =>
  extension("2.5.29.19", der(0x30, ...fields), true);
export const keyUsage = (...bytes: number[]) => extension("2.5.29.15", bits(...bytes), true);
export const purposes = (...ids: string[]) => extension("2.5.29.37", der(0x30, ...ids.map(oid)));
export const names = (...list: Buffer[]) => extension("2.5.29.17", der(0x30, ...list), true);
export const email = (text: string) => der(0x81, Buffer.from(text));
export const uri = (text: string) => der(0x86, Buffer.from(text));

export const DIGITAL_SIGNATURE = keyUsage(7, 0x80);
export const CERT_SIGN = keyUsage(1, 0x06);
export const CODE_SIGNING = "1.3.6.1.5.5.7.3.3";
export const SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
export const ANY_PURPOSE = "2.5.29.37.0";

/** An attribute of a name, in a place of its own. */
export const attribute = (id: string, value: Buffer) => der(0x31, der(0x30, oid(id), value));

/** A name with a common name only. */
export const commonName = (text: string) => der(0x30, attribute("2.5.4.3", utf8(text)));

/** `2026-01-31T23:59:59Z` as UTCTime, or as GeneralizedTime from 2050 on. */
export function time(text: string): Buffer {
  const digits = text.replaceAll(/[-:T]/g, "");
  return text < "2050" ? der(0x17, Buffer.from(digits.slice(2))) : der(0x18, Buffer.from(digits));
}

export interface Wanted {
  subject?: Buffer;
  issuer?: Buffer;
  keys?: KeyPairKeyObjectResult;
  /** Who signs: itself if left out. */
  signer?: KeyPairKeyObjectResult;
  algorithm?: AlgorithmName;
  from?: string;
  until?: string;
  extensions?: Buffer[];
  /** The fields of what is signed, each as DER, before they are put together. */
  edit?: (fields: Fields) => void;
}

export interface Fields {
  version: Buffer;
  serial: Buffer;
  algorithm: Buffer;
  issuer: Buffer;
  validity: Buffer;
  subject: Buffer;
  spki: Buffer;
  ids: Buffer;
  extensions: Buffer;
  outerAlgorithm: Buffer;
}

const DEFAULT_KEYS = KEYS.p256();

/** The DER of a certificate, valid in 2026 if nothing else is wanted. */
export function make(wanted: Wanted = {}): Buffer {
  const keys = wanted.keys ?? DEFAULT_KEYS;
  const subject = wanted.subject ?? commonName("somebody");
  const [algorithm, hash] = ALGORITHMS[wanted.algorithm ?? "ecdsaSha256"];
  const from = time(wanted.from ?? "2026-01-01T00:00:00Z");
  const until = time(wanted.until ?? "2026-12-31T23:59:59Z");
  const fields: Fields = {
    version: der(0xa0, integer(2)),
    serial: integer(1),
    algorithm,
    issuer: wanted.issuer ?? subject,
    validity: der(0x30, from, until),
    subject,
    spki: keys.publicKey.export({ format: "der", type: "spki" }),
    ids: Buffer.alloc(0),
    extensions: der(0xa3, der(0x30, ...(wanted.extensions ?? []))),
    outerAlgorithm: algorithm,
  };
  wanted.edit?.(fields);
  const { outerAlgorithm, ...signed } = fields;
  const tbs = der(0x30, ...Object.values(signed));
  const signature = sign(hash, tbs, (wanted.signer ?? keys).privateKey);
  return der(0x30, tbs, outerAlgorithm, bits(0, ...signature));
}
