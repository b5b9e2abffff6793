import { Order } from "../order";
import { Field } from "./field";

/** A twisted Edwards curve -x² + y² = 1 + dx²y² (RFC 8032 §5.1), and the field of its coordinates. */
export abstract class Edwards extends Field {
  readonly d: usize;
  readonly points: usize;

  constructor(
    size: i32,
    bits: i32,
    prime: StaticArray<i32>,
    one: StaticArray<i32>,
    square: StaticArray<i32>,
    d: StaticArray<i32>,
    readonly order: Order,
    /** y-x, y+x and 2dxy of the base point times 1, 3, 5 and so on: all that windows of `window` bits need. */
    points: StaticArray<i32>,
    readonly window: i32,
  ) {
    super(size, bits, prime, one, square);
    this.d = changetype<usize>(d);
    this.points = changetype<usize>(points);
  }
}
