import { Text } from "../sdk";
import { isLess, unpack } from "./limbs";

// Arithmetic modulo an odd number n, of which numbers have as many limbs, the lowest first: whole blocks of four. A
// limb has 27 bits, so that a column of products of two numbers of 8192 bits, 304 limbs, and as many for the
// reduction, and a carry, fits 64 bits: 608·2^54 is less than 2^63.3. So carries wait until a column is done. R, what
// the limbs could count, is more than 4n, and numbers are kept below 2n: so a product needs no last subtraction.

const BITS = 27;
const MASK: u64 = (1 << BITS) - 1;

/** Bytes in memory of a limb. The sum of a column has twice as many. */
const LIMB = 4;

/** Bytes of a block of limbs. */
const BLOCK = 4 * LIMB;

/** An odd number to count modulo: n. */
export class Modulus {
  /** Bytes of a number's limbs. */
  private readonly size: i32;
  private readonly n: usize;
  /** Sums of the products of limbs that belong together: those of one product, twice as many as limbs. */
  private readonly columns: usize;
  /** -1/n modulo a limb. */
  private readonly inverse: u64;

  /** From the big-endian bytes of an odd number whose first is not zero. */
  constructor(private readonly bytes: Text) {
    this.size = ((8 * bytes.length + 2 + 4 * BITS - 1) / (4 * BITS)) * BLOCK;
    this.n = heap.alloc(this.size);
    this.columns = heap.alloc(4 * this.size);
    unpack(this.n, this.size / LIMB, BITS, bytes);
    // Each step of Newton's doubles the bits that are right; n is its own inverse modulo 8.
    const n = load<u32>(this.n);
    let inverse = n;
    for (let i = 0; i < 4; i++) inverse *= 2 - n * inverse;
    this.inverse = (<u64>(0 - inverse)) & MASK;
  }

  /**
   * `base` to the power of `exponent`, an odd number of more than one: as many bytes as the modulus has. All are
   * big-endian; null if `base` is of another length than the modulus, or not less than it.
   */
  raise(base: Text, exponent: Text): Text | null {
    const length = this.bytes.length;
    if (base.length != length || memory.compare(base.start, this.bytes.start, length) >= 0) {
      return null;
    }
    const plain = heap.alloc(this.size);
    const scaled = heap.alloc(this.size);
    const power = heap.alloc(this.size);
    unpack(plain, this.size / LIMB, BITS, base);
    this.scale(scaled, plain);
    memory.copy(power, scaled, this.size);
    let bit = (exponent.length << 3) - 1;
    while (!bitOf(exponent, bit)) bit--;
    while (--bit >= 0) {
      this.multiply(power, power, power);
      // The last factor, for the exponent is odd, takes R out again.
      if (bitOf(exponent, bit)) this.multiply(power, power, bit > 0 ? scaled : plain);
    }
    return this.write(power);
  }

  /** The bytes of a number below 2n, modulo n. */
  private write(from: usize): Text {
    this.reduce(from);
    const length = this.bytes.length;
    const bytes = heap.alloc(length);
    let held: u64 = 0;
    let count = 0;
    for (let i = length - 1; i >= 0; i--) {
      if (count < 8) {
        held |= (<u64>load<u32>(from)) << count;
        from += LIMB;
        count += BITS;
      }
      store<u8>(bytes + i, held);
      held >>= 8;
      count -= 8;
    }
    return new Text(bytes, length);
  }

  /** A number below 2n, brought below n. */
  private reduce(at: usize): void {
    const n = this.n;
    if (isLess(at, n, this.size / LIMB)) return;
    let carry: i64 = 0;
    for (let i = 0; i < this.size; i += LIMB) {
      carry += <i64>load<u32>(at + i) - <i64>load<u32>(n + i);
      store<u32>(at + i, <u32>(carry & MASK));
      carry >>= BITS;
    }
  }

