import { describe, expect, test } from "vitest";
import { failureOf, NOW } from "./attestations.js";

/** Why `{"it": value}` does not meet the operator; an undefined value is not there. */
const why = (operator: object, value?: string, now: number | null = NOW) =>
  failureOf([{ path: "/it", ...operator }], value === undefined ? "{}" : `{"it":${value}}`, now);

const OLD = "2026-10-23T08:00:00Z";
const LONG = JSON.stringify("x".repeat(4095));

describe("is met:", () => {
  test.each<[object, string | undefined]>([
    [{ equals: "a" }, '"a"'],
    [{ equals: "a" }, String.raw`"\u0061"`],
    [{ equals: "é" }, String.raw`"\u00e9"`],
    [{ equals: "1" }, '"1"'],
    [{ equals: 1 }, "1.0"],
    [{ equals: 0 }, "-0"],
    [{ equals: 1.5 }, "15e-1"],
    [{ equals: true }, "true"],
    [{ equals: false }, "false"],
    [{ in: ["a", 7, false] }, '"a"'],
    [{ in: ["a", 7, false] }, "7"],
    [{ in: ["a", 7, false] }, "false"],
    [{ in: ["a"] }, '"a"'],
    [{ atLeast: 7 }, "7"],
    [{ atLeast: 7 }, "7.0000000000000000000000001"],
    [{ atLeast: "7.5" }, "1e400"],
    [{ atLeast: "9007199254740993" }, "9007199254740993"],
    [{ atLeast: -1 }, "0"],
    [{ atMost: 0 }, "0"],
    [{ atMost: 0 }, "-0.0"],
    [{ atMost: "9007199254740992" }, "9007199254740992"],
    [{ exists: true }, "0"],
    [{ exists: true }, "false"],
    [{ exists: true }, '""'],
    [{ exists: true }, "{}"],
    [{ exists: true }, "[]"],
    [{ exists: false }, undefined],
    [{ before: "2026-11-22T08:00:00Z" }, '"2026-11-22T07:59:59Z"'],
    [{ before: "2026-11-22T08:00:00Z" }, '"2026-11-22T08:59:59.9+01:00"'],
    [{ after: "2026-11-22" }, '"2026-11-22T00:00:01Z"'],
    [{ after: "2026-11-22" }, '"2026-11-21T23:30:00-05:00"'],
    [{ after: "30d" }, `"${OLD}"`],
    [{ after: "720h" }, `"${OLD}"`],
    [{ after: "30d" }, '"2026-11-22T08:00:00Z"'],
    [{ after: "30d" }, '"2026-11-22T08:05:00Z"'],
    [{ before: "30d" }, '"2026-10-23T07:59:59Z"'],
    [{ before: "1h" }, '"2026-11-22T06:59:59Z"'],
  ])("%j by %s", (operator, value) => expect(why(operator, value)).toBeNull());
});

