import { Der, Tag } from "../crypto/der";
import { Hash, hashBytes } from "../crypto/hash";
import { Code, Failure, Result } from "../failure";
import { Builder, Text } from "../sdk";
import { digits, instantBehind, NO_INSTANT } from "../time/instant";
import { CHECK, readingCost, tooMuchWork, Work } from "../work";
import { isNumber, readHash, SignedData } from "./signed-data";
import { TimestampAuthority } from "./timestamp-authority";

/** What an authority of time says of a signature: that it was there at a time (RFC 3161). */
export class Timestamp {
  private constructor(
    /** In seconds since 1970: fractions are cut off. */
    readonly time: i64,
    /** What was stamped, hashed. */
    private readonly hash: Hash,
    private readonly digest: Text,
    private readonly data: SignedData,
  ) {}

  /** Reads a TimeStampResp (§2.4.2) that was granted. */
  static read(der: Text): Result<Timestamp> {
    const outer = new Der(der);
    const response = outer.enter(Tag.Sequence);
    const status = response.enter(Tag.Sequence).read(Tag.Integer);
    const token = response.enter(Tag.Sequence);
    // Granted, or so with modifications.
    const isGranted = status.length == 1 && status.at(0) <= 1;
    const data = outer.done && response.done && isGranted ? SignedData.read(token) : null;
    if (!data) return malformed();
    return Timestamp.ofData(data);
  }

  /** Reads the TSTInfo (§2.4.2) in a token. */
  private static ofData(data: SignedData): Result<Timestamp> {
    const outer = new Der(data.content);
    const info = outer.enter(Tag.Sequence);
    const version = info.read(Tag.Integer);
    info.read(Tag.Oid);
    const imprint = info.enter(Tag.Sequence);
    const hash = readHash(imprint);
    const digest = imprint.read(Tag.OctetString);
    info.read(Tag.Integer);
    const time = parseTime(info.read(Tag.GeneralizedTime));
    info.skip(Tag.Sequence);
    info.flag();
    info.skip(Tag.Integer);
    info.skip(Tag.Constructed0);
    info.skip(Tag.Constructed1);
    const isFirst = isNumber(version, 1);
    if (!outer.done || !info.done || !imprint.done || !isFirst || hash < 0 || time == NO_INSTANT) {
      return malformed();
    }
    return Result.ok(new Timestamp(time, <Hash>hash, digest, data));
  }

  /** Why none of these authorities says so of this signature, at a time when it was trusted; null if one does. */
  verify(signature: Text, authorities: Array<TimestampAuthority>, work: Work): Failure | null {
    if (!work.spend(readingCost(signature.length))) return tooMuchWork();
    if (!hashBytes(this.hash, signature).same(this.digest)) {
      return Failure.of(Code.TimestampSignature, "its timestamp is of another signature");
    }
    let failure: Failure | null = null;
    for (let i = 0; i < authorities.length; i++) {
      if (!authorities[i].isCalled(this.data.issuer, this.data.serial)) continue;
      failure = this.verifyBy(authorities[i], work);
      if (!failure || failure.code == Code.TooManyChecks) return failure;
    }
    return failure
      ? failure
      : Failure.of(
          Code.TimestampUnknown,
          "its timestamp is of an authority that is not trusted here",
        );
  }

  private verifyBy(authority: TimestampAuthority, work: Work): Failure | null {
    const key = authority.key;
    if (!work.spend(key.cost * CHECK + readingCost(this.data.size))) return tooMuchWork();
    if (!this.data.isSignedBy(key)) {
      return Failure.of(
        Code.TimestampInvalid,
        "its timestamp is not signed by the authority it names",
      );
    }
    const failure = authority.verifyAt(this.time, work);
    if (!failure || failure.code == Code.TooManyChecks) return failure;
    const detail = new Builder().ascii("the authority of its timestamp is not to be relied on: ");
    return new Failure(Code.TimestampUntrusted, detail.text(failure.detail).view());
  }
}

/** `20261122080000Z`, with fractions of a second perhaps, in seconds since 1970; NO_INSTANT if it is something else. */
function parseTime(text: Text): i64 {
  const end = text.length - 1;
  if (end < 14 || text.at(end) != 0x5a) return NO_INSTANT;
  if (end > 14) {
    if (text.at(14) != 0x2e || end == 15) return NO_INSTANT;
    for (let i = 15; i < end; i++) if (digits(text, i, 1) < 0) return NO_INSTANT;
  }
  const year = digits(text, 0, 4);
  return year < 0 ? NO_INSTANT : instantBehind(year, text, 4);
}

function malformed(): Result<Timestamp> {
  return Result.fail<Timestamp>(
    Code.TimestampMalformed,
    "its timestamp cannot be read: it must be an answer of RFC 3161 with SHA-2, signed by one",
  );
}
