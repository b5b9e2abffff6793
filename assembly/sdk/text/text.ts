// Literals of the source must be ASCII, and are compiled to a byte a character (tools/packed-data.mjs): `length` and `==` of
// JavaScript say what is true of them, `charCodeAt` and the rest do not.
assert(load<u16>(changetype<usize>("ab")) == 0x6261);

/** How many characters an ASCII literal has: its size, which is in front of it, is that of UTF-16. */
export function lengthOf(literal: string): i32 {
  return load<i32>(changetype<usize>(literal) - sizeof<i32>()) >> 1;
}

/** Writes an ASCII literal as bytes, as many as it has characters. */
export function copyAscii(to: usize, literal: string): void {
  memory.copy(to, changetype<usize>(literal), lengthOf(literal));
}

/**
 * A run of UTF-8 bytes somewhere in memory: a view, never a copy. It is valid for the rest of the guest call
 * that made it, as everything on the heap is.
 */
export class Text {
  constructor(
    /** Address of the first byte. */
    readonly start: usize,
    /** Length in bytes. */
    readonly length: i32,
  ) {}

  /** An ASCII literal as bytes: for what has to be a value. To compare or write one, none is needed. */
  static of(literal: string): Text {
    return new Text(changetype<usize>(literal), lengthOf(literal));
  }

  /** The byte at `index`; 0 behind the end, so that a look ahead needs no check of its own. */
  @inline
  at(index: i32): i32 {
    return <u32>index < <u32>this.length ? load<u8>(this.start + index) : 0;
  }

  /** The bytes from `from` up to but not including `to`. */
  slice(from: i32, to: i32 = this.length): Text {
    assert(0 <= from && from <= to && to <= this.length);
    return new Text(this.start + from, to - from);
  }

  /** Byte for byte the same. */
  same(other: Text): bool {
    return this.length == other.length && memory.compare(this.start, other.start, this.length) == 0;
  }

  /** Byte for byte the same as an ASCII literal. */
  is(literal: string): bool {
    return this.length == lengthOf(literal) && this.hasAt(0, literal);
  }

  startsWith(literal: string): bool {
    return this.hasAt(0, literal);
  }

  /** Whether an ASCII literal stands at `index`. */
  hasAt(index: i32, literal: string): bool {
    const length = lengthOf(literal);
    if (this.length - index < length) return false;
    return memory.compare(this.start + index, changetype<usize>(literal), length) == 0;
  }

  /** Index of the first `byte` at or behind `from`, or -1. */
  indexOf(byte: i32, from: i32 = 0): i32 {
    const bytes = i8x16.splat(<i8>byte);
    let i = from;
    for (; i + 16 <= this.length; i += 16) {
      const found = i8x16.bitmask(i8x16.eq(v128.load(this.start + i), bytes));
      if (found) return i + ctz(found);
    }
    for (; i < this.length; i++) if (load<u8>(this.start + i) == <u32>byte) return i;
    return -1;
  }

  /** Index of the last `byte`, or -1. */
  lastIndexOf(byte: i32): i32 {
    for (let i = this.length - 1; i >= 0; i--) {
      if (load<u8>(this.start + i) == <u32>byte) return i;
    }
    return -1;
  }

  /** Index of the first occurrence of an ASCII literal at or behind `from`, or -1. */
  find(literal: string, from: i32 = 0): i32 {
    const first: i32 = load<u8>(changetype<usize>(literal));
    for (let i = this.indexOf(first, from); i >= 0; i = this.indexOf(first, i + 1)) {
      if (this.hasAt(i, literal)) return i;
    }
    return -1;
  }
}
