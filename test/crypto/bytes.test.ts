import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { call, callJson } from "../sdk/units.js";
import { random, sha256 } from "./crypto.js";

describe("SHA-256", () => {
  test("of every length up to five blocks", () => {
    for (let length = 0; length <= 300; length++) {
      const bytes = random(length);
      expect(call("sha256", bytes), `${length} bytes`).toBe(sha256(bytes));
    }
  });

  test.each([1000, 65_535, 65_536, 1_000_003, 8 << 20])("of %i bytes", (length) => {
    const bytes = random(length);
    expect(call("sha256", bytes)).toBe(sha256(bytes));
  });

  test.each([
    ["", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
    [
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    ],
  ])("of the standard's example %j", (text, hash) => {
    expect(call("sha256", text)).toBe(hash);
  });
});

describe("base64url", () => {
  const decode = (text: string) => callJson<string | null>("base64url", text);

  test("gives back what Node writes", () => {
    for (let length = 0; length < 60; length++) {
      const bytes = Buffer.from(random(length));
      expect(decode(bytes.toString("base64url"))).toBe(bytes.toString("hex"));
    }
  });

  test("takes what Node writes, and nothing else, of all short texts of some letters", () => {
    const letters = [..."AQg_-+/= "];
    let texts = [""];
    for (let length = 1; length <= 4; length++) {
      texts = texts.flatMap((text) => letters.map((letter) => text + letter));
      for (const text of texts) {
        const bytes = Buffer.from(text, "base64url");
        const known = bytes.toString("base64url") === text;
        expect(decode(text), text).toBe(known ? bytes.toString("hex") : null);
      }
    }
  });
});

describe("base64", () => {
  const decode = (text: string) => callJson<string | null>("base64", text);

  test("of every length", () => {
    for (let length = 0; length <= 100; length++) {
      const bytes = Buffer.from(random(length));
      expect(decode(bytes.toString("base64"))).toBe(bytes.toString("hex"));
    }
  });

  test("of every character", () => {
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (let code = 0; code < 128; code++) {
      const text = `AA${String.fromCharCode(code)}A`;
      const known = alphabet.includes(text[2]!);
      expect(decode(text), text).toBe(known ? Buffer.from(text, "base64").toString("hex") : null);
    }
  });

  test.each([
    "A",
    "AA",
    "AAA",
    "AAAAA",
    "=",
    "==",
    "===",
    "====",
    "A===",
    "AA==AAAA",
    "AAA=AAAA",
    "AA=A",
    "A=AA",
    "=AAA",
    "AAAA====",
    "AAAA=",
    "AB==",
    "AP==",
    "AAB=",
    "AAD=",
    "//==",
    "AA==\n",
    "AA\n==",
    " AAA",
    "AA-_",
    "AAé",
  ])("is strict: %j", (text) => {
    expect(decode(text)).toBeNull();
  });

  test("takes exactly the canonical spelling of some bytes", () => {
    const letters = fc.constantFrom(..."AQgw/+9z=");
    const text = fc.string({ unit: letters, minLength: 0, maxLength: 12 });
    fc.assert(
      fc.property(text, (text) => {
        const bytes = Buffer.from(text, "base64");
        const canonical = bytes.toString("base64") === text;
        expect(decode(text)).toBe(canonical ? bytes.toString("hex") : null);
      }),
      { numRuns: 5000 },
    );
  });
});
