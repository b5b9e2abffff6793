import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { callJson } from "../sdk/units.js";

/** -1, 0 or 1 as the left one is less than, equal to or greater than the right one; null if one is not read. */
const compare = (left: string, right: string) =>
  callJson<number | null>("attestation.number", { left, right });

const ORDER = { "<": -1, "=": 0, ">": 1 };

describe("numbers are compared as they are written:", () => {
  test.each<[string, keyof typeof ORDER, string]>([
    ["9007199254740993", ">", "9007199254740992"],
    ["-9007199254740993", "<", "-9007199254740992"],
    ["0.1", "<", "0.10000000000000000000001"],
    ["1.0", "=", "1"],
    ["100", "=", "1e2"],
    ["100", "=", "1E+2"],
    ["0.01", "=", "1e-2"],
    ["120.50", "=", "0.001205e5"],
    ["-0", "=", "0"],
    ["-0.0e7", "=", "0"],
    ["-1e-400", "<", "0"],
    ["1e-400", ">", "0"],
    ["1e400", "<", "1e401"],
    ["1e400", ">", "9e399"],
    ["-1e400", "<", "1"],
    ["10e999999998", "=", "1e999999999"],
    ["1e0000000000000000000007", "=", "10000000"],
    ["7", "<", "7.5"],
    ["7.5", "<", "10"],
    ["-7.5", "<", "-7"],
    ["123", "<", "1234"],
    ["99", "<", "100"],
    ["0." + "0".repeat(4000) + "1", ">", "0"],
    ["1" + "0".repeat(4095), "=", "1e4095"],
  ])("%s %s %s", (left, order, right) => {
    expect(compare(left, right)).toBe(ORDER[order]);
    expect(compare(right, left)).toBe(0 - ORDER[order]);
  });
});

test.each([
  "",
  "-",
  "+1",
  "01",
  "-01",
  "00",
  ".5",
  "5.",
  "5.e1",
  "1e",
  "1e+",
  "1e1.0",
  "1e1 ",
  " 1",
  "1\0",
  "0x10",
  "1_000",
  "1,5",
  "NaN",
  "Infinity",
  "٣",
  "1e1000000000",
  "1e-1000000000",
  "1e99999999999999999999999999",
  "1" + "0".repeat(4096),
])("%j is not read", (text) => {
  expect(compare(text, "1")).toBeNull();
  expect(compare("1", text)).toBeNull();
});

interface Parts {
  sign: string;
  whole: string;
  fraction: string;
  exponent: number;
}

const write = ({ sign, whole, fraction, exponent }: Parts, e: string) =>
  sign + whole + (fraction && `.${fraction}`) + (exponent === 0 ? "" : e + String(exponent));

/** What they mean, in units of 10^-100. */
const value = ({ sign, whole, fraction, exponent }: Parts) =>
  BigInt(sign + "1") * BigInt(whole + fraction) * 10n ** BigInt(100 + exponent - fraction.length);

const digits = (maxLength: number) =>
  fc.array(fc.constantFrom(..."00123456789"), { maxLength }).map((all) => all.join(""));
const parts: fc.Arbitrary<Parts> = fc.record({
  sign: fc.constantFrom("", "-"),
  whole: digits(25).map((all) => all.replace(/^0+/, "") || "0"),
  fraction: digits(25),
  exponent: fc.integer({ min: -30, max: 30 }),
});

/** The same number with its point elsewhere, and maybe a little more behind it. */
const near = fc
  .tuple(parts, fc.nat(20), fc.constantFrom("", "0", "00", "001", "9"))
  .filter(([{ fraction }]) => fraction.length < 25)
  .map(([left, shift, more]): [Parts, Parts] => {
    const all = left.whole + left.fraction + "0".repeat(shift);
    const right = {
      ...left,
      whole: all.replace(/^0+/, "") || "0",
      fraction: more,
      exponent: left.exponent - left.fraction.length - shift,
    };
    return [left, right];
  });

test("as whole numbers of any size are", () => {
  const pair = fc.oneof(fc.tuple(parts, parts), near);
  let equal = 0;
  fc.assert(
    fc.property(pair, fc.constantFrom("e", "E"), ([left, right], e) => {
      const difference = value(left) - value(right);
      if (difference === 0n) equal++;
      const order = difference < 0n ? -1 : difference > 0n ? 1 : 0;
      expect(compare(write(left, e), write(right, e))).toBe(order);
    }),
    { numRuns: 4000 },
  );
  expect(equal).toBeGreaterThan(500);
});
