import { Builder, Text } from "../sdk";

/** Value of a character of an alphabet (RFC 4648) whose last two are `plus` and `slash`, or -1. */
function sextet(byte: i32, plus: i32, slash: i32): i32 {
  if (byte >= 0x41 && byte <= 0x5a) return byte - 0x41;
  if (byte >= 0x61 && byte <= 0x7a) return byte - 0x61 + 26;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30 + 52;
  if (byte == plus) return 62;
  return byte == slash ? 63 : -1;
}

/**
 * Decodes standard base64 (RFC 4648 §4), strictly: padding is there, bits that carry nothing are zero, and nothing
 * else stands between; null if not.
 */
export function decodeBase64(text: Text): Text | null {
  if (text.length % 4 != 0) return null;
  let padding = 0;
  if (text.at(text.length - 1) == 0x3d) padding = text.at(text.length - 2) == 0x3d ? 2 : 1;
  return decode(text.slice(0, text.length - padding), 0x2b, 0x2f);
}

/** Decodes base64url without padding (RFC 4648 §5, RFC 7515 §2), as strictly. */
export function decodeBase64Url(text: Text): Text | null {
  return text.length % 4 == 1 ? null : decode(text, 0x2d, 0x5f);
}

function decode(digits: Text, plus: i32, slash: i32): Text | null {
  const bytes = heap.alloc((digits.length / 4) * 3 + 3);
  let out = bytes;
  let bits = 0;
  let held = 0;
  for (let i = 0; i < digits.length; i++) {
    const value = sextet(digits.at(i), plus, slash);
    if (value < 0) return null;
    bits = (bits << 6) | value;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    store<u8>(out++, bits >> held);
    bits &= (1 << held) - 1;
  }
  return bits == 0 ? new Text(bytes, <i32>(out - bytes)) : null;
}

/** Writes bytes as standard base64 with padding (RFC 4648 §4). */
export function writeBase64(to: Builder, bytes: Text): void {
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const group = (bytes.at(i) << 16) | (bytes.at(i + 1) << 8) | bytes.at(i + 2);
    to.byte(letter(group >> 18)).byte(letter((group >> 12) & 63));
    to.byte(left > 1 ? letter((group >> 6) & 63) : 0x3d);
    to.byte(left > 2 ? letter(group & 63) : 0x3d);
  }
}

/** The character of the standard alphabet for six bits. */
function letter(sextet: i32): i32 {
  if (sextet < 26) return 0x41 + sextet;
  if (sextet < 52) return 0x61 + sextet - 26;
  if (sextet < 62) return 0x30 + sextet - 52;
  return sextet == 62 ? 0x2b : 0x2f;
}
