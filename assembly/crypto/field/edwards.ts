import { Order } from "../order";
import { Field } from "./field";

/** The twisted Edwards curve -x² + y² = 1 + dx²y² of Ed25519 (RFC 8032 §5.1), and the field of its coordinates. */
export abstract class Edwards extends Field {
  readonly d: usize;
  readonly points: usize;
  private readonly root: usize;

  constructor(
    size: i32,
    bits: i32,
    prime: StaticArray<i32>,
    one: StaticArray<i32>,
    square: StaticArray<i32>,
    d: StaticArray<i32>,
    /** A square root of -1. */
    root: StaticArray<i32>,
    readonly order: Order,
    /** y-x, y+x and 2dxy of the base point times 1, 3, 5 and so on: all that windows of `window` bits need. */
    points: StaticArray<i32>,
    readonly window: i32,
  ) {
    super(size, bits, prime, one, square);
    this.d = changetype<usize>(d);
    this.points = changetype<usize>(points);
    this.root = changetype<usize>(root);
  }

  /** Whether the number, out of Montgomery form and in [0, p), is odd. */
  isOdd(a: usize): bool {
    const plain = this.alloc(1);
    const one = this.alloc(1);
    memory.fill(one, 0, this.bytes);
    store<i32>(one, 1);
    this.mul(plain, a, one);
    // The highest limb that is not zero has the sign; what is negative lacks p, which is odd.
    let at = this.size - 1;
    while (at > 0 && load<i32>(plain + (at << 2)) == 0) at--;
    const isNegative = load<i32>(plain + (at << 2)) < 0;
    return ((load<i32>(plain) & 1) != 0) != isNegative;
  }

  /** 1/a = a^(p-2); 0 if a is 0. */
  invert(out: usize, a: usize): void {
    // p - 2 = 8·(2^252 - 3) + 3
    const power = this.alloc(1);
    this.raise(power, a);
    for (let i = 0; i < 3; i++) this.sqr(power, power);
    this.mul(power, power, a);
    this.mul(power, power, a);
    this.mul(out, power, a);
  }

  /** One of the square roots of u/v (RFC 8032 §5.1.3, steps 2 and 3); false if there is none. */
  rootOfRatio(out: usize, u: usize, v: usize): bool {
    // The candidate is uv³·(uv⁷)^((p-5)/8).
    const t = this.alloc(1);
    const uv3 = this.alloc(1);
    this.sqr(t, v);
    this.mul(uv3, t, v);
    this.mul(uv3, uv3, u);
    this.sqr(t, t);
    this.mul(t, t, uv3);
    this.raise(out, t);
    this.mul(out, out, uv3);
    this.sqr(t, out);
    this.mul(t, t, v);
    if (this.isEqual(t, u)) return true;
    this.mul(out, out, this.root);
    this.sqr(t, out);
    this.mul(t, t, v);
    return this.isEqual(t, u);
  }

  /** a^(2^252 - 3), which is a^((p-5)/8). */
  private raise(out: usize, a: usize): void {
    const t = this.alloc(1);
    this.copy(out, a);
    // From a^(2^n - 1) come those of 2n and of n + 1: along the bits of 250, up to that.
    let ones = 1;
    for (let bit = 6; bit >= 0; bit--) {
      this.copy(t, out);
      for (let i = 0; i < ones; i++) this.sqr(out, out);
      this.mul(out, out, t);
      ones <<= 1;
      if (((250 >> bit) & 1) == 0) continue;
      this.sqr(out, out);
      this.mul(out, out, a);
      ones++;
    }
    this.sqr(out, out);
    this.sqr(out, out);
    this.mul(out, out, a);
  }
}
