import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { call } from "../sdk/units.js";
import { canonical } from "./make.js";
import { filesIn, fixtures } from "./tuf.js";

const written = (json: string) => call("canonical_json", json);

interface Signed {
  signed: { keys?: Record<string, { keytype: string; keyval: { public: string } }> };
}

test("what Notary has signed is written as it is", () => {
  let count = 0;
  for (const fixture of fixtures) {
    for (const folder of ["tuf", "tuf-delegation"]) {
      for (const bytes of Object.values(filesIn(fixture, folder))) {
        const text = Buffer.from(bytes).toString();
        const { signed } = JSON.parse(text) as Signed;
        const raw = text.slice('{"signed":'.length, text.lastIndexOf(',"signatures":'));
        expect(written(raw)).toBe(raw);
        expect(written(JSON.stringify(signed, null, 2))).toBe(raw);
        for (const [id, { keytype, keyval }] of Object.entries(signed.keys ?? {})) {
          const key = { keytype, keyval: { private: null, public: keyval.public } };
          expect(
            createHash("sha256")
              .update(written(JSON.stringify(key)))
              .digest("hex"),
          ).toBe(id);
        }
        count++;
      }
    }
  }
  expect(count).toBe(18);
});

test.each([
  ['{"a":1,"b":[true,false,null,{}]}', '{"a":1,"b":[true,false,null,{}]}'],
  [' [ 1 ,\n"a" ] ', '[1,"a"]'],
  ['"\\u003c\\u0026\\/\\u00e4"', '"<&/ä"'],
  ['"\\n\\t\\u0000"', '"\n\t\u0000"'],
  ['"\\\\\\""', '"\\\\\\""'],
  ['"\u2028\ud83d\ude00"', '"\u2028\ud83d\ude00"'],
  ['{"A":0,"a":0,"ab":0,"ä":0}', '{"A":0,"a":0,"ab":0,"ä":0}'],
  ["0", "0"],
  ["999999999999999", "999999999999999"],
])("%s", (json, expected) => expect(written(json)).toBe(expected));

test.each([
  '{"b":1,"a":1}',
  '{"a":1,"a":1}',
  '{"a":1,"\\u0061":1}',
  '{"ab":1,"a":1}',
  '[{"a":{"b":1,"a":1}}]',
  "1.0",
  "1e3",
  "-1",
  "-0",
  "0.5",
  "1000000000000000",
  "{",
  "",
])("%s is not canonicalised", (json) => expect(written(json)).toBe("null"));

test("any value is written as by definition", () => {
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.string({ unit: "grapheme" }),
      fc.nat(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(fc.string({ unit: "grapheme" }), tie("value"), { maxKeys: 5 }),
    ),
  }));
  /** With the keys of its objects in order, for that is how Notary writes them. */
  const sorted = (it: unknown): string => {
    if (Array.isArray(it)) return `[${it.map(sorted).join()}]`;
    if (typeof it !== "object" || it === null) return JSON.stringify(it);
    const names = Object.keys(it).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    return `{${names.map((name) => `${JSON.stringify(name)}:${sorted((it as Record<string, unknown>)[name])}`).join()}}`;
  };
  fc.assert(
    fc.property(value, (it) => {
      expect(written(sorted(it))).toBe(canonical(it as Parameters<typeof canonical>[0]));
    }),
    { numRuns: 1000 },
  );
});
