import { Code, Failure, Result } from "../failure";
import { Builder, Text } from "../sdk";
import { writeInstant } from "../time/instant";
import { CHECK, readingCost, tooMuchWork, Work } from "../work";
import { parseAll, X509 } from "../x509/certificate";
import { DistinguishedName } from "../x509/distinguished-name";
import { keyFailure, validityFailure } from "../x509/path";
import { algorithmOf, isSigned } from "./algorithm";
import { Artifact } from "./artifact";
import { countFailure, verifyChain } from "./chain";
import { Envelope } from "./envelope";
import { Payload } from "./payload";
import { TrustPolicy } from "./trust-policy";

/** A signature of Notation's over an image. What it claims is proven by `failure` alone. */
export class NotationSignature {
  private isVerified: bool = false;
  private knownFailure: Failure | null = null;
  private knownName: DistinguishedName | null = null;

  private constructor(
    private readonly envelope: Envelope,
    private readonly payload: Payload,
    private readonly chain: Array<X509>,
  ) {}

  /** @param mediaType `application/jose+json` or `application/cose` */
  static read(mediaType: Text, bytes: Text, work: Work): Result<NotationSignature> {
    const read = Envelope.read(mediaType, bytes, work);
    const envelope = read.value;
    if (!envelope) return Result.failure<NotationSignature>(read.failure!);
    const payload = Payload.read(envelope.payload);
    if (payload.failure) return Result.failure<NotationSignature>(payload.failure!);
    const count = countFailure(envelope.chain.length);
    if (count) return Result.failure<NotationSignature>(count);
    const chain = parseAll(envelope.chain);
    if (chain.failure) return Result.failure<NotationSignature>(chain.failure!);
    return Result.ok(new NotationSignature(envelope, payload.value!, chain.value!));
  }

  /** When the signer says to have signed, in seconds since 1970: nobody vouches for that. */
  get signingTime(): i64 {
    return this.envelope.headers.signingTime;
  }

  /** When the signer wants it to be used no more; NO_INSTANT for never. */
  get expiry(): i64 {
    return this.envelope.headers.expiry;
  }

  /** The signer's name: `C=US, ST=WA, O=Acme, CN=signer`. */
  get signer(): Text {
    const text = new Builder();
    this.name.write(text);
    return text.view();
  }

  /**
   * Why it does not prove that somebody whom the policy trusts has signed this image, at a time in seconds since
   * 1970; null if it does. What costs least is looked at first; the cryptography, which is the same for all
   * policies, once.
   */
  failure(policy: TrustPolicy, artifact: Artifact, now: i64, work: Work): Failure | null {
    let failure = this.payload.failure(artifact, work);
    if (!failure && !work.spend(policy.cost)) failure = tooMuchWork();
    if (!failure) failure = policy.failure(this.chain, this.name);
    if (!failure) failure = this.timeFailure(now);
    return failure ? failure : this.verify(work);
  }

  /** Read once, whoever asks: nothing that a request has written is ever freed. */
  private get name(): DistinguishedName {
    let name = this.knownName;
    if (!name) {
      name = DistinguishedName.ofDer(this.leaf.subject);
      this.knownName = name;
    }
    return name;
  }

  private get leaf(): X509 {
    return this.chain[0];
  }

  /** Without a trusted timestamp all must be valid now. */
  private timeFailure(now: i64): Failure | null {
    for (let i = 0; i < this.chain.length; i++) {
      const role = i == 0 ? "the certificate" : "a CA's certificate";
      const failure = validityFailure(this.chain[i], now, role);
      if (failure) return failure;
    }
    const headers = this.envelope.headers;
    if (!headers.hasExpiry || now < headers.expiry) return null;
    const detail = new Builder().ascii("its signature expired at ");
    writeInstant(detail, headers.expiry);
    return new Failure(Code.EnvelopeExpired, detail.view());
  }

  private verify(work: Work): Failure | null {
    if (this.isVerified) return this.knownFailure;
    this.isVerified = true;
    let failure = verifyChain(this.chain, work);
    if (!failure) failure = this.signatureFailure(work);
    this.knownFailure = failure;
    return failure;
  }

  private signatureFailure(work: Work): Failure | null {
    const key = this.leaf.key;
    const broken = keyFailure(this.leaf, "the certificate");
    if (broken) return broken;
    if (algorithmOf(key) != this.envelope.headers.algorithm) {
      const detail = "its signature is by another algorithm than the key of the certificate is for";
      return Failure.of(Code.EnvelopeAlgorithm, detail);
    }
    const message = this.envelope.signed;
    if (!work.spend(key.cost * CHECK + readingCost(message.length))) return tooMuchWork();
    if (isSigned(key, message, this.envelope.signature)) return null;
    return Failure.of(Code.EnvelopeSignature, "its signature is not by the key of the certificate");
  }
}
