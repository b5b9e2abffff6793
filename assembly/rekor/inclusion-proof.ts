import { Sha256 } from "../crypto/sha256";
import { Text } from "../sdk";

/** Hashes of a proof: no tree has more levels. */
export const MOST_HASHES = 64;

/**
 * Whether the hashes lead from an entry, the one with this index, to the root of a tree of this size (RFC 9162
 * §2.1.3.2, the proofs of RFC 6962 §2.1.1).
 *
 * @param hashes of 32 bytes each, from the entry's sibling up
 */
export function isIncluded(
  entry: Text,
  index: u64,
  size: u64,
  hashes: Array<Text>,
  root: Text,
): bool {
  if (index >= size || hashes.length > MOST_HASHES) return false;
  let node = index;
  let last = size - 1;
  let hash = new Sha256().update(prefix(0)).update(entry).digest();
  for (let i = 0; i < hashes.length; i++) {
    if (last == 0) return false;
    if ((node & 1) != 0 || node == last) {
      hash = parentOf(hashes[i], hash);
      // Where the tree has no right half, the node is its own parent.
      const levels = ctz(node);
      node >>= levels;
      last >>= levels;
    } else hash = parentOf(hash, hashes[i]);
    node >>= 1;
    last >>= 1;
  }
  return last == 0 && hash.same(root);
}

function parentOf(left: Text, right: Text): Text {
  return new Sha256().update(prefix(1)).update(left).update(right).digest();
}

/** One byte that tells entries and nodes apart. */
function prefix(value: i32): Text {
  const start = heap.alloc(1);
  store<u8>(start, value);
  return new Text(start, 1);
}
