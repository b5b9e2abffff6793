import { Hash, hashBytes, hashLength } from "../crypto/hash";
import { Builder, Document, Text } from "../sdk";
import { bytesAt, textAt } from "./protobuf";

/** A SHA-2 digest of something that was signed. */
export class Digest {
  private constructor(
    readonly hash: Hash,
    readonly bytes: Text,
    /** `sha256:`, or the name of another, and hex digits. */
    readonly text: Text,
  ) {}

  /** That of bytes. */
  static of(hash: Hash, bytes: Text): Digest {
    return Digest.from(hash, hashBytes(hash, bytes));
  }

  /** Reads a HashOutput in protobuf's JSON, `{"algorithm": "SHA2_256", "digest": base64}`; null if it is of no SHA-2. */
  static read(document: Document, output: i32): Digest | null {
    const algorithm = textAt(document, output, "algorithm");
    const bytes = bytesAt(document, output, "digest");
    if (!algorithm || !bytes) return null;
    let hash = Hash.Sha256;
    if (algorithm.is("SHA2_384")) hash = Hash.Sha384;
    else if (algorithm.is("SHA2_512")) hash = Hash.Sha512;
    else if (!algorithm.is("SHA2_256")) return null;
    return bytes.length == hashLength(hash) ? Digest.from(hash, bytes) : null;
  }

  private static from(hash: Hash, bytes: Text): Digest {
    const name = hash == Hash.Sha256 ? "sha256:" : hash == Hash.Sha384 ? "sha384:" : "sha512:";
    return new Digest(hash, bytes, new Builder(136).ascii(name).hex(bytes).view());
  }
}
