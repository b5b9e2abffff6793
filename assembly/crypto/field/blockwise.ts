import { Weierstrass } from "./weierstrass";

/** Limbs of a block. */
const BLOCK = 7;

/** Bytes in memory of a limb, and of a column. */
const LIMB = 4;
const COLUMN = 8;

/** Bytes of a block of limbs. */
const STEP = BLOCK * LIMB;

/**
 * A curve whose field multiplies block by block: in little code, for hardly anyone signs with such a curve. Numbers
 * are whole blocks of limbs.
 *
 * The sum of a column has at most `size` products of limbs. These are sums of a·b ≤ 15 times less than
 * 1.003·2^(2·bits-2) in magnitude: with 14 limbs of 28 bits, the most here, the sum is less than 2^61.8. What the
 * reduction adds, multiples of the prime's few limbs by less than 2^bits, and a carry, is less than 2^50. So 64 bits
 * are enough.
 *
 * R is 32p or more, and the reduction adds at most p/2: a product is at most 15p²/R + p/2, less than p.
 */
export abstract class Blockwise extends Weierstrass {
  /** Sums of the products of limbs that belong together: those of one product. */
  private readonly columns: usize = heap.alloc(2 * this.size * COLUMN);

  mul(out: usize, a: usize, b: usize): void {
    const end = this.size * LIMB - STEP;
    const isSquare = a == b;
    let to = this.columns;
    let s0: i64 = 0;
    let s1: i64 = 0;
    let s2: i64 = 0;
    let s3: i64 = 0;
    let s4: i64 = 0;
    let s5: i64 = 0;
    let s6: i64 = 0;
    let s7: i64 = 0;
    let s8: i64 = 0;
    let s9: i64 = 0;
    let s10: i64 = 0;
    let s11: i64 = 0;
    let s12: i64 = 0;
    for (let both = 0; both <= 2 * end; both += STEP) {
      // Of a square every product of two blocks is there twice, unless they are the same one.
      const last = isSquare ? both >> 1 : min(both, end);
      for (let i = max(both - end, 0); i <= last; i += STEP) {
        const j = both - i;
        const up = a + i;
        const down = b + j;
        const shift: i64 = isSquare && i < j ? 1 : 0;
        const a0 = (<i64>load<i32>(up)) << shift;
        const a1 = (<i64>load<i32>(up, 4)) << shift;
        const a2 = (<i64>load<i32>(up, 8)) << shift;
        const a3 = (<i64>load<i32>(up, 12)) << shift;
        const a4 = (<i64>load<i32>(up, 16)) << shift;
        const a5 = (<i64>load<i32>(up, 20)) << shift;
        const a6 = (<i64>load<i32>(up, 24)) << shift;
        const b0: i64 = load<i32>(down);
        const b1: i64 = load<i32>(down, 4);
        const b2: i64 = load<i32>(down, 8);
        const b3: i64 = load<i32>(down, 12);
        const b4: i64 = load<i32>(down, 16);
        const b5: i64 = load<i32>(down, 20);
        const b6: i64 = load<i32>(down, 24);
        s0 += a0 * b0;
        s1 += a0 * b1 + a1 * b0;
        s2 += a0 * b2 + a1 * b1 + a2 * b0;
        s3 += a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0;
        s4 += a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0;
        s5 += a0 * b5 + a1 * b4 + a2 * b3 + a3 * b2 + a4 * b1 + a5 * b0;
        s6 += a0 * b6 + a1 * b5 + a2 * b4 + a3 * b3 + a4 * b2 + a5 * b1 + a6 * b0;
        s7 += a1 * b6 + a2 * b5 + a3 * b4 + a4 * b3 + a5 * b2 + a6 * b1;
        s8 += a2 * b6 + a3 * b5 + a4 * b4 + a5 * b3 + a6 * b2;
        s9 += a3 * b6 + a4 * b5 + a5 * b4 + a6 * b3;
        s10 += a4 * b6 + a5 * b5 + a6 * b4;
        s11 += a5 * b6 + a6 * b5;
        s12 += a6 * b6;
      }
      // The upper six are the lower ones of the next blocks.
      store<i64>(to, s0);
      store<i64>(to, s1, 8);
      store<i64>(to, s2, 16);
      store<i64>(to, s3, 24);
      store<i64>(to, s4, 32);
      store<i64>(to, s5, 40);
      store<i64>(to, s6, 48);
      to += BLOCK * COLUMN;
      s0 = s7;
      s1 = s8;
      s2 = s9;
      s3 = s10;
      s4 = s11;
      s5 = s12;
      s6 = s7 = s8 = s9 = s10 = s11 = s12 = 0;
    }
    store<i64>(to, s0);
    store<i64>(to, s1, 8);
    store<i64>(to, s2, 16);
    store<i64>(to, s3, 24);
    store<i64>(to, s4, 32);
    store<i64>(to, s5, 40);
    this.reduce(out, this.columns);
  }

  sqr(out: usize, a: usize): void {
    this.mul(out, a, a);
  }

  /** A number from the columns of a product, divided by R. */
  protected abstract reduce(out: usize, columns: usize): void;
}
