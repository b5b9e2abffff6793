import { ed25519, ed25519ph } from "@noble/curves/ed25519.js";
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { packageFile } from "../../host/package.js";
import { mod } from "../../tools/fields/number.js";
import { CURVE25519 } from "../../tools/fields/parameters.js";
import { bytesOf, callCurve, randomBelow } from "./curves.js";
import { random } from "./crypto.js";

interface Example {
  name: string;
  key: string;
  message: string;
  signature: string;
}

/** RFC 8032 §7.1 and §7.3. */
const rfc8032 = JSON.parse(readFileSync(packageFile("test/crypto/rfc8032.json"), "utf8")) as {
  ed25519: Example[];
  ed25519ph: Example[];
};

const { prime: p, order: L } = CURVE25519;
const { Point } = ed25519;
const B = Point.BASE;
/** A point of order 8. */
const TORSION = Point.fromHex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05");

const ID = 3;
const verify = (key: Uint8Array, message: Uint8Array, signature: Uint8Array) =>
  JSON.parse(callCurve("ed25519", ID, key, message, signature)) as boolean;
const verifyPh = (key: Uint8Array, digest: Uint8Array, signature: Uint8Array) =>
  JSON.parse(callCurve("ed25519ph", ID, key, digest, signature)) as boolean;
const isKey = (key: Uint8Array) => JSON.parse(callCurve("key", ID, key)) as boolean;

const sha512 = (...parts: Uint8Array[]) =>
  createHash("sha512").update(Buffer.concat(parts)).digest();
const littleEndian = (value: bigint, length = 32) => Buffer.from(bytesOf(value, length)).reverse();
const numberOf = (bytes: Uint8Array) => BigInt(`0x${Buffer.from(bytes).reverse().toString("hex")}`);

/** What R, A and a message make of it: k of RFC 8032 §5.1.7. */
const challenge = (r: Uint8Array, key: Uint8Array, message: Uint8Array) =>
  mod(numberOf(sha512(r, key, message)), L);

/** Node's key as 32 bytes, and what signs with it. */
function newKey() {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const key = Buffer.from(publicKey.export({ format: "jwk" }).x!, "base64url");
  return { key, sign: (message: Uint8Array) => sign(null, message, privateKey) };
}

describe("Ed25519", () => {
  const { key, sign } = newKey();
  const message = random(50);
  const signature = sign(message);

  test.each(rfc8032.ed25519)("takes RFC 8032's $name", (example) => {
    const [key, message, signature] = parts(example);
    expect(verify(key, message, signature)).toBe(true);
    expect(verify(key, Buffer.concat([message, Buffer.of(0)]), signature)).toBe(false);
    expect(verifyPh(key, sha512(message), signature)).toBe(false);
  });

  test("takes what Node signs, and nothing that was changed", () => {
    for (let i = 0; i < 40; i++) {
      const { key, sign } = newKey();
      const message = random(i * 7);
      const signature = sign(message);
      expect(isKey(key)).toBe(true);
      expect(verify(key, message, signature)).toBe(true);
      expect(verify(newKey().key, message, signature)).toBe(false);
      for (const input of [key, signature, ...(i > 0 ? [message] : [])]) {
        const bit = Number(randomBelow(BigInt(8 * input.length)));
        input[bit >> 3]! ^= 1 << (bit & 7);
        expect(verify(key, message, signature), `bit ${bit}`).toBe(false);
        input[bit >> 3]! ^= 1 << (bit & 7);
      }
    }
  });

  test("takes no flipped bit", () => {
    for (const input of [key, signature]) {
      for (let bit = 0; bit < 8 * input.length; bit++) {
        input[bit >> 3]! ^= 1 << (bit & 7);
        expect(verify(key, message, signature), `bit ${bit}`).toBe(false);
        input[bit >> 3]! ^= 1 << (bit & 7);
      }
    }
    expect(verify(key, message, signature)).toBe(true);
  });

  test("takes no other length", () => {
    const longer = (bytes: Uint8Array) => Buffer.concat([bytes, Buffer.of(0)]);
    for (const other of [Buffer.of(), key.subarray(0, 31), longer(key)]) {
      expect(isKey(other)).toBe(false);
      expect(verify(other, message, signature)).toBe(false);
    }
    for (const other of [Buffer.of(), signature.subarray(0, 63), longer(signature)]) {
      expect(verify(key, message, other)).toBe(false);
    }
  });

  test("takes no s that is not less than L", () => {
    const r = signature.subarray(0, 32);
    const s = numberOf(signature.subarray(32));
    for (let more = L; s + more < 1n << 256n; more += L) {
      const other = Buffer.concat([r, littleEndian(s + more)]);
      expect(verify(key, message, other)).toBe(false);
    }
  });
});

