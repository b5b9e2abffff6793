import { createHash, createSign, generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { packageFile } from "../../host/package.js";
import { invert, mod } from "../../tools/fields/number.js";
import { bytesOf, callCurve, ECDSA, integerOf, randomBelow, signatureOf } from "./curves.js";
import { der, random } from "./crypto.js";

/** RFC 6979 §A.2.5 to §A.2.7. */
const rfc6979 = JSON.parse(readFileSync(packageFile("test/crypto/rfc6979.json"), "utf8")) as Record<
  (typeof ECDSA)[number]["name"],
  { point: string; signatures: { hash: string; message: string; r: string; s: string }[] }
>;

const HASHES = ["sha256", "sha384", "sha512"] as const;

/** `04 || x || y` of a key that Node made. */
function pointOf(key: KeyObject): Buffer {
  const { x, y } = key.export({ format: "jwk" });
  return Buffer.concat([Buffer.of(4), Buffer.from(x!, "base64url"), Buffer.from(y!, "base64url")]);
}

const hash = (algorithm: string, message: Uint8Array) =>
  createHash(algorithm).update(message).digest();

describe.each(ECDSA)("ECDSA on $name", ({ id, name, noble, parameters, bytes }) => {
  const { order: n, prime: p } = parameters;
  const G = noble.Point.BASE;
  type Point = typeof G;

  const encode = (point: Point) => Buffer.from(point.toBytes(false));
  const verify = (point: Uint8Array, digest: Uint8Array, signature: Uint8Array) =>
    JSON.parse(callCurve("ecdsa", id, point, digest, signature)) as boolean;
  const isOnCurve = (point: Uint8Array) => JSON.parse(callCurve("point", id, point)) as boolean;
  const invertN = (a: bigint) => invert(mod(a, n), n);
  /** A digest as a number (SEC 1 §4.1.4, step 3), and back. */
  const numberOf = (digest: Uint8Array) =>
    BigInt(`0x${Buffer.from(digest).subarray(0, bytes).toString("hex")}`);
  const digestOf = (e: bigint) => bytesOf(e, Math.min(bytes, 64));

  const pair = generateKeyPairSync("ec", { namedCurve: name });
  const key = pointOf(pair.publicKey);
  const message = random(100);
  const digest = hash("sha256", message);
  const signature = sign("sha256", message, pair.privateKey);

  test.each(HASHES)("takes what Node signs with %s, and nothing that was changed", (algorithm) => {
    for (let i = 0; i < 10; i++) {
      const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: name });
      const point = pointOf(publicKey);
      const message = random(i * 20);
      const digest = hash(algorithm, message);
      const signature = createSign(algorithm).update(message).sign(privateKey);
      expect(verify(point, digest, signature)).toBe(true);
      expect(verify(key, digest, signature)).toBe(false);
      expect(verify(point, hash(algorithm, random(8)), signature)).toBe(false);
      for (const input of [point, digest.subarray(0, bytes), signature]) {
        const at = randomByte(input.length);
        input[at]! ^= 1 << randomByte(8);
        expect(verify(point, digest, signature), input.toString("hex")).toBe(false);
      }
    }
  });

  test.each(rfc6979[name].signatures)("takes RFC 6979's $hash of $message", (example) => {
    const point = Buffer.from(rfc6979[name].point, "hex");
    const signature = signatureOf(BigInt(`0x${example.r}`), BigInt(`0x${example.s}`));
    expect(verify(point, hash(example.hash, Buffer.from(example.message)), signature)).toBe(true);
    expect(verify(point, hash(example.hash, Buffer.from("other")), signature)).toBe(false);
  });

  test("takes a high s and a low s", () => {
    const { r, s } = noble.Signature.fromBytes(signature, "der");
    expect(verify(key, digest, signatureOf(r, s))).toBe(true);
    expect(verify(key, digest, signatureOf(r, n - s))).toBe(true);
  });

  test("takes no r or s out of range", () => {
    const { r, s } = noble.Signature.fromBytes(signature, "der");
    for (const bad of [0n, n, n + 1n, n + r, p, 1n << BigInt(8 * bytes), -1n]) {
      const badDer = bad < 0n ? der(2, Buffer.of(0xff)) : der(2, integerOf(bad));
      expect(verify(key, digest, der(0x30, badDer, der(2, integerOf(s))))).toBe(false);
      expect(verify(key, digest, der(0x30, der(2, integerOf(r)), badDer))).toBe(false);
    }
    for (const good of [1n, n - 1n]) {
      expect(verify(key, digest, signatureOf(good, s))).toBe(false);
      expect(verify(key, digest, signatureOf(r, good))).toBe(false);
    }
    // As an integer of n's length, a multiple of a power of two more is not the same number.
    for (let bit = 8 * bytes - 8; bit < 8 * bytes + 40; bit++) {
      expect(verify(key, digest, signatureOf(r + (1n << BigInt(bit)), s))).toBe(false);
      expect(verify(key, digest, signatureOf(r, s + (1n << BigInt(bit))))).toBe(false);
    }
  });

  /** A key and a digest for which (r, s) is a signature, R being a chosen point and r its x mod n. */
  function forge(R: Point, s: bigint, e: bigint): { point: Point; r: bigint } {
    const r = mod(R.toAffine().x, n);
    // Q = (sR - eG)/r
    const sR = R.multiply(s);
    const point = mod(e, n) === 0n ? sR : sR.subtract(G.multiply(mod(e, n)));
    return { point: point.multiply(invertN(r)), r };
  }

  test("takes every size of s", () => {
    const R = G.multiply(randomBelow(n - 1n) + 1n);
    const e = numberOf(digest);
    const sizes = Array.from({ length: n.toString(2).length - 1 }, (_, i) => 1n << BigInt(i));
    const tiny = [1n, 2n, 3n, 4n, 5n, 6n, 7n];
    const some = sizes.filter((_, i) => i % 16 === 3);
    for (const s of [...tiny, ...tiny.map((i) => n - i), ...some]) {
      const { point, r } = forge(R, s, e);
      expect(verify(encode(point), digest, signatureOf(r, s)), `s = ${s}`).toBe(true);
      expect(verify(encode(point), digest, signatureOf(r, s + 1n))).toBe(false);
      expect(verify(encode(point), digest, signatureOf(r, s + n))).toBe(false);
    }
  });

  test("takes a digest of zero, of n and of all ones", () => {
    const R = G.multiply(randomBelow(n - 1n) + 1n);
    const ones = Buffer.alloc(Math.min(bytes, 64), 0xff);
    for (const digest of [digestOf(0n), digestOf(n % (1n << 512n)), ones]) {
      const { point, r } = forge(R, 7n, numberOf(digest));
      expect(verify(encode(point), digest, signatureOf(r, 7n))).toBe(true);
      expect(verify(encode(point), digestOf(1n), signatureOf(r, 7n))).toBe(false);
    }
  });

  test("takes an x between n and p, whose r is x - n", () => {
    // r = 0 is no signature's.
    let x = n + 1n;
    while (!isSquare(x)) x++;
    const R = noble.Point.fromBytes(Buffer.concat([Buffer.of(2), bytesOf(x, bytes)]));
    const { point, r } = forge(R, 11n, numberOf(digest));
    expect(r).toBe(x - n);
    expect(verify(encode(point), digest, signatureOf(r, 11n))).toBe(true);
    expect(verify(encode(point), digest, signatureOf(r + 1n, 11n))).toBe(false);
    expect(verify(encode(point), digest, signatureOf(x, 11n))).toBe(false);
  });

  test("takes no r for which r + n is no coordinate, but is the same modulo p", () => {
    // r = x + p - n is at least p - n: r + n is x modulo p, and out of range.
    let x = 0n;
    while (!isSquare(x)) x++;
    const R = noble.Point.fromBytes(Buffer.concat([Buffer.of(2), bytesOf(x, bytes)]));
    const r = x + p - n;
    const s = 13n;
    const e = numberOf(digest);
    const point = R.multiply(s)
      .subtract(G.multiply(mod(e, n)))
      .multiply(invertN(r));
    expect(verify(encode(point), digest, signatureOf(r, s))).toBe(false);
  });

  function isSquare(x: bigint): boolean {
    const yy = noble.Point.Fp.create(x ** 3n - 3n * x + parameters.b);
    try {
      noble.Point.Fp.sqrt(yy);
      return true;
    } catch {
      return false;
    }
  }

  test.each([1n, -1n, 2n, -2n, 3n, 16n, -31n])("with the key G times %s", (factor) => {
    const secret = mod(factor, n);
    const point = encode(G.multiply(secret));
    const signed = noble.sign(digest, bytesOf(secret, bytes), { prehash: false, lowS: false });
    const { r, s } = noble.Signature.fromBytes(signed, "compact");
    expect(verify(point, digest, signatureOf(r, s))).toBe(true);
    expect(verify(encode(G.multiply(mod(-factor, n))), digest, signatureOf(r, s))).toBe(false);
  });

  test("with a sum of equals, of opposites and of nothing", () => {
    // With the key dG: u·G + v·Q = (e + r·d)/s·G.
    const d = randomBelow(n - 1n) + 1n;
    const Q = G.multiply(d);
    const k = randomBelow(n - 1n) + 1n;
    const r = mod(G.multiply(k).toAffine().x, n);
    for (const e of [mod(-r * d, n), mod(r * d, n), 0n]) {
      if (e >= 1n << 512n) continue;
      const s = mod(invertN(k) * (e + r * d), n);
      const isInfinity = s === 0n;
      expect(verify(encode(Q), digestOf(e), signatureOf(r, isInfinity ? 5n : s))).toBe(!isInfinity);
    }
  });

  test("with small windows that meet: u·G and v·Q for Q = ±G and all small u and v", () => {
    const expected = new Map<string, boolean>();
    const found = new Map<string, boolean>();
    for (const sign of [1n, -1n]) {
      for (let u = 0n; u < 12n; u++) {
        for (let v = 1n; v < 6n; v++) {
          // r is what it must be for the sum's x; s = r/v; e = u·s.
          const total = mod(u + sign * v, n);
          const r = total === 0n ? 1n : mod(G.multiply(total).toAffine().x, n);
          const s = mod(r * invertN(v), n);
          const e = mod(u * s, n);
          if (e >= 1n << 512n) continue;
          const name = `${u}, ${sign * v}`;
          expected.set(name, total !== 0n);
          found.set(name, verify(encode(G.multiply(mod(sign, n))), digestOf(e), signatureOf(r, s)));
        }
      }
    }
    expect(found).toEqual(expected);
  });

  test("takes no point that is not on the curve", () => {
    const x = key.subarray(1, 1 + bytes);
    const y = key.subarray(1 + bytes);
    const affine = noble.Point.fromBytes(key).toAffine();
    const bad = [
      Buffer.of(),
      Buffer.of(0),
      Buffer.of(4),
      Buffer.alloc(2 * bytes + 1),
      Buffer.concat([Buffer.of(4), Buffer.alloc(2 * bytes)]),
      Buffer.concat([Buffer.of(4), y, x]),
      Buffer.concat([Buffer.of(4), x, x]),
      Buffer.concat([Buffer.of(2), x]),
      Buffer.concat([Buffer.of(6), x, y]),
      Buffer.concat([Buffer.of(0), x, y]),
      Buffer.concat([key, Buffer.of(0)]),
      key.subarray(0, -1),
      Buffer.concat([Buffer.of(4), bytesOf(p, bytes), y]),
      Buffer.concat([Buffer.of(4), x, bytesOf(p, bytes)]),
      Buffer.concat([Buffer.of(4), Buffer.alloc(bytes, 0xff), y]),
      Buffer.concat([Buffer.of(4), x, bytesOf((affine.y + 1n) % p, bytes)]),
    ];
    for (const point of bad) {
      expect(isOnCurve(point), point.toString("hex")).toBe(false);
      expect(verify(point, digest, signature)).toBe(false);
    }
    expect(isOnCurve(key)).toBe(true);
    expect(isOnCurve(encode(G))).toBe(true);
    for (let i = 0; i < 20; i++) {
      expect(isOnCurve(encode(G.multiply(randomBelow(n - 1n) + 1n)))).toBe(true);
    }
  });

  test("takes no coordinate that is p too large", () => {
    // Points whose x is small enough that x + p fits.
    let found = 0;
    for (let x = 0n; x < 20n; x++) {
      if (!isSquare(x)) continue;
      const point = noble.Point.fromBytes(Buffer.concat([Buffer.of(2), bytesOf(x, bytes)]));
      const y = bytesOf(point.toAffine().y, bytes);
      expect(isOnCurve(Buffer.concat([Buffer.of(4), bytesOf(x, bytes), y]))).toBe(true);
      expect(isOnCurve(Buffer.concat([Buffer.of(4), bytesOf(x + p, bytes), y]))).toBe(false);
      found++;
    }
    expect(found).toBeGreaterThan(0);
  });

  test("takes strict DER only", () => {
    const { r, s } = noble.Signature.fromBytes(signature, "der");
    const R = der(2, integerOf(r));
    const S = der(2, integerOf(s));
    const padded = (value: bigint) => der(2, Buffer.concat([Buffer.of(0), integerOf(value)]));
    const long = (element: Buffer) =>
      Buffer.concat([element.subarray(0, 1), Buffer.of(0x81), element.subarray(1)]);
    const body = Buffer.concat([R, S]);
    const length = bytesOf(BigInt(body.length));
    const good = der(0x30, body);
    expect(verify(key, digest, good)).toBe(true);
    const bad = [
      Buffer.of(),
      Buffer.of(0x30),
      Buffer.of(0x30, 0),
      good.subarray(0, -1),
      Buffer.concat([good, Buffer.of(0)]),
      der(0x30, R, S, Buffer.of(5, 0)),
      der(0x30, R),
      der(0x30, padded(r), S),
      der(0x30, R, padded(s)),
      der(0x30, long(R), S),
      der(0x30, R, long(S)),
      der(0x31, R, S),
      der(0x30, der(3, integerOf(r)), S),
      der(0x30, der(2), S),
      der(0x30, R, der(2)),
      Buffer.concat([Buffer.of(0x30, 0x82, 0), length, body]),
      Buffer.concat([Buffer.of(0x30, 0x80), body, Buffer.of(0, 0)]),
      Buffer.concat([bytesOf(r, bytes), bytesOf(s, bytes)]),
    ];
    for (const signature of bad) {
      expect(verify(key, digest, signature), signature.toString("hex")).toBe(false);
    }
  });
});

function randomByte(below: number): number {
  return random(4).reduce((sum, byte) => sum * 256 + byte, 0) % below;
}
