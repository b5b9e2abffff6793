import { Text } from "../text/text";

/** Major types (RFC 8949 §3.1). */
export const enum Major {
  Unsigned,
  Negative,
  Bytes,
  Text,
  Array,
  Map,
  Tag,
  /** `false`, `true`, `null` and floats. */
  Simple,
}

/**
 * Reads the heads of data items (RFC 8949 §3), one after the other: each must be in its shortest form, of definite
 * length, and below 2^63.
 */
export class Heads {
  major: Major = Major.Unsigned;
  /** The number, the length, or how many items belong to it; of no meaning for simple values. */
  argument: i64 = 0;
  /** Where the next one begins. */
  at: i32 = 0;

  constructor(private readonly bytes: Text) {}

  /** Reads the next one; false if there is none, or it is not as it must be. */
  next(): bool {
    if (this.at >= this.bytes.length) return false;
    const first = this.bytes.at(this.at++);
    const short = first & 31;
    this.major = <Major>(first >> 5);
    this.argument = short;
    if (short < 24) return this.major != Major.Simple || (short >= 20 && short < 23);
    if (short > 27) return false;
    const length = 1 << (short - 24);
    if (length > this.bytes.length - this.at) return false;
    this.argument = 0;
    for (let i = 0; i < length; i++) {
      this.argument = (this.argument << 8) | this.bytes.at(this.at++);
    }
    if (this.major == Major.Simple) return length > 1;
    // Half as many bytes must not be enough.
    return length == 1 ? this.argument >= 24 : this.argument >> (length << 2) > 0;
  }
}
