import { Text } from "../text/text";
import { Document } from "./document";
import { Kind } from "./tape";

/** Digits of a number that is the same in every reader: below 2^53. */
const MOST_DIGITS = 15;

/** What a field of an object says; null if it is no string. */
export function textIn(document: Document, object: i32, name: string): Text | null {
  return textOf(document, document.field(object, name));
}

/** What a value says; null if it is no string. */
export function textOf(document: Document, value: i32): Text | null {
  return document.kind(value) == Kind.String ? document.text(value) : null;
}

/** A field that is a whole number, not negative and below 10^15; -1 if it is none. */
export function wholeIn(document: Document, object: i32, name: string): i64 {
  const value = document.field(object, name);
  if (document.kind(value) != Kind.Number) return -1;
  const digits = document.raw(value);
  if (digits.length > MOST_DIGITS) return -1;
  let number: i64 = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.at(i) - 0x30;
    if (<u32>digit > 9) return -1;
    number = number * 10 + digit;
  }
  return number;
}

/** The strings in a field that is a list of nothing else; null if it is none. */
export function textsIn(document: Document, object: i32, name: string): Array<Text> | null {
  const list = document.field(object, name);
  if (document.kind(list) != Kind.Array) return null;
  const texts: Array<Text> = [];
  for (let at = list + 1; !document.ends(at); at = document.next(at)) {
    if (document.kind(at) != Kind.String) return null;
    texts.push(document.text(at));
  }
  return texts;
}
