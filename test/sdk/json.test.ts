import fc from "fast-check";
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { packageFile } from "../../host/package.js";
import { call, callJson } from "./units.js";

// In the order of `JsonError`.
const ERRORS = [
  "ok",
  "empty",
  "cut off",
  "unexpected",
  "bad number",
  "bad escape",
  "lone surrogate",
  "control character",
  "not UTF-8",
  "too deep",
  "trailing",
  "too long",
];

function scan(document: string | Uint8Array): { error: string; at: number; text: string } {
  const answer = callJson<{ error: number; at: number; text: string }>("json", document);
  return { ...answer, error: ERRORS[answer.error]! };
}

const bytes = (...parts: (string | number)[]) =>
  Buffer.concat(parts.map((part) => Buffer.from(typeof part === "number" ? [part] : part)));
const nested = (depth: number, inside = "") => "[".repeat(depth) + inside + "]".repeat(depth);

describe("the scanner takes", () => {
  test.each<string | Uint8Array>([
    "null",
    "true",
    "false",
    "0",
    "-0",
    "-0.0e-0",
    "1E+2",
    "1e400",
    "-1e-400",
    "0.1234567890123456789012345678901234567890",
    "9".repeat(1000),
    '""',
    '"\\""',
    '"\\\\"',
    '"\\/\\b\\f\\n\\r\\t\\u0000"',
    '"\\ud83d\\ude00"',
    '"\\uD800\\uDC00"',
    '"\\uDBFF\\uDFFF"',
    '"\\u2028\\ufffe\\uFFFF"',
    '"\u007f\u0080\u07ff\u0800\uffff\u{10000}\u{10ffff}"',
    "[]",
    "{}",
    " \t\r\n[ \t\r\n] \t\r\n",
    " { } ",
    "[[],{},[{}],{}]",
    '{"":""}',
    '{"a":1,"a":2}',
    '{ "a" : [ 1 , 2 ] , "b" : { } }',
    nested(128),
    '{"a":'.repeat(127) + "{}" + "}".repeat(127),
    '"' + "x".repeat(15) + '"',
    '"' + "x".repeat(16) + '"',
    '"' + "x".repeat(17) + '\\n"',
    `"${"é".repeat(100)}"`,
  ])("%j", (document) => {
    expect(scan(document)).toMatchObject({ error: "ok", at: 0 });
  });
});

