import { describe, expect, test } from "vitest";
import { call, callJson } from "../sdk/units.js";

interface Decoded {
  problems: string;
  attestations: [predicateType: string, conditions: number][];
}

const SLSA = "https://slsa.dev/provenance/v1";
const decode = (attestations: unknown) =>
  callJson<Decoded>("attestation.settings", { attestations });
const withConditions = (conditions: unknown) => decode([{ predicateType: SLSA, conditions }]);

describe("as it should be:", () => {
  test.each<[unknown, Decoded["attestations"]]>([
    [undefined, []],
    [null, []],
    ["", []],
    [[], []],
    [[""], []],
    [[{}, null], []],
    [[{ predicateType: "", conditions: [{ path: "", equals: null }] }], []],
    [[{ predicateType: SLSA }], [[SLSA, 0]]],
    [[{ predicateType: SLSA, conditions: [] }], [[SLSA, 0]]],
    [[{ predicateType: SLSA, conditions: "" }], [[SLSA, 0]]],
    [
      [{ predicateType: SLSA }, { predicateType: SLSA }],
      [
        [SLSA, 0],
        [SLSA, 0],
      ],
    ],
    [[{ predicateType: "urn:x", conditions: [{ path: "/a", exists: true }] }], [["urn:x", 1]]],
  ])("%j", (attestations, decoded) => {
    expect(decode(attestations)).toEqual({ problems: "", attestations: decoded });
  });
});

describe("an operator:", () => {
  test.each([
    { equals: "a" },
    { equals: 0 },
    { equals: 9007199254740993n.toString() },
    { equals: false },
    { equals: "a", in: "", atLeast: null, before: "" },
    { in: ["a", 1, true] },
    { in: Array(64).fill("a") },
    { atLeast: 0 },
    { atLeast: "7.5" },
    { atMost: -1e-7 },
    { exists: true },
    { exists: false },
    { before: "2026-11-22" },
    { before: "2026-11-22T08:00:00Z" },
    { after: "2026-11-22T08:00:00.000Z" },
    { after: "30d" },
    { after: "12h" },
    { before: "99999h" },
  ])("%j", (operator) => {
    const decoded = withConditions([{ path: "/a/0/~1", ...operator }]);
    expect(decoded).toEqual({ problems: "", attestations: [[SLSA, 1]] });
  });
});

const ONE_OF = "equals, in, atLeast, atMost, exists, before, after";
const SCALAR =
  "must be a number, a string that is not empty, true or false, and at most 4096 bytes as it is written";
const TIME =
  "must be a time in UTC such as 2026-11-22T08:00:00Z, a date, or an age such as 30d or 12h";

