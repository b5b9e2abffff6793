import { Builder, Document, Kind, Text } from "../sdk";

/** Digits of a number that Go's float64 holds as it is. */
const MOST_DIGITS = 15;

/**
 * Writes a value as Canonical JSON, which is what the signatures of TUF are over, as Notary does
 * (github.com/docker/go/canonical/json): no white space, strings in UTF-8 with nothing escaped but quotes and
 * backslashes, numbers whole. False if it cannot be: a number has another form, or is negative, or the keys of an
 * object are not in the order of their bytes, each once, as Notary writes them.
 */
export function writeCanonical(document: Document, value: i32, to: Builder): bool {
  const kind = document.kind(value);
  if (kind == Kind.String) {
    writeString(document.text(value), to);
    return true;
  }
  if (kind == Kind.Number) return writeNumber(document.raw(value), to);
  if (kind != Kind.Object && kind != Kind.Array) {
    to.text(document.raw(value));
    return true;
  }
  const isObject = kind == Kind.Object;
  to.byte(isObject ? 0x7b : 0x5b);
  let last: Text | null = null;
  for (let at = value + 1; !document.ends(at); at = document.next(at)) {
    if (at > value + 1) to.byte(0x2c);
    if (isObject) {
      const key = document.text(at++);
      if (last && !isBefore(last, key)) return false;
      last = key;
      writeString(key, to);
      to.byte(0x3a);
    }
    if (!writeCanonical(document, at, to)) return false;
  }
  to.byte(isObject ? 0x7d : 0x5d);
  return true;
}

function writeNumber(digits: Text, to: Builder): bool {
  if (digits.length > MOST_DIGITS) return false;
  for (let i = 0; i < digits.length; i++) if (<u32>(digits.at(i) - 0x30) > 9) return false;
  to.text(digits);
  return true;
}

function writeString(text: Text, to: Builder): void {
  to.byte(0x22);
  for (let i = 0; i < text.length; i++) {
    const byte = text.at(i);
    if (byte == 0x22 || byte == 0x5c) to.byte(0x5c);
    to.byte(byte);
  }
  to.byte(0x22);
}

function isBefore(one: Text, other: Text): bool {
  const order = memory.compare(one.start, other.start, min(one.length, other.length));
  return order < 0 || (order == 0 && one.length < other.length);
}
