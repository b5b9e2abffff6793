import { decodeBase64 } from "../crypto/base64";
import { Pem } from "../crypto/pem";
import { Code, Result } from "../failure";
import { Builder, Document, JsonError, Kind, NONE, Text } from "../sdk";
import { readEmbedded } from "./embedded";

/** What a log entry of kind `hashedrekord` 0.0.1 is about (Rekor's pkg/types/hashedrekord): who signed what. */
export class HashedRekord {
  private constructor(
    /** Of what was signed: `sha256:` and hex digits, or another algorithm. */
    readonly digest: Text,
    /** The signature's bytes. */
    readonly signature: Text,
    /** DER of the certificate or SubjectPublicKeyInfo that it is verified with. */
    readonly key: Text,
  ) {}

  /** Reads an entry's body, which is JSON. Other kinds of entries are refused. */
  static read(body: Text): Result<HashedRekord> {
    const document = readEmbedded(body);
    const kind = textAt(document, 0, "kind");
    const version = textAt(document, 0, "apiVersion");
    const spec = document.field(0, "spec");
    const hash = document.field(document.field(spec, "data"), "hash");
    const algorithm = textAt(document, hash, "algorithm");
    const value = textAt(document, hash, "value");
    const signed = document.field(spec, "signature");
    const content = textAt(document, signed, "content");
    const key = textAt(document, document.field(signed, "publicKey"), "content");
    if (document.error != JsonError.None || document.twice != NONE || !kind || !version) {
      return malformed();
    }
    if (!kind.is("hashedrekord") || !version.is("0.0.1")) {
      return Result.fail<HashedRekord>(
        Code.LogEntryKind,
        "its log entry is of another kind than hashedrekord 0.0.1",
      );
    }
    const signature = content ? decodeBase64(content) : null;
    const pem = key ? decodeBase64(key) : null;
    if (!algorithm || !value || !signature || !pem) return malformed();
    const block = Pem.parse(pem);
    if (block.problem.length > 0) return malformed();
    const digest = new Builder().text(algorithm).byte(0x3a).text(value).view();
    return Result.ok<HashedRekord>(new HashedRekord(digest, signature, block.der));
  }
}

function textAt(document: Document, object: i32, name: string): Text | null {
  const value = document.field(object, name);
  return document.kind(value) == Kind.String ? document.text(value) : null;
}

function malformed(): Result<HashedRekord> {
  return Result.fail<HashedRekord>(
    Code.LogEntryMalformed,
    "what its log entry is about makes no sense",
  );
}
