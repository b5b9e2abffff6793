import { Code, Failure } from "../failure";
import { Builder, Text } from "../sdk";
import { NO_INSTANT } from "../time/instant";
import { Algorithm } from "./algorithm";

/** Names that the Notary Project gives to headers begin so. */
export const RESERVED = "io.cncf.notary.";

export const SIGNING_SCHEME = "io.cncf.notary.signingScheme";
export const SIGNING_TIME = "io.cncf.notary.signingTime";
export const EXPIRY = "io.cncf.notary.expiry";

/** Headers that an envelope may have, those that are signed and the others each. */
export const MOST_HEADERS = 64;

const PAYLOAD_TYPE = "application/vnd.cncf.notary.payload.v1+json";

/**
 * What is signed beside the payload (Notary Project signature specification, Signed Attributes), as JWS and COSE
 * alike say it.
 */
export class Headers {
  algorithm: Algorithm = Algorithm.None;
  contentType: Text | null = null;
  scheme: Text | null = null;
  /** NO_INSTANT if it is not there, or no time. */
  signingTime: i64 = NO_INSTANT;
  hasExpiry: bool = false;
  expiry: i64 = NO_INSTANT;
  /** Names of headers that a verifier must understand; empty if they are not said as they must be. */
  critical: Array<Text> = [];
  /** A header with a name of the Notary Project's that is not known here. */
  unknown: Text | null = null;

  /** Notes one of the headers, if its name says that more is asked for than is known. */
  note(name: Text): void {
    if (!name.startsWith(RESERVED)) return;
    if (!name.is(SIGNING_SCHEME) && !name.is(SIGNING_TIME) && !name.is(EXPIRY)) this.unknown = name;
  }

  /** Why they do not make a signature that is understood here; null if they do. */
  failure(): Failure | null {
    const type = this.contentType;
    if (!type || !type.is(PAYLOAD_TYPE)) {
      return Failure.of(Code.EnvelopePayload, "its signature is not of a Notation payload");
    }
    const scheme = this.scheme;
    if (!scheme || !scheme.is("notary.x509")) {
      const detail = "its signature is not by the signing scheme notary.x509";
      return Failure.of(Code.EnvelopeScheme, detail);
    }
    if (this.algorithm == Algorithm.None) {
      const detail = "its signature is by an unsupported algorithm: it must be PS or ES with SHA-2";
      return Failure.of(Code.EnvelopeAlgorithm, detail);
    }
    if (this.signingTime == NO_INSTANT) return time("its signature does not say when it was made");
    if (this.hasExpiry && this.expiry <= this.signingTime) {
      return time("its signature expires at no time after it was made");
    }
    return this.criticalFailure();
  }

  /** Each of the headers that must be critical is named once, and no other is: it would not be obeyed here. */
  private criticalFailure(): Failure | null {
    const unknown = this.unknown;
    if (unknown) return notUnderstood(unknown);
    let schemes = 0;
    let expiries = 0;
    for (let i = 0; i < this.critical.length; i++) {
      const name = this.critical[i];
      if (name.is(SIGNING_SCHEME)) schemes++;
      else if (name.is(EXPIRY) && this.hasExpiry) expiries++;
      else return notUnderstood(name);
    }
    if (schemes == 1 && expiries == (this.hasExpiry ? 1 : 0)) return null;
    const detail = "its signature does not mark as critical what must be";
    return Failure.of(Code.EnvelopeCritical, detail);
  }
}

function time(detail: string): Failure {
  return Failure.of(Code.EnvelopeTime, detail);
}

function notUnderstood(name: Text): Failure {
  const detail = new Builder().ascii("its signature demands what is not understood here: ");
  return new Failure(Code.EnvelopeCritical, detail.plain(name, 64).view());
}
