import { SCALAR_BYTES } from "../limits";
import { Document, Kind, Text } from "../sdk";
import { ExactNumber } from "./number";

/** A string, a number, true or false: what can be compared. */
export class Scalar {
  private constructor(
    private readonly kind: Kind,
    /** As it stands in its document: a string has its quotes. */
    readonly written: Text,
    /** Null if it is no string. */
    readonly text: Text | null,
    /** Null if it is no number. */
    readonly number: ExactNumber | null,
  ) {}

  /** Null if the value is something else, is longer than SCALAR_BYTES, or a number with too great an exponent. */
  static read(document: Document, value: i32): Scalar | null {
    const kind = document.kind(value);
    if (kind == Kind.Null || kind == Kind.Object || kind == Kind.Array) return null;
    const written = document.raw(value);
    if (written.length > SCALAR_BYTES) return null;
    if (kind == Kind.String) return new Scalar(kind, written, document.text(value), null);
    if (kind != Kind.Number) return new Scalar(kind, written, null, null);
    const number = ExactNumber.read(written);
    return number ? new Scalar(kind, written, null, number) : null;
  }

  /** Whether both are of one type and mean the same: 1.0 is 1, and "1" is not. */
  same(other: Scalar): bool {
    if (this.kind != other.kind) return false;
    if (this.kind == Kind.String) return this.text!.same(other.text!);
    return this.kind != Kind.Number || this.number!.compare(other.number!) == 0;
  }
}
