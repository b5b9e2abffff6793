import { describe, expect, test } from "vitest";
import { callJson } from "../sdk/units.js";

interface Found {
  problem?: string;
  /** As it is written. */
  found?: string | null;
  twice?: boolean;
}

const find = (pointer: string, document: string) =>
  callJson<Found>("attestation.pointer", { pointer, document });

describe("the examples of RFC 6901 §5:", () => {
  const document = {
    foo: ["bar", "baz"],
    "": 0,
    "a/b": 1,
    "c%d": 2,
    "e^f": 3,
    "g|h": 4,
    "i\\j": 5,
    'k"l': 6,
    " ": 7,
    "m~n": 8,
  };
  test.each([
    ["/foo", '["bar","baz"]'],
    ["/foo/0", '"bar"'],
    ["/", "0"],
    ["/a~1b", "1"],
    ["/c%d", "2"],
    ["/e^f", "3"],
    ["/g|h", "4"],
    ["/i\\j", "5"],
    ['/k"l', "6"],
    ["/ ", "7"],
    ["/m~0n", "8"],
  ])("%s", (pointer, found) => {
    expect(find(pointer, JSON.stringify(document))).toEqual({ found, twice: false });
  });
});

const DEEP =
  '{"a":[{"b":null},[10,{"c":{"":{"":true}}},[]],"x"],"0":{"1":"key"},"~1":"tilde","é":"e"}';

describe("a value that is there:", () => {
  test.each([
    ["/a/0/b", "null"],
    ["/a/1/0", "10"],
    ["/a/1/1/c//", "true"],
    ["/a/1/2", "[]"],
    ["/a/2", '"x"'],
    ["/0/1", '"key"'],
    ["/~01", '"tilde"'],
    ["/é", '"e"'],
  ])("%s", (pointer, found) => expect(find(pointer, DEEP)).toEqual({ found, twice: false }));

  test("by a key with escapes", () => {
    expect(find("/a~1b/é", String.raw`{"\u0061\/b": {"\u00e9": 1}}`).found).toBe("1");
  });

  test("at an index of two digits", () => {
    const list = JSON.stringify([...Array(120).keys()]);
    expect(find("/10", list).found).toBe("10");
    expect(find("/119", list).found).toBe("119");
    expect(find("/120", list).found).toBeNull();
  });
});

test.each([
  "/b",
  "/a/3",
  "/a/-",
  "/a/00",
  "/a/01",
  "/a/-1",
  "/a/+1",
  "/a/1.0",
  "/a/1e0",
  "/a/ 1",
  "/a/",
  "/a/b",
  "/a/4294967296",
  "/a/18446744073709551616",
  "/a/0/b/c",
  "/a/1/0/0",
  "/a/2/0",
  "/a/2/length",
  "/a/1/1/c///",
  "/A",
  "/a~1b",
  "/e\u0301",
  "/" + "a/".repeat(200),
])("%s is not there", (pointer) =>
  expect(find(pointer, DEEP)).toEqual({ found: null, twice: false }),
);

describe("a key that stands twice", () => {
  test.each([
    ["/a", '{"a":1,"a":2}'],
    ["/a", '{"a":1,"b":0,"a":1}'],
    ["/a", String.raw`{"a":1,"\u0061":2}`],
    ["/a/b", '{"a":{"b":1},"a":{}}'],
    ["/a/b", '{"a":1,"a":{"b":1}}'],
    ["/a/0/b", '{"a":[{"b":1,"b":2}]}'],
  ])("on the way %s in %s", (pointer, document) => {
    expect(find(pointer, document).twice).toBe(true);
  });

  test("elsewhere", () => {
    expect(find("/a", '{"a":1,"b":1,"b":2}')).toEqual({ found: "1", twice: false });
    expect(find("/a", '{"a":{"b":1,"b":2}}').twice).toBe(false);
  });
});

describe("no pointer:", () => {
  const NONE = "must be a JSON pointer such as /builder/id (RFC 6901)";
  const TILDE = "has a ~ that is neither ~0, for ~, nor ~1, for /";
  test.each([
    ["", NONE],
    ["builder/id", NONE],
    ["#/builder/id", NONE],
    ["$.builder.id", NONE],
    ["/~", TILDE],
    ["/a~", TILDE],
    ["/a~2b", TILDE],
    ["/a~/b", TILDE],
    ["/~0~", TILDE],
    ["/~~0", TILDE],
    ["/" + "a".repeat(512), "has more than 512 bytes"],
  ])("%j", (pointer, problem) => expect(find(pointer, "{}")).toEqual({ problem }));

  test("512 bytes are one", () => {
    const name = "a".repeat(511);
    expect(find("/" + name, `{"${name}":1}`).found).toBe("1");
  });
});
