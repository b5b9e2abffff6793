import { Der, Tag } from "../crypto/der";
import { VerificationKey } from "../crypto/key";
import { Code, Result } from "../failure";
import { Text } from "../sdk";
import { digits, instantBehind, NO_INSTANT } from "../time/instant";
import { Window } from "../time/window";
import { Algorithm } from "./algorithm";
import { Extensions } from "./extensions";

/** A certificate of X.509 version 3 (RFC 5280 §4.1), as it was read: nothing of it is proven yet. */
export class X509 {
  private parsedKey: VerificationKey | null = null;
  /** A key that has been found to have signed it. */
  private signer: VerificationKey | null = null;

  private constructor(
    /** All of it. */
    readonly der: Text,
    /** What is signed. */
    private readonly tbs: Text,
    private readonly algorithm: Algorithm,
    private readonly signature: Text,
    /** Its number among those of its issuer: the contents of an INTEGER. */
    readonly serial: Text,
    /** Names in DER: equal if their bytes are. */
    readonly issuer: Text,
    readonly subject: Text,
    /** From `notBefore` up to and including `notAfter`. */
    readonly validity: Window,
    /** The SubjectPublicKeyInfo. */
    readonly spki: Text,
    readonly extensions: Extensions,
  ) {}

  /**
   * Reads the DER of one certificate. Only version 3 says what a certificate is for, so others are refused, and so
   * are the unique identifiers of version 2, which no CA may write (§4.1.2.8).
   */
  static parse(der: Text): Result<X509> {
    const outer = new Der(der);
    const certificate = outer.enter(Tag.Sequence);
    const tbs = certificate.whole(Tag.Sequence);
    const algorithmDer = certificate.whole(Tag.Sequence);
    const signature = certificate.read(Tag.BitString);
    if (!outer.done || !certificate.done || signature.length == 0 || signature.at(0) != 0) {
      return malformed("the certificate's DER is broken");
    }
    const fields = new Der(tbs).enter(Tag.Sequence);
    const version = fields.enter(Tag.Constructed0);
    const number = version.read(Tag.Integer);
    if (!version.done || number.length != 1 || number.at(0) != 2) {
      return malformed("the certificate is not one of X.509 version 3");
    }
    const serial = fields.read(Tag.Integer);
    const signedAlgorithm = fields.whole(Tag.Sequence);
    const issuer = fields.whole(Tag.Sequence);
    const validity = fields.enter(Tag.Sequence);
    const from = readTime(validity);
    const until = readTime(validity);
    const subject = fields.whole(Tag.Sequence);
    const spki = fields.whole(Tag.Sequence);
    const wrapped = fields.enter(Tag.Constructed3);
    const list = wrapped.enter(Tag.Sequence);
    // An issuer always has a name (§4.1.2.4): it must not be any CA without one.
    const isAnonymous = issuer.length == 2;
    if (!fields.done || !wrapped.done || isAnonymous || !signedAlgorithm.same(algorithmDer)) {
      return malformed("the certificate's DER is broken");
    }
    if (!validity.done || from == NO_INSTANT || until == NO_INSTANT) {
      return malformed("the certificate's validity is broken");
    }
    const algorithm = Algorithm.parse(algorithmDer);
    if (!algorithm) {
      const detail =
        "the certificate is signed in an unsupported way: it must be ECDSA or RSA with SHA-2, or Ed25519";
      return Result.fail<X509>(Code.CertificateAlgorithm, detail);
    }
    const extensions = new Extensions();
    const failure = extensions.read(list);
    if (failure) return Result.failure<X509>(failure);
    return Result.ok(
      new X509(
        der,
        tbs,
        algorithm,
        signature.slice(1),
        serial,
        issuer,
        subject,
        new Window(from, until),
        spki,
        extensions,
      ),
    );
  }

  /** The holder's key, read when it is first asked for. */
  get key(): VerificationKey {
    let key = this.parsedKey;
    if (!key) {
      key = VerificationKey.parse(this.spki);
      this.parsedKey = key;
    }
    return key;
  }

  /** Whether it names itself as its issuer, as roots do. */
  get isSelfIssued(): bool {
    return this.issuer.same(this.subject);
  }

  /** Whether this key signed the certificate. */
  isSignedBy(key: VerificationKey): bool {
    if (this.signer == key) return true;
    if (!this.algorithm.verifies(key, this.tbs, this.signature)) return false;
    this.signer = key;
    return true;
  }
}

/** Reads the DER of each, in order; the first failure if one is broken. */
export function parseAll(ders: Array<Text>): Result<Array<X509>> {
  const certificates: Array<X509> = [];
  for (let i = 0; i < ders.length; i++) {
    const parsed = X509.parse(ders[i]);
    if (parsed.failure) return Result.failure<Array<X509>>(parsed.failure!);
    certificates.push(parsed.value!);
  }
  return Result.ok(certificates);
}

function malformed(detail: string): Result<X509> {
  return Result.fail<X509>(Code.CertificateMalformed, detail);
}

/**
 * A time (§4.1.2.5) as seconds since 1970: UTCTime until 2049, GeneralizedTime from 2050 on, both to the second and
 * in UTC; NO_INSTANT if it is none.
 */
function readTime(validity: Der): i64 {
  const isShort = validity.next(Tag.UtcTime);
  const text = validity.read(isShort ? Tag.UtcTime : Tag.GeneralizedTime);
  const yearDigits = isShort ? 2 : 4;
  if (text.length != yearDigits + 11 || text.at(text.length - 1) != 0x5a) return NO_INSTANT;
  let year = digits(text, 0, yearDigits);
  if (isShort && year >= 0) year += year < 50 ? 2000 : 1900;
  if ((isShort ? 1950 : 2050) > year) return NO_INSTANT;
  return instantBehind(year, text, yearDigits);
}
