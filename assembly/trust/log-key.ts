import { sha256 } from "../crypto/sha256";
import { Code, Failure } from "../failure";
import { Builder, Text } from "../sdk";
import { Window } from "../time/window";

/** A key that a transparency log signs its entries with. */
export class LogKey {
  /** What entries call the log: 32 bytes. */
  readonly id: Text;

  constructor(
    /** DER of the SubjectPublicKeyInfo. */
    readonly spki: Text,
    /** When the log signed with it. */
    readonly window: Window,
    /** Null for the SHA-256 of the key's DER (RFC 6962 §3.2), which it is for every key but those of Ed25519. */
    id: Text | null = null,
  ) {
    this.id = id ? id : sha256(spki);
  }

  /** Why what it signed at a time, in seconds since 1970, counts for nothing; null if it counts. */
  failureAt(time: i64): Failure | null {
    if (this.window.holds(time)) return null;
    const detail = new Builder().ascii("the key of its log ");
    this.window.writeMiss(detail, time);
    return new Failure(Code.LogKeyExpired, detail.view());
  }
}

/** The first key of the log with this ID, 64 hex digits; null if it is no trusted one's. */
export function findLog(keys: Array<LogKey>, id: Text): LogKey | null {
  for (let i = 0; i < keys.length; i++) {
    if (new Builder().hex(keys[i].id).view().same(id)) return keys[i];
  }
  return null;
}

/** Why an entry of a log with this ID, 64 hex digits, counts for nothing. */
export function unknownLog(id: Text): Failure {
  const detail = new Builder().ascii("its log entry is of a log that is not trusted: ");
  return new Failure(Code.LogUnknown, detail.text(id).view());
}
