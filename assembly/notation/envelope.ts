import { Code, Failure, Result } from "../failure";
import { ENVELOPE_BYTES } from "../limits";
import { Text } from "../sdk";
import { readingCost, tooMuchWork, Work } from "../work";
import { readCose } from "./cose";
import { Headers } from "./headers";
import { readJws } from "./jws";

const JWS = "application/jose+json";
const COSE = "application/cose";

/** Whether envelopes have this media type. */
export function isEnvelopeType(mediaType: Text): bool {
  return mediaType.is(JWS) || mediaType.is(COSE);
}

/** A signature of Notation's as it was read, be it JWS or COSE: nothing of it is proven. */
export class Envelope {
  constructor(
    readonly headers: Headers,
    /** What is signed: the headers and the payload. */
    readonly signed: Text,
    readonly signature: Text,
    /** DER of certificates: the signer's, and after each the one of its issuer. */
    readonly chain: Array<Text>,
    readonly payload: Text,
  ) {}

  /** @param mediaType one that is an envelope's */
  static read(mediaType: Text, bytes: Text, work: Work): Result<Envelope> {
    const isJws = mediaType.is(JWS);
    if (bytes.length > ENVELOPE_BYTES) {
      const detail = "its signature has more than 256 KiB";
      return Result.fail<Envelope>(Code.EnvelopeTooLarge, detail);
    }
    if (!work.spend(readingCost(bytes.length))) return Result.failure<Envelope>(tooMuchWork());
    const envelope = isJws ? readJws(bytes) : readCose(bytes);
    if (!envelope) {
      const detail = isJws
        ? "its signature is no JWS of Notation's"
        : "its signature is no COSE_Sign1 of Notation's";
      return Result.fail<Envelope>(Code.EnvelopeMalformed, detail);
    }
    const failure: Failure | null = envelope.headers.failure();
    return failure ? Result.failure<Envelope>(failure) : Result.ok<Envelope>(envelope);
  }
}
