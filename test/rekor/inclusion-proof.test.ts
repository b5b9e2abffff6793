import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { callJson } from "../sdk/units.js";

const sha256 = (...parts: Uint8Array[]) => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};

const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);

/** The greatest power of two that is less than a number. */
const half = (count: number) => 2 ** Math.floor(Math.log2(count - 1));

/** The hash of a tree (RFC 6962 §2.1). */
function rootOf(entries: Buffer[]): Buffer {
  if (entries.length === 1) return sha256(LEAF, entries[0]!);
  const k = half(entries.length);
  return sha256(NODE, rootOf(entries.slice(0, k)), rootOf(entries.slice(k)));
}

/** The proof of an entry (RFC 6962 §2.1.1). */
function proofOf(index: number, entries: Buffer[]): Buffer[] {
  if (entries.length === 1) return [];
  const k = half(entries.length);
  return index < k
    ? [...proofOf(index, entries.slice(0, k)), rootOf(entries.slice(k))]
    : [...proofOf(index - k, entries.slice(k)), rootOf(entries.slice(0, k))];
}

const base64 = (bytes: Buffer) => bytes.toString("base64");

const isIncluded = (
  entry: Buffer,
  index: number | bigint,
  size: number | bigint,
  hashes: Buffer[],
  root: Buffer,
) =>
  callJson<boolean>(
    "inclusion",
    `{"entry":"${base64(entry)}","index":${index},"size":${size},` +
      `"hashes":${JSON.stringify(hashes.map(base64))},"root":"${base64(root)}"}`,
  );

const entries = Array.from({ length: 64 }, (_, i) => Buffer.from(`entry ${i}`));

describe("an entry is in the tree", () => {
  test.each(entries.map((_, i) => i + 1))("of %i entries, each", (size) => {
    const tree = entries.slice(0, size);
    const root = rootOf(tree);
    for (const [index, entry] of tree.entries()) {
      const proof = proofOf(index, tree);
      expect(isIncluded(entry, index, size, proof, root), `${index}`).toBe(true);

      const other = entries[(index + 1) % 64]!;
      expect(isIncluded(other, index, size, proof, root), "another entry").toBe(false);
      expect(isIncluded(entry, size, size, proof, root), "behind the tree").toBe(false);
      expect(isIncluded(entry, index, size, [...proof, root], root), "one more").toBe(false);
      for (let at = 0; at < proof.length; at++) {
        const less = proof.toSpliced(at, 1);
        expect(isIncluded(entry, index, size, less, root), `without ${at}`).toBe(false);
        const changed = proof.with(at, sha256(proof[at]!));
        expect(isIncluded(entry, index, size, changed, root), `another ${at}`).toBe(false);
      }
    }
  });

  test("at no other place", () => {
    for (const size of [2, 7, 33, 64]) {
      const tree = entries.slice(0, size);
      const root = rootOf(tree);
      for (let index = 0; index < size; index++) {
        const proof = proofOf(index, tree);
        for (let place = 0; place < size; place++) {
          expect(isIncluded(tree[index]!, place, size, proof, root)).toBe(place === index);
        }
      }
    }
  });
});

describe("trees of any size", () => {
  const entry = entries[0]!;

  test("the last entry of one with 2^53 - 1 has the root below it", () => {
    // A tree of 2^k + 1 entries: the last one's only sibling is the whole tree of 2^k.
    const left = sha256(Buffer.from("left"));
    const size = 2n ** 49n + 1n;
    const root = sha256(NODE, left, sha256(LEAF, entry));
    expect(isIncluded(entry, size - 1n, size, [left], root)).toBe(true);
    expect(isIncluded(entry, size - 2n, size, [left], root)).toBe(false);
  });

  test("an empty one has no entry", () => {
    expect(isIncluded(entry, 0, 0, [], sha256(LEAF, entry))).toBe(false);
    expect(isIncluded(entry, 0, 1, [], sha256(LEAF, entry))).toBe(true);
  });

  test("no proof goes on above the root", () => {
    const above = sha256(NODE, entries[1]!, sha256(LEAF, entry));
    expect(isIncluded(entry, 0, 1, [entries[1]!], above)).toBe(false);
    expect(isIncluded(entry, 1, 2, [entries[1]!], above)).toBe(true);
  });

  test("no proof has more than 64 hashes", () => {
    const hashes = Array.from({ length: 65 }, (_, i) => sha256(Buffer.of(i)));
    expect(isIncluded(entry, 0, 2n ** 62n, hashes, sha256(entry))).toBe(false);
  });

  test("an entry is no node, and a node no entry", () => {
    const [a, b] = [sha256(LEAF, entries[1]!), sha256(LEAF, entries[2]!)];
    const node = sha256(NODE, a, b);
    expect(isIncluded(Buffer.concat([a, b]), 0, 1, [], node)).toBe(false);
    expect(isIncluded(Buffer.concat([NODE, a, b]), 0, 1, [], node)).toBe(false);
  });
});
