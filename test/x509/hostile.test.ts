import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CA, direct, leaf, middle, MIDDLE, OTHER, root, UNKNOWN, verify } from "./chain.js";
import * as make from "./make.js";

const { commonName } = make;

describe("no path, and little work", () => {
  const TOO_MANY =
    "its certificates are too many of the same name: 16 signatures were verified [too-many-certificates]";

  test("in a maze of certificates of one name", () => {
    const keys = Array.from({ length: 8 }, make.KEYS.p256);
    const subject = commonName("root");
    const maze = keys.map((it, i) =>
      make.make({ subject, keys: it, signer: keys[i + 1] ?? OTHER, extensions: CA }),
    );
    const roots = Array.from({ length: 8 }, () => root({ keys: make.KEYS.p256() }));
    expect(verify(direct({ signer: keys[0]! }), maze, roots)).toBe(TOO_MANY);
  });

  test("behind as many CAs of the same name as are tried", () => {
    const others = Array.from({ length: 16 }, () => root({ keys: OTHER }));
    expect(verify(direct(), [], [...others.slice(1), root()])).toBe("");
    expect(verify(direct(), [], [...others, root()])).toBe(TOO_MANY);
  });

  test("in a circle", () => {
    const [one, two] = [commonName("one"), commonName("two")];
    const first = make.make({
      subject: one,
      issuer: two,
      keys: MIDDLE,
      signer: OTHER,
      extensions: CA,
    });
    const second = make.make({
      subject: two,
      issuer: one,
      keys: OTHER,
      signer: MIDDLE,
      extensions: CA,
    });
    const leaf = direct({ issuer: one, signer: MIDDLE });
    expect(verify(leaf, [first, second], [root()])).toBe(UNKNOWN);
  });
});

describe("a certificate with any change", () => {
  const chain = { leaf: leaf(), middle: middle(), root: root() };

  test("has a path as it is", () => {
    expect(verify(chain.leaf, [chain.middle], [chain.root])).toBe("");
  });

  test.each(["leaf", "middle"] as const)("of a byte has no path: %s", (name) => {
    for (let at = 0; at < chain[name].length; at++) {
      const changed = Buffer.from(chain[name]);
      changed[at]! ^= 1 << (at % 8);
      const it = { ...chain, [name]: changed };
      expect(verify(it.leaf, [it.middle], [it.root]), `byte ${at}`).not.toBe("");
    }
  });

  test("of its length has no path", () => {
    for (let length = 0; length < chain.leaf.length; length++) {
      const cut = chain.leaf.subarray(0, length);
      expect(verify(cut, [chain.middle], [chain.root]), `${length} bytes`).not.toBe("");
    }
  });

  test("of many bytes has no path", () => {
    const edits = fc.array(
      fc.record({
        at: fc.nat(chain.leaf.length - 1),
        remove: fc.nat(3),
        add: fc.uint8Array({ maxLength: 3 }),
      }),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(edits, (edits) => {
        const bytes = [...chain.leaf];
        for (const { at, remove, add } of edits) bytes.splice(at, remove, ...add);
        const changed = Buffer.from(bytes);
        fc.pre(!changed.equals(chain.leaf));
        expect(verify(changed, [chain.middle], [chain.root])).not.toBe("");
      }),
      { numRuns: 3000 },
    );
  });
});
