import { Builder, Text } from "../sdk";

/**
 * A JSON string as Go's `encoding/json` writes it (from Go 1.22 on), quotes included: `<`, `>`, `&`, U+2028 and
 * U+2029 are escaped, so that it can stand in HTML and JavaScript; of the control characters five have a letter.
 * `text` is UTF-8.
 */
export function writeGoString(to: Builder, text: Text): void {
  to.byte(0x22);
  for (let i = 0; i < text.length; i++) {
    const byte = text.at(i);
    const letter = escapeLetter(byte);
    if (letter) to.byte(0x5c).byte(letter);
    else if (byte < 0x20 || byte == 0x3c || byte == 0x3e || byte == 0x26) {
      to.ascii("\\u00").hex(text.slice(i, i + 1));
    } else if (byte == 0xe2 && text.at(i + 1) == 0x80 && (text.at(i + 2) & 0xfe) == 0xa8) {
      to.ascii("\\u202").byte(text.at(i + 2) - 0x70);
      i += 2;
    } else to.byte(byte);
  }
  to.byte(0x22);
}

/** What stands behind the backslash of a byte that is escaped by one letter; else 0. */
function escapeLetter(byte: i32): i32 {
  switch (byte) {
    case 0x08:
      return 0x62; // b
    case 0x09:
      return 0x74; // t
    case 0x0a:
      return 0x6e; // n
    case 0x0c:
      return 0x66; // f
    case 0x0d:
      return 0x72; // r
    case 0x22:
    case 0x5c:
      return byte;
    default:
      return 0;
  }
}
