import { readEmbedded } from "../cosign/embedded";
import { Code, Failure, Result } from "../failure";
import { CHAIN_CERTIFICATES, LOG_ENTRIES, TIMESTAMPS } from "../limits";
import { Entry } from "../rekor/entry";
import { Builder, Document, JsonError, Kind, NONE, Text } from "../sdk";
import { Digest } from "./digest";
import { Envelope } from "./envelope";
import { bytesAt, has, isAllAsked, textAt } from "./protobuf";

/**
 * A signature with all that it takes to verify it (Sigstore's message Bundle, 0.1 to 0.3, in JSON): what was signed, or
 * its digest; whose certificate it is by, if it says so; entries of logs and timestamps. As it was read: nothing of it
 * is proven yet. It is read so that it can mean one thing only: it has no field that is not known here, and none twice.
 */
export class Bundle {
  /** What was signed; null where only its digest is there. */
  envelope: Envelope | null = null;
  /** That of what was signed; null where there is an envelope. */
  digest: Digest | null = null;
  signature: Text = new Text(0, 0);
  /** DER of the signer's certificate and of those above it; empty where only a key is hinted at. */
  readonly certificates: Array<Text> = [];
  readonly entries: Array<Entry> = [];
  /** DER of each, for `Timestamp.read`. */
  readonly timestamps: Array<Text> = [];

  private constructor() {}

  static read(json: Text): Result<Bundle> {
    const document = readEmbedded(json);
    if (document.error != JsonError.None) {
      const detail = new Builder().ascii("its bundle is not JSON: ").text(document.errorText());
      return Result.failure<Bundle>(new Failure(Code.BundleMalformed, detail.view()));
    }
    const type = textAt(document, 0, "mediaType");
    const version = type ? versionOf(type) : 0;
    if (version == 0) {
      const detail = "its bundle is of no version that is read here: 0.1, 0.2 or 0.3";
      return Result.fail<Bundle>(Code.BundleVersion, detail);
    }
    const bundle = new Bundle();
    const material = document.field(0, "verificationMaterial");
    let failure = bundle.readContent(document);
    if (!failure) failure = bundle.readSigner(document, material, version);
    if (!failure) failure = bundle.readEntries(document, material, version);
    if (!failure) failure = bundle.readTimestamps(document, material);
    if (!failure && document.twice != NONE) failure = malformed("has a key twice");
    if (!failure && !isAllAsked(document, 0)) failure = malformed("has a field that is not known");
    return failure ? Result.failure<Bundle>(failure) : Result.ok(bundle);
  }

  /** An envelope, or a signature beside its message's digest. */
  private readContent(document: Document): Failure | null {
    const isEnvelope = has(document, 0, "dsseEnvelope");
    if (isEnvelope == has(document, 0, "messageSignature")) {
      return malformed("must have either an envelope or a signature");
    }
    if (isEnvelope) {
      const envelope = Envelope.read(document, document.field(0, "dsseEnvelope"));
      if (!envelope) return malformed("has no envelope with one signature");
      this.envelope = envelope;
      this.signature = envelope.signature;
      return null;
    }
    const message = document.field(0, "messageSignature");
    const signature = bytesAt(document, message, "signature");
    const digest = Digest.read(document, document.field(message, "messageDigest"));
    if (!signature || !digest) return malformed("has no signature of a SHA-2 digest");
    this.signature = signature;
    this.digest = digest;
    return null;
  }

  /** A hint at a key, a certificate or, up to version 0.2, a chain of them. */
  private readSigner(document: Document, material: i32, version: i32): Failure | null {
    const chain = document.field(material, "x509CertificateChain");
    const certificate = document.field(material, "certificate");
    const key = document.field(material, "publicKey");
    const isKey = document.kind(key) == Kind.Object;
    const isCertificate = document.kind(certificate) == Kind.Object;
    const isChain = document.kind(chain) == Kind.Object;
    const isOne = isKey ? !isCertificate && !isChain : isCertificate != isChain;
    if (!isOne)
      return malformed("must have one of a certificate, a chain of them, and a key's hint");
    document.field(key, "hint");
    if (isKey) return null;
    if (isCertificate) return this.addCertificate(document, certificate);
    if (version > 2) return malformed("of version 0.3 may not have a chain of certificates");
    const list = document.field(chain, "certificates");
    if (document.kind(list) != Kind.Array || document.ends(list + 1)) return noCertificate();
    for (let at = list + 1; !document.ends(at); at = document.next(at)) {
      const failure = this.addCertificate(document, at);
      if (failure) return failure;
    }
    return null;
  }

  private addCertificate(document: Document, certificate: i32): Failure | null {
    const der = bytesAt(document, certificate, "rawBytes");
    if (!der) return noCertificate();
    if (this.certificates.push(der) <= CHAIN_CERTIFICATES + 1) return null;
    return Failure.of(Code.TooManyCertificates, "its chain has more than 8 certificates");
  }

  /** Version 0.1 must have the log's promise, later ones the proof. */
  private readEntries(document: Document, material: i32, version: i32): Failure | null {
    const list = document.field(material, "tlogEntries");
    if (document.kind(list) != Kind.Array) {
      return document.kind(list) == Kind.Null ? null : malformed("has no list of log entries");
    }
    for (let at = list + 1; !document.ends(at); at = document.next(at)) {
      const read = Entry.read(document, at);
      if (read.failure) return read.failure;
      const entry = read.value!;
      if (version == 1 ? !entry.hasPromise : !entry.hasProof) {
        return Failure.of(
          Code.LogProofMissing,
          version == 1
            ? "its log entry comes without its log's promise to hold it"
            : "its log entry comes without the proof that it is in its log",
        );
      }
      if (this.entries.push(entry) > LOG_ENTRIES) return malformed("has more than 8 log entries");
    }
    return null;
  }

  private readTimestamps(document: Document, material: i32): Failure | null {
    const data = document.field(material, "timestampVerificationData");
    const list = document.field(data, "rfc3161Timestamps");
    if (document.kind(list) != Kind.Array) {
      return document.kind(list) == Kind.Null ? null : malformed("has no list of timestamps");
    }
    for (let at = list + 1; !document.ends(at); at = document.next(at)) {
      const der = bytesAt(document, at, "signedTimestamp");
      if (!der) return malformed("has a timestamp that is not base64");
      if (this.timestamps.push(der) > TIMESTAMPS) {
        return malformed("has more than 8 timestamps");
      }
    }
    return null;
  }
}

/** Its minor version, 1 to 3, by either way to write its type; 0 if it is something else. */
function versionOf(type: Text): i32 {
  const isFormer = type.startsWith("application/vnd.dev.sigstore.bundle+json;version=0.");
  const isLater = type.startsWith("application/vnd.dev.sigstore.bundle.v0.");
  const minor = type.at(isFormer ? 51 : 39) - 0x30;
  const isWhole = isFormer
    ? type.length == 52
    : isLater && type.length == 45 && type.hasAt(40, "+json");
  return isWhole && minor <= 3 && minor > 0 ? minor : 0;
}

function noCertificate(): Failure {
  return malformed("has no certificate where one must be");
}

function malformed(what: string): Failure {
  return new Failure(Code.BundleMalformed, new Builder().ascii("its bundle ").ascii(what).view());
}
