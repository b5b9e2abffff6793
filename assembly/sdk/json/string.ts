import { isUtf8 } from "../text/utf8";
import { JsonError } from "./error";

/** Set by `scanString` when there was an escape; whoever reads it sets it back. */
export let stringEscaped: bool = false;
/** Why `scanString` stopped at something else than a quote. */
export let stringError: JsonError = JsonError.None;

export function clearEscaped(): void {
  stringEscaped = false;
}

/**
 * Walks the inside of a JSON string (RFC 8259 §7) from behind its opening quote. Gives the address of the closing
 * quote; or of the byte that is wrong, which is no quote, and `stringError` then says why. Escapes, surrogate pairs
 * and UTF-8 are checked, control characters refused. Behind the text there must be 16 readable zero bytes.
 */
export function scanString(start: usize): usize {
  let nonAscii = 0;
  let p = start;
  for (;;) {
    const block = v128.load(p);
    const stops = i8x16.bitmask(
      v128.or(
        v128.or(i8x16.eq(block, i8x16.splat(0x22)), i8x16.eq(block, i8x16.splat(0x5c))),
        i8x16.lt_u(block, i8x16.splat(0x20)),
      ),
    );
    const high = i8x16.bitmask(block);
    if (stops == 0) {
      nonAscii |= high;
      p += 16;
      continue;
    }
    const at = ctz(stops);
    nonAscii |= high & ((1 << at) - 1);
    p += at;
    const byte = load<u8>(p);
    if (byte == 0x22) break;
    if (byte != 0x5c) {
      stringError = JsonError.ControlCharacter;
      return p;
    }
    stringEscaped = true;
    const next = skipEscape(p);
    if (!next) return p;
    p = next;
  }
  if (nonAscii && !isUtf8(start, p)) {
    stringError = JsonError.NotUtf8;
    return start;
  }
  return p;
}

/** From a backslash to behind the escape; 0, and `stringError`, when it is none, or half a surrogate pair. */
function skipEscape(p: usize): usize {
  switch (load<u8>(p, 1)) {
    case 0x22: // "
    case 0x5c: // \
    case 0x2f: // /
    case 0x62: // b
    case 0x66: // f
    case 0x6e: // n
    case 0x72: // r
    case 0x74: // t
      return p + 2;
    case 0x75: {
      const unit = hexUnit(p + 2);
      if (unit < 0) break;
      if ((unit & 0xf800) != 0xd800) return p + 6;
      const low = unit < 0xdc00 && load<u16>(p, 6) == 0x755c ? hexUnit(p + 8) : -1;
      if ((low & 0xfc00) == 0xdc00) return p + 12;
      stringError = JsonError.LoneSurrogate;
      return 0;
    }
  }
  stringError = JsonError.BadEscape;
  return 0;
}

/** Four hexadecimal digits as a number, or -1. */
function hexUnit(p: usize): i32 {
  let value = 0;
  for (let i: usize = 0; i < 4; i++) {
    const byte: i32 = load<u8>(p + i);
    const lower = byte | 0x20;
    if (byte >= 0x30 && byte <= 0x39) value = (value << 4) | (byte - 0x30);
    else if (lower >= 0x61 && lower <= 0x66) value = (value << 4) | (lower - 0x57);
    else return -1;
  }
  return value;
}

/** Writes the value of a string that has been scanned, from `start` up to `end`, to `to`; gives its length. */
export function unescape(start: usize, end: usize, to: usize): i32 {
  const backslashes = i8x16.splat(0x5c);
  let p = start;
  let out = to;
  while (p < end) {
    // What is before the next escape, sixteen bytes at a time: there is room, for nothing gets longer.
    if (p + 16 <= end) {
      const bytes = v128.load(p);
      const escapes = i8x16.bitmask(i8x16.eq(bytes, backslashes));
      const run = escapes ? ctz(escapes) : 16;
      v128.store(out, bytes);
      p += run;
      out += run;
      if (!escapes) continue;
    }
    const byte = load<u8>(p++);
    if (byte != 0x5c) {
      store<u8>(out++, byte);
      continue;
    }
    const letter = load<u8>(p++);
    if (letter != 0x75) {
      store<u8>(out++, plainEscape(letter));
      continue;
    }
    let point = hexUnit(p);
    p += 4;
    if ((point & 0xfc00) == 0xd800) {
      point = 0x10000 + ((point & 0x3ff) << 10) + (hexUnit(p + 2) & 0x3ff);
      p += 6;
    }
    out = writePoint(out, point);
  }
  return <i32>(out - to);
}

function plainEscape(letter: u8): u8 {
  switch (letter) {
    case 0x62:
      return 0x08;
    case 0x66:
      return 0x0c;
    case 0x6e:
      return 0x0a;
    case 0x72:
      return 0x0d;
    case 0x74:
      return 0x09;
    default:
      return letter;
  }
}

/** Writes a code point as UTF-8; gives the address behind it. */
function writePoint(to: usize, point: i32): usize {
  if (point < 0x80) {
    store<u8>(to, point);
    return to + 1;
  }
  let more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
  // The first byte has a one for each byte of the character, then a zero, then the uppermost bits.
  store<u8>(to++, ((0x780 >> more) & 0xff) | (point >> (6 * more)));
  while (more--) store<u8>(to++, 0x80 | ((point >> (6 * more)) & 0x3f));
  return to;
}
