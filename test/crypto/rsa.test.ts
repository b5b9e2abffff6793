import {
  constants,
  createHash,
  createPublicKey,
  generateKeyPairSync,
  generatePrimeSync,
  privateEncrypt,
  publicDecrypt,
  randomBytes,
  sign,
  type KeyObject,
} from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { call } from "../sdk/units.js";
import { der } from "./crypto.js";
import { flipped, HASHES, spki, verify, withLength, type HashName } from "./verify.js";

const MESSAGE = Buffer.from("what is signed");
const pair = (modulusLength: number, publicExponent = 65537) =>
  generateKeyPairSync("rsa", { modulusLength, publicExponent });

const { publicKey, privateKey } = pair(2048);
const KEY = spki(publicKey);
const LENGTH = 256;

const toNumber = (bytes: Uint8Array) => BigInt(`0x0${Buffer.from(bytes).toString("hex")}`);
const toBytes = (number: bigint, length: number) =>
  Buffer.from(number.toString(16).padStart(2 * length, "0"), "hex");

/** n of a key that Node made. */
const modulusOf = (key: KeyObject) =>
  toNumber(Buffer.from(key.export({ format: "jwk" }).n as string, "base64url"));

/** base^exponent modulo n, by another way than the guest's. */
function power(base: bigint, exponent: bigint, n: bigint): bigint {
  let result = 1n;
  for (let square = base; exponent > 0n; exponent >>= 1n, square = (square * square) % n) {
    if (exponent & 1n) result = (result * square) % n;
  }
  return result;
}

/** DigestInfo's part before the digest (RFC 8017 §9.2), with NULL. */
const INFO: Record<HashName, Buffer> = {
  sha256: Buffer.from("3031300d060960864801650304020105000420", "hex"),
  sha384: Buffer.from("3041300d060960864801650304020205000430", "hex"),
  sha512: Buffer.from("3051300d060960864801650304020305000440", "hex"),
};

const digest = (hash: HashName = "sha256") => createHash(hash).update(MESSAGE).digest();

/** EMSA-PKCS1-v1_5 around something that should be a DigestInfo. */
const encode = (info: Uint8Array, length = LENGTH) =>
  Buffer.concat([
    Buffer.of(0, 1),
    Buffer.alloc(length - info.length - 3, 0xff),
    Buffer.of(0),
    info,
  ]);

/** The signature whose encoding is this. */
const signRaw = (encoded: Uint8Array, key = privateKey) =>
  privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, encoded);

describe("a power", () => {
  const raise = (n: bigint, exponent: bigint, base: bigint) => {
    const hex = n.toString(16);
    const length = Math.ceil(hex.length / 2);
    const parts = [toBytes(n, length), toBytes(exponent, 4), toBytes(base, length)];
    return call("power", Buffer.concat(parts.map(withLength)));
  };
  const check = (n: bigint, exponent: bigint, base: bigint) => {
    const length = Math.ceil(n.toString(16).length / 2);
    const expected = toBytes(power(base, exponent, n), length).toString("hex");
    expect(raise(n, exponent, base)).toBe(expected);
  };

  // Limbs have 27 bits, and blocks four limbs: lengths around their multiples, and moduli and bases with long runs of
  // ones and zeros.
  const bits = fc.oneof(
    fc.integer({ min: 1024, max: 1200 }),
    fc.constantFrom(2048, 2049, 2055, 2187),
  );
  const number = (bits: number) =>
    fc.oneof(
      fc.bigInt(1n << BigInt(bits - 1), (1n << BigInt(bits)) - 1n),
      fc.nat(bits - 1).map((ones) => (1n << BigInt(bits)) - (1n << BigInt(ones))),
      fc.nat(bits - 2).map((one) => (1n << BigInt(bits - 1)) + (1n << BigInt(one))),
    );
  const exponent = fc.oneof(
    fc.constantFrom(3n, 5n, 17n, 65537n, 0xffffffffn),
    fc.bigInt(1n, 0x7fffffffn).map((half) => 2n * half + 1n),
  );

  test("is that of BigInt", () => {
    const question = bits.chain((bits) =>
      fc.tuple(
        number(bits).map((n) => n | 1n),
        exponent,
        number(bits),
      ),
    );
    fc.assert(
      fc.property(question, ([n, exponent, base]) => check(n, exponent, base % n)),
      { numRuns: 400 },
    );
  });

  test.each([2048, 4096, 8192])("of the least and greatest numbers of %i bits", (bits) => {
    const top = 1n << BigInt(bits);
    for (const n of [top - 1n, top / 2n + 1n, ((top * 2n) / 3n) | 1n]) {
      for (const base of [0n, 1n, 2n, n - 1n, n - 2n, n / 2n]) check(n, 65537n, base);
      expect(raise(n, 65537n, n)).toBe("none");
    }
  });
});

