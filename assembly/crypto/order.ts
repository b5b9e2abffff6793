import { Text } from "../sdk";
import { isLess, isZero, unpack } from "./limbs";

const BITS = 30;
const MASK = (1 << BITS) - 1;

/**
 * Arithmetic modulo the prime order n of a base point, for public numbers only: how long it takes depends on them.
 * A number is the address of `size` limbs of 30 bits, none negative.
 */
export class Order {
  readonly size: i32;
  private readonly modulus: usize;
  private readonly square: usize;
  /** 1/n mod 2^30 */
  private readonly inverse: i32;

  constructor(modulus: StaticArray<i32>, square: StaticArray<i32>) {
    this.size = modulus.length;
    this.modulus = changetype<usize>(modulus);
    this.square = changetype<usize>(square);
    const lowest = unchecked(modulus[0]);
    let inverse = lowest;
    for (let known = 3; known < BITS; known <<= 1) inverse *= 2 - lowest * inverse;
    this.inverse = inverse & MASK;
  }

  /** Bits of a number. */
  get bits(): i32 {
    return this.size * BITS - clz(load<i32>(this.modulus + ((this.size - 1) << 2))) + 32 - BITS;
  }

  /** Room for a number. */
  alloc(): usize {
    return heap.alloc(this.size << 2);
  }

  /** Reads a number of at most size·30 bits; whether it is less than n. */
  decode(out: usize, bigEndian: Text): bool {
    unpack(out, this.size, BITS, bigEndian);
    return isLess(out, this.modulus, this.size);
  }

  /** Reads a number of a multiple of 16 bytes modulo n, which must have more than 128 bits. */
  decodeModulo(out: usize, bigEndian: Text): void {
    const piece = this.alloc();
    const shift = this.alloc();
    memory.fill(out, 0, this.size << 2);
    memory.fill(shift, 0, this.size << 2);
    store<i32>(shift + ((128 / BITS) << 2), 1 << (128 % BITS));
    for (let at = 0; at < bigEndian.length; at += 16) {
      this.decode(piece, bigEndian.slice(at, at + 16));
      this.mul(out, out, shift);
      this.combine(out, out, 1, piece, 1);
      this.reduce(out);
    }
  }

  /** a·b mod n, less than n; of a and b one must be, too. */
  mul(out: usize, a: usize, b: usize): void {
    const product = this.alloc();
    this.montgomery(product, a, b);
    this.montgomery(out, product, this.square);
  }

  /** a·b/R mod n with R = 2^(30·size); at least one of them must be less than n. */
  montgomery(out: usize, a: usize, b: usize): void {
    const bytes = this.size << 2;
    const t = heap.alloc(bytes);
    memory.fill(t, 0, bytes);
    for (let i = 0; i < bytes; i += 4) {
      const digit: u64 = load<u32>(a + i);
      const first = load<u32>(t) + digit * load<u32>(b);
      const quotient: u64 = -(<u32>first * this.inverse) & MASK;
      let carry = (first + quotient * load<u32>(this.modulus)) >> BITS;
      for (let j = 4; j < bytes; j += 4) {
        carry += load<u32>(t + j) + digit * load<u32>(b + j);
        carry += quotient * load<u32>(this.modulus + j);
        store<u32>(t + j - 4, (<u32>carry) & MASK);
        carry >>= BITS;
      }
      store<u32>(t + bytes - 4, <u32>carry);
    }
    memory.copy(out, t, bytes);
    this.reduce(out);
  }

  /** 1/a mod n, by Bernstein and Yang's divsteps ("Fast constant-time gcd computation and modular inversion"). */
  invert(out: usize, a: usize): void {
    const bytes = this.size << 2;
    // f = d·a and g = e·a mod n, always.
    const d = this.alloc();
    const e = this.alloc();
    const f = this.alloc();
    const g = this.alloc();
    memory.fill(d, 0, bytes);
    memory.fill(e, 0, bytes);
    store<i32>(e, 1);
    memory.copy(f, this.modulus, bytes);
    memory.copy(g, a, bytes);
    const steps = new Steps();
    while (!isZero(g, this.size)) {
      steps.take(load<i32>(f), load<i32>(g));
      this.applyModulo(steps, d, e);
      this.apply(steps, f, g);
    }
    // f is 1 or -1, its sign that of its last limb; d is in (-2n, n).
    memory.copy(out, d, bytes);
    const last = bytes - 4;
    if (load<i32>(out + last) < 0) this.combine(out, out, 1, this.modulus, 1);
    if (load<i32>(f + last) < 0) this.combine(out, out, -1, out, 0);
    if (load<i32>(out + last) < 0) this.combine(out, out, 1, this.modulus, 1);
  }

