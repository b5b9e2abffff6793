/**
 * The tape: what the scanner records of a document, one token of eight bytes after the other, in the order of
 * the text.
 *
 *     bits 0–31   offset of the token's first byte (for a string, of the byte behind its quote)
 *     bits 32–57  its length in bytes, quotes not counted; for an opening bracket, the index of the token that
 *                 closes it; for a closing one, of the token that opened it
 *     bit  58     the string has escapes
 *     bit  59     a reader has asked for this key
 *     bits 60–63  its kind
 *
 * An object is its opening token, then key and value in turns, then the closing token.
 */
export const enum Kind {
  Null,
  True,
  False,
  Number,
  String,
  Object,
  Array,
  End,
}

export const TOKEN_SHIFT: u32 = 3;
export const LENGTH_SHIFT: u64 = 32;
export const LENGTH_MASK: u64 = (1 << 26) - 1;
export const ESCAPED: u64 = 1 << 58;
export const ASKED: u64 = 1 << 59;
export const KIND_SHIFT: u64 = 60;

/** Longest text whose tape can be written: a length has 26 bits. */
export const LONGEST: i32 = (1 << 26) - 1;
