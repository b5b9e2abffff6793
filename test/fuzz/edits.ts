import fc from "fast-check";

/** Pieces of what is read here, that make lengths and nestings that are not as they should be. */
const PIECES = [
  ...[
    "80",
    "8100",
    "820000",
    "83ffffff",
    "84ffffffff",
    "30820000",
    "a080",
    "1f8101",
    "9f",
    "bf",
    "ff",
    "f7",
    "5f",
    "1bffffffffffffffff",
  ].map((hex) => Buffer.from(hex, "hex")),
  ...[
    "{",
    "}",
    "[",
    "]",
    '"',
    ",",
    ":",
    "null",
    "\\u0000",
    "\\ud800",
    '"":{},',
    "\0",
    " ",
    "1e9",
    "-0",
    "=",
    "\n",
  ].map((text) => Buffer.from(text)),
];

/** A change of some bytes: those from a place on, `gone` of them, become others, or a copy of bytes elsewhere. */
const edit = fc.record({
  at: fc.nat(),
  gone: fc.nat({ max: 8 }),
  put: fc.oneof(
    fc.uint8Array({ maxLength: 6 }),
    fc.constantFrom<Uint8Array>(...PIECES),
    fc.record({ from: fc.nat(), length: fc.nat({ max: 64 }) }),
    fc.record({ flip: fc.nat({ max: 7 }) }),
  ),
});

/** Changes of bytes, a few at a time. */
export const edits = fc.array(edit, { minLength: 1, maxLength: 4 });

type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

/** The bytes with these changes, one after the other. */
export function apply(bytes: Uint8Array, list: Edit[]): Buffer {
  return list.reduce<Buffer>((before, { at, gone, put }) => {
    const from = at % (before.length + 1);
    const flipped = before[from];
    if ("flip" in put && flipped !== undefined) {
      const copy = Buffer.from(before);
      copy[from] = flipped ^ (1 << put.flip);
      return copy;
    }
    return Buffer.concat([
      before.subarray(0, from),
      piece(before, put),
      before.subarray(from + gone),
    ]);
  }, Buffer.from(bytes));
}

function piece(bytes: Buffer, put: Edit["put"]): Uint8Array {
  if (put instanceof Uint8Array) return put;
  if ("flip" in put) return Buffer.of(1 << put.flip);
  const from = put.from % (bytes.length + 1);
  return bytes.subarray(from, from + put.length);
}
