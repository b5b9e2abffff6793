import { Text } from "./text";

const HEX = "0123456789abcdef";

/** Bytes being written. Every method appends and gives the builder back; the buffer grows as needed. */
export class Builder {
  private start: usize;
  private length: i32 = 0;
  private capacity: i32;

  constructor(capacity: i32 = 128) {
    this.capacity = capacity;
    this.start = heap.alloc(capacity);
  }

  /** What has been written so far; a later append may move it. */
  view(): Text {
    return new Text(this.start, this.length);
  }

  get size(): i32 {
    return this.length;
  }

  byte(value: i32): Builder {
    store<u8>(this.reserve(1), value);
    return this;
  }

  bytes(start: usize, length: i32): Builder {
    memory.copy(this.reserve(length), start, length);
    return this;
  }

  text(text: Text): Builder {
    return this.bytes(text.start, text.length);
  }

  /** An ASCII literal. */
  ascii(literal: string): Builder {
    const to = this.reserve(literal.length);
    for (let i = 0; i < literal.length; i++) store<u8>(to + i, literal.charCodeAt(i));
    return this;
  }

  /** A number that is not negative, in decimal. */
  int(value: i32): Builder {
    if (value >= 10) this.int(value / 10);
    return this.byte(0x30 + (value % 10));
  }

  /** Bytes as lower-case hexadecimal. */
  hex(bytes: Text): Builder {
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes.at(i);
      this.byte(HEX.charCodeAt(byte >> 4)).byte(HEX.charCodeAt(byte & 15));
    }
    return this;
  }

  /** A JSON string (RFC 8259 §7), quotes included; `text` is UTF-8 without quotes or escapes. */
  json(text: Text): Builder {
    this.byte(0x22);
    let from = 0;
    for (let i = 0; i < text.length; i++) {
      const byte = load<u8>(text.start + i);
      if (byte >= 0x20 && byte != 0x22 && byte != 0x5c) continue;
      this.bytes(text.start + from, i - from);
      from = i + 1;
      if (byte == 0x22 || byte == 0x5c) this.byte(0x5c).byte(byte);
      else this.ascii("\\u00").hex(text.slice(i, i + 1));
    }
    return this.bytes(text.start + from, text.length - from).byte(0x22);
  }

  /**
   * Text from outside as part of one line for people: control characters become `?`, and what is longer than
   * `most` bytes is cut at a character's border and ends in `...`.
   */
  plain(text: Text, most: i32): Builder {
    let end = text.length;
    if (end > most) {
      end = most;
      while (end > 0 && (text.at(end) & 0xc0) == 0x80) end--;
    }
    const to = this.reserve(end);
    for (let i = 0; i < end; i++) {
      const byte = load<u8>(text.start + i);
      store<u8>(to + i, byte < 0x20 || byte == 0x7f ? 0x3f : byte);
    }
    return end < text.length ? this.ascii("...") : this;
  }

  /** Room for `count` more bytes; gives the address where they go. */
  private reserve(count: i32): usize {
    const at = this.length;
    this.length += count;
    if (this.length > this.capacity) {
      this.capacity = max(this.capacity << 1, this.length);
      this.start = heap.realloc(this.start, this.capacity);
    }
    return this.start + at;
  }
}
