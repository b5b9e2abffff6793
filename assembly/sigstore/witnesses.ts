import { Hash } from "../crypto/hash";
import { Code, Failure, Result } from "../failure";
import { EntryBody } from "../rekor/entry-body";
import { Text } from "../sdk";
import { Timestamp } from "../timestamp/timestamp";
import { TimestampAuthority } from "../timestamp/timestamp-authority";
import { findLog, LogKey, unknownLog } from "../trust/log-key";
import { readingCost, tooMuchWork, Work } from "../work";
import { Bundle } from "./bundle";
import { Digest } from "./digest";

/** Whose word on a signature counts. */
export class TrustedWitnesses {
  constructor(
    readonly logs: Array<LogKey>,
    readonly authorities: Array<TimestampAuthority>,
  ) {}
}

/** What witnesses there must be: flags. */
export const enum Need {
  Nothing = 0,
  /** An entry of a trusted log. */
  Log = 1,
  /** Somebody who says when it was. */
  Time = 2,
}

/** Who else has seen a bundle's signature, and when: logs and authorities of time, their word verified. */
export class Witnesses {
  /** In seconds since 1970, each signed by a witness. */
  readonly times: Array<i64> = [];
  /** Of trusted logs; what they say is not yet known to be about the signature. */
  private readonly entries: Array<EntryBody> = [];
  /** Logs whose word has no time. */
  private readonly timeless: Array<LogKey> = [];
  /** Why an entry was passed over; null if none was. */
  private unknown: Failure | null = null;

  private constructor(private readonly bundle: Bundle) {}

  /**
   * Verifies all that trusted logs and authorities say in a bundle; the first failure if not all of it is good. Entries of
   * other logs are passed over. Timestamps are, too, if nobody is trusted for them; else each must be by somebody who is.
   *
   * @param now for what has no time: whether the log's key is still in use
   */
  static of(bundle: Bundle, trusted: TrustedWitnesses, now: i64, work: Work): Result<Witnesses> {
    const witnesses = new Witnesses(bundle);
    let failure: Failure | null = null;
    const authorities = trusted.authorities;
    if (authorities.length > 0) failure = witnesses.addTimestamps(authorities, work);
    if (!failure) failure = witnesses.addEntries(trusted.logs, work);
    if (!failure) failure = witnesses.timelessFailure(now);
    return failure ? Result.failure<Witnesses>(failure) : Result.ok(witnesses);
  }

  /** Why they are not about a signature by one of these keys, or not those that are needed; null if they are. */
  refuse(keys: Array<Text>, needs: Need): Failure | null {
    for (let i = 0; i < this.entries.length; i++) {
      const failure = this.failureOf(this.entries[i], keys);
      if (failure) return failure;
    }
    if ((needs & Need.Log) != 0 && this.entries.length == 0) {
      const unknown = this.unknown;
      if (unknown) return unknown;
      return Failure.of(Code.LogEntryMissing, "its signature has no entry of a transparency log");
    }
    if ((needs & Need.Time) == 0 || this.times.length > 0) return null;
    return Failure.of(
      Code.TimeUnproven,
      "neither a log nor an authority of time says when its signature was made",
    );
  }

  private addTimestamps(authorities: Array<TimestampAuthority>, work: Work): Failure | null {
    const stamps = this.bundle.timestamps;
    for (let i = 0; i < stamps.length; i++) {
      if (!work.spend(readingCost(stamps[i].length))) return tooMuchWork();
      const read = Timestamp.read(stamps[i]);
      const timestamp = read.value;
      if (!timestamp) return read.failure;
      const failure = timestamp.verify(this.bundle.signature, authorities, work);
      if (failure) return failure;
      this.times.push(timestamp.time);
    }
    return null;
  }

  private addEntries(logs: Array<LogKey>, work: Work): Failure | null {
    const entries = this.bundle.entries;
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i];
      const log = findLog(logs, entry.logId);
      if (!log) {
        this.unknown = unknownLog(entry.logId);
        continue;
      }
      const failure = entry.verify(log, work);
      if (failure) return failure;
      const body = entry.body();
      if (body.failure) return body.failure;
      this.entries.push(body.value!);
      if (entry.hasPromise) this.times.push(entry.time);
      else this.timeless.push(log);
    }
    return null;
  }

  /** Why a log's key was not in use at a time that another witness proves or, if none does, now; null if all were. */
  private timelessFailure(now: i64): Failure | null {
    const times = this.times.length > 0 ? this.times : [now];
    for (let i = 0; i < this.timeless.length; i++) {
      for (let k = 0; k < times.length; k++) {
        const failure = this.timeless[i].failureAt(times[k]);
        if (failure) return failure;
      }
    }
    return null;
  }

  /** Why an entry is not about this signature by one of these keys; null if it is. */
  private failureOf(entry: EntryBody, keys: Array<Text>): Failure | null {
    const digest = this.loggedDigest(entry);
    if (!digest) {
      return Failure.of(
        Code.LogEntryKind,
        "its log entry is of a kind that is not for what was signed",
      );
    }
    let failure: Failure | null = null;
    for (let i = 0; i < keys.length; i++) {
      failure = entry.names(digest.text, this.bundle.signature, keys[i]);
      if (!failure) return null;
    }
    return failure;
  }

  /** The digest that an entry must have; null if no entry of its kind is for this. */
  private loggedDigest(entry: EntryBody): Digest | null {
    const envelope = this.bundle.envelope;
    if (!envelope) return entry.isEnvelope ? null : this.bundle.digest;
    if (entry.isEnvelope) return Digest.of(Hash.Sha256, envelope.payload);
    // Rekor 2 may not be told of envelopes: its entry is about the encoding that was signed.
    return entry.isSecond ? Digest.of(entry.hash, envelope.encoding) : null;
  }
}
