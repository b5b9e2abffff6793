import { Text } from "../text/text";
import { JsonError } from "./error";
import { scanString, stringError, stringEscaped } from "./string";
import { ESCAPED, KIND_SHIFT, Kind, LENGTH_SHIFT, LONGEST, TOKEN_SHIFT } from "./tape";

/** Deepest nesting that is read; serde_json, which policy-server reads requests with, stops at the same. */
export const DEEPEST = 128;

/**
 * Reads a JSON text (RFC 8259) once, from front to back, and records its tokens on a tape. Strict: nothing before,
 * behind or between the tokens but white space, every string UTF-8, every number by the grammar. It copies nothing
 * and does not recurse. The text must have 16 readable zero bytes behind it.
 */
export class Scanner {
  /** The tape, `count` tokens long. */
  tape: usize;
  count: i32 = 0;
  error: JsonError = JsonError.None;
  /** Offset of the byte that is wrong, when there is an error. */
  errorAt: i32 = 0;

  private capacity: i32 = 256;
  private readonly start: usize;
  private readonly end: usize;

  constructor(text: Text) {
    this.start = text.start;
    this.end = text.start + text.length;
    this.tape = heap.alloc(this.capacity << TOKEN_SHIFT);
  }

  /** Scans the whole text. Whether it is one JSON value; `error` and `errorAt` say why not. */
  scan(): bool {
    if (this.end - this.start > <usize>LONGEST) return this.fail(JsonError.TooLong, this.start);
    const parents = new StaticArray<i32>(DEEPEST);
    let depth = 0;
    let inObject = false;
    let p = skipSpace(this.start);
    if (p >= this.end) return this.fail(JsonError.Empty, p);
    do {
      const byte = load<u8>(p);
      let closes = false;
      if (byte == 0x7b || byte == 0x5b) {
        if (depth == DEEPEST) return this.fail(JsonError.TooDeep, p);
        unchecked((parents[depth++] = this.count));
        inObject = byte == 0x7b;
        this.push(inObject ? Kind.Object : Kind.Array, p, 0);
        p = skipSpace(p + 1);
        closes = load<u8>(p) == byte + 2;
        if (!closes) {
          if (inObject) p = this.scanKey(p);
          continue;
        }
      } else {
        p = byte == 0x22 ? this.scanText(p) : this.scanScalar(p, byte);
        if (p) p = skipSpace(p);
      }
      // Behind a value, or before the bracket that closes an empty container: the containers that end here.
      while (p && depth > 0) {
        if (!closes) {
          const byte = load<u8>(p);
          if (byte == 0x2c) {
            p = skipSpace(p + 1);
            if (inObject) p = this.scanKey(p);
            break;
          }
          if (byte != <u8>(inObject ? 0x7d : 0x5d)) return this.fail(JsonError.Unexpected, p);
        }
        closes = false;
        const open = unchecked(parents[--depth]);
        this.link(open);
        this.push(Kind.End, p, open);
        p = skipSpace(p + 1);
        if (depth > 0) inObject = this.kindAt(unchecked(parents[depth - 1])) == Kind.Object;
      }
    } while (p && depth > 0);
    if (!p) return false;
    return p == this.end || this.fail(JsonError.Trailing, p);
  }

  /** A key with its colon; gives the address of the value behind it, or 0. */
  private scanKey(p: usize): usize {
    if (load<u8>(p) != 0x22) return this.stop(JsonError.Unexpected, p);
    p = this.scanText(p);
    if (!p) return 0;
    p = skipSpace(p);
    if (load<u8>(p) != 0x3a) return this.stop(JsonError.Unexpected, p);
    return skipSpace(p + 1);
  }

  /** A string with its quotes; gives the address behind it, or 0. */
  private scanText(p: usize): usize {
    const end = scanString(p + 1);
    if (stringError != JsonError.None) return this.stop(stringError, end);
    this.push(Kind.String, p + 1, <i32>(end - p - 1));
    if (stringEscaped) this.mark(this.count - 1, ESCAPED);
    return end + 1;
  }

  /** A number or one of the three words; gives the address behind it, or 0. */
  private scanScalar(p: usize, first: u8): usize {
    if (load<u32>(p) == 0x65757274) return this.word(Kind.True, p, 4);
    if (load<u32>(p) == 0x6c6c756e) return this.word(Kind.Null, p, 4);
    if (first == 0x66 && load<u32>(p, 1) == 0x65736c61) return this.word(Kind.False, p, 5);
    if (first != 0x2d && !isDigit(first)) return this.stop(JsonError.Unexpected, p);
    const end = skipNumber(p);
    if (!end) return this.stop(JsonError.BadNumber, p);
    return this.word(Kind.Number, p, <i32>(end - p));
  }

  private word(kind: Kind, p: usize, length: i32): usize {
    this.push(kind, p, length);
    return p + length;
  }

  private push(kind: Kind, p: usize, length: i32): void {
    if (this.count == this.capacity) {
      this.capacity <<= 1;
      this.tape = heap.realloc(this.tape, this.capacity << TOKEN_SHIFT);
    }
    store<u64>(
      this.tape + (this.count++ << TOKEN_SHIFT),
      ((<u64>kind) << KIND_SHIFT) | ((<u64>length) << LENGTH_SHIFT) | (<u64>(p - this.start)),
    );
  }

  /** Writes into an opening token where it is closed: at the token to come. */
  private link(open: i32): void {
    this.mark(open, (<u64>this.count) << LENGTH_SHIFT);
  }

  private mark(token: i32, bits: u64): void {
    const at = this.tape + (token << TOKEN_SHIFT);
    store<u64>(at, load<u64>(at) | bits);
  }

  private kindAt(token: i32): Kind {
    return <Kind>(load<u64>(this.tape + (token << TOKEN_SHIFT)) >> KIND_SHIFT);
  }

  private fail(error: JsonError, p: usize): bool {
    // A zero byte that was read behind the end is not a character of the text.
    this.error = error == JsonError.Unexpected && p >= this.end ? JsonError.CutOff : error;
    this.errorAt = <i32>(min(p, this.end) - this.start);
    return false;
  }

  private stop(error: JsonError, p: usize): usize {
    this.fail(p >= this.end ? JsonError.CutOff : error, p);
    return 0;
  }
}

// @ts-ignore: decorator
@inline
function skipSpace(p: usize): usize {
  let byte = load<u8>(p);
  while (byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09) byte = load<u8>(++p);
  return p;
}

// @ts-ignore: decorator
@inline
function isDigit(byte: u8): bool {
  return <u32>byte - 0x30 < 10;
}

/** A number by RFC 8259 §6; gives the address behind it, or 0. */
function skipNumber(p: usize): usize {
  if (load<u8>(p) == 0x2d) p++;
  if (load<u8>(p) == 0x30) p++;
  else {
    p = skipDigits(p);
    if (!p) return 0;
  }
  if (load<u8>(p) == 0x2e) {
    p = skipDigits(p + 1);
    if (!p) return 0;
  }
  if ((load<u8>(p) | 0x20) == 0x65) {
    const sign = load<u8>(p, 1);
    p = skipDigits(p + (sign == 0x2b || sign == 0x2d ? 2 : 1));
  }
  return p;
}

/** One digit or more; gives the address behind them, or 0. */
function skipDigits(p: usize): usize {
  const start = p;
  while (isDigit(load<u8>(p))) p++;
  return p > start ? p : 0;
}