  /** to = a·R, limb by limb: a number times a limb, less the multiple of n that brings it below 2n again. */
  private scale(to: usize, a: usize): void {
    const n = this.n;
    const size = this.size;
    memory.copy(to, a, size);
    // The multiple is a quotient of the highest six limbs. Those of n have 46 bits at least, so that what is left
    // out, and rounding, are less than 2^-44 of it. Made smaller by 2^-40 it is never too much, and too little by
    // less than 2.
    const scale = (<f64>(MASK + 1) * (1 - 1 / <f64>(1 << 40))) / highest(n + size);
    for (let row = 0; row < size; row += LIMB) {
      const times = <i64>(highest(to + size) * scale);
      let carry: i64 = 0;
      let limb: i64 = 0;
      for (let i = 0; i < size; i += LIMB) {
        carry += limb - times * <i64>load<u32>(n + i);
        limb = load<u32>(to + i);
        store<u32>(to + i, <u32>(carry & MASK));
        carry >>= BITS;
      }
    }
  }

  /** to = a·b/R (Montgomery); `to` may be one of them. */
  private multiply(to: usize, a: usize, b: usize): void {
    const n = this.n;
    const size = this.size;
    const inverse = this.inverse;
    let at = this.columns;
    memory.fill(at, 0, 4 * size);
    for (let i = 0; i < size; i += BLOCK) {
      let from = 0;
      if (a == b) {
        // Of a square every product of two blocks is there twice, unless they are the same one.
        addRow(at + 4 * i, a + i, a + i, BLOCK, 0);
        from = i + BLOCK;
      }
      addRow(at + 2 * (i + from), a + i, b + from, size - from, from > 0 ? 1 : 0);
    }
    // Block by block from the lowest, the multiple of n is added that makes its columns zero but for a carry. Its
    // factor's limbs need a place only until then: that of the lowest limbs of `to`.
    let sum: u64 = 0;
    for (const end = at + 2 * size; at < end; at += 2 * BLOCK) {
      for (let i = 0; i < BLOCK; i += LIMB) {
        sum += load<u64>(at + 2 * i);
        for (let j = 0; j < i; j += LIMB) sum += <u64>load<u32>(to + j) * load<u32>(n + i - j);
        const factor = (sum * inverse) & MASK;
        store<u32>(to + i, <u32>factor);
        sum = (sum + factor * load<u32>(n)) >> BITS;
      }
      addRow(at, to, n, size, 0);
    }
    for (let i = 0; i < size; i += LIMB) {
      sum += load<u64>(at + 2 * i);
      store<u32>(to + i, <u32>(sum & MASK));
      sum >>= BITS;
    }
  }
}

/** Adds to columns a block, its limbs shifted to the left, times `size` bytes of limbs: whole blocks. */
function addRow(columns: usize, block: usize, limbs: usize, size: i32, shift: u64): void {
  const a0 = (<u64>load<u32>(block)) << shift;
  const a1 = (<u64>load<u32>(block, 4)) << shift;
  const a2 = (<u64>load<u32>(block, 8)) << shift;
  const a3 = (<u64>load<u32>(block, 12)) << shift;
  let s0: u64 = 0;
  let s1: u64 = 0;
  let s2: u64 = 0;
  for (const end = limbs + size; limbs < end; limbs += BLOCK) {
    const b0: u64 = load<u32>(limbs);
    const b1: u64 = load<u32>(limbs, 4);
    const b2: u64 = load<u32>(limbs, 8);
    const b3: u64 = load<u32>(limbs, 12);
    store<u64>(columns, load<u64>(columns) + s0 + a0 * b0);
    store<u64>(columns, load<u64>(columns, 8) + s1 + a0 * b1 + a1 * b0, 8);
    store<u64>(columns, load<u64>(columns, 16) + s2 + a0 * b2 + a1 * b1 + a2 * b0, 16);
    store<u64>(columns, load<u64>(columns, 24) + a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0, 24);
    // The upper three are the lower ones of the next block.
    s0 = a1 * b3 + a2 * b2 + a3 * b1;
    s1 = a2 * b3 + a3 * b2;
    s2 = a3 * b3;
    columns += 2 * BLOCK;
  }
  store<u64>(columns, load<u64>(columns) + s0);
  store<u64>(columns, load<u64>(columns, 8) + s1, 8);
  store<u64>(columns, load<u64>(columns, 16) + s2, 16);
}

/** The six highest limbs of a number that ends at `end`. */
function highest(end: usize): f64 {
  let high: f64 = 0;
  for (let i = 0; i < 6; i++) {
    end -= LIMB;
    high = high * <f64>(MASK + 1) + <f64>load<u32>(end);
  }
  return high;
}

function bitOf(number: Text, bit: i32): bool {
  return ((number.at(number.length - 1 - (bit >> 3)) >> (bit & 7)) & 1) == 1;
}