describe("Ed25519's points", () => {
  const small = Array.from({ length: 8 }, (_, i) =>
    i === 0 ? Point.ZERO : TORSION.multiplyUnsafe(BigInt(i)),
  );
  const encode = (point: typeof B) => Buffer.from(point.toBytes());
  const secret = randomBelow(L - 1n) + 1n;
  const A = B.multiply(secret);

  /** R and s as a signature; s is r + ka, whatever R is. */
  function signAs(R: typeof B, r: bigint, key: Uint8Array, message: Uint8Array): Buffer {
    const k = challenge(encode(R), key, message);
    return Buffer.concat([encode(R), littleEndian(mod(r + k * secret, L))]);
  }

  test("are those that noble knows, those of small order aside", () => {
    for (let i = 0; i < 300; i++) {
      const bytes = i < 100 ? littleEndian(BigInt(i)) : Buffer.from(random(32));
      let isPoint = true;
      try {
        isPoint = !Point.fromBytes(bytes, false).isSmallOrder();
      } catch {
        isPoint = false;
      }
      expect(isKey(bytes), bytes.toString("hex")).toBe(isPoint);
    }
  });

  test("have one encoding", () => {
    let found = 0;
    for (let y = 0n; y < 19n; y++) {
      for (const sign of [0n, 1n << 255n]) {
        expect(isKey(littleEndian(y + p + sign))).toBe(false);
        if (isKey(littleEndian(y + sign))) found++;
      }
    }
    expect(found).toBeGreaterThan(0);
    // x = 0 has no sign.
    for (const y of [1n, p - 1n]) expect(isKey(littleEndian(y + (1n << 255n)))).toBe(false);
  });

  test("are no keys if they are of small order, though any message is signed", () => {
    for (const point of small) {
      const key = encode(point);
      expect(isKey(key)).toBe(false);
      const r = randomBelow(L - 1n) + 1n;
      const R = encode(B.multiply(r));
      for (let i = 0; i < 20; i++) {
        const signature = Buffer.concat([R, littleEndian(r)]);
        expect(verify(key, Buffer.of(i), signature)).toBe(false);
      }
    }
  });

  test("are no R if they are of small order", () => {
    const message = random(9);
    for (const R of small) {
      expect(verify(encode(A), message, signAs(R, 0n, encode(A), message))).toBe(false);
    }
    // With a key that has a part of small order, sB - kA is a point of small order, and sometimes R.
    const key = encode(A.add(TORSION));
    let met = 0;
    for (let i = 0; i < 100; i++) {
      const R = small[i % 8]!;
      const k = challenge(encode(R), key, Buffer.of(i));
      if (TORSION.multiplyUnsafe(mod(-k, 8n) || 8n).equals(R)) met++;
      expect(verify(key, Buffer.of(i), signAs(R, 0n, key, Buffer.of(i)))).toBe(false);
    }
    expect(met).toBeGreaterThan(0);
  });

  test("count with their parts of small order: the equation is not multiplied by 8", () => {
    const r = randomBelow(L - 1n) + 1n;
    const R = B.multiply(r);
    const key = encode(A.add(TORSION));
    const seen = new Set<boolean>();
    for (let i = 0; i < 80; i++) {
      const message = Buffer.of(i);
      const isWhole = challenge(encode(R), key, message) % 8n === 0n;
      expect(verify(key, message, signAs(R, r, key, message))).toBe(isWhole);
      seen.add(isWhole);
    }
    expect(seen.size).toBe(2);
    const message = random(9);
    expect(verify(encode(A), message, signAs(R, r, encode(A), message))).toBe(true);
    for (const point of small.slice(1)) {
      const signature = signAs(R.add(point), r, encode(A), message);
      expect(verify(encode(A), message, signature)).toBe(false);
    }
  });

  test("have a sign, that of R too", () => {
    const message = random(9);
    const r = randomBelow(L - 1n) + 1n;
    const R = B.multiply(r);
    expect(verify(encode(A), message, signAs(R, r, encode(A), message))).toBe(true);
    expect(verify(encode(A), message, signAs(R.negate(), r, encode(A), message))).toBe(false);
    const negative = encode(A.negate());
    expect(verify(negative, message, signAs(R, r, negative, message))).toBe(false);
  });

  test("add up where they are equal, opposite or few", () => {
    // With the keys ±B, ±2B and so on, the tables of the key and the base have points in common.
    for (const factor of [1n, 2n, 3n, 8n, 31n, L - 1n, L - 2n, L - 31n]) {
      const key = encode(B.multiply(factor));
      for (const r of [1n, 2n, 5n, L - 1n]) {
        const R = encode(B.multiply(r));
        const message = random(3);
        const s = mod(r + challenge(R, key, message) * factor, L);
        expect(verify(key, message, Buffer.concat([R, littleEndian(s)]))).toBe(true);
        const other = Buffer.concat([R, littleEndian(mod(s + 1n, L))]);
        expect(verify(key, message, other)).toBe(false);
      }
    }
  });
});

describe("Ed25519ph", () => {
  test.each(rfc8032.ed25519ph)("takes RFC 8032's $name", (example) => {
    const [key, message, signature] = parts(example);
    expect(verifyPh(key, sha512(message), signature)).toBe(true);
    expect(verifyPh(key, sha512(message, message), signature)).toBe(false);
    expect(verify(key, message, signature)).toBe(false);
    expect(verify(key, sha512(message), signature)).toBe(false);
  });

  test("takes what noble signs, and the digest of SHA-512 only", () => {
    for (let i = 0; i < 20; i++) {
      const { secretKey, publicKey } = ed25519ph.keygen();
      const message = random(i * 11);
      const signature = ed25519ph.sign(message, secretKey);
      const digest = sha512(message);
      expect(verifyPh(publicKey, digest, signature)).toBe(true);
      expect(verify(publicKey, digest, signature)).toBe(false);
      expect(verifyPh(publicKey, digest, ed25519.sign(digest, secretKey))).toBe(false);
      expect(verifyPh(publicKey, digest.subarray(0, 63), signature)).toBe(false);
      const other = ed25519ph.sign(message, secretKey, { context: Uint8Array.of(1) });
      expect(verifyPh(publicKey, digest, other)).toBe(false);
      digest[i]! ^= 1;
      expect(verifyPh(publicKey, digest, signature)).toBe(false);
    }
  });
});

/** An example's key, message and signature. */
function parts({ key, message, signature }: Example) {
  return [key, message, signature].map((hex) => Buffer.from(hex, "hex")) as [
    Buffer,
    Buffer,
    Buffer,
  ];
}
