import { decodeBase64 } from "../crypto/base64";
import { sha256 } from "../crypto/sha256";
import { sha512 } from "../crypto/sha512";
import { Builder, Document, NONE, Text } from "../sdk";
import { textIn, wholeIn } from "../sdk/json/values";

/** What metadata says of a file: `{"length": n, "hashes": {"sha256": base64, "sha512": base64}}`, the second at will. */
export class FileMeta {
  private constructor(
    readonly length: i64,
    private readonly sha256: Text,
    private readonly sha512: Text | null,
  ) {}

  /** Reads it; null if it is none. */
  static read(document: Document, value: i32): FileMeta | null {
    const hashes = document.field(value, "hashes");
    const length = wholeIn(document, value, "length");
    const short = hashIn(document, hashes, "sha256", 32);
    const long = hashIn(document, hashes, "sha512", 64);
    const isBroken = !long && document.field(hashes, "sha512") != NONE;
    return length < 0 || !short || isBroken ? null : new FileMeta(length, short, long);
  }

  /** Whether it is about these bytes. */
  isOf(bytes: Text): bool {
    if (this.length != bytes.length || !sha256(bytes).same(this.sha256)) return false;
    const long = this.sha512;
    return !long || sha512(bytes).same(long);
  }

  /** `sha256:…` */
  get digest(): Text {
    return new Builder(71).ascii("sha256:").hex(this.sha256).view();
  }
}

function hashIn(document: Document, hashes: i32, name: string, length: i32): Text | null {
  const text = textIn(document, hashes, name);
  const bytes = text ? decodeBase64(text) : null;
  return bytes && bytes.length == length ? bytes : null;
}
