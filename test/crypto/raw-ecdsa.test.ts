import { generateKeyPairSync, sign } from "node:crypto";
import { describe, expect, test } from "vitest";
import { bytesOf, ECDSA } from "./curves.js";
import { random } from "./crypto.js";
import { flipped, HASHES, spki, verify } from "./verify.js";

describe.each(ECDSA)("r || s on $name", ({ name, parameters, bytes }) => {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: name });
  const key = spki(publicKey);
  const verified = (message: Uint8Array, signature: Uint8Array, hash: (typeof HASHES)[number]) =>
    verify(key, message, signature, { scheme: "raw", hash });

  test.each(HASHES)("takes what Node signs with %s, and nothing that was changed", (hash) => {
    for (let i = 0; i < 5; i++) {
      const message = random(50);
      const signature = sign(hash, message, { key: privateKey, dsaEncoding: "ieee-p1363" });
      expect(verified(message, signature, hash)).toBe("valid");
      expect(verified(random(50), signature, hash)).toBe("invalid");
      for (let at = 0; at < signature.length; at += 7) {
        expect(verified(message, flipped(signature, at), hash)).toBe("invalid");
      }
    }
  });

  const message = random(50);
  const signature = sign("sha256", message, { key: privateKey, dsaEncoding: "ieee-p1363" });
  const [r, s] = [signature.subarray(0, bytes), signature.subarray(bytes)];
  const zero = Buffer.alloc(bytes);
  const order = bytesOf(parameters.order, bytes);
  const plus = (number: Buffer) =>
    bytesOf(BigInt(`0x${number.toString("hex")}`) + parameters.order, bytes + 1);

  test.each<[string, Uint8Array]>([
    ["nothing", Buffer.alloc(0)],
    ["one half", r],
    ["a byte too few", signature.subarray(1)],
    ["a byte too many", Buffer.concat([signature, Buffer.of(0)])],
    ["a zero before each", Buffer.concat([Buffer.of(0), r, Buffer.of(0), s])],
    ["r of zero", Buffer.concat([zero, s])],
    ["s of zero", Buffer.concat([r, zero])],
    ["zeros", Buffer.concat([zero, zero])],
    ["r of n", Buffer.concat([order, s])],
    ["s of n", Buffer.concat([r, order])],
    ["s and n", Buffer.concat([Buffer.of(0), r, plus(s)])],
    ["DER", sign("sha256", message, privateKey)],
  ])("is not %s", (_, changed) => expect(verified(message, changed, "sha256")).toBe("invalid"));

  test("has numbers with zeros before them", () => {
    let seen = 0;
    for (let i = 0; i < 3000 && seen < 2; i++) {
      const text = Buffer.from(String(i));
      const made = sign("sha256", text, { key: privateKey, dsaEncoding: "ieee-p1363" });
      // Of P-521 the first byte is one bit: nearly every other signature has a zero there.
      if (made[0] !== 0 && made[bytes] !== 0) continue;
      expect(verified(text, made, "sha256")).toBe("valid");
      seen++;
    }
    expect(seen).toBe(2);
  });

  test("is of no other key", () => {
    for (const other of [
      generateKeyPairSync("rsa", { modulusLength: 2048 }),
      generateKeyPairSync("ed25519"),
    ]) {
      expect(verify(spki(other.publicKey), message, signature, { scheme: "raw" })).toBe("invalid");
    }
  });
});
