import { Text } from "../text/text";
import { JsonError } from "./error";
import { skipNumber } from "./number";
import { clearEscaped, scanString, stringError, stringEscaped } from "./string";
import { ESCAPED, KIND_SHIFT, Kind, LENGTH_SHIFT, LONGEST, TOKEN_SHIFT } from "./tape";

/** Deepest nesting that is read. policy-server's own reader, serde_json, takes no deeper requests than this. */
export const DEEPEST = 128;

/** What the scanner reads next. */
const enum Expect {
  Value,
  /** A key with its colon. */
  Key,
  /** What stands behind a value: a comma, a closing bracket, or the end of the text. */
  Next,
}

/**
 * Reads a JSON text (RFC 8259) once, from front to back, and records its tokens on a tape. Strict: nothing before,
 * behind or between the tokens but white space, every string UTF-8, every number by the grammar. It copies nothing
 * and does not recurse. The text must have 16 readable zero bytes behind it.
 */
export class Scanner {
  /** The tape. */
  tape: usize = 0;
  error: JsonError = JsonError.None;
  /** Offset of the byte that is wrong, when there is an error. */
  errorAt: i32 = 0;

  private readonly start: usize;
  private readonly end: usize;

  constructor(text: Text) {
    this.start = text.start;
    this.end = text.start + text.length;
  }

  /** Scans the whole text. Whether it is one JSON value; `error` and `errorAt` say why not. */
  scan(): bool {
    const length = <i32>(this.end - this.start);
    if (length > LONGEST) return this.fail(JsonError.TooLong, this.start);
    clearEscaped();
    // Every token has a byte of the text to itself, so the tape never has to grow; what is left over is given back.
    this.tape = heap.alloc((length + 1) << TOKEN_SHIFT);
    const end = this.scanValues(this.tape);
    if (end) this.tape = heap.realloc(this.tape, end - this.tape);
    return end != 0;
  }

  /** Writes the tape at `tape`; gives the address behind it, or 0. All that changes is in locals: it is the hot loop. */
  private scanValues(tape: usize): usize {
    const start = this.start;
    // Where the brackets that are open have their tokens, from the outermost on.
    const bottom = heap.alloc(DEEPEST * sizeof<usize>());
    let top = bottom;
    let inObject = false;
    let out = tape;
    let p = Hot.skipSpace(start);
    if (p >= this.end) return this.stop(JsonError.Empty, p);
    let expect = Expect.Value;
    do {
      const byte = load<u8>(p);
      if (expect == Expect.Next) {
        if (byte == 0x2c) {
          p++;
          expect = inObject ? Expect.Key : Expect.Value;
        } else {
          if (byte != (inObject ? 0x7d : 0x5d)) return this.stop(JsonError.Unexpected, p);
          top -= sizeof<usize>();
          const open = load<usize>(top);
          store<u64>(
            open,
            load<u64>(open) | ((<u64>((out - tape) >> TOKEN_SHIFT)) << LENGTH_SHIFT),
          );
          store<u64>(out, Hot.token(Kind.End, p - start, (open - tape) >> TOKEN_SHIFT));
          out += 8;
          p++;
          if (top > bottom) {
            inObject = load<u8>(load<usize>(top - sizeof<usize>()), 7) >> 4 == Kind.Object;
          }
        }
      } else if (byte == 0x22) {
        const end = scanString(p + 1);
        if (load<u8>(end) != 0x22) return this.stop(stringError, end);
        const string = Hot.token(Kind.String, p + 1 - start, end - p - 1);
        if (stringEscaped) {
          clearEscaped();
          store<u64>(out, string | ESCAPED);
        } else store<u64>(out, string);
        out += 8;
        p = end + 1;
        if (expect == Expect.Key) {
          p = Hot.skipSpace(p);
          if (load<u8>(p) != 0x3a) return this.stop(JsonError.Unexpected, p);
          p++;
          expect = Expect.Value;
        } else expect = Expect.Next;
      } else if (expect == Expect.Key) {
        return this.stop(JsonError.Unexpected, p);
      } else if (byte == 0x7b || byte == 0x5b) {
        if (top == bottom + DEEPEST * sizeof<usize>()) return this.stop(JsonError.TooDeep, p);
        store<usize>(top, out);
        top += sizeof<usize>();
        inObject = byte == 0x7b;
        store<u64>(out, Hot.token(inObject ? Kind.Object : Kind.Array, p - start, 0));
        out += 8;
        p = Hot.skipSpace(p + 1);
        if (load<u8>(p) == byte + 2) expect = Expect.Next;
        else expect = inObject ? Expect.Key : Expect.Value;
      } else {
        const kind = scalarKind(p, byte);
        if (kind == Kind.End) return this.stop(JsonError.Unexpected, p);
        const end = kind == Kind.Number ? skipNumber(p) : p + (kind == Kind.False ? 5 : 4);
        if (!end) return this.stop(JsonError.BadNumber, p);
        store<u64>(out, Hot.token(kind, p - start, end - p));
        out += 8;
        p = end;
        expect = Expect.Next;
      }
      p = Hot.skipSpace(p);
    } while (top > bottom || expect != Expect.Next);
    return p == this.end ? out : this.stop(JsonError.Trailing, p);
  }

  private fail(error: JsonError, p: usize): bool {
    this.error = error;
    this.errorAt = <i32>(p - this.start);
    return false;
  }

  private stop(error: JsonError, p: usize): usize {
    // A zero byte that was read behind the end is not a character of the text.
    const cutOff = p >= this.end && error != JsonError.Empty;
    this.fail(cutOff ? JsonError.CutOff : error, min(p, this.end));
    return 0;
  }
}

/** The parts of the hot loop that have to be inlined, which takes static methods. */
class Hot {
  @inline
  static token(kind: Kind, offset: usize, length: usize): u64 {
    return ((<u64>kind) << KIND_SHIFT) | ((<u64>length) << LENGTH_SHIFT) | (<u64>offset);
  }

  /** The address of the first byte at or behind `p` that is no white space. */
  @inline
  static skipSpace(p: usize): usize {
    return load<u8>(p) > 0x20 ? p : skipWhiteSpace(p);
  }
}

function skipWhiteSpace(p: usize): usize {
  let byte = load<u8>(p);
  while (byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09) byte = load<u8>(++p);
  return p;
}

/** What a scalar that begins with `first` at `p` is, by its first characters; `End` if it is none. */
function scalarKind(p: usize, first: u8): Kind {
  if (first == 0x2d || <u32>first - 0x30 < 10) return Kind.Number;
  const word = load<u32>(p);
  if (word == 0x65757274) return Kind.True;
  if (word == 0x6c6c756e) return Kind.Null;
  if (first == 0x66 && load<u32>(p, 1) == 0x65736c61) return Kind.False;
  return Kind.End;
}
