import { Text } from "../sdk";

/** Tags that are read here (X.690 §8). */
export const enum Tag {
  Boolean = 0x01,
  Integer = 0x02,
  BitString = 0x03,
  OctetString = 0x04,
  Null = 0x05,
  Oid = 0x06,
  Utf8String = 0x0c,
  PrintableString = 0x13,
  Ia5String = 0x16,
  UtcTime = 0x17,
  GeneralizedTime = 0x18,
  Sequence = 0x30,
  Set = 0x31,
  // Context-specific: what they mean is said by where they stand.
  Primitive1 = 0x81,
  Primitive6 = 0x86,
  Constructed0 = 0xa0,
  Constructed1 = 0xa1,
  Constructed3 = 0xa3,
}

/**
 * Reads a run of DER elements (X.690) one after the other. Lengths must be in their shortest form. What is not as
 * asked for sets `broken`, and from then on every element is empty: it is enough to look at the end.
 */
export class Der {
  broken: bool = false;
  private at: i32 = 0;

  constructor(private readonly bytes: Text) {}

  /** Whether all of the run has been read, and well. */
  get done(): bool {
    return !this.broken && this.at == this.bytes.length;
  }

  /** The next element's tag; 0 if there is none. */
  get tag(): i32 {
    return this.bytes.at(this.at);
  }

  /** Whether the next element has this tag. */
  next(tag: Tag): bool {
    return !this.broken && this.tag == tag;
  }

  /** The contents of the next element, which must have this tag. */
  read(tag: Tag): Text {
    const contents = this.next(tag) ? this.skipHeader() : -1;
    const end = this.at;
    if (contents >= 0) return this.bytes.slice(contents, end);
    this.broken = true;
    return this.bytes.slice(0, 0);
  }

  /** The next element with its tag and length; it must have this tag. */
  whole(tag: Tag): Text {
    const from = this.at;
    this.read(tag);
    return this.bytes.slice(from, this.broken ? from : this.at);
  }

  /** A BOOLEAN that may be left out, and is false then. Written out all the same, it is taken. */
  flag(): bool {
    if (!this.next(Tag.Boolean)) return false;
    const value = this.read(Tag.Boolean);
    const byte = value.at(0);
    if (value.length != 1 || (byte != 0 && byte != 0xff)) this.broken = true;
    return byte == 0xff;
  }

  /** Moves behind the next element if it has this tag. */
  skip(tag: Tag): void {
    if (this.next(tag)) this.read(tag);
  }

  /** The elements in the next one, which must have this tag. */
  enter(tag: Tag): Der {
    const inner = new Der(this.read(tag));
    inner.broken = this.broken;
    return inner;
  }

  /** Moves behind the element; gives where its contents begin, or -1. Tags are one byte long. */
  private skipHeader(): i32 {
    if ((this.tag & 0x1f) == 0x1f) return -1;
    let at = this.at + 2;
    let length = this.bytes.at(this.at + 1);
    if (length >= 0x80) {
      const count = length & 0x7f;
      length = 0;
      if (count < 1 || count > 3) return -1;
      for (let i = 0; i < count; i++) length = (length << 8) | this.bytes.at(at++);
      if (length < 0x80 || length >> ((count - 1) << 3) == 0) return -1;
    }
    if (at + length > this.bytes.length) return -1;
    this.at = at + length;
    return at;
  }
}
