import { lengthOf, Text } from "../text/text";
import { Builder } from "../text/builder";
import { JsonError, jsonErrorText } from "./error";
import { DEEPEST, Scanner } from "./scanner";
import { unescape } from "./string";
import { ASKED, ESCAPED, KIND_SHIFT, Kind, LENGTH_MASK, LENGTH_SHIFT, TOKEN_SHIFT } from "./tape";

/** The value that is not there. */
export const NONE: i32 = -1;

/**
 * A JSON text and its tape. Values are named by the index of their token; 0 is the whole document. `kind` and the
 * look-ups take any value; the other methods trust their caller to have asked for the kind.
 */
export class Document {
  /** The first key that a reader asked for and that stands twice in its object, or NONE. */
  twice: i32 = NONE;
  /** How many such keys there are. */
  repeats: i32 = 0;
  /** Where keys with escapes are decoded to be compared, and how many bytes there is room for. */
  private decoded: usize = 0;
  private decodedRoom: i32 = 0;

  private constructor(
    private readonly start: usize,
    private readonly tape: usize,
    readonly error: JsonError,
    readonly errorAt: i32,
  ) {}

  /** Reads a text; see `Scanner` for what it must be. `error` tells whether it was JSON. */
  static read(text: Text): Document {
    const scanner = new Scanner(text);
    scanner.scan();
    // A text that is no JSON reads as one null, so that nobody walks half a tape.
    if (scanner.error != JsonError.None) {
      scanner.tape = heap.alloc(1 << TOKEN_SHIFT);
      store<u64>(scanner.tape, 0);
    }
    return new Document(text.start, scanner.tape, scanner.error, scanner.errorAt);
  }

  /** What is wrong with the text and where, in words. */
  errorText(): Text {
    const text = new Builder().ascii(jsonErrorText(this.error));
    if (this.error == JsonError.TooDeep) text.ascii(" (at most ").int(DEEPEST).byte(0x29);
    return text.ascii(", at byte ").int(this.errorAt).view();
  }

  @inline
  kind(value: i32): Kind {
    return value == NONE ? Kind.Null : <Kind>(this.token(value) >> KIND_SHIFT);
  }

  /** Behind a value: the next key or element, or the container's closing token. */
  @inline
  next(value: i32): i32 {
    const kind = this.kind(value);
    return kind == Kind.Object || kind == Kind.Array ? this.length(value) + 1 : value + 1;
  }

  /** Whether a container's walk, which begins at `container + 1`, has come to its end. */
  @inline
  ends(token: i32): bool {
    return this.kind(token) == Kind.End;
  }

  /** A value's bytes as they were written, brackets and quotes included. */
  raw(value: i32): Text {
    const from = this.offset(value);
    switch (this.kind(value)) {
      case Kind.String:
        return new Text(this.start + from - 1, this.length(value) + 2);
      case Kind.Object:
      case Kind.Array:
        return new Text(this.start + from, this.offset(this.length(value)) + 1 - from);
      default:
        return new Text(this.start + from, this.length(value));
    }
  }

  /** What a string says. A view of the document, unless there are escapes. */
  text(value: i32): Text {
    const from = this.start + this.offset(value);
    const length = this.length(value);
    if (!(this.token(value) & ESCAPED)) return new Text(from, length);
    // An escape is never shorter than what it stands for.
    const to = heap.alloc(length);
    return new Text(to, unescape(from, from + length, to));
  }

  /** The value of an object's key, or NONE. Of two equal keys it gives the first, and notes it in `twice`. */
  field(object: i32, name: string): i32 {
    return this.find(object, changetype<usize>(name), lengthOf(name));
  }

  /** The same, for a name that is not a literal. */
  fieldOf(object: i32, name: Text): i32 {
    return this.find(object, name.start, name.length);
  }

  private find(object: i32, name: usize, length: i32): i32 {
    let found = NONE;
    if (this.kind(object) != Kind.Object) return found;
    for (let key = object + 1; !this.ends(key); key = this.next(key + 1)) {
      if (!this.isKey(key, name, length)) continue;
      if (found == NONE) found = key + 1;
      else this.noteTwice(key);
      this.mark(key);
    }
    return found;
  }

  /** Whether `field` has asked for this key, so that a reader can find the keys it does not know. */
  asked(key: i32): bool {
    return (this.token(key) & ASKED) != 0;
  }

  /** Whether a key is this one. Without escapes that costs no memory, and with them next to none. */
  keyIs(key: i32, name: string): bool {
    return this.isKey(key, changetype<usize>(name), lengthOf(name));
  }

  /** Whether a key ends so. Without escapes that costs no memory. */
  keyEndsWith(key: i32, suffix: string): bool {
    if (this.token(key) & ESCAPED) {
      const text = this.text(key);
      const at = text.length - lengthOf(suffix);
      return at >= 0 && text.hasAt(at, suffix);
    }
    const length = lengthOf(suffix);
    const at = this.length(key) - length;
    const start = this.start + this.offset(key) + at;
    return at >= 0 && memory.compare(start, changetype<usize>(suffix), length) == 0;
  }

  @inline
  private isKey(key: i32, name: usize, length: i32): bool {
    const token = this.token(key);
    let start = this.start + <u32>token;
    if (token & ESCAPED) {
      if (this.decodeKey(key, length) != length) return false;
      start = this.decoded;
    } else if (<i32>((token >> LENGTH_SHIFT) & LENGTH_MASK) != length) return false;
    return memory.compare(start, name, length) == 0;
  }

  /**
   * Decodes a key with escapes that could be a name of `length` bytes, to one place over and over, so that many of them
   * cost no memory; gives its length, or -1 if it could not: an escape takes two to six bytes for each that it stands for.
   */
  private decodeKey(key: i32, length: i32): i32 {
    const written = this.length(key);
    if (written <= length || written > 6 * length) return -1;
    if (written > this.decodedRoom) {
      this.decoded = heap.alloc(written);
      this.decodedRoom = written;
    }
    const from = this.start + this.offset(key);
    return unescape(from, from + written, this.decoded);
  }

  private noteTwice(key: i32): void {
    if (this.asked(key)) return;
    if (this.twice == NONE) this.twice = key;
    this.repeats++;
  }

  @inline
  private token(index: i32): u64 {
    return load<u64>(this.tape + (index << TOKEN_SHIFT));
  }

  @inline
  private offset(index: i32): i32 {
    return <i32>this.token(index);
  }

  @inline
  private length(index: i32): i32 {
    return <i32>((this.token(index) >> LENGTH_SHIFT) & LENGTH_MASK);
  }

  private mark(key: i32): void {
    store<u64>(this.tape + (key << TOKEN_SHIFT), this.token(key) | ASKED);
  }
}
