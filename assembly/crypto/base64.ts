import { Builder, Text } from "../sdk";

/** Values of the characters of the standard alphabet (RFC 4648 §4), from a space to 0x7f; -1 for all others. */
const SEXTETS = memory.data<i8>([
  -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 62, -1, -1, -1, 63, 52, 53, 54, 55, 56, 57, 58, 59,
  60, 61, -1, -1, -1, -1, -1, -1, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17,
  18, 19, 20, 21, 22, 23, 24, 25, -1, -1, -1, -1, -1, -1, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35,
  36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, -1, -1, -1, -1, -1,
]);

function sextet(byte: u32): i32 {
  return byte - 0x20 < 0x60 ? load<i8>(SEXTETS + byte - 0x20) : -1;
}

/**
 * Decodes standard base64 (RFC 4648 §4), strictly: padding is there, bits that carry nothing are zero, and nothing
 * else stands between; null if not.
 */
export function decodeBase64(text: Text): Text | null {
  const length = text.length;
  if (length % 4 != 0) return null;
  let padding = 0;
  if (text.at(length - 1) == 0x3d) padding = text.at(length - 2) == 0x3d ? 2 : 1;
  const bytes = heap.alloc((length / 4) * 3 + 1);
  const end = text.start + (padding > 0 ? length - 4 : length);
  let out = bytes;
  for (let at = text.start; at < end; at += 4) {
    const group =
      (sextet(load<u8>(at)) << 18) |
      (sextet(load<u8>(at, 1)) << 12) |
      (sextet(load<u8>(at, 2)) << 6) |
      sextet(load<u8>(at, 3));
    if (group < 0) return null;
    store<u16>(out, bswap<u16>(<u16>(group >> 8)));
    store<u8>(out, group, 2);
    out += 3;
  }
  if (padding > 0) {
    const two = (sextet(load<u8>(end)) << 6) | sextet(load<u8>(end, 1));
    const group = (two << 6) | (padding == 1 ? sextet(load<u8>(end, 2)) : 0);
    if (group < 0 || (group & (padding == 1 ? 3 : 0x3ff)) != 0) return null;
    store<u8>(out++, group >> 10);
    if (padding == 1) store<u8>(out++, group >> 2);
  }
  return new Text(bytes, <i32>(out - bytes));
}

/** Decodes base64url without padding (RFC 4648 §5, RFC 7515 §2), as strictly. */
export function decodeBase64Url(text: Text): Text | null {
  const standard = new Builder(text.length + 2);
  for (let i = 0; i < text.length; i++) {
    const byte = text.at(i);
    if (byte == 0x2b || byte == 0x2f || byte == 0x3d) return null;
    standard.byte(byte == 0x2d ? 0x2b : byte == 0x5f ? 0x2f : byte);
  }
  for (let i = text.length; i % 4 > 1; i++) standard.byte(0x3d);
  return decodeBase64(standard.view());
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
