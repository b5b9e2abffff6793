import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { call, callJson } from "./units.js";

describe("a JSON string", () => {
  test.each([
    ["", '""'],
    ["plain", '"plain"'],
    ['say "hi"', '"say \\"hi\\""'],
    ["back\\slash/", '"back\\\\slash/"'],
    ["\0\u0001\b\t\n\f\r\u001f", '"\\u0000\\u0001\\u0008\\u0009\\u000a\\u000c\\u000d\\u001f"'],
    ["\u007f\u2028é€😀", '"\u007f\u2028é€😀"'],
    ['""', '"\\"\\""'],
    ["\\u0041", '"\\\\u0041"'],
  ])("of %j", (text, json) => {
    expect(call("json_string", text)).toBe(json);
  });

  test("reads as the text that it was made of", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        expect(callJson("json_string", text)).toBe(text);
      }),
      { numRuns: 1000 },
    );
  });
});

const CONTROLS = /[\0-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

describe("plain text", () => {
  test.each([
    ["", 0, ""],
    ["", 5, ""],
    ["a", 0, "..."],
    ["abc", 3, "abc"],
    ["abcd", 3, "abc..."],
    ["a\nb\tc\0d\u001be\u007ff\rg", 64, "a?b?c?d?e?f?g"],
    ["é", 1, "..."],
    ["é", 2, "é"],
    ["éé", 3, "é..."],
    ["€€", 3, "€..."],
    ["€€", 4, "€..."],
    ["€€", 5, "€..."],
    ["€€", 6, "€€"],
    ["a😀b", 1, "a..."],
    ["a😀b", 4, "a..."],
    ["a😀b", 5, "a😀..."],
    ["a😀b", 6, "a😀b"],
    ["\n\n\n\n", 3, "???..."],
    ["a\u0080b\u009fc\u00a0d", 64, "a?b?c\u00a0d"],
    ["a\u200eb\u200fc\u2028d\u202ee\u2066f\u2069g", 64, "a?b?c?d?e?f?g"],
    ["\u200d\u2010\u2027\u202f\u2065\u206a", 64, "\u200d\u2010\u2027\u202f\u2065\u206a"],
    ["\u202e\u202e", 4, "?..."],
  ])("%j in %i bytes", (text, most, shown) => {
    expect(call("plain", { text, most })).toBe(shown);
  });

  test("is well-formed, on one line, and no longer than it may be", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 40 }), fc.nat(50), (text, most) => {
        const shown = call("plain", { text, most });
        expect(shown).not.toMatch(CONTROLS);
        const fits = Buffer.byteLength(text) <= most;
        const kept = fits ? shown : shown.slice(0, -3);
        expect(shown.endsWith("...") || fits).toBe(true);
        expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(most);
        expect(text.replaceAll(CONTROLS, "?").startsWith(kept)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
