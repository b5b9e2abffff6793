import { decodeBase64 } from "../crypto/base64";
import { Document, Kind, NONE, Text } from "../sdk";

// Values of messages in protobuf's JSON: bytes are base64, numbers of 64 bits strings. What is empty may be left out.

/** Digits of a number that is the same in every reader: below 2^53. */
const MOST_DIGITS = 15;

/** The string in a field of an object; null if it is something else, or not there. */
export function textAt(document: Document, object: i32, name: string): Text | null {
  const value = document.field(object, name);
  return document.kind(value) == Kind.String ? document.text(value) : null;
}

/** The bytes in a field, at least one of them; null if it is something else, or not there. */
export function bytesAt(document: Document, object: i32, name: string): Text | null {
  const text = textAt(document, object, name);
  const bytes = text ? decodeBase64(text) : null;
  return bytes && bytes.length > 0 ? bytes : null;
}

/** The digits of the number in a field, as RFC 8785 has a whole one; null if it is something else, or not there. */
export function digitsAt(document: Document, object: i32, name: string): Text | null {
  const value = document.field(object, name);
  const kind = document.kind(value);
  if (kind == Kind.String) return asDigits(document.text(value));
  return kind == Kind.Number ? asDigits(document.raw(value)) : null;
}

/** The text, if it is digits that are the same in every reader; else null. */
export function asDigits(text: Text): Text | null {
  if (text.length == 0 || text.length > MOST_DIGITS) return null;
  if (text.length > 1 && text.at(0) == 0x30) return null;
  for (let i = 0; i < text.length; i++) if (text.at(i) < 0x30 || text.at(i) > 0x39) return null;
  return text;
}

/** The number that such digits spell. */
export function numberOf(digits: Text): i64 {
  let number: i64 = 0;
  for (let i = 0; i < digits.length; i++) number = number * 10 + digits.at(i) - 0x30;
  return number;
}

/** Whether a field is there: null stands for none. */
export function has(document: Document, object: i32, name: string): bool {
  return document.kind(document.field(object, name)) != Kind.Null;
}

/** The only element of the list in a field; NONE if it is something else. */
export function onlyAt(document: Document, object: i32, name: string): i32 {
  const list = document.field(object, name);
  if (document.kind(list) != Kind.Array || document.ends(list + 1)) return NONE;
  return document.ends(document.next(list + 1)) ? list + 1 : NONE;
}

/** Whether every key in a value, at any depth, is one that a reader has asked for. */
export function isAllAsked(document: Document, value: i32): bool {
  const kind = document.kind(value);
  if (kind != Kind.Object && kind != Kind.Array) return true;
  for (let at = value + 1; !document.ends(at); at = document.next(at)) {
    if (kind == Kind.Object && !document.asked(at++)) return false;
    if (!isAllAsked(document, at)) return false;
  }
  return true;
}
