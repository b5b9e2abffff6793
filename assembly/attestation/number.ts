import { SCALAR_BYTES } from "../limits";
import { Builder, Text } from "../sdk";

/** An exponent that is greater, with either sign, is not read. */
const GREATEST_EXPONENT: i64 = 999_999_999;

/**
 * A number as JSON writes it (RFC 8259 §6), in decimal and not as a float: 9007199254740993 is not 9007199254740992, 1e400
 * is a number like others, and 1.0 is 1.
 */
export class ExactNumber {
  // sign × 0.digits × 10^exponent
  private constructor(
    /** -1, 0 or 1: zero has no sign. */
    private readonly sign: i32,
    /** Those that count: the first and the last are not zero, and zero has none. */
    private readonly digits: Text,
    private readonly exponent: i64,
  ) {}

  /** Null if the text is no number, is longer than SCALAR_BYTES, or has an exponent of more than nine digits. */
  static read(text: Text): ExactNumber | null {
    const from = text.at(0) == 0x2d ? 1 : 0;
    const point = behindDigits(text, from);
    if (text.length > SCALAR_BYTES || point == from) return null;
    if (text.at(from) == 0x30 && point > from + 1) return null;
    const digits = new Builder(text.length).text(text.slice(from, point));
    let end = point;
    if (text.at(point) == 0x2e) {
      end = behindDigits(text, point + 1);
      if (end == point + 1) return null;
      digits.text(text.slice(point + 1, end));
    }
    const exponent = end == text.length ? 0 : readExponent(text, end);
    if (exponent == i64.MIN_VALUE) return null;
    const all = digits.view();
    let first = 0;
    while (all.at(first) == 0x30) first++;
    if (first == all.length) return new ExactNumber(0, all.slice(first), 0);
    let last = all.length;
    while (all.at(last - 1) == 0x30) last--;
    return new ExactNumber(
      from == 1 ? -1 : 1,
      all.slice(first, last),
      exponent + (point - from) - first,
    );
  }

  /** Less than 0, 0 or more than 0: this is less than, equal to, or greater than the other. */
  compare(other: ExactNumber): i32 {
    if (this.sign != other.sign) return this.sign - other.sign;
    return this.sign * this.compareSize(other);
  }

  private compareSize(other: ExactNumber): i32 {
    if (this.exponent != other.exponent) return this.exponent < other.exponent ? -1 : 1;
    const length = min(this.digits.length, other.digits.length);
    const difference = memory.compare(this.digits.start, other.digits.start, length);
    if (difference != 0) return difference < 0 ? -1 : 1;
    return this.digits.length - other.digits.length;
  }
}

/** The index behind the digits that begin at `from`. */
function behindDigits(text: Text, from: i32): i32 {
  let at = from;
  while (<u32>(text.at(at) - 0x30) < 10) at++;
  return at;
}

/** What stands from its `e` to the end of the text; `i64.MIN_VALUE` if that is no exponent, or too great a one. */
function readExponent(text: Text, at: i32): i64 {
  if ((text.at(at) | 0x20) != 0x65) return i64.MIN_VALUE;
  const sign = text.at(at + 1);
  const from = sign == 0x2b || sign == 0x2d ? at + 2 : at + 1;
  if (from == text.length || behindDigits(text, from) != text.length) return i64.MIN_VALUE;
  let exponent: i64 = 0;
  for (let i = from; i < text.length; i++) {
    exponent = exponent * 10 + text.at(i) - 0x30;
    if (exponent > GREATEST_EXPONENT) return i64.MIN_VALUE;
  }
  return sign == 0x2d ? -exponent : exponent;
}