describe("is not met:", () => {
  test.each<[object, string | undefined, string]>([
    [{ equals: "a" }, undefined, 'missing, and must be "a"'],
    [{ equals: "a" }, '"A"', '"A", and must be "a"'],
    [{ equals: "a" }, '"a "', '"a ", and must be "a"'],
    [{ equals: "a" }, '["a"]', 'a list, and must be "a"'],
    [{ equals: "a" }, '{"a":"a"}', 'an object, and must be "a"'],
    [{ equals: "null" }, "null", 'null, and must be "null"'],
    [{ equals: "true" }, "true", 'true, and must be "true"'],
    [{ equals: true }, '"true"', '"true", and must be true'],
    [{ equals: true }, "false", "false, and must be true"],
    [{ equals: true }, "1", "1, and must be true"],
    [{ equals: 1 }, '"1"', '"1", and must be 1'],
    [{ equals: "1" }, "1", '1, and must be "1"'],
    [{ equals: 0 }, "false", "false, and must be 0"],
    [{ equals: 0 }, '""', '"", and must be 0'],
    [{ equals: 1 }, "1e-999999999", "1e-999999999, and must be 1"],
    [{ in: ["a", 7, false] }, '"7"', '"7", and must be "a", 7 or false'],
    [{ in: ["a", 7, false] }, "true", 'true, and must be "a", 7 or false'],
    [{ in: ["a", 7, false] }, '["a",7,false]', 'a list, and must be "a", 7 or false'],
    [{ in: ["a", "b"] }, undefined, 'missing, and must be "a" or "b"'],
    [
      { atLeast: 7 },
      "6.9999999999999999999999",
      "6.9999999999999999999999, and must be a number of at least 7",
    ],
    [{ atLeast: 7 }, '"8"', '"8", and must be a number of at least 7'],
    [{ atLeast: 7 }, "true", "true, and must be a number of at least 7"],
    [{ atLeast: 7 }, undefined, "missing, and must be a number of at least 7"],
    [{ atLeast: 7 }, "1e1000000000", "1e1000000000, and must be a number of at least 7"],
    [
      { atLeast: "9007199254740993" },
      "9007199254740992",
      "9007199254740992, and must be a number of at least 9007199254740993",
    ],
    [{ atMost: 0 }, "1", "1, and must be a number of at most 0"],
    [{ atMost: 0 }, "1e-400", "1e-400, and must be a number of at most 0"],
    [{ atMost: 0 }, "null", "null, and must be a number of at most 0"],
    [{ atMost: 0 }, "[]", "a list, and must be a number of at most 0"],
    [{ atMost: 0 }, '""', '"", and must be a number of at most 0'],
    [{ atMost: 0 }, "-1e1000000000", "-1e1000000000, and must be a number of at most 0"],
    [{ atMost: 0 }, undefined, "missing, and must be a number of at most 0"],
    [{ exists: true }, undefined, "missing, and must be there"],
    [{ exists: true }, "null", "null, and must be there"],
    [{ exists: false }, "null", "null, and must be missing"],
    [{ exists: false }, "false", "false, and must be missing"],
    [{ exists: false }, "{}", "an object, and must be missing"],
    [
      { before: "2026-11-22" },
      '"2026-11-22T00:00:00Z"',
      '"2026-11-22T00:00:00Z", and must be a time before 2026-11-22',
    ],
    [{ before: "2026-11-22" }, undefined, "missing, and must be a time before 2026-11-22"],
    [
      { before: "2026-11-22" },
      '"2026-11-21"',
      '"2026-11-21", and must be a time before 2026-11-22',
    ],
    [{ before: "2026-11-22" }, "0", "0, and must be a time before 2026-11-22"],
    [{ before: "2026-11-22" }, '""', '"", and must be a time before 2026-11-22'],
    [
      { after: "2026-11-22" },
      '"2026-11-22T00:00:00.9Z"',
      '"2026-11-22T00:00:00.9Z", and must be a time after 2026-11-22',
    ],
    [{ after: "2026-11-22" }, '"tomorrow"', '"tomorrow", and must be a time after 2026-11-22'],
    [{ after: "2026-11-22" }, "9999999999", "9999999999, and must be a time after 2026-11-22"],
    [
      { after: "30d" },
      '"2026-10-23T07:59:59Z"',
      '"2026-10-23T07:59:59Z", and must be a time no older than 30d',
    ],
    [
      { after: "30d" },
      '"2026-11-22T08:05:01Z"',
      '"2026-11-22T08:05:01Z", and must be a time no older than 30d',
    ],
    [
      { after: "30d" },
      '"9999-12-31T23:59:59Z"',
      '"9999-12-31T23:59:59Z", and must be a time no older than 30d',
    ],
    [{ after: "12h" }, "null", "null, and must be a time no older than 12h"],
    [{ before: "30d" }, `"${OLD}"`, `"${OLD}", and must be a time older than 30d`],
    [
      { before: "30d" },
      '"2099-01-01T00:00:00Z"',
      '"2099-01-01T00:00:00Z", and must be a time older than 30d',
    ],
    [{ before: "30d" }, undefined, "missing, and must be a time older than 30d"],
  ])("%j by %s", (operator, value, found) => {
    expect(why(operator, value)).toEqual({
      code: "attestation-condition",
      detail: `/it of its predicate is ${found}`,
    });
  });
});

