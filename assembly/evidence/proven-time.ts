import { Code, Failure, Result } from "../failure";
import { Text } from "../sdk";
import { LogKey } from "../trust/log-key";
import { Candidate } from "./candidate";
import { Inquiry } from "./inquiry";

/** When a signature was made, in seconds since 1970: as a log proves it or, for want of one, now. */
export class Moment {
  constructor(readonly instant: i64) {}
}

/**
 * The time at which a log has had the signature. Its entry must be about this payload, this signature and one of these
 * keys, all of it.
 *
 * @param keys DER of what the entry may name as the signer's key: a SubjectPublicKeyInfo, or a certificate
 * @param required whether there must be an entry; if not, one of a trusted log must still be good
 */
export function provenTime(
  candidate: Candidate,
  keys: Array<Text>,
  logs: Array<LogKey>,
  required: bool,
  inquiry: Inquiry,
): Result<Moment> {
  if (!candidate.hasEntry) {
    if (!required) return Result.ok(new Moment(inquiry.now()));
    return Result.fail<Moment>(
      Code.LogEntryMissing,
      "its signature has no entry of a transparency log",
    );
  }
  const read = candidate.entry(logs, inquiry.work);
  const entry = read.value;
  if (!entry) {
    const failure = read.failure!;
    if (!required && failure.code == Code.LogUnknown) return Result.ok(new Moment(inquiry.now()));
    return Result.failure<Moment>(failure);
  }
  const signature = candidate.signature().value!;
  let failure: Failure | null = null;
  for (let i = 0; i < keys.length; i++) {
    failure = entry.names(candidate.layer.digest, signature, keys[i]);
    if (!failure) return Result.ok(new Moment(entry.time));
  }
  return Result.failure<Moment>(failure!);
}
