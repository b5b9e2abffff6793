import { Text } from "../../sdk";
import { isLess, isZero, unpack } from "../limbs";

/**
 * Arithmetic modulo a prime p, for public numbers only: how long it takes depends on them.
 *
 * A number x is the address of `size` signed limbs of `bits` bits, which are those of x·R mod p: R is 2^(size·bits)
 * in Montgomery form, or 1. Limbs of a product are at most 2^(bits-1) in magnitude, give or take a thousandth, the last
 * one much smaller. Sums and differences are not reduced: their limbs grow. A factor may be a sum of a products and
 * the other one of b as long as a·b ≤ 15. A product's magnitude is then less than p: it is zero modulo p only if all
 * of its limbs are.
 */
export abstract class Field {
  readonly prime: usize;
  readonly one: usize;
  readonly square: usize;

  constructor(
    /** Limbs of a number. */
    readonly size: i32,
    /** Bits of a limb. */
    readonly bits: i32,
    prime: StaticArray<i32>,
    one: StaticArray<i32>,
    square: StaticArray<i32>,
  ) {
    this.prime = changetype<usize>(prime);
    this.one = changetype<usize>(one);
    this.square = changetype<usize>(square);
  }

  /** a·b/R; `out` may be one of them. */
  abstract mul(out: usize, a: usize, b: usize): void;

  /** a²/R; `out` may be `a`. */
  abstract sqr(out: usize, a: usize): void;

  /** Bytes that a number takes in memory: whole vectors. What is behind its last limb means nothing. */
  get bytes(): i32 {
    return (this.size * 4 + 15) & ~15;
  }

  /** Room for `count` numbers. */
  alloc(count: i32): usize {
    return heap.alloc(count * this.bytes);
  }

  /** a + b */
  add(out: usize, a: usize, b: usize): void {
    for (let end = a + this.bytes; a < end; a += 16, b += 16, out += 16) {
      v128.store(out, i32x4.add(v128.load(a), v128.load(b)));
    }
  }

  /** a - b */
  sub(out: usize, a: usize, b: usize): void {
    for (let end = a + this.bytes; a < end; a += 16, b += 16, out += 16) {
      v128.store(out, i32x4.sub(v128.load(a), v128.load(b)));
    }
  }

  /** a - 2b, each limb carried into the next one: they are as small as those of a product. */
  subTwice(out: usize, a: usize, b: usize): void {
    const half = i32x4.splat(1 << (this.bits - 1));
    let before = i32x4.splat(0);
    for (let end = a + this.bytes; a < end; a += 16, b += 16, out += 16) {
      const limbs = i32x4.sub(v128.load(a), i32x4.shl(v128.load(b), 1));
      const carries = i32x4.shr_s(i32x4.add(limbs, half), this.bits);
      const rest = i32x4.sub(limbs, i32x4.shl(carries, this.bits));
      v128.store(out, i32x4.add(rest, v128.shuffle<i32>(before, carries, 3, 4, 5, 6)));
      before = carries;
    }
  }

  copy(out: usize, a: usize): void {
    memory.copy(out, a, this.bytes);
  }

  /** Whether a product is zero. */
  isZero(a: usize): bool {
    return isZero(a, this.size);
  }

  /** Whether two numbers are equal; sums of products may be, too. */
  isEqual(a: usize, b: usize): bool {
    const difference = this.alloc(1);
    this.sub(difference, a, b);
    this.mul(difference, difference, this.one);
    return this.isZero(difference);
  }

  /** Reads a number of big-endian bytes; whether it is less than p. */
  decode(out: usize, bigEndian: Text): bool {
    unpack(out, this.size, this.bits, bigEndian);
    const isReduced = isLess(out, this.prime, this.size);
    this.mul(out, out, this.square);
    return isReduced;
  }
}
