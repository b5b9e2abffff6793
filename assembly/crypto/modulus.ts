import { Text } from "../sdk";

// Arithmetic modulo an odd number n of k limbs, the lowest first. A limb has 27 bits, so that a column of products
// of two numbers of 8192 bits, and as many for the reduction, fits 64 bits: carries wait until a column is done.
// R is 2^(27k), more than 4n, and numbers are kept below 2n: so a product needs no last subtraction.

const BITS = 27;
const MASK: u64 = (1 << BITS) - 1;

/** Bytes of a limb in memory. */
const LIMB = 4;

/** Zero limbs on both sides of a number, for sums of columns run in steps of four. */
const MARGIN = 4 * LIMB;

/** An odd number to count modulo: n. */
export class Modulus {
  private readonly k: i32;
  private readonly n: usize;
  /** The factors of the rows of n that a reduction adds. */
  private readonly q: usize;
  /** -1/n modulo a limb. */
  private readonly inverse: u64;

  /** From the big-endian bytes of an odd number whose first is not zero. */
  constructor(private readonly bytes: Text) {
    this.k = (8 * bytes.length + 2 + BITS - 1) / BITS;
    this.n = this.number();
    this.q = this.number();
    this.read(this.n, bytes);
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
    const plain = this.number();
    const scaled = this.number();
    this.read(plain, base);
    this.scale(scaled, plain);
    let power = this.number();
    let next = this.number();
    memory.copy(power, scaled, this.k * LIMB);
    let bit = (exponent.length << 3) - 1;
    while (!bitOf(exponent, bit)) bit--;
    while (--bit >= 0) {
      this.multiply(next, power, power);
      if (bitOf(exponent, bit)) {
        // The last factor, for the exponent is odd, takes R out again.
        this.multiply(power, next, bit > 0 ? scaled : plain);
      } else {
        const swap = power;
        power = next;
        next = swap;
      }
    }
    return this.write(power);
  }

  /** Room for a number: zero. */
  private number(): usize {
    const size = this.k * LIMB + 2 * MARGIN;
    const start = heap.alloc(size);
    memory.fill(start, 0, size);
    return start + MARGIN;
  }

  private read(to: usize, bytes: Text): void {
    let held: u64 = 0;
    let count = 0;
    for (let i = bytes.length - 1; i >= 0; i--) {
      held |= (<u64>bytes.at(i)) << count;
      count += 8;
      if (count < BITS) continue;
      store<u32>(to, <u32>(held & MASK));
      to += LIMB;
      held >>= BITS;
      count -= BITS;
    }
    store<u32>(to, <u32>held);
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
    let i = (this.k - 1) * LIMB;
    while (i > 0 && load<u32>(at + i) == load<u32>(n + i)) i -= LIMB;
    if (load<u32>(at + i) < load<u32>(n + i)) return;
    let carry: i64 = 0;
    for (let i = 0; i < this.k * LIMB; i += LIMB) {
      carry += <i64>load<u32>(at + i) - <i64>load<u32>(n + i);
      store<u32>(at + i, <u32>(carry & MASK));
      carry >>= BITS;
    }
  }

  /** to = a·R, limb by limb: a number times a limb, less the multiple of n that brings it below 2n again. */
  private scale(to: usize, a: usize): void {
    const n = this.n;
    const size = this.k * LIMB;
    memory.copy(to, a, size);
    // The multiple is a quotient of the highest three limbs. Those of n have 46 bits at least, so that what is left
    // out, and rounding, are less than 2^-44 of it. Made smaller by 2^-40 it is never too much, and too little by
    // less than 2.
    const scale = (<f64>(MASK + 1) * (1 - 1 / <f64>(1 << 40))) / highest(n + size);
    for (let row = 0; row < this.k; row++) {
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

  /** to = a·b/R (Montgomery), column by column; `to` is neither of them. */
  private multiply(to: usize, a: usize, b: usize): void {
    const n = this.n;
    const q = this.q;
    const size = this.k * LIMB;
    const inverse = this.inverse;
    let sum: u64 = 0;
    for (let c = 0; c < size; c += LIMB) {
      sum += column(a, b, c, 0) + columnOf(n + LIMB, q + c - LIMB, c);
      const factor = (sum * inverse) & MASK;
      store<u32>(q + c, <u32>factor);
      sum = (sum + factor * load<u32>(n)) >> BITS;
    }
    for (let c = 0; c < size; c += LIMB) {
      const low = c + LIMB;
      const count = size - low;
      sum += column(a, b, size - LIMB, low) + columnOf(n + low, q + size - LIMB, count);
      store<u32>(to + c, <u32>(sum & MASK));
      sum >>= BITS;
    }
  }
}

/**
 * Sum of a[i]·b[j] over all i + j = low + high, where low ≤ i ≤ high; all counted in bytes. Of a square every
 * product but the middle one is there twice, so half of them are made, from the middle outwards.
 */
function column(a: usize, b: usize, high: i32, low: i32): u64 {
  if (a != b) return columnOf(a + low, b + high, high + LIMB - low);
  const middle = ((low + high) >> 1) & -LIMB;
  const rest = low + high - middle;
  if (middle != rest) return columnOf(a + rest, a + middle, middle + LIMB - low) << 1;
  const limb = <u64>load<u32>(a + middle);
  return limb * limb + (columnOf(a + rest + LIMB, a + middle - LIMB, middle - low) << 1);
}

/**
 * Sum of the products of limbs from `up` on upwards with limbs from `down` on downwards, `size` bytes of them. Up to
 * three more are taken: their products are zero, for one of the two has run into its margin.
 */
function columnOf(up: usize, down: usize, size: i32): u64 {
  let sum = i64x2.splat(0);
  down -= 3 * LIMB;
  for (const end = up + size; up < end; up += 4 * LIMB) {
    const a = v128.load(up);
    const turned = v128.load(down);
    const b = v128.shuffle<i32>(turned, turned, 3, 2, 1, 0);
    sum = i64x2.add(sum, i64x2.extmul_low_i32x4_u(a, b));
    sum = i64x2.add(sum, i64x2.extmul_high_i32x4_u(a, b));
    down -= 4 * LIMB;
  }
  return i64x2.extract_lane(sum, 0) + i64x2.extract_lane(sum, 1);
}

/** The three highest limbs of a number that ends at `end`. */
function highest(end: usize): f64 {
  const high = <f64>load<u32>(end - LIMB) * <f64>(MASK + 1) + <f64>load<u32>(end - 2 * LIMB);
  return high * <f64>(MASK + 1) + <f64>load<u32>(end - 3 * LIMB);
}

function bitOf(number: Text, bit: i32): bool {
  return ((number.at(number.length - 1 - (bit >> 3)) >> (bit & 7)) & 1) == 1;
}
