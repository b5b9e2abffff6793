import { Builder, Text } from "../sdk";
import { decodeBase64, writeBase64 } from "./base64";

/** One PEM block (RFC 7468): its label, such as `PUBLIC KEY`, and what it holds. */
export class Pem {
  private constructor(
    readonly label: Text,
    readonly der: Text,
    /** Empty, or why the text is not one PEM block. */
    readonly problem: string,
  ) {}

  /**
   * Reads a text that is one PEM block: explanatory text may stand before it (RFC 7468 §5.2), white space anywhere
   * between its base64. More than one block is a problem, lest the second be thought to count.
   */
  static parse(text: Text): Pem {
    const begin = text.find("-----BEGIN ");
    if (begin < 0) return bad("is not PEM: it has no line -----BEGIN ...-----");
    const labelEnd = text.find("-----", begin + 11);
    if (labelEnd < 0) return bad("is not PEM: its -----BEGIN line does not end in -----");
    const label = text.slice(begin + 11, labelEnd);
    const end = text.find("-----END ", labelEnd + 5);
    if (end < 0) return bad("is not PEM: it has no line -----END ...-----");
    const after = end + 9 + label.length;
    if (
      after + 5 > text.length ||
      !text.slice(end + 9, after).same(label) ||
      !text.slice(after, after + 5).is("-----")
    ) {
      return bad("is not PEM: its -----END line does not match its -----BEGIN line");
    }
    if (text.find("-----BEGIN ", after) >= 0) {
      return bad("has more than one PEM block: each must be an item of its own");
    }
    if (compact(text.slice(after + 5)).length > 0) return bad("has more behind its -----END line");
    const der = decodeBase64(compact(text.slice(labelEnd + 5, end)));
    if (!der || der.length == 0) return bad("is not PEM: what it holds is not base64");
    return new Pem(label, der, "");
  }

  static failed(problem: string): Pem {
    const none = new Text(0, 0);
    return new Pem(none, none, problem);
  }
}

function bad(problem: string): Pem {
  return Pem.failed(problem);
}

/** The text without its white space. */
function compact(text: Text): Text {
  const start = heap.alloc(text.length);
  const space = i8x16.splat(0x20);
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    if (i + 16 <= text.length) {
      const bytes = v128.load(text.start + i);
      if (!v128.any_true(i8x16.le_u(bytes, space))) {
        v128.store(start + length, bytes);
        length += 16;
        i += 15;
        continue;
      }
    }
    const byte = text.at(i);
    if (byte != 0x20 && (byte < 0x09 || byte > 0x0d)) store<u8>(start + length++, byte);
  }
  return new Text(start, length);
}

/** Bytes whose base64 fills a line of PEM: 64 characters. */
const LINE = 48;

/** A SubjectPublicKeyInfo as PEM (RFC 7468 §13). */
export function publicKeyPem(der: Text): Text {
  const pem = new Builder(2 * der.length + 64).ascii("-----BEGIN PUBLIC KEY-----\n");
  for (let at = 0; at < der.length; at += LINE) {
    writeBase64(pem, der.slice(at, min(at + LINE, der.length)));
    pem.byte(0x0a);
  }
  return pem.ascii("-----END PUBLIC KEY-----\n").view();
}