describe("the scanner refuses", () => {
  test.each<[string | Uint8Array, string, number]>([
    ["", "empty", 0],
    [" \n\t\r ", "empty", 5],
    ["\f1", "unexpected", 0],
    ["\u00a01", "unexpected", 0],
    [bytes(0xef, 0xbb, 0xbf, "1"), "unexpected", 0],
    ["\0", "unexpected", 0],
    ["1\0", "trailing", 1],
    ["[1\0]", "unexpected", 2],
    ["[", "cut off", 1],
    ["{", "cut off", 1],
    ["[1", "cut off", 2],
    ["[1,", "cut off", 3],
    ['{"a"', "cut off", 4],
    ['{"a":', "cut off", 5],
    ['{"a":1', "cut off", 6],
    ['{"a":1,', "cut off", 7],
    ['"', "cut off", 1],
    ['"abc', "cut off", 4],
    [`"${"x".repeat(31)}`, "cut off", 32],
    ["[1,]", "unexpected", 3],
    ["[,1]", "unexpected", 1],
    ["[1,,1]", "unexpected", 3],
    ["[1 1]", "unexpected", 3],
    ['["a""b"]', "unexpected", 4],
    ["[1}", "unexpected", 2],
    ['{"a":1]', "unexpected", 6],
    ["{]", "unexpected", 1],
    ["[}", "unexpected", 1],
    ["]", "unexpected", 0],
    ["}", "unexpected", 0],
    [",", "unexpected", 0],
    [":", "unexpected", 0],
    ['{"a":1,}', "unexpected", 7],
    ["{,}", "unexpected", 1],
    ["{1:1}", "unexpected", 1],
    ["{a:1}", "unexpected", 1],
    ["{'a':1}", "unexpected", 1],
    ['{"a" 1}', "unexpected", 5],
    ['{"a"}', "unexpected", 4],
    ['{"a":}', "unexpected", 5],
    ['{"a"::1}', "unexpected", 5],
    ['["a":1]', "unexpected", 4],
    ["{null:1}", "unexpected", 1],
    ["{[]:1}", "unexpected", 1],
    ["tru", "unexpected", 0],
    ["True", "unexpected", 0],
    ["nul", "unexpected", 0],
    ["fals", "unexpected", 0],
    ["nan", "unexpected", 0],
    ["Infinity", "unexpected", 0],
    ["undefined", "unexpected", 0],
    ["/* c */1", "unexpected", 0],
    ["truetrue", "trailing", 4],
    ["nullx", "trailing", 4],
    ["{} x", "trailing", 3],
    ["{}{}", "trailing", 2],
    ["1 2", "trailing", 2],
    ['""""', "trailing", 2],
    ["[]]", "trailing", 2],
    ["1,", "trailing", 1],
    ["01", "trailing", 1],
    ["[01]", "unexpected", 2],
    ["0x10", "trailing", 1],
    ["+1", "unexpected", 0],
    [".5", "unexpected", 0],
    ["-", "bad number", 0],
    ["-a", "bad number", 0],
    ["--1", "bad number", 0],
    ["1.", "bad number", 0],
    ["1.e1", "bad number", 0],
    ["[1.]", "bad number", 1],
    ["1e", "bad number", 0],
    ["1e+", "bad number", 0],
    ["[1E-]", "bad number", 1],
    ["-Infinity", "bad number", 0],
    ['"\\a"', "bad escape", 1],
    ['"\\"', "cut off", 3],
    ['"\\\'"', "bad escape", 1],
    ['"x\\u12"', "bad escape", 2],
    ['"\\u123g"', "bad escape", 1],
    ['"\\u+123"', "bad escape", 1],
    ['"\\U0041"', "bad escape", 1],
    ['"\\x41"', "bad escape", 1],
    [bytes('"\\', 0, '"'), "bad escape", 1],
    ['"\\ud800"', "lone surrogate", 1],
    ['"\\udc00"', "lone surrogate", 1],
    ['"ab\\udc00\\ud800"', "lone surrogate", 3],
    ['"\\ud800\\u0041"', "lone surrogate", 1],
    ['"\\ud800\\ud800"', "lone surrogate", 1],
    ['"\\ud800\\ude0"', "lone surrogate", 1],
    ['"\\ud800x"', "lone surrogate", 1],
    ['{"\\ud800":1}', "lone surrogate", 2],
    ['"a\nb"', "control character", 2],
    ['"\t"', "control character", 1],
    [bytes('"', 0, '"'), "control character", 1],
    [bytes('"', 0x1f, '"'), "control character", 1],
    [bytes(`"${"x".repeat(16)}`, 0, '"'), "control character", 17],
    [bytes('{"a', 1, '":1}'), "control character", 3],
    [bytes('"', 0x80, '"'), "not UTF-8", 1],
    [bytes('"', 0xc0, 0x80, '"'), "not UTF-8", 1],
    [bytes('"', 0xc1, 0xbf, '"'), "not UTF-8", 1],
    [bytes('"', 0xe0, 0x9f, 0xbf, '"'), "not UTF-8", 1],
    [bytes('"', 0xed, 0xa0, 0x80, '"'), "not UTF-8", 1],
    [bytes('"', 0xf0, 0x8f, 0xbf, 0xbf, '"'), "not UTF-8", 1],
    [bytes('"', 0xf4, 0x90, 0x80, 0x80, '"'), "not UTF-8", 1],
    [bytes('"', 0xf5, 0x80, 0x80, 0x80, '"'), "not UTF-8", 1],
    [bytes('"', 0xff, '"'), "not UTF-8", 1],
    [bytes('"', 0xc3, '"'), "not UTF-8", 1],
    [bytes('"', 0xe2, 0x82, '"'), "not UTF-8", 1],
    [bytes('"', 0xe2, 0x28, 0xa1, '"'), "not UTF-8", 1],
    [bytes('"', 0xf0, 0x9f, 0x98, '"'), "not UTF-8", 1],
    [bytes('"\\n', 0xff, '\\n"'), "not UTF-8", 1],
    [bytes(`["${"x".repeat(40)}`, 0xff, '"]'), "not UTF-8", 2],
    [bytes(0xff), "unexpected", 0],
    [nested(129), "too deep", 128],
    [nested(128, "{}"), "too deep", 128],
    [nested(10_000), "too deep", 128],
    ["[".repeat(10_000), "too deep", 128],
    ['{"a":'.repeat(129), "too deep", 640],
  ])("%j: %s at %i", (document, error, at) => {
    expect(scan(document)).toMatchObject({ error, at });
  });

  test("what is too long for the tape", () => {
    expect(scan(Buffer.alloc(1 << 26, " "))).toMatchObject({ error: "too long", at: 0 });
  });

  test("every truncation of a document", () => {
    const document = Buffer.from(
      '{"a\\u00e9":[1.5e+3,-0,true,false,null,"é\\ud83d\\ude00\\n"],"b":{"c":{}}}',
    );
    for (let length = 0; length < document.length; length++) {
      expect(scan(document.subarray(0, length)).error, `${length} bytes`).not.toBe("ok");
    }
    expect(scan(document).error).toBe("ok");
  });

  test("with words that tell the reason and the place", () => {
    const reasons = ["", "[", "?", "-", '"\\q"', '"\\ud800"', '"\n"', nested(129), "1 1"];
    const texts = reasons.map((document) => scan(document).text);
    expect(new Set(texts).size).toBe(texts.length);
    for (const text of texts) expect(text).toMatch(/^[a-zA-Z0-9 ()-]+, at byte \d+$/);
  });
});