describe("PKCS #1 v1.5", () => {
  test.each([2048, 2049, 2055, 2056, 3072])("of %i bits", (bits) => {
    const { publicKey, privateKey } = pair(bits);
    for (const hash of HASHES) {
      const signature = sign(hash, MESSAGE, privateKey);
      expect(verify(spki(publicKey), MESSAGE, signature, { hash })).toBe("valid");
      const other = HASHES[(HASHES.indexOf(hash) + 1) % 3]!;
      expect(verify(spki(publicKey), MESSAGE, signature, { hash: other })).toBe("invalid");
      expect(verify(spki(publicKey), Buffer.from("x"), signature, { hash })).toBe("invalid");
    }
  });

  test.each([3, 5, 17, 257, 0x80000001, 0xffffffff])("with exponent %i", (exponent) => {
    const { publicKey, privateKey } = pair(2048, exponent);
    const signature = sign("sha256", MESSAGE, privateKey);
    expect(verify(spki(publicKey), MESSAGE, signature)).toBe("valid");
    expect(verify(spki(publicKey), MESSAGE, flipped(signature, 100))).toBe("invalid");
  });

  // Node would take many seconds to make such a key of two primes; of eight they are small.
  test("of 8192 bits", { timeout: 60_000 }, () => {
    const primes = Array.from({ length: 8 }, () =>
      generatePrimeSync(1024, { bigint: true, add: 6n, rem: 5n }),
    );
    const n = primes.reduce((product, prime) => product * prime);
    const exponent = 3n;
    const order = primes.reduce((product, prime) => product * (prime - 1n), 1n);
    // The inverse of 3: (order is 1 or 2 modulo 3).
    const d = order % 3n === 2n ? (order + 1n) / 3n : (2n * order + 1n) / 3n;
    const jwk = {
      kty: "RSA",
      n: toBytes(n, 1024).toString("base64url"),
      e: toBytes(exponent, 1).toString("base64url"),
    };
    const key = spki(createPublicKey({ key: jwk, format: "jwk" }));
    const length = Math.ceil(n.toString(16).length / 2);
    const info = Buffer.concat([INFO.sha512, digest("sha512")]);
    const signature = toBytes(power(toNumber(encode(info, length)), d, n), length);
    expect(verify(key, MESSAGE, signature, { hash: "sha512" })).toBe("valid");
    expect(verify(key, MESSAGE, flipped(signature, 1000), { hash: "sha512" })).toBe("invalid");
  });

  test("no signature with any byte changed", () => {
    const signature = sign("sha256", MESSAGE, privateKey);
    for (let at = 0; at < LENGTH; at++) {
      for (const bits of [1, 0x80]) {
        expect(verify(KEY, MESSAGE, flipped(signature, at, bits)), `byte ${at}`).toBe("invalid");
      }
    }
  });

  test("no encoding with any byte changed", () => {
    const encoded = encode(Buffer.concat([INFO.sha256, digest()]));
    expect(verify(KEY, MESSAGE, signRaw(encoded))).toBe("valid");
    for (let at = 1; at < LENGTH; at++) {
      const signature = signRaw(flipped(encoded, at));
      expect(verify(KEY, MESSAGE, signature), `byte ${at}`).toBe("invalid");
    }
  });

  const withoutNull = Buffer.from("302f300b0609608648016503040201" + "0420", "hex");
  const longLength = Buffer.from("308131300d060960864801650304020105000420", "hex");
  const sha3 = flipped(INFO.sha256, 14, 1 ^ 8);
  test.each<[string, Buffer]>([
    ["NULL left out", encode(Buffer.concat([withoutNull, digest()]))],
    ["a length that is not the shortest", encode(Buffer.concat([longLength, digest()]))],
    ["another hash's identifier", encode(Buffer.concat([sha3, digest()]))],
    ["SHA-512's identifier", encode(Buffer.concat([INFO.sha512, digest()]))],
    ["the digest alone", encode(digest())],
    ["nothing", encode(Buffer.of())],
    ["bytes behind the digest", encode(Buffer.concat([INFO.sha256, digest(), Buffer.of(0)]))],
    [
      "padding that ends early",
      Buffer.concat([
        encode(Buffer.concat([INFO.sha256, digest()]), 62),
        Buffer.alloc(LENGTH - 62, 0xab),
      ]),
    ],
    ["the block type of encryption", flipped(encode(Buffer.concat([INFO.sha256, digest()])), 1, 3)],
  ])("no encoding with %s", (_, encoded) => {
    expect(verify(KEY, MESSAGE, signRaw(encoded))).toBe("invalid");
  });

  test("no signature of another length, nor one that is not below the modulus", () => {
    const n = modulusOf(publicKey);
    const room = (1n << BigInt(8 * LENGTH)) - n;
    let signature: Buffer;
    let message: Buffer;
    do {
      message = randomBytes(8);
      signature = sign("sha256", message, privateKey);
    } while (toNumber(signature) >= room);
    const judge = (bytes: Uint8Array) => verify(KEY, message, bytes);
    expect(judge(signature)).toBe("valid");
    expect(judge(toBytes(toNumber(signature) + n, LENGTH))).toBe("invalid");
    expect(judge(toBytes(n, LENGTH))).toBe("invalid");
    expect(judge(Buffer.alloc(LENGTH, 0xff))).toBe("invalid");
    expect(judge(Buffer.alloc(LENGTH))).toBe("invalid");
    expect(judge(Buffer.concat([Buffer.of(0), signature]))).toBe("invalid");
    expect(judge(Buffer.concat([signature, Buffer.of(0)]))).toBe("invalid");
    expect(judge(signature.subarray(1))).toBe("invalid");
    expect(judge(signature.subarray(0, -1))).toBe("invalid");
    expect(judge(Buffer.of())).toBe("invalid");
  });

  test("no signature without its leading zero", () => {
    let signature: Buffer;
    let message: Buffer;
    do {
      message = randomBytes(8);
      signature = sign("sha256", message, privateKey);
    } while (signature[0] !== 0);
    expect(verify(KEY, message, signature)).toBe("valid");
    expect(verify(KEY, message, signature.subarray(1))).toBe("invalid");
  });

  // With exponent 3 the cube root of an encoding whose end is free is a signature that no private key made
  // (Bleichenbacher 2006).
  const hidden = Buffer.from("3081c8300d06096086480165030402010500" + "0420", "hex");
  test.each<[string, Buffer]>([
    ["behind the digest", Buffer.concat([INFO.sha256, digest()])],
    ["behind a digest in a longer sequence", Buffer.concat([hidden, digest()])],
  ])("no cube root with free bytes %s", (_, info) => {
    const { publicKey } = pair(2048, 3);
    const start = Buffer.concat([Buffer.of(0, 1), Buffer.alloc(8, 0xff), Buffer.of(0), info]);
    const whole = Buffer.concat([start, Buffer.alloc(LENGTH - start.length)]);
    const forged = toBytes(cubeRoot(toNumber(whole)) + 1n, LENGTH);
    const opened = publicDecrypt({ key: publicKey, padding: constants.RSA_NO_PADDING }, forged);
    expect(opened.subarray(0, start.length)).toEqual(start);
    expect(verify(spki(publicKey), MESSAGE, forged)).toBe("invalid");
  });
});

