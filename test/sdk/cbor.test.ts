import { decode, encode, Tagged } from "cborg";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OPTIONS, read, written } from "./cbor.js";

const hex = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");

// RFC 8949 appendix A, as far as it is read.
test.each([
  ["00", "0"],
  ["17", "23"],
  ["18 18", "24"],
  ["19 03e8", "1000"],
  ["1a 000f4240", "1000000"],
  ["1b 000000e8d4a51000", "1000000000000"],
  ["1b 7fffffffffffffff", "9223372036854775807"],
  ["20", "-1"],
  ["38 63", "-100"],
  ["39 03e7", "-1000"],
  ["3b 7fffffffffffffff", "-9223372036854775808"],
  ["c1 1a 514b67b0", { tag: 1, of: "1363896240" }],
  ["40", { bytes: "" }],
  ["44 01020304", { bytes: "01020304" }],
  ["60", ""],
  ["62 225c", '"\\'],
  ["63 e6b0b4", "水"],
  ["80", []],
  ["83 01 02 03", ["1", "2", "3"]],
  ["83 01 8202 03 820405", ["1", ["2", "3"], ["4", "5"]]],
  ["a0", { map: [] }],
  ["a2 01 02 03 04", { map: ["1", "2", "3", "4"] }],
  ["a2 6161 01 6162 8202 03", { map: ["a", "1", "b", ["2", "3"]] }],
  ["82 6161 a1 6162 6163", ["a", { map: ["b", "c"] }]],
  ["f4", { simple: "f4" }],
  ["f6", { simple: "f6" }],
  ["fb 3ff199999999999a", { simple: "fb3ff199999999999a" }],
])("%s", (bytes, value) => expect(read(hex(bytes))).toEqual(value));

describe("is not read:", () => {
  test.each([
    ["nothing", ""],
    ["more behind it", "00 00"],
    ["a number cut off", "19 03"],
    ["a string cut off", "44 010203"],
    ["an array cut off", "83 01 02"],
    ["a map without its last value", "a1 01"],
    ["a tag of nothing", "c1"],
    ["a number in more bytes than it needs", "18 17"],
    ["likewise, two", "19 00ff"],
    ["likewise, four", "1a 0000ffff"],
    ["likewise, eight", "1b 00000000ffffffff"],
    ["a length in more bytes than it needs", "58 01 00"],
    ["a number of 64 bits and more", "1b 8000000000000000"],
    ["a negative number below 64 bits", "3b 8000000000000000"],
    ["a length that is negative for whom it has a sign", "5b ffffffffffffffff"],
    ["an array longer than the bytes", "9b 0000000100000000"],
    ["a map longer than any", "bb 7fffffffffffffff"],
    ["reserved heads", "1c"],
    ["a string without a length", "5f 41 00 ff"],
    ["an array without a length", "9f 01 ff"],
    ["a map without a length", "bf 01 02 ff"],
    ["a break", "ff"],
    ["undefined", "f7"],
    ["simple values without a meaning", "f0"],
    ["simple values in two bytes", "f8 18"],
    ["text that is not UTF-8", "61 ff"],
    ["text with half a surrogate pair", "63 eda080"],
    ["a key twice", "a2 01 02 01 03"],
    ["a key twice, in a map in an array", "81 a2 6161 02 6161 03"],
    ["a key twice around a map", "a2 01 a1 01 00 01 00"],
    ["a key that is a byte string", "a1 41 00 00"],
    ["a key that is an array", "a1 80 00"],
    ["a key with a tag", "a1 c1 00 00"],
    ["nine levels", "81".repeat(8) + "80"],
    ["nine levels of tags", "c1".repeat(9) + "00"],
  ])("%s", (_, bytes) => expect(read(hex(bytes))).toBeNull());

  test("65 keys, or more than 1024 items", () => {
    const map = (keys: number) => encode(new Map(Array.from({ length: keys }, (_, i) => [i, 0])));
    expect(read(map(64))).not.toBeNull();
    expect(read(map(65))).toBeNull();
    const list = (items: number) => encode(Array.from({ length: items }, () => 0));
    expect(read(list(1023))).not.toBeNull();
    expect(read(list(1024))).toBeNull();
  });
});

test("the same key in a map and in one inside it is no repetition", () => {
  expect(read(hex("a2 01 a1 01 00 02 00"))).not.toBeNull();
  expect(read(hex("82 a1 01 00 a1 01 00"))).not.toBeNull();
});

const key = fc.oneof(fc.integer(), fc.string());
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: "medium" },
    fc.oneof(fc.maxSafeInteger(), fc.string(), fc.uint8Array({ maxLength: 300 }), fc.boolean()),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 5 }),
    fc
      .uniqueArray(fc.tuple(key, tie("value")), { maxLength: 5, selector: ([it]) => it })
      .map((entries) => new Map(entries)),
    fc.tuple(fc.constantFrom(0, 1, 18, 33, 61), tie("value")).map(([n, it]) => new Tagged(n, it)),
  ),
}));

test("what cborg writes is read as it was meant", () => {
  fc.assert(
    fc.property(value, (it) => {
      const bytes = encode(it);
      expect(read(bytes)).toEqual(written(decode(bytes, OPTIONS)));
    }),
    { numRuns: 1000 },
  );
});

test("what is read of any bytes, cborg reads the same", () => {
  let count = 0;
  const spoilt = fc
    .tuple(value, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }))
    .map(([it, edits]) => {
      const bytes = Uint8Array.from(encode(it));
      for (const [at, byte] of edits) bytes[at % bytes.length] = byte;
      return bytes;
    });
  fc.assert(
    fc.property(spoilt, (bytes) => {
      const ours = read(bytes);
      if (ours === null || JSON.stringify(ours).includes('"simple"')) return;
      let theirs: unknown;
      try {
        theirs = decode(bytes, OPTIONS);
      } catch (error) {
        // It knows no other tags.
        if (/tag/i.test(String(error))) return;
        throw error;
      }
      expect(ours).toEqual(written(theirs));
      count++;
    }),
    { numRuns: 5000 },
  );
  expect(count).toBeGreaterThan(1000);
});