describe("UTF-8", () => {
  test("is what the platform's decoder takes", () => {
    const strict = new TextDecoder("utf-8", { fatal: true });
    const interesting = [0, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf];
    interesting.push(0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff);
    const byte = fc.oneof(fc.constantFrom(...interesting), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 6 }), (array) => {
        const input = Uint8Array.from(array);
        let valid = true;
        try {
          strict.decode(input);
        } catch {
          valid = false;
        }
        expect(call("utf8", input)).toBe(String(valid));
      }),
      { numRuns: 5000 },
    );
  });
});

/** A JSON text of the value in a random spelling: white space, escapes. */
function spellings(value: unknown): fc.Arbitrary<string> {
  return fc.infiniteStream(fc.nat(255)).map((stream) => {
    const choose = () => stream.next().value as number;
    const space = () => ["", "", "", " ", "\n", "\t", "\r", "  \n"][choose() % 8]!;
    const string = (text: string) => {
      let spelled = "";
      for (const unit of text.split("")) {
        const plain = JSON.stringify(unit).slice(1, -1);
        const code = unit.charCodeAt(0).toString(16).padStart(4, "0");
        const pick = choose() % 6;
        if (unit === "/" && pick === 0) spelled += "\\/";
        else if (pick === 1) spelled += `\\u${code}`;
        else if (pick === 2) spelled += `\\u${code.toUpperCase()}`;
        else spelled += unit >= "\ud800" && unit <= "\udfff" ? `\\u${code}` : plain;
      }
      return `"${spelled}"`;
    };
    const spell = (part: unknown): string => {
      if (typeof part === "string") return string(part);
      if (Array.isArray(part)) return `[${space()}${part.map(around).join(",")}]`;
      if (typeof part !== "object" || part === null) return JSON.stringify(part);
      const fields = Object.entries(part).map(
        ([key, item]) => `${space()}${string(key)}${space()}:${around(item)}`,
      );
      return `{${fields.join(",")}${space()}}`;
    };
    const around = (part: unknown) => `${space()}${spell(part)}${space()}`;
    return around(value);
  });
}

const anyText = fc.string({ unit: "binary", maxLength: 12 });
const anyJson = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom(null, true, false),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    anyText,
    fc.array(tie("value"), { maxLength: 5 }),
    fc.dictionary(anyText, tie("value"), { maxKeys: 5 }),
  ),
})).value;

describe("the tape", () => {
  test("holds the whole document, however it is spelled", () => {
    const spelled = anyJson.chain((value) =>
      fc.record({ value: fc.constant(value), text: spellings(value) }),
    );
    fc.assert(
      fc.property(spelled, ({ value, text }) => {
        const emitted = call("json_emit", text);
        expect(JSON.stringify(JSON.parse(emitted))).toBe(JSON.stringify(value));
        // What has been emitted once stays as it is.
        expect(call("json_emit", emitted)).toBe(emitted);
      }),
      { numRuns: 1500 },
    );
  });

  test.each([
    ["[1e400, -0, 1.0, 10E+2]", "[1e400,-0,1.0,10E+2]"],
    ['"\\u00e9\\u20ac\\ud83d\\ude00\\u0041\\/"', '"é€😀A/"'],
    ['"\\u0080\\u07ff\\u0800\\uffff\\udbff\\udfff"', '"\u0080\u07ff\u0800\uffff\u{10ffff}"'],
    ['{"b":1,"a":2,"b":3}', '{"b":1,"a":2,"b":3}'],
    [nested(128), nested(128)],
    ['[{"a":[]},{}]', '[{"a":[]},{}]'],
  ])("of %s says %s", (document, emitted) => {
    expect(call("json_emit", document)).toBe(emitted);
  });

  test("of a document of megabytes", () => {
    const document = JSON.stringify(
      Array.from({ length: 60_000 }, (_, i) => ({ name: `é${i}`, i, on: i % 2 === 0 })),
    );
    expect(call("json_emit", document)).toBe(document);
  });
});