/** The greatest number whose cube is not above another. */
function cubeRoot(number: bigint): bigint {
  let root = 0n;
  for (let bit = 1n << 700n; bit > 0n; bit >>= 1n) {
    if ((root + bit) ** 3n <= number) root += bit;
  }
  return root;
}

describe("PSS", () => {
  const signPss = (hash: HashName, saltLength: number, key = privateKey) =>
    sign(hash, MESSAGE, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength });
  const judge = (signature: Uint8Array, salt = -1, hash: HashName = "sha256", key = KEY) =>
    verify(key, MESSAGE, signature, { scheme: "PSS", salt, hash });

  const encodedPss = () =>
    publicDecrypt({ key: publicKey, padding: constants.RSA_NO_PADDING }, signPss("sha256", 32));

  test.each([2048, 2049, 2050, 2055, 2056])("of %i bits", (bits) => {
    const { publicKey, privateKey } = pair(bits);
    const key = spki(publicKey);
    for (const hash of HASHES) {
      for (const salt of [0, 1, 20, 32, 64]) {
        const signature = signPss(hash, salt, privateKey);
        expect(judge(signature, salt, hash, key)).toBe("valid");
        expect(judge(signature, -1, hash, key)).toBe("valid");
        expect(judge(signature, salt + 1, hash, key)).toBe("invalid");
        expect(judge(signature, -1, hash === "sha256" ? "sha384" : "sha256", key)).toBe("invalid");
      }
      const longest = signPss(hash, constants.RSA_PSS_SALTLEN_MAX_SIGN, privateKey);
      expect(judge(longest, -1, hash, key)).toBe("valid");
    }
  });

  test("no signature with any byte changed, nor of another length", () => {
    const signature = signPss("sha256", 32);
    for (let at = 0; at < LENGTH; at++) expect(judge(flipped(signature, at))).toBe("invalid");
    expect(judge(Buffer.concat([Buffer.of(0), signature]))).toBe("invalid");
    expect(judge(signature.subarray(1))).toBe("invalid");
  });

  test("no encoding with any byte changed", () => {
    const encoded = encodedPss();
    expect(judge(signRaw(encoded))).toBe("valid");
    for (let at = 1; at < LENGTH; at++) {
      for (const bits of [1, 3]) {
        expect(judge(signRaw(flipped(encoded, at, bits))), `byte ${at}`).toBe("invalid");
      }
    }
  });

  test("no encoding with the highest bit, which is not of it", () => {
    let raised: Buffer;
    do raised = flipped(encodedPss(), 0, 0x80);
    while (toNumber(raised) >= modulusOf(publicKey));
    expect(judge(signRaw(raised))).toBe("invalid");
  });

  test("is no PKCS #1 v1.5, and that no PSS", () => {
    expect(verify(KEY, MESSAGE, signPss("sha256", 32))).toBe("invalid");
    expect(judge(sign("sha256", MESSAGE, privateKey))).toBe("invalid");
  });

  test("of another kind of key", () => {
    const other = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const signature = sign("sha256", MESSAGE, other.privateKey);
    expect(judge(signature, -1, "sha256", spki(other.publicKey))).toBe("invalid");
  });
});

test("an even modulus is no key's", () => {
  const oid = Buffer.from("06092a864886f70d0101010500", "hex");
  const numbers = der(
    0x30,
    der(2, Buffer.concat([Buffer.of(0, 0x80), Buffer.alloc(255, 0xa4)])),
    der(2, Buffer.of(1, 0, 1)),
  );
  const key = der(0x30, der(0x30, oid), der(3, Buffer.of(0), numbers));
  expect(verify(key, MESSAGE, Buffer.alloc(256, 1))).toBe(
    "key: is not a public key: its RSA numbers are broken",
  );
});
