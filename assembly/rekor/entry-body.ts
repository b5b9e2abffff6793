import { readEmbedded } from "../cosign/embedded";
import { decodeBase64 } from "../crypto/base64";
import { Hash } from "../crypto/hash";
import { Pem } from "../crypto/pem";
import { Code, Failure, Result } from "../failure";
import { Builder, Document, NONE, Text } from "../sdk";
import { Digest } from "../sigstore/digest";
import { bytesAt, onlyAt, textAt } from "../sigstore/protobuf";

/** What an entry of Rekor is about: who signed what. */
export class EntryBody {
  private constructor(
    /** Whether it is about an envelope, and not, as `hashedrekord` is, about the digest of what was signed. */
    readonly isEnvelope: bool,
    /** Whether it is of Rekor 2. */
    readonly isSecond: bool,
    /** Of the digest, in Rekor 2. */
    readonly hash: Hash,
    /** Of what was signed or, for an envelope, its payload: `sha256:` and hex digits, or another algorithm. */
    private readonly digest: Text,
    private readonly signature: Text,
    /** DER of the certificate or SubjectPublicKeyInfo that it is verified with. */
    private readonly key: Text,
  ) {}

  /**
   * Reads an entry's body, which is JSON, and must be of this kind and version: `hashedrekord` or `dsse`, 0.0.1 or 0.0.2,
   * or `intoto` 0.0.2, which Rekor had for envelopes before.
   */
  static read(body: Text, kind: Text, version: Text): Result<EntryBody> {
    const isInToto = kind.is("intoto");
    const isEnvelope = isInToto || kind.is("dsse");
    const isLater = version.is("0.0.2");
    const isKind = isEnvelope || kind.is("hashedrekord");
    if (!isKind || (!isLater && (isInToto || !version.is("0.0.1")))) {
      return otherKind("its log entry is of a kind that is not read here: ", kind, version);
    }
    const document = readEmbedded(body);
    const ownKind = textAt(document, 0, "kind");
    const ownVersion = textAt(document, 0, "apiVersion");
    if (!ownKind || !ownVersion || document.twice != NONE) return malformed();
    if (!ownKind.same(kind) || !ownVersion.same(version)) {
      return otherKind("its log entry is of another kind than ", kind, version);
    }
    const spec = document.field(0, "spec");
    let found: EntryBody | null = null;
    if (isInToto) found = EntryBody.readInToto(document, document.field(spec, "content"));
    else if (isLater) found = EntryBody.readSecond(document, spec, isEnvelope);
    else if (isEnvelope) found = EntryBody.readEnvelope(document, spec);
    else found = EntryBody.readHashed(document, spec);
    return found && document.twice == NONE ? Result.ok<EntryBody>(found) : malformed();
  }

  private static readHashed(document: Document, spec: i32): EntryBody | null {
    const hash = document.field(document.field(spec, "data"), "hash");
    const signed = document.field(spec, "signature");
    const pem = bytesAt(document, document.field(signed, "publicKey"), "content");
    return EntryBody.ofFirst(document, false, hash, bytesAt(document, signed, "content"), pem);
  }

  private static readEnvelope(document: Document, spec: i32): EntryBody | null {
    const hash = document.field(spec, "payloadHash");
    const signed = onlyAt(document, spec, "signatures");
    const pem = bytesAt(document, signed, "verifier");
    return EntryBody.ofFirst(document, true, hash, bytesAt(document, signed, "signature"), pem);
  }

  private static readInToto(document: Document, content: i32): EntryBody | null {
    const hash = document.field(content, "payloadHash");
    const signed = onlyAt(document, document.field(content, "envelope"), "signatures");
    const pem = bytesAt(document, signed, "publicKey");
    // The signature was in base64 already.
    const text = bytesAt(document, signed, "sig");
    return EntryBody.ofFirst(document, true, hash, text ? decodeBase64(text) : null, pem);
  }

  /** Rekor 1: a digest in hex, a key in PEM. */
  private static ofFirst(
    document: Document,
    isEnvelope: bool,
    hash: i32,
    signature: Text | null,
    pem: Text | null,
  ): EntryBody | null {
    const algorithm = textAt(document, hash, "algorithm");
    const value = textAt(document, hash, "value");
    if (!algorithm || !value || !signature || !pem) return null;
    const block = Pem.parse(pem);
    if (block.problem.length > 0) return null;
    const digest = new Builder().text(algorithm).byte(0x3a).text(value).view();
    return new EntryBody(isEnvelope, false, Hash.Sha256, digest, signature, block.der);
  }

  /** Rekor 2: messages of protobuf. */
  private static readSecond(document: Document, spec: i32, isEnvelope: bool): EntryBody | null {
    const entry = document.field(spec, isEnvelope ? "dsseV002" : "hashedRekordV002");
    const output = document.field(entry, isEnvelope ? "payloadHash" : "data");
    const digest = Digest.read(document, output);
    const signed = isEnvelope
      ? onlyAt(document, entry, "signatures")
      : document.field(entry, "signature");
    const signature = bytesAt(document, signed, "content");
    const verifier = document.field(signed, "verifier");
    const key = bytesAt(document, document.field(verifier, "publicKey"), "rawBytes");
    const certificate = bytesAt(document, document.field(verifier, "x509Certificate"), "rawBytes");
    if (!digest || !signature || (key != null && certificate != null)) return null;
    const der = key ? key : certificate;
    return der ? new EntryBody(isEnvelope, true, digest.hash, digest.text, signature, der) : null;
  }

  /**
   * Why the entry is not about this digest (`sha256:…`), this very signature, and this very key: the DER of the
   * signer's certificate or, if there is none, of the SubjectPublicKeyInfo. Null if it is.
   */
  names(digest: Text, signature: Text, key: Text): Failure | null {
    if (!this.digest.same(digest)) {
      return Failure.of(
        Code.LogEntryPayload,
        "its log entry is about something else that was signed",
      );
    }
    if (!this.signature.same(signature)) {
      return Failure.of(Code.LogEntrySignature, "its log entry is about another signature");
    }
    if (this.key.same(key)) return null;
    return Failure.of(Code.LogEntryKey, "its log entry is about a signature by another key");
  }
}

function otherKind(what: string, kind: Text, version: Text): Result<EntryBody> {
  const detail = new Builder().ascii(what).plain(kind, 64).byte(0x20).plain(version, 64).view();
  return Result.failure<EntryBody>(new Failure(Code.LogEntryKind, detail));
}

function malformed(): Result<EntryBody> {
  return Result.fail<EntryBody>(
    Code.LogEntryMalformed,
    "what its log entry is about makes no sense",
  );
}
