import fc from "fast-check";
import { createPublicKey, ECDH, generateKeyPairSync, type KeyObject } from "node:crypto";
import { describe, expect, test } from "vitest";
import { call, callJson } from "../sdk/units.js";
import { der, sha256 } from "./crypto.js";

const spki = (key: KeyObject) => key.export({ type: "spki", format: "der" });
const ec = (namedCurve: string) => spki(generateKeyPairSync("ec", { namedCurve }).publicKey);
const rsa = (modulusLength: number, publicExponent = 65537) =>
  spki(generateKeyPairSync("rsa", { modulusLength, publicExponent }).publicKey);

const judge = (key: Uint8Array) =>
  callJson<{ problem: string; fingerprint: string }>("public_key", key);
const problem = (key: Uint8Array) => judge(key).problem;

const P256 = ec("P-256");
const RSA2048 = rsa(2048);
const ED25519 = spki(generateKeyPairSync("ed25519").publicKey);

const EC_OID = Buffer.from("06072a8648ce3d0201", "hex");
const P256_OID = Buffer.from("06082a8648ce3d030107", "hex");
const RSA_OID = Buffer.from("06092a864886f70d010101", "hex");
const NULL = Buffer.of(5, 0);
const bits = (...contents: Uint8Array[]) => der(3, Buffer.of(0), ...contents);
const point = P256.subarray(-65);
const ecKey = (curve: Uint8Array, key: Uint8Array) =>
  der(0x30, der(0x30, EC_OID, curve), bits(key));
const rsaKey = (modulus: Uint8Array, exponent = Buffer.of(1, 0, 1)) =>
  der(0x30, der(0x30, RSA_OID, NULL), bits(der(0x30, der(2, modulus), der(2, exponent))));
const modulus = (length: number, first: number) =>
  Buffer.concat([Buffer.of(first), Buffer.alloc(length - 1, 0xa5)]);

describe("a public key", () => {
  test.each<[string, Uint8Array]>([
    ["P-256", P256],
    ["P-384", ec("P-384")],
    ["P-521", ec("P-521")],
    ["Ed25519", ED25519],
    ["RSA 2048", RSA2048],
    ["RSA 3072", rsa(3072)],
    ["RSA 4096", rsa(4096)],
    ["RSA with exponent 3", rsa(2048, 3)],
    ["RSA 8192", rsaKey(Buffer.concat([Buffer.of(0), modulus(1024, 0x80)]))],
  ])("%s", (_, key) => {
    expect(judge(key)).toEqual({
      problem: "",
      fingerprint: `SHA256:${sha256(key).slice(0, 16)}`,
    });
  });
});

/** The RSAPublicKey in a key that Node made. */
function rsaNumbers(key: Buffer): Buffer {
  return createPublicKey({ key, format: "der", type: "spki" }).export({
    type: "pkcs1",
    format: "der",
  });
}

const BROKEN = "is not a public key: its DER is broken";
const BROKEN_POINT = "is not a public key: its point is broken";
const BROKEN_RSA = "is not a public key: its RSA numbers are broken";
const COMPRESSED = "has a compressed point: it must be written uncompressed";
const CURVE = "is on an unsupported curve: it must be P-256, P-384 or P-521";
const KIND = "has a key of an unsupported kind: it must be ECDSA, RSA or Ed25519";
const SMALL = "is an RSA key of less than 2048 bits";

