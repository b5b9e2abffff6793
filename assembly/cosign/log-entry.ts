import { Code, Failure, Result } from "../failure";
import { isIdentifier } from "../image/digest";
import { Document, JsonError, Kind, NONE, Text } from "../sdk";
import { EntryBody } from "../rekor/entry-body";
import { InclusionPromise } from "../rekor/inclusion-promise";
import { asDigits, bytesAt, textAt } from "../sigstore/protobuf";
import { findLog, LogKey, unknownLog } from "../trust/log-key";
import { Work } from "../work";
import { readEmbedded } from "./embedded";

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
  private about: Result<EntryBody> | null = null;

  private constructor(
    private readonly promise: InclusionPromise,
    /** 64 hex digits. */
    private readonly logId: Text,
    private readonly body: Text,
  ) {}

  /** When the log took it, in seconds since 1970. */
  get time(): i64 {
    return this.promise.time;
  }

  /** Reads a bundle. */
  static read(bundle: Text): Result<LogEntry> {
    const document = readEmbedded(bundle);
    const timestamp = bytesAt(document, 0, "SignedEntryTimestamp");
    const payload = document.field(0, "Payload");
    const body = bytesAt(document, payload, "body");
    const bodyText = textAt(document, payload, "body");
    const time = numberAt(document, payload, "integratedTime");
    const index = numberAt(document, payload, "logIndex");
    const id = textAt(document, payload, "logID");
    if (document.error != JsonError.None || document.twice != NONE) return malformed();
    if (!timestamp || !body || !bodyText || !time || !index || !id || !isIdentifier(id)) {
      return malformed();
    }
    const promise = new InclusionPromise(bodyText, time, id, index, timestamp);
    return Result.ok<LogEntry>(new LogEntry(promise, id, body));
  }

  /** Why no log with one of these keys made this promise, at a time when it signed with that key; null if one did. */
  verify(keys: Array<LogKey>, work: Work): Failure | null {
    const log = findLog(keys, this.logId);
    return log ? this.promise.verify(log, work) : unknownLog(this.logId);
  }

  /** Why the entry is not about this payload's digest, signature and key, as `EntryBody.names` has it; null if it is. */
  names(payloadDigest: Text, signature: Text, key: Text): Failure | null {
    const known = this.about;
    const read = known
      ? known
      : EntryBody.read(this.body, Text.of("hashedrekord"), Text.of("0.0.1"));
    this.about = read;
    return read.value ? read.value!.names(payloadDigest, signature, key) : read.failure;
  }
}

function malformed(): Result<LogEntry> {
  return Result.fail<LogEntry>(Code.LogEntryMalformed, "its log entry makes no sense");
}

/** The digits of a number; null if it is something else. */
function numberAt(document: Document, object: i32, name: string): Text | null {
  const value = document.field(object, name);
  return document.kind(value) == Kind.Number ? asDigits(document.raw(value)) : null;
}
