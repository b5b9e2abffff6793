import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ask, chainOf, failureOf, recorded } from "./timestamps.js";

const bases = ["ec-sha256-sha256", "ec384-sha384-sha384", "rsa-sha512-sha512"].map((name) => {
  const der = Buffer.from(recorded.answers[name]!, "base64");
  // The hashes that the signer will be using are named once more at the beginning, and nobody goes by that.
  const from = der.indexOf(Buffer.from("310f300d0609", "hex"));
  return { name, der, chain: chainOf(name.split("-")[0]!), from, until: from + 17 };
});

/** A change of some bytes: those from `at` on, `gone` of them, become others. */
const change = fc.record({
  at: fc.nat(),
  gone: fc.nat({ max: 6 }),
  put: fc.oneof(
    fc.uint8Array({ maxLength: 6 }),
    // Lengths that are not the shortest, that reach behind the end, that are not said.
    fc.constantFrom<Uint8Array>(
      ...["80", "8100", "820000", "83ffffff", "84ffffffff", "ff", "30820000", "a080", "1f8101"].map(
        (hex) => Buffer.from(hex, "hex"),
      ),
    ),
  ),
});

function apply(der: Buffer, { at, gone, put }: { at: number; gone: number; put: Uint8Array }) {
  const from = at % (der.length + 1);
  return Buffer.concat([der.subarray(0, from), put, der.subarray(from + gone)]);
}

/** Where it says that it was granted, which it may have been with modifications. */
const STATUS = 8;

/** Whether two differ in other places than the ones that nobody goes by. */
function differs(one: Buffer, other: Buffer, from: number, until: number): boolean {
  if (one.length !== other.length) return true;
  return one.some(
    (byte, at) =>
      byte !== other[at] && (at < from || at >= until) && !(at === STATUS && byte === 1),
  );
}

describe.each(bases)("$name", ({ der, chain, from, until }) => {
  test("is good as it is", () => {
    expect(from).toBeGreaterThan(0);
    expect(failureOf(ask(der, { chain }))).toBeNull();
  });

  test("is not with any bit of any byte flipped, but where nobody looks", () => {
    for (let at = 0; at < der.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const flipped = Buffer.from(der);
        flipped[at]! ^= 1 << bit;
        if ((at >= from && at < until) || (at === STATUS && bit === 0)) continue;
        expect(failureOf(ask(flipped, { chain })), `bit ${bit} of ${at}`).not.toBeNull();
      }
    }
  });

  test("is not cut off anywhere", () => {
    for (let end = 0; end < der.length; end++) {
      expect(ask(der.subarray(0, end), { chain })).toEqual({ read: "timestamp-malformed" });
    }
  });

  test("is not when it is changed, and traps never", () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        const other = changes.reduce(apply, der);
        const isGood = failureOf(ask(other, { chain })) === null;
        expect(isGood && differs(other, der, from, until)).toBe(false);
      }),
      { numRuns: 2000, seed: 3161 },
    );
  });
});

test("bytes of any kind are no answer", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      expect(ask(bytes, { chain: chainOf("ec") })).toEqual({ read: "timestamp-malformed" });
    }),
    { numRuns: 2000, seed: 3161 },
  );
});
