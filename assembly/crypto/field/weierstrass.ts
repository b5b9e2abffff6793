import { Order } from "../order";
import { Field } from "./field";

/** A curve y² = x³ - 3x + b of prime order (SP 800-186 §3.2.1), and the field of its coordinates. */
export abstract class Weierstrass extends Field {
  readonly b: usize;
  readonly gap: usize;
  readonly points: usize;

  constructor(
    size: i32,
    bits: i32,
    prime: StaticArray<i32>,
    one: StaticArray<i32>,
    square: StaticArray<i32>,
    b: StaticArray<i32>,
    /** The prime less the order, its limbs not signed. */
    gap: StaticArray<i32>,
    readonly order: Order,
    /** x and y of the base point times 1, 3, 5 and so on: all that signed windows of `window` bits need. */
    points: StaticArray<i32>,
    readonly window: i32,
  ) {
    super(size, bits, prime, one, square);
    this.b = changetype<usize>(b);
    this.gap = changetype<usize>(gap);
    this.points = changetype<usize>(points);
  }

  /** Bytes of a coordinate in an encoded point: the order is as long as the prime. */
  get coordinateBytes(): i32 {
    return (this.order.bits + 7) >> 3;
  }
}
