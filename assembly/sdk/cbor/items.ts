import { Text } from "../text/text";
import { Heads, Major } from "./head";

/**
 * Reads a run of CBOR data items one after the other, of bytes whose form has been found to be right. What is
 * not as asked for sets `broken`, and from then on every item is empty: it is enough to look at the end.
 */
export class Items {
  broken: bool = false;
  private readonly heads: Heads;

  constructor(private readonly bytes: Text) {
    this.heads = new Heads(bytes);
  }

  /** Whether all of the run has been read, and well. */
  get done(): bool {
    return !this.broken && this.heads.at == this.bytes.length;
  }

  /** A number that fits 64 bits with its sign. */
  int(): i64 {
    const from = this.heads.at;
    if (!this.broken && this.heads.next()) {
      if (this.heads.major == Major.Unsigned) return this.heads.argument;
      if (this.heads.major == Major.Negative) return ~this.heads.argument;
    }
    this.fail(from);
    return 0;
  }

  /** What a byte string holds. */
  bytesOf(): Text {
    return this.string(Major.Bytes);
  }

  /** What a text string says. */
  text(): Text {
    return this.string(Major.Text);
  }

  /** Enters an array, a map or a tag: gives how many items or pairs there are, or the tag's number. */
  enter(major: Major): i64 {
    const from = this.heads.at;
    if (!this.broken && this.heads.next() && this.heads.major == major) return this.heads.argument;
    this.fail(from);
    return 0;
  }

  /** The next item as it is written, with all that is in it. */
  raw(): Text {
    const heads = this.heads;
    const from = heads.at;
    for (let left: i64 = this.broken ? 0 : 1; left > 0; left--) {
      if (!heads.next()) {
        this.fail(from);
        break;
      }
      const argument = heads.argument;
      if (heads.major == Major.Array) left += argument;
      else if (heads.major == Major.Map) left += 2 * argument;
      else if (heads.major == Major.Tag) left++;
      else if (heads.major == Major.Bytes || heads.major == Major.Text) heads.at += <i32>argument;
    }
    return this.bytes.slice(from, heads.at);
  }

  private string(major: Major): Text {
    const length = this.enter(major);
    const from = this.heads.at;
    this.heads.at += <i32>length;
    return this.bytes.slice(from, this.heads.at);
  }

  private fail(at: i32): void {
    this.broken = true;
    this.heads.at = at;
  }
}
