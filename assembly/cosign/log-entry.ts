import { decodeBase64 } from "../crypto/base64";
import { Hash } from "../crypto/hash";
import { VerificationKey } from "../crypto/key";
import { Code, Failure, Result } from "../failure";
import { isIdentifier } from "../image/digest";
import { Builder, Document, JsonError, Kind, NONE, Text } from "../sdk";
import { LogKey } from "../trust/log-key";
import { CHECK, readingCost, tooMuchWork, Work } from "../work";
import { HashedRekord } from "./hashed-rekord";
import { readEmbedded } from "./embedded";

/** Digits of a number that is the same in every reader: below 2^53. */
const MOST_DIGITS = 15;

/**
 * An entry of a transparency log as cosign keeps it beside a signature, Rekor's bundle:
 *
 *     {"SignedEntryTimestamp": base64,
 *      "Payload": {"body": base64, "integratedTime": seconds, "logIndex": n, "logID": hex}}
 *
 * The log promises with its signature that it has the body since `integratedTime`. That is worth something only with
 * both `verify`, that it is a trusted log who says so, and `names`, that it says so of this signature.
 */
export class LogEntry {
  /** What the body says, once it has been read. */
  private about: Result<HashedRekord> | null = null;

  private constructor(
    /** When the log took it, in seconds since 1970. */
    readonly time: i64,
    /** 64 hex digits: the SHA-256 of the log's key. */
    private readonly logId: Text,
    /** What the log signed: its payload in canonical JSON (RFC 8785). */
    private readonly signed: Text,
    private readonly signature: Text,
    private readonly body: Text,
  ) {}

  /** Reads a bundle. */
  static read(bundle: Text): Result<LogEntry> {
    const document = readEmbedded(bundle);
    const timestamp = base64At(document, document.field(0, "SignedEntryTimestamp"));
    const payload = document.field(0, "Payload");
    const bodyAt = document.field(payload, "body");
    const body = base64At(document, bodyAt);
    const time = numberAt(document, document.field(payload, "integratedTime"));
    const index = numberAt(document, document.field(payload, "logIndex"));
    const idAt = document.field(payload, "logID");
    if (document.error != JsonError.None || document.twice != NONE) return malformed();
    if (!timestamp || !body || !time || !index || document.kind(idAt) != Kind.String) {
      return malformed();
    }
    const id = document.text(idAt);
    if (!isIdentifier(id)) return malformed();
    const signed = new Builder(2048);
    signed.ascii('{"body":').json(document.text(bodyAt));
    signed.ascii(',"integratedTime":').text(time);
    signed.ascii(',"logID":').json(id);
    signed.ascii(',"logIndex":').text(index).byte(0x7d);
    return Result.ok<LogEntry>(new LogEntry(numberOf(time), id, signed.view(), timestamp, body));
  }

  /** Why no log with one of these keys made this promise, at a time when it signed with that key; null if one did. */
  verify(keys: Array<LogKey>, work: Work): Failure | null {
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i];
      if (new Builder().hex(key.id).view().same(this.logId)) return this.verifyWith(key, work);
    }
    const detail = new Builder().ascii("its log entry is of a log that is not trusted: ");
    return new Failure(Code.LogUnknown, detail.text(this.logId).view());
  }

  private verifyWith(key: LogKey, work: Work): Failure | null {
    if (!key.window.holds(this.time)) {
      const detail = new Builder().ascii("the key of its log ");
      key.window.writeMiss(detail, this.time);
      return new Failure(Code.LogKeyExpired, detail.view());
    }
    // SHA-256, unless the key is of a kind that has a hash of its own.
    const verifier = VerificationKey.parse(key.spki);
    if (!work.spend(verifier.cost * CHECK + readingCost(this.signed.length))) return tooMuchWork();
    if (verifier.verifies(Hash.Sha256, this.signed, this.signature)) return null;
    return Failure.of(Code.LogSignatureInvalid, "its log entry is not signed by the log it names");
  }

  /**
   * Why the entry is not about this payload's digest (`sha256:…`), this very signature, and this very key: the DER of
   * the signer's certificate or, if there is none, of the SubjectPublicKeyInfo. Null if it is.
   */
  names(payloadDigest: Text, signature: Text, key: Text): Failure | null {
    const known = this.about;
    const read = known ? known : HashedRekord.read(this.body);
    this.about = read;
    const entry = read.value;
    if (!entry) return read.failure;
    if (!entry.digest.same(payloadDigest)) {
      return Failure.of(
        Code.LogEntryPayload,
        "its log entry is about something else that was signed",
      );
    }
    if (!entry.signature.same(signature)) {
      return Failure.of(Code.LogEntrySignature, "its log entry is about another signature");
    }
    if (entry.key.same(key)) return null;
    return Failure.of(Code.LogEntryKey, "its log entry is about a signature by another key");
  }
}

function malformed(): Result<LogEntry> {
  return Result.fail<LogEntry>(Code.LogEntryMalformed, "its log entry makes no sense");
}

/** Bytes of a string that is base64; null if it is not, or empty. */
function base64At(document: Document, value: i32): Text | null {
  if (document.kind(value) != Kind.String) return null;
  const bytes = decodeBase64(document.text(value));
  return bytes && bytes.length > 0 ? bytes : null;
}

/** The digits of a number that is whole and not negative, as RFC 8785 has it; null if it is something else. */
function numberAt(document: Document, value: i32): Text | null {
  if (document.kind(value) != Kind.Number) return null;
  const digits = document.raw(value);
  if (digits.length > MOST_DIGITS) return null;
  for (let i = 0; i < digits.length; i++) {
    if (digits.at(i) < 0x30 || digits.at(i) > 0x39) return null;
  }
  return digits;
}

function numberOf(digits: Text): i64 {
  let number: i64 = 0;
  for (let i = 0; i < digits.length; i++) number = number * 10 + digits.at(i) - 0x30;
  return number;
}
