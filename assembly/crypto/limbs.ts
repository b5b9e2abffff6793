import { Text } from "../sdk";

// Numbers as limbs of up to 30 bits in i32s, lowest first.

/** Splits a number into `size` limbs of `bits` bits, none negative. */
export function unpack(out: usize, size: i32, bits: i32, bigEndian: Text): void {
  let next = bigEndian.start + bigEndian.length;
  let held: u64 = 0;
  let count = 0;
  for (let i = 0; i < size; i++) {
    for (; count < bits && next > bigEndian.start; count += 8) {
      held |= (<u64>load<u8>(--next)) << count;
    }
    store<i32>(out + (i << 2), (<i32>held) & ((1 << bits) - 1));
    held >>= bits;
    count -= bits;
  }
}

/** Whether a < b; no limb may be negative. */
export function isLess(a: usize, b: usize, size: i32): bool {
  for (let i = size - 1; i >= 0; i--) {
    const left = load<i32>(a + (i << 2));
    const right = load<i32>(b + (i << 2));
    if (left != right) return left < right;
  }
  return false;
}

/** Whether all limbs are zero. */
export function isZero(a: usize, size: i32): bool {
  let all = 0;
  for (let i = 0; i < size; i++) all |= load<i32>(a + (i << 2));
  return all == 0;
}
