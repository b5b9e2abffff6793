import { Builder } from "../text/builder";
import { Text } from "../text/text";
import { Document, NONE } from "./document";
import { Path } from "./path";
import { Problems } from "./problems";
import { Kind } from "./tape";

/**
 * An object of a document, read field by field. What is not of the type asked for is noted among the problems and
 * read as absent; so is a key that stands twice. An empty string and `null` are absent: forms send them for what
 * was left empty.
 */
export class Fields {
  private constructor(
    readonly document: Document,
    private readonly token: i32,
    readonly path: Path,
    readonly problems: Problems,
  ) {}

  /** Reads `value` as an object; null, and a problem, if it is none. */
  static of(document: Document, value: i32, path: Path, problems: Problems): Fields | null {
    if (document.kind(value) == Kind.Object) return new Fields(document, value, path, problems);
    problems.add(path, "must be an object");
    return null;
  }

  text(name: string): Text | null {
    const value = this.value(name);
    if (value == NONE) return null;
    return readText(this.document, value, this.path.field(name), this.problems);
  }

  /** As `text`; its absence is a problem. */
  requiredText(name: string): Text | null {
    const value = this.value(name);
    if (value == NONE) {
      this.problems.add(this.path.field(name), "is required");
      return null;
    }
    return readText(this.document, value, this.path.field(name), this.problems);
  }

  bool(name: string, absent: bool): bool {
    const value = this.value(name);
    const kind = this.document.kind(value);
    if (value == NONE) return absent;
    if (kind != Kind.True && kind != Kind.False) {
      this.problems.add(this.path.field(name), "must be true or false");
    }
    return kind == Kind.True;
  }

  /**
   * A whole number from 1, at most 999999 if it is more; -1 if it is absent or something else. A form's text field sends
   * its digits as a string.
   */
  count(name: string): i32 {
    const value = this.value(name);
    if (value == NONE) return -1;
    const isText = this.document.kind(value) == Kind.String;
    const raw = isText ? this.document.text(value) : this.document.raw(value);
    let number = 0;
    let i = 0;
    for (; i < raw.length && raw.at(i) >= 0x30 && raw.at(i) <= 0x39; i++) {
      number = min(number * 10 + raw.at(i) - 0x30, 999_999);
    }
    // Hosts may print a whole number as a float.
    if (i > 0 && raw.slice(i).is(".0")) i = raw.length;
    if (number > 0 && i == raw.length) return number;
    this.problems.add(this.path.field(name), "must be a whole number, 1 or more");
    return -1;
  }

  /** The object in a field; null if it is absent. */
  object(name: string): Fields | null {
    const value = this.value(name);
    if (value == NONE) return null;
    return Fields.of(this.document, value, this.path.field(name), this.problems);
  }

  /** The elements of the array in a field; null if it is absent. */
  list(name: string): Array<i32> | null {
    const value = this.value(name);
    if (value == NONE) return null;
    if (this.document.kind(value) != Kind.Array) {
      this.problems.add(this.path.field(name), "must be a list");
      return null;
    }
    const elements: Array<i32> = [];
    for (let at = value + 1; !this.document.ends(at); at = this.document.next(at)) {
      elements.push(at);
    }
    return elements;
  }

  /** Token of a field's value, or NONE. */
  value(name: string): i32 {
    const before = this.document.repeats;
    const value = this.document.field(this.token, name);
    if (this.document.repeats != before) {
      this.problems.add(this.path.field(name), "stands there twice");
    }
    return this.isAbsent(value) ? NONE : value;
  }

  /** Whether a value stands for none: `null` or an empty string. */
  isAbsent(value: i32): bool {
    const kind = this.document.kind(value);
    // Two quotes: what has escapes is not empty.
    return kind == Kind.Null || (kind == Kind.String && this.document.raw(value).length == 2);
  }

  /**
   * Whether a value holds nothing but absent ones, as forms send for a list or group of which nobody filled in
   * anything.
   */
  isBlank(value: i32): bool {
    const document = this.document;
    const kind = document.kind(value);
    if (kind != Kind.Array && kind != Kind.Object) return this.isAbsent(value);
    for (let at = value + 1; !document.ends(at); at = document.next(at)) {
      if (kind == Kind.Object) at++;
      if (!this.isBlank(at)) return false;
    }
    return true;
  }

  /** Token of the first key, for a walk over all of them. */
  get first(): i32 {
    return this.token + 1;
  }

  /** Notes every key that has not been asked for. To be called last. */
  end(): void {
    const document = this.document;
    for (let key = this.first; !document.ends(key); key = document.next(key + 1)) {
      if (document.asked(key)) continue;
      this.problems.add(this.path.fieldOf(document.text(key)), "unknown field");
    }
  }
}

/** A string that is not empty; null, and a problem, if `value` is something else. */
export function readText(
  document: Document,
  value: i32,
  path: Path,
  problems: Problems,
): Text | null {
  if (document.kind(value) != Kind.String) {
    problems.add(path, "must be a string");
    return null;
  }
  const text = document.text(value);
  if (text.length > 0) return text;
  problems.add(path, "must not be empty");
  return null;
}

/** `what` with a quoted excerpt of `text` behind it: for problems that show what they are about. */
export function about(what: string, text: Text): Builder {
  return new Builder().ascii(what).ascii(' "').plain(text, 64).byte(0x22);
}
