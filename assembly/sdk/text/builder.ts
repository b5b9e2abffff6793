import { copyAscii, lengthOf, Text } from "./text";

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

  /** Forgets what has been written, and keeps the room for it: earlier views are overwritten. */
  clear(): Builder {
    this.length = 0;
    return this;
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
    copyAscii(this.reserve(lengthOf(literal)), literal);
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
      this.byte(hexDigit(byte >> 4)).byte(hexDigit(byte & 15));
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
   * Text from outside as part of one line for people: control characters, and those that change the direction of
   * what is shown, become `?`; what is longer than `most` bytes is cut at a character's border and ends in `...`.
   */
  plain(text: Text, most: i32): Builder {
    let end = text.length;
    if (end > most) {
      end = most;
      while (end > 0 && (text.at(end) & 0xc0) == 0x80) end--;
    }
    for (let i = 0; i < end;) {
      const length = controlLength(text, i);
      this.byte(length > 0 ? 0x3f : text.at(i));
      i += max(length, 1);
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

function hexDigit(value: i32): i32 {
  return value < 10 ? 0x30 + value : 0x57 + value;
}

/** Bytes of the character at `index` if a terminal might obey it instead of showing it; else 0. */
function controlLength(text: Text, index: i32): i32 {
  const first = text.at(index);
  if (first < 0x20 || first == 0x7f) return 1;
  if (first < 0xc2) return 0;
  const second = text.at(index + 1);
  // U+0080 to U+009F
  if (first == 0xc2 && second < 0xa0) return 2;
  if (first != 0xe2) return 0;
  const third = text.at(index + 2);
  // U+200E, U+200F, U+2028 to U+202E; U+2066 to U+2069
  if (second == 0x80 && (third == 0x8e || third == 0x8f || (third >= 0xa8 && third <= 0xae)))
    return 3;
  return second == 0x81 && third >= 0xa6 && third <= 0xa9 ? 3 : 0;
}
