import { generateKeyPairSync, randomBytes, sign, type KeyObject } from "node:crypto";
import { ed25519, ed25519ph } from "@noble/curves/ed25519.js";
import { describe, expect, test } from "vitest";
import { call } from "../sdk/units.js";
import { flipped, HASHES, spki, verify } from "./verify.js";

const MESSAGE = Buffer.from("what is signed");
const OTHER = Buffer.from("what is not");

/** The kind of a key, 0 to 4, and behind it what is wrong with its point; or what is wrong with its form. */
const describeKey = (key: Uint8Array) => call("key", key);

const ec = (namedCurve: string) => generateKeyPairSync("ec", { namedCurve });
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ed = generateKeyPairSync("ed25519");

test.each<[string, KeyObject]>([
  ["P-256", ec("P-256").publicKey],
  ["P-384", ec("P-384").publicKey],
  ["P-521", ec("P-521").publicKey],
  ["RSA", rsa.publicKey],
  ["Ed25519", ed.publicKey],
])("a key of the kind %s", (name, key) => {
  const kind = ["P-256", "P-384", "P-521", "RSA", "Ed25519"].indexOf(name);
  expect(describeKey(spki(key))).toBe(`${kind}`);
});

describe.each(["P-256", "P-384", "P-521"])("ECDSA on %s", (curve) => {
  const { publicKey, privateKey } = ec(curve);
  const key = spki(publicKey);

  test.each(HASHES)("over %s", (hash) => {
    for (let i = 0; i < 10; i++) {
      const message = randomBytes(i * 7);
      const signature = sign(hash, message, privateKey);
      expect(verify(key, message, signature, { hash })).toBe("valid");
      expect(verify(key, OTHER, signature, { hash })).toBe("invalid");
      expect(verify(spki(ec(curve).publicKey), message, signature, { hash })).toBe("invalid");
      const other = HASHES[(HASHES.indexOf(hash) + 1) % 3]!;
      expect(verify(key, message, signature, { hash: other })).toBe("invalid");
    }
  });

  test("no signature with any byte changed, cut, or longer", () => {
    const signature = sign("sha256", MESSAGE, privateKey);
    for (let at = 0; at < signature.length; at++) {
      expect(verify(key, MESSAGE, flipped(signature, at)), `byte ${at}`).toBe("invalid");
      expect(verify(key, MESSAGE, signature.subarray(0, at)), `${at} bytes`).toBe("invalid");
    }
    expect(verify(key, MESSAGE, Buffer.concat([signature, Buffer.of(0)]))).toBe("invalid");
  });

  test("no signature that is not DER", () => {
    const signature = sign("sha256", MESSAGE, { key: privateKey, dsaEncoding: "ieee-p1363" });
    expect(verify(key, MESSAGE, signature)).toBe("invalid");
  });

  test("no key whose point is not on the curve", () => {
    const size = { "P-256": 32, "P-384": 48, "P-521": 66 }[curve]!;
    const signature = sign("sha256", MESSAGE, privateKey);
    const expected = "is not a public key: its point is not on the curve";
    const replaced = (point: Uint8Array) =>
      Buffer.concat([key.subarray(0, key.length - 2 * size), point]);
    for (const broken of [
      flipped(key, key.length - 1),
      flipped(key, key.length - size - 1),
      replaced(Buffer.alloc(2 * size)),
      replaced(Buffer.alloc(2 * size, 0xff)),
    ]) {
      expect(describeKey(broken)).toMatch(new RegExp(`^[012] ${expected}$`));
      expect(verify(broken, MESSAGE, signature)).toBe(`key: ${expected}`);
    }
  });
});

describe("Ed25519", () => {
  const key = spki(ed.publicKey);

  test("of the message itself", () => {
    for (let i = 0; i < 30; i++) {
      const message = randomBytes(i * 9);
      const signature = sign(null, message, ed.privateKey);
      for (const hash of HASHES) expect(verify(key, message, signature, { hash })).toBe("valid");
      expect(verify(key, OTHER, signature)).toBe("invalid");
    }
  });

  test("no signature with any byte changed, cut, or longer", () => {
    const signature = sign(null, MESSAGE, ed.privateKey);
    for (let at = 0; at < 64; at++) {
      expect(verify(key, MESSAGE, flipped(signature, at)), `byte ${at}`).toBe("invalid");
      expect(verify(key, MESSAGE, signature.subarray(0, at)), `${at} bytes`).toBe("invalid");
    }
    expect(verify(key, MESSAGE, Buffer.concat([signature, Buffer.of(0)]))).toBe("invalid");
  });

  test("of a prehashed message, which is another scheme", () => {
    const seed = randomBytes(32);
    const key = Buffer.concat([spki(ed.publicKey).subarray(0, 12), ed25519.getPublicKey(seed)]);
    const prehashed = ed25519ph.sign(MESSAGE, seed);
    expect(verify(key, MESSAGE, prehashed, { scheme: "Ed25519ph" })).toBe("valid");
    expect(verify(key, OTHER, prehashed, { scheme: "Ed25519ph" })).toBe("invalid");
    expect(verify(key, MESSAGE, prehashed)).toBe("invalid");
    const plain = ed25519.sign(MESSAGE, seed);
    expect(verify(key, MESSAGE, plain)).toBe("valid");
    expect(verify(key, MESSAGE, plain, { scheme: "Ed25519ph" })).toBe("invalid");
    const signature = sign("sha256", MESSAGE, rsa.privateKey);
    expect(verify(spki(rsa.publicKey), MESSAGE, signature, { scheme: "Ed25519ph" })).toBe(
      "invalid",
    );
  });

  test("no key that is no point", () => {
    const isPoint = (bytes: Uint8Array) => {
      try {
        ed25519.Point.fromBytes(bytes);
        return true;
      } catch {
        return false;
      }
    };
    let found = 0;
    for (let y = 2; y < 40; y++) {
      const bytes = Buffer.alloc(32);
      bytes[0] = y;
      const broken = Buffer.concat([key.subarray(0, 12), bytes]);
      if (isPoint(bytes)) {
        expect(describeKey(broken)).toBe("4");
        continue;
      }
      found++;
      expect(describeKey(broken)).toBe("4 is not a public key: its Ed25519 point is broken");
      expect(verify(broken, MESSAGE, Buffer.alloc(64))).toMatch(/^key: /);
    }
    expect(found).toBeGreaterThan(0);
  });
});

test("a signature of one kind is none of another", () => {
  const pairs = [ec("P-256"), ec("P-384"), ec("P-521"), rsa];
  for (const signer of [...pairs, ed]) {
    const signature = sign(signer === ed ? null : "sha256", MESSAGE, signer.privateKey);
    for (const verifier of [...pairs, ed]) {
      expect(verify(spki(verifier.publicKey), MESSAGE, signature)).toBe(
        signer === verifier ? "valid" : "invalid",
      );
    }
  }
});

test("a key with a problem verifies nothing", () => {
  const small = generateKeyPairSync("rsa", { modulusLength: 1024 });
  const signature = sign("sha256", MESSAGE, small.privateKey);
  const key = spki(small.publicKey);
  expect(verify(key, MESSAGE, signature)).toBe("key: is an RSA key of less than 2048 bits");
});