  /** Takes n away, once if at all: the number must be less than 2n. */
  private reduce(a: usize): void {
    if (!isLess(a, this.modulus, this.size)) this.combine(a, a, 1, this.modulus, -1);
  }

  /** f and g by the matrix of the steps over 2^30. */
  private apply(steps: Steps, f: usize, g: usize): void {
    let carryF: i64 = 0;
    let carryG: i64 = 0;
    for (let i = 0; i < this.size; i++) {
      const limbF: i64 = load<i32>(f + (i << 2));
      const limbG: i64 = load<i32>(g + (i << 2));
      carryF += steps.u * limbF + steps.v * limbG;
      carryG += steps.q * limbF + steps.r * limbG;
      if (i > 0) {
        store<i32>(f + (i << 2) - 4, (<i32>carryF) & MASK);
        store<i32>(g + (i << 2) - 4, (<i32>carryG) & MASK);
      }
      carryF >>= BITS;
      carryG >>= BITS;
    }
    store<i32>(f + (this.size << 2) - 4, <i32>carryF);
    store<i32>(g + (this.size << 2) - 4, <i32>carryG);
  }

  /** d and e by the same matrix over 2^30, modulo n: a multiple of n makes the division come out even. */
  private applyModulo(steps: Steps, d: usize, e: usize): void {
    const last = (this.size << 2) - 4;
    const signD = load<i32>(d + last) >> 31;
    const signE = load<i32>(e + last) >> 31;
    // With n added to what is negative, both stay in (-2n, n).
    let timesD = ((<i32>steps.u) & signD) + ((<i32>steps.v) & signE);
    let timesE = ((<i32>steps.q) & signD) + ((<i32>steps.r) & signE);
    const lowD = <i32>steps.u * load<i32>(d) + <i32>steps.v * load<i32>(e);
    const lowE = <i32>steps.q * load<i32>(d) + <i32>steps.r * load<i32>(e);
    timesD -= (this.inverse * lowD + timesD) & MASK;
    timesE -= (this.inverse * lowE + timesE) & MASK;
    let carryD: i64 = 0;
    let carryE: i64 = 0;
    for (let i = 0; i <= last; i += 4) {
      const limbD: i64 = load<i32>(d + i);
      const limbE: i64 = load<i32>(e + i);
      const limbN: i64 = load<i32>(this.modulus + i);
      carryD += steps.u * limbD + steps.v * limbE + limbN * timesD;
      carryE += steps.q * limbD + steps.r * limbE + limbN * timesE;
      if (i > 0) {
        store<i32>(d + i - 4, (<i32>carryD) & MASK);
        store<i32>(e + i - 4, (<i32>carryE) & MASK);
      }
      carryD >>= BITS;
      carryE >>= BITS;
    }
    store<i32>(d + last, <i32>carryD);
    store<i32>(e + last, <i32>carryE);
  }

  /** a·times + b·other, each factor 1, 0 or -1; the last limb has the sign. */
  private combine(out: usize, a: usize, times: i32, b: usize, other: i32): void {
    const last = (this.size << 2) - 4;
    let carry = 0;
    for (let i = 0; i < last; i += 4) {
      carry += times * load<i32>(a + i) + other * load<i32>(b + i);
      store<i32>(out + i, carry & MASK);
      carry >>= BITS;
    }
    store<i32>(out + last, carry + times * load<i32>(a + last) + other * load<i32>(b + last));
  }
}

/** Thirty divsteps on the low bits of f and g, as a matrix: 2^30 times the new ones are (uf + vg, qf + rg). */
class Steps {
  u: i64 = 1;
  v: i64 = 0;
  q: i64 = 0;
  r: i64 = 1;
  private delta: i32 = 1;

  take(f: i32, g: i32): void {
    let u = 1;
    let v = 0;
    let q = 0;
    let r = 1;
    for (let left = BITS; ;) {
      const zeros = min(ctz(g), left);
      g >>= zeros;
      u <<= zeros;
      v <<= zeros;
      this.delta += zeros;
      left -= zeros;
      if (left == 0) break;
      if (this.delta > 0) {
        this.delta = -this.delta;
        const oldF = f;
        const oldU = u;
        const oldV = v;
        f = g;
        u = q;
        v = r;
        g = -oldF;
        q = -oldU;
        r = -oldV;
      }
      // As many steps at once as leave f where it is: g + f·times has that many zeros.
      const count = min(min(1 - this.delta, left), 6);
      const times = (f * g * (f * f - 2)) & ((1 << count) - 1);
      g += f * times;
      q += u * times;
      r += v * times;
    }
    this.u = u;
    this.v = v;
    this.q = q;
    this.r = r;
  }
}