describe("a problem of a condition:", () => {
  test.each<[unknown, string]>([
    [{ path: "/a" }, `: must have one of ${ONE_OF}`],
    [{ path: "/a", equals: "" }, `: must have one of ${ONE_OF}`],
    [{ path: "/a", equals: null }, `: must have one of ${ONE_OF}`],
    [{ path: "/a", equals: 1, exists: false }, `: must have only one of ${ONE_OF}`],
    [{ path: "/a", atLeast: 1, atMost: 2 }, `: must have only one of ${ONE_OF}`],
    [{ equals: 1 }, ".path: is required"],
    [{ path: "", equals: 1 }, ".path: is required"],
    [{ path: 1, equals: 1 }, ".path: must be a string"],
    [{ path: "a", equals: 1 }, ".path: must be a JSON pointer such as /builder/id (RFC 6901)"],
    [{ path: "/~a", equals: 1 }, ".path: has a ~ that is neither ~0, for ~, nor ~1, for /"],
    [{ path: "/a", equals: 1, value: 1 }, ".value: unknown field"],
    [{ path: "/a", equals: {} }, `.equals: ${SCALAR}`],
    [{ path: "/a", equals: ["a"] }, `.equals: ${SCALAR}`],
    [{ path: "/a", equals: "x".repeat(4095) }, `.equals: ${SCALAR}`],
    [{ path: "/a", in: [] }, ".in: has no items"],
    [{ path: "/a", in: "a" }, ".in: must be a list"],
    [{ path: "/a", in: ["a", ""] }, `.in[1]: ${SCALAR}`],
    [{ path: "/a", in: [null] }, `.in[0]: ${SCALAR}`],
    [{ path: "/a", in: [["a"]] }, `.in[0]: ${SCALAR}`],
    [{ path: "/a", in: Array(65).fill("a") }, ".in: has more than 64 items"],
    [{ path: "/a", atLeast: "seven" }, ".atLeast: must be a number"],
    [{ path: "/a", atLeast: "07" }, ".atLeast: must be a number"],
    [{ path: "/a", atLeast: " 7" }, ".atLeast: must be a number"],
    [{ path: "/a", atMost: true }, ".atMost: must be a number"],
    [{ path: "/a", atMost: [1] }, ".atMost: must be a number"],
    [{ path: "/a", atMost: "1e1000000000" }, ".atMost: must be a number"],
    [{ path: "/a", exists: "true" }, ".exists: must be true or false"],
    [{ path: "/a", exists: 1 }, ".exists: must be true or false"],
    [{ path: "/a", before: 30 }, ".before: must be a string"],
    [{ path: "/a", before: "d" }, `.before: ${TIME}`],
    [{ path: "/a", before: "-30d" }, `.before: ${TIME}`],
    [{ path: "/a", after: "30" }, `.after: ${TIME}`],
    [{ path: "/a", after: "30m" }, `.after: ${TIME}`],
    [{ path: "/a", after: "1.5d" }, `.after: ${TIME}`],
    [{ path: "/a", after: "30d " }, `.after: ${TIME}`],
    [{ path: "/a", after: "100000d" }, `.after: ${TIME}`],
    [{ path: "/a", after: "P30D" }, `.after: ${TIME}`],
    [{ path: "/a", after: "2026-02-29" }, `.after: ${TIME}`],
    [{ path: "/a", after: "2026-11-22T08:00:00+01:00" }, `.after: ${TIME}`],
    ["/a", ": must be an object"],
    [null, ": must be an object"],
  ])("%j", (condition, problem) => {
    const decoded = withConditions([{ path: "/ok", exists: true }, condition]);
    expect(decoded.problems).toBe(`attestations[0].conditions[1]${problem}`);
  });
});

describe("a problem of attestations:", () => {
  const BLANK_TYPE =
    "attestations[0].predicateType: is required\nattestations[0].conditions[0]: must have one of equals, in, atLeast, atMost, exists, before, after";
  const MANY = Array(65).fill({ path: "/a", exists: true }) as object[];
  test.each<[unknown, string]>([
    [{}, "attestations: must be a list"],
    [[{ predicateType: SLSA }, ""], "attestations[1]: must be an object"],
    [[{ predicateType: SLSA }, {}], "attestations[1].predicateType: is required"],
    [[{ predicateType: "", conditions: [{ path: "/a" }] }, { predicateType: SLSA }], BLANK_TYPE],
    [
      [{ predicateType: "https://sigstore.dev/cosign/sign/v1" }],
      "attestations[0].predicateType: is that of signatures: they are what a rule without attestations asks for",
    ],
    [
      [{ predicateType: "slsaprovenance" }],
      "attestations[0].predicateType: must be a URI such as https://slsa.dev/provenance/v1",
    ],
    [[{ predicateType: SLSA, condition: [] }], "attestations[0].condition: unknown field"],
    [[{ predicateType: SLSA, conditions: {} }], "attestations[0].conditions: must be a list"],
    [
      [{ predicateType: SLSA, conditions: [""] }],
      "attestations[0].conditions[0]: must be an object",
    ],
    [Array(65).fill({ predicateType: SLSA }), "attestations: has more than 64 items"],
    [
      [{ predicateType: SLSA, conditions: MANY }],
      "attestations[0].conditions: has more than 64 items",
    ],
    [
      [
        { predicateType: SLSA, conditions: MANY.slice(0, 64) },
        { predicateType: SLSA, conditions: MANY.slice(0, 1) },
      ],
      "attestations: has more than 64 conditions in all",
    ],
  ])("%j", (attestations, problem) => expect(decode(attestations).problems).toBe(problem));

  test("an operator that stands twice", () => {
    const rule = `{"attestations":[{"predicateType":"${SLSA}","conditions":[{"path":"/a","equals":1,"equals":2}]}]}`;
    expect(JSON.parse(call("attestation.settings", rule))).toHaveProperty(
      "problems",
      "attestations[0].conditions[0].equals: stands there twice",
    );
  });
});