describe("no public key", () => {
  const pss = generateKeyPairSync("rsa-pss", { modulusLength: 2048 }).publicKey;
  const dsa = generateKeyPairSync("dsa", { modulusLength: 2048, divisorLength: 256 }).publicKey;
  const compressed = ECDH.convertKey(
    point,
    "prime256v1",
    undefined,
    undefined,
    "compressed",
  ) as Buffer;
  const hybrid = ECDH.convertKey(point, "prime256v1", undefined, undefined, "hybrid") as Buffer;
  const numbers = rsaNumbers(RSA2048);
  const rsaWith = (key: Uint8Array) => der(0x30, der(0x30, RSA_OID, NULL), bits(key));

  test.each<[string, Uint8Array, string]>([
    ["secp256k1", ec("secp256k1"), CURVE],
    ["P-224", ec("secp224r1"), CURVE],
    ["brainpool", ec("brainpoolP256r1"), CURVE],
    ["X25519", spki(generateKeyPairSync("x25519").publicKey), KIND],
    ["Ed448", spki(generateKeyPairSync("ed448").publicKey), KIND],
    ["RSA-PSS", spki(pss), KIND],
    ["DSA", spki(dsa), KIND],
    ["RSA 1024", rsa(1024), SMALL],
    ["RSA 2047", rsaKey(modulus(256, 0x7f)), SMALL],
    ["RSA of 8193 bits", rsaKey(modulus(1025, 1)), "is an RSA key of more than 8192 bits"],
    ["RSA, negative modulus", rsaKey(modulus(256, 0x80)), SMALL],
    ["RSA, padded modulus", rsaKey(Buffer.concat([Buffer.of(0, 0), modulus(256, 0x80)])), SMALL],
    ["RSA, no modulus", rsaKey(Buffer.of()), SMALL],
    ["RSA, no exponent", rsaKey(modulus(257, 0), Buffer.of()), BROKEN_RSA],
    [
      "RSA, exponent 1",
      rsaKey(Buffer.concat([Buffer.of(0), modulus(256, 0x80)]), Buffer.of(1)),
      BROKEN_RSA,
    ],
    [
      "RSA, even exponent",
      rsaKey(Buffer.concat([Buffer.of(0), modulus(256, 0x80)]), Buffer.of(4)),
      BROKEN_RSA,
    ],
    [
      "RSA, exponent of 33 bits",
      rsaKey(Buffer.concat([Buffer.of(0), modulus(256, 0x80)]), Buffer.of(1, 0, 0, 0, 1)),
      "is an RSA key with an exponent of more than 32 bits",
    ],
    [
      "RSA, negative exponent",
      rsaKey(Buffer.concat([Buffer.of(0), modulus(256, 0x80)]), Buffer.of(0x81)),
      BROKEN_RSA,
    ],
    [
      "RSA, three numbers",
      rsaWith(der(0x30, numbers.subarray(4), der(2, Buffer.of(1)))),
      BROKEN_RSA,
    ],
    ["RSA, more behind the numbers", rsaWith(Buffer.concat([numbers, NULL])), BROKEN_RSA],
    ["RSA, bare", numbers, BROKEN],
    ["RSA without NULL", der(0x30, der(0x30, RSA_OID), bits(numbers)), BROKEN_RSA],
    [
      "RSA with more than NULL",
      der(0x30, der(0x30, RSA_OID, Buffer.of(5, 1, 0)), bits(numbers)),
      BROKEN_RSA,
    ],
    ["compressed", ecKey(P256_OID, compressed), COMPRESSED],
    ["hybrid", ecKey(P256_OID, hybrid), BROKEN_POINT],
    ["point too short", ecKey(P256_OID, point.subarray(0, 64)), BROKEN_POINT],
    ["point too long", ecKey(P256_OID, Buffer.concat([point, Buffer.of(0)])), BROKEN_POINT],
    ["point at infinity", ecKey(P256_OID, Buffer.of(0)), BROKEN_POINT],
    ["no point", ecKey(P256_OID, Buffer.of()), BROKEN_POINT],
    ["point of another curve", ecKey(P256_OID, ec("P-384").subarray(-97)), BROKEN_POINT],
    ["no curve", ecKey(Buffer.of(), point), CURVE],
    ["two curves", ecKey(Buffer.concat([P256_OID, P256_OID]), point), CURVE],
    [
      "Ed25519 too short",
      der(0x30, der(0x30, Buffer.from("06032b6570", "hex")), bits(ED25519.subarray(-31))),
      "is not a public key: its Ed25519 point is broken",
    ],
    [
      "Ed25519 with parameters",
      der(0x30, der(0x30, Buffer.from("06032b65700500", "hex")), bits(ED25519.subarray(-32))),
      "is not a public key: its Ed25519 point is broken",
    ],
    ["unused bits", der(0x30, der(0x30, EC_OID, P256_OID), der(3, Buffer.of(1), point)), BROKEN],
    ["no bits", der(0x30, der(0x30, EC_OID, P256_OID), der(3)), BROKEN],
    ["no key", der(0x30, der(0x30, EC_OID, P256_OID)), BROKEN],
    ["more inside", der(0x30, der(0x30, EC_OID, P256_OID), bits(point), NULL), BROKEN],
    ["more behind", Buffer.concat([P256, Buffer.of(0)]), BROKEN],
    ["twice", Buffer.concat([P256, P256]), BROKEN],
    [
      "a length that is not the shortest",
      Buffer.concat([Buffer.of(0x30, 0x81, 0x59), P256.subarray(2)]),
      BROKEN,
    ],
    [
      "a length of its own end",
      Buffer.concat([Buffer.of(0x30, 0x80), P256.subarray(2), Buffer.of(0, 0)]),
      BROKEN,
    ],
    [
      "a length beyond 24 bits",
      Buffer.concat([Buffer.of(0x30, 0x84, 0, 0, 0, 0x59), P256.subarray(2)]),
      BROKEN,
    ],
    [
      "a length beyond the end",
      Buffer.concat([Buffer.of(0x30, 0x83, 0xff, 0xff, 0xff), P256.subarray(2)]),
      BROKEN,
    ],
    [
      "a private key",
      generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({
        type: "pkcs8",
        format: "der",
      }),
      BROKEN,
    ],
    ["nothing", Buffer.of(), BROKEN],
    ["an empty sequence", der(0x30), BROKEN],
    ["text", Buffer.from("a key"), BROKEN],
  ])("%s", (_, key, expected) => {
    expect(problem(key)).toBe(expected);
  });

  test("when it is cut anywhere", () => {
    for (const key of [P256, RSA2048, ED25519]) {
      for (let length = 0; length < key.length; length++) {
        expect(problem(key.subarray(0, length))).not.toBe("");
      }
    }
  });
});

test("no DER traps", () => {
  const seeds = [P256, RSA2048, ED25519];
  const edit = fc.tuple(fc.nat(300), fc.constantFrom(0, 1, 2, 5, 6, 0x30, 0x7f, 0x80, 0x84, 0xff));
  const mutated = fc
    .tuple(fc.constantFrom(...seeds), fc.array(edit, { minLength: 1, maxLength: 4 }), fc.nat(300))
    .map(([seed, edits, length]) => {
      const bytes = Buffer.from(seed);
      for (const [at, byte] of edits) bytes[at % 40] = byte;
      return bytes.subarray(0, length > 200 ? bytes.length : length);
    });
  fc.assert(
    fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 30 })), (bytes) => {
      problem(bytes);
      call("certificate", bytes);
    }),
    { numRuns: 5000 },
  );
});
