import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { callJson } from "../sdk/units.js";

/** Seconds since 1970, or null. */
const read = (text: string) => callJson<number | null>("instant", text);

describe("a timestamp of RFC 3339", () => {
  test.each([
    ["1970-01-01T00:00:00Z", 0],
    ["2026-11-22T04:11:48Z", 1795320708],
    ["2026-11-22T04:11:48.9Z", 1795320708],
    ["2026-11-22T04:11:48.123456789Z", 1795320708],
    ["2026-11-22T05:11:48+01:00", 1795320708],
    ["2026-11-21T22:41:48-05:30", 1795320708],
    ["2026-11-22T04:11:48+00:00", 1795320708],
    ["2026-11-22T04:11:48-00:00", 1795320708],
    ["2026-11-22T05:11:48.5+01:00", 1795320708],
    ["2024-02-29T23:59:59+23:59", 1709164859],
  ])("%s", (text, seconds) => {
    expect(seconds).toBe(Math.floor(Date.parse(text) / 1000));
    expect(read(text)).toBe(seconds);
  });

  test.each([
    "",
    "2026-11-22",
    "2026-11-22T04:11:48",
    "2026-11-22T04:11:48z",
    "2026-11-22t04:11:48Z",
    "2026-11-22 04:11:48Z",
    "2026-11-22T04:11Z",
    "2026-11-22T04:11:48.Z",
    "2026-11-22T04:11:48,5Z",
    "2026-11-22T04:11:48Z ",
    "2026-11-22T04:11:48ZZ",
    "2026-11-22T04:11:48.5",
    "2026-11-22T04:11:48+0100",
    "2026-11-22T04:11:48+01",
    "2026-11-22T04:11:48+01:00Z",
    "2026-11-22T04:11:48+24:00",
    "2026-11-22T04:11:48+01:60",
    "2026-11-22T04:11:48*01:00",
    "2026-11-22T24:00:00Z",
    "2026-11-22T23:59:60Z",
    "2026-02-29T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-00-01T00:00:00Z",
    "+2026-11-22T04:11:48Z",
    "-026-11-22T04:11:48Z",
    "2026/11/22T04:11:48Z",
  ])("is not %j", (text) => expect(read(text)).toBeNull());

  test("is what JavaScript reads", () => {
    const offset = fc.oneof(
      fc.constant("Z"),
      fc.tuple(fc.constantFrom("+", "-"), fc.nat(23), fc.nat(59)).map(([sign, hours, minutes]) => {
        return `${sign}${String(hours).padStart(2, "0")}:${String(minutes).padStart(2, "0")}`;
      }),
    );
    const date = fc.date({
      min: new Date("0001-01-01"),
      max: new Date("9998-12-31"),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(date, offset, (date, offset) => {
        const text = date.toISOString().replace("Z", offset);
        expect(read(text)).toBe(Math.floor(Date.parse(text.replace(/\.\d+/, "")) / 1000));
      }),
      { numRuns: 1000 },
    );
  });
});