describe("when the host does not tell the time", () => {
  test.each([
    [{ after: "30d" }, "no older than 30d"],
    [{ before: "30d" }, "older than 30d"],
  ])("%j is not met", (operator, wanted) => {
    const detail = `/it of its predicate is "${OLD}", and must be a time ${wanted}, but the host does not tell the time`;
    expect(why(operator, `"${OLD}"`, null)?.detail).toBe(detail);
  });

  test("a moment can be", () => {
    expect(why({ after: "2026-01-01" }, `"${OLD}"`, null)).toBeNull();
    expect(why({ before: "2026-01-01" }, `"${OLD}"`, null)?.code).toBe("attestation-condition");
  });
});

describe("strings and numbers of more than 4096 bytes", () => {
  test("are not compared", () => {
    expect(why({ exists: true }, LONG)).toBeNull();
    const escaped = `"${"\\u0061".repeat(700)}"`;
    expect(why({ equals: "a".repeat(700) }, escaped)?.code).toBe("attestation-condition");
    expect(why({ equals: "x".repeat(4094) }, JSON.stringify("x".repeat(4094)))).toBeNull();
    expect(why({ atLeast: 1 }, "1" + "0".repeat(4095))).toBeNull();
    expect(why({ atLeast: 1 }, "1" + "0".repeat(4096))?.code).toBe("attestation-condition");
  });
});

describe("a predicate that is no object meets nothing:", () => {
  test.each([null, "null", "[]", '"x"', "1"])("%s", (predicate) => {
    for (const operator of [{ exists: false }, { exists: true }, { equals: "x" }]) {
      expect(failureOf([{ path: "/0", ...operator }], predicate)).toEqual({
        code: "attestation-condition",
        detail: "its predicate is no object",
      });
    }
  });

  test("but it is said, where nothing more is asked", () => {
    expect(failureOf([], null)).toBeNull();
  });
});

describe("a key on the way that stands twice is a failure, whatever is asked:", () => {
  test.each([{ equals: 1 }, { exists: true }, { exists: false }, { atMost: 9 }])(
    "%j",
    (operator) => {
      const twice = { code: "payload-malformed", detail: "its payload has a key twice" };
      expect(failureOf([{ path: "/a", ...operator }], '{"a":1,"a":1}')).toEqual(twice);
      expect(failureOf([{ path: "/a/b/c", ...operator }], '{"a":{},"a":{"b":{"c":1}}}')).toEqual(
        twice,
      );
      // For the conditions behind it too.
      const two = [
        { path: "/b", equals: 2 },
        { path: "/a", exists: true },
        { path: "/c", exists: true },
      ];
      expect(failureOf(two, '{"a":1,"a":1}')).toEqual(twice);
    },
  );
});

describe("messages", () => {
  test("tell of all conditions that are not met, and count them behind the fourth", () => {
    const conditions = [1, 2, 3, 4].map((n) => ({ path: `/${String(n)}`, equals: n }));
    const line = (n: number) =>
      `/${String(n)} of its predicate is missing, and must be ${String(n)}`;
    expect(failureOf(conditions, '{"2":2}')?.detail).toBe([1, 3, 4].map(line).join("; "));
    const more = [5, 6].map((n) => ({ path: `/${String(n)}`, equals: n }));
    expect(failureOf([...conditions, ...more], "{}")?.detail).toBe(
      [1, 2, 3, 4].map(line).join("; ") + "; and 2 more",
    );
  });

  test("are bounded, and show nothing that a terminal obeys", () => {
    const path = "/" + "p".repeat(500);
    const values = [...Array(64).keys()].map((n) => `${String(n)}${"v".repeat(4000)}`);
    const conditions = [...Array(64).keys()].map(() => ({ path, in: values.slice(0, 9) }));
    const said = `{"${path.slice(1)}":"${"\u202e\u009b".repeat(500)}"}`;
    const { detail } = failureOf(conditions, said)!;
    expect(detail.length).toBeLessThan(2000);
    expect(detail).toContain("and 60 more");
    expect(detail).not.toMatch(/[\u0080-\uffff]/);
  });
});

test("each condition is work by the predicate's size", () => {
  const conditions = [
    { path: "/a", exists: false },
    { path: "/b", exists: false },
  ];
  const predicate = `{"x":"${"x".repeat(64 * 512)}"}`;
  const all = 600 * 64;
  expect(failureOf(conditions, predicate, NOW, all - 2 * 65)).toBeNull();
  expect(failureOf(conditions, predicate, NOW, all - 2 * 65 + 1)?.code).toBe("too-many-checks");
});