describe("a look-up", () => {
  const find = (document: string, name: string) => {
    const found = callJson<Record<"literal" | "twice" | "text" | "twiceOf", string | null>>(
      "json_field",
      `{"name":${JSON.stringify(name)},"document":${document}}`,
    );
    expect([found.text, found.twiceOf]).toEqual([found.literal, found.twice]);
    return [found.literal, found.twice];
  };

  test.each<[string, string, string | null, string | null]>([
    ['{"image":1}', "image", "1", null],
    ['{"im\\u0061ge":1}', "image", "1", null],
    ['{"\\u0069\\u006d\\u0061\\u0067\\u0065":1}', "image", "1", null],
    ['{"a":{"image":2},"b":["image"],"image":3}', "image", "3", null],
    ['{"image ":1,"Image":2,"imag":3,"images":4}', "image", null, null],
    ['{"image":1,"image":2}', "image", "1", '"image"'],
    ['{"image":1,"im\\u0061ge":2}', "image", "1", '"im\\u0061ge"'],
    ['{"im\\u0061ge":1,"x":0,"image":2,"image":3}', "image", "1", '"image"'],
    ['{"x":1,"x":2,"image":3}', "image", "3", null],
    ['{"image\\u0000":1}', "image", null, null],
    ['{"":1}', "", "1", null],
    ['{"image":{"a":[1, 2]} }', "image", '{"a":[1, 2]}', null],
    ['{"image":[ ]}', "image", "[ ]", null],
    ['{"image":"a\\n"}', "image", '"a\\n"', null],
    ["{}", "image", null, null],
    ["[1,2]", "image", null, null],
    ['"image"', "image", null, null],
    ["null", "image", null, null],
  ])("in %s of %j", (document, name, value, twice) => {
    expect(find(document, name)).toEqual([value, twice]);
  });
});

/** Whether it is JSON, and JSON that we take: no half surrogates, no more than 128 levels, valid UTF-8. */
function isJson(document: Uint8Array): boolean {
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(document);
    value = JSON.parse(text);
  } catch {
    return false;
  }
  return isWellFormed(value, 0);
}

function isWellFormed(value: unknown, depth: number): boolean {
  if (typeof value === "string") return Buffer.from(value).toString() === value;
  if (typeof value !== "object" || value === null) return true;
  if (depth === 128) return false;
  return Object.entries(value).every(
    ([key, item]) => isWellFormed(key, 0) && isWellFormed(item, depth + 1),
  );
}

test("the scanner and JSON.parse agree on mutated documents", () => {
  const folder = packageFile("test/fixtures/registry");
  const manifests = readdirSync(folder)
    .slice(0, 12)
    .flatMap((file) => {
      const { blobs } = JSON.parse(readFileSync(`${folder}/${file}`, "utf8")) as {
        blobs: Record<string, { text?: string }>;
      };
      return Object.values(blobs).map((blob) => Buffer.from(blob.text ?? ""));
    });
  const seeds = [
    ...manifests.filter((bytes) => bytes.length > 2 && bytes.length < 3000 && isJson(bytes)),
    Buffer.from(
      '{"a":[1,-2.5e+10,0,true,false,null],"é\\u00e9\\ud83d\\ude00":{"":"\\n😀"},"b":[]}',
    ),
    Buffer.from('[{"image":"nginx:1.25","args":["a\\tb"]},[[[]]],{"x":{"y":{}}} , 1E-2]'),
  ];
  const tokens = ['"', "\\", "{", "}", "[", "]", ",", ":", "0", "-", ".", "e", "u", "\\ud800", " "];
  const pieces = [
    ...tokens.map((token) => Buffer.from(token)),
    Buffer.from([0]),
    Buffer.from([0xff]),
  ];
  pieces.push(Buffer.from([0xed, 0xa0, 0x80]), Buffer.from("é"), Buffer.from("\n"));
  const random = seededRandom(20);
  const pick = <T>(list: T[]) => list[random(list.length)]!;
  let accepted = 0;
  for (let i = 0; i < 20_000; i++) {
    let document = pick(seeds);
    for (let times = 1 + random(2); times > 0; times--) {
      const at = random(document.length + 1);
      const end = random(3) ? at : Math.min(document.length, at + random(4));
      const piece = random(4) ? pick(pieces) : Buffer.from([random(256)]);
      const inserted = random(4) ? piece : Buffer.alloc(0);
      document = Buffer.concat([document.subarray(0, at), inserted, document.subarray(end)]);
    }
    const ours = scan(document).error === "ok";
    if (ours) accepted++;
    if (ours !== isJson(document)) {
      expect.fail(`${ours ? "taken" : "refused"}: ${JSON.stringify(document.toString("latin1"))}`);
    }
  }
  // Neither verdict is rare among them.
  expect(accepted).toBeGreaterThan(2000);
  expect(accepted).toBeLessThan(18_000);
});

/** The same numbers in every run (a linear congruential generator). */
function seededRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
