import { Hash } from "../crypto/hash";
import { VerificationKey } from "../crypto/key";
import { Code, Failure } from "../failure";
import { Builder, Text } from "../sdk";
import { numberOf } from "../sigstore/protobuf";
import { LogKey } from "../trust/log-key";
import { CHECK, readingCost, tooMuchWork, Work } from "../work";

/**
 * What a log promises of an entry with its signature, the signed entry timestamp: that it has this body since this
 * time. It is the one thing that a log says of a time and signs.
 */
export class InclusionPromise {
  /** When the log took the entry, in seconds since 1970. */
  readonly time: i64;
  /** The entry in canonical JSON (RFC 8785). */
  private readonly signed: Text;

  /**
   * @param body the entry's, in base64
   * @param time and `index` of the entry in the log, in digits
   * @param logId 64 hex digits
   */
  constructor(
    body: Text,
    time: Text,
    logId: Text,
    index: Text,
    private readonly signature: Text,
  ) {
    this.time = numberOf(time);
    const signed = new Builder(2048).ascii('{"body":').json(body);
    signed.ascii(',"integratedTime":').text(time).ascii(',"logID":').json(logId);
    this.signed = signed.ascii(',"logIndex":').text(index).byte(0x7d).view();
  }

  /** Why the log with this key has not made the promise, at a time when it signed with the key; null if it has. */
  verify(log: LogKey, work: Work): Failure | null {
    const outside = log.failureAt(this.time);
    if (outside) return outside;
    // SHA-256, unless the key is of a kind that has a hash of its own.
    const key = VerificationKey.parse(log.spki);
    if (!work.spend(key.cost * CHECK + readingCost(this.signed.length))) return tooMuchWork();
    if (key.verifies(Hash.Sha256, this.signed, this.signature)) return null;
    return Failure.of(Code.LogSignatureInvalid, "its log entry is not signed by the log it names");
  }
}
