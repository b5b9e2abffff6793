import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { call } from "../sdk/units.js";
import { random } from "./crypto.js";
import { HASHES, type HashName } from "./verify.js";

const hash = (name: HashName, bytes: Uint8Array) =>
  call("hash", Buffer.concat([Buffer.of(HASHES.indexOf(name)), bytes]));

/** In a first piece of `cut` bytes, and then in pieces of `step`. */
function hashSplit(name: HashName, bytes: Uint8Array, cut: number, step: number): string {
  const head = Buffer.of(HASHES.indexOf(name), step, 0, 0);
  head.writeUInt16LE(cut, 2);
  return call("hash_split", Buffer.concat([head, bytes]));
}

const nodes = (name: HashName, bytes: Uint8Array) => createHash(name).update(bytes).digest("hex");

// FIPS 180-4's examples: of nothing, of one block, of two.
const ONE = "abc";
const TWO =
  "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu";

test.each<[HashName, string, string]>([
  ["sha256", "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
  ["sha256", ONE, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
  ["sha256", TWO, "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"],
  [
    "sha384",
    "",
    "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da274edebfe76f65fbd51ad2f14898b95b",
  ],
  [
    "sha384",
    ONE,
    "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
  ],
  [
    "sha384",
    TWO,
    "09330c33f71147e83d192fc782cd1b4753111b173b3b05d22fa08086e3b0f712fcc7c71a557e2db966c3e9fa91746039",
  ],
  [
    "sha512",
    "",
    "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
  ],
  [
    "sha512",
    ONE,
    "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
  ],
  [
    "sha512",
    TWO,
    "8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909",
  ],
])("%s of the standard's example %j", (name, text, expected) => {
  expect(hash(name, Buffer.from(text))).toBe(expected);
});

describe.each(HASHES)("%s", (name) => {
  test("of every length up to three blocks", () => {
    for (let length = 0; length <= 400; length++) {
      const bytes = random(length);
      expect(hash(name, bytes), `${length} bytes`).toBe(nodes(name, bytes));
    }
  });

  test.each([65_535, 65_536, 1_000_003])("of %i bytes", (length) => {
    const bytes = random(length);
    expect(hash(name, bytes)).toBe(nodes(name, bytes));
  });

  // Up to two blocks, and around where the padding takes one more.
  const lengths = [0, 1, 55, 56, 63, 64, 65, 111, 112, 119, 120, 127, 128, 129, 239, 240, 255, 256];

  test("in two pieces, cut anywhere", () => {
    for (const length of lengths) {
      const bytes = random(length);
      const expected = nodes(name, bytes);
      for (let cut = 0; cut <= length; cut++) {
        expect(hashSplit(name, bytes, cut, 255), `${cut} of ${length}`).toBe(expected);
      }
    }
  });

  test("in pieces of every length, behind a first one of any", () => {
    const bytes = random(389);
    const expected = nodes(name, bytes);
    for (let step = 1; step <= 200; step++) {
      for (const cut of [0, 1, 3, 63, 64, 65, 127, 128, 129, 200]) {
        expect(hashSplit(name, bytes, cut, step), `${cut}, then ${step}`).toBe(expected);
      }
    }
  });
});
