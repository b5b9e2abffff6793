import { VerificationKey } from "../crypto/key";
import { Code, Failure, Result } from "../failure";
import { Builder, Text } from "../sdk";
import { Rule } from "../settings/rule";
import { PublicKey } from "../settings/signers";
import { Need, TrustedWitnesses } from "../sigstore/witnesses";
import { validityFailure } from "../x509/path";
import { Candidate } from "./candidate";
import { Inquiry } from "./inquiry";
import { PolicyQuestion } from "./policy-question";
import { provenTimes } from "./proven-time";
import { nameOfKey } from "./signer-names";

/** Whether an image is signed by a public key. */
export class KeyQuestion extends PolicyQuestion {
  constructor(
    private readonly key: PublicKey,
    rule: Rule,
    /** Those of whom one must have, or may have, seen the signature; null if nobody is asked. */
    private readonly witnesses: TrustedWitnesses | null,
    private readonly logRequired: bool,
  ) {
    super(rule);
  }

  signer(): Text {
    return nameOfKey(this.key);
  }

  protected keyOf(_candidate: Candidate): Result<VerificationKey> {
    const verifier = this.key.verifier;
    return verifier.isUsable() ? Result.ok(verifier) : unusable(verifier.problem);
  }

  protected mayAskHost(): bool {
    return this.witnesses == null;
  }

  protected refuse(candidate: Candidate, inquiry: Inquiry): Failure | null {
    const witnesses = this.witnesses;
    let times: Array<i64> = [];
    if (witnesses) {
      const proven = provenTimes(candidate, [this.key.der], witnesses, this.needs, inquiry);
      if (proven.failure) return proven.failure;
      times = proven.value!;
    } else if (this.key.window.isBounded || candidate.hasCertificate) times.push(inquiry.now());
    for (let i = 0; i < times.length; i++) {
      const failure = this.refuseAt(candidate, times[i]);
      if (failure) return failure;
    }
    return null;
  }

  /**
   * A log that must have the signature must say when, where that decides: the log's promise of a time can be left away
   * beside the proof, and whoever does so must not make an early signature one of today.
   */
  private get needs(): Need {
    if (!this.logRequired) return Need.Nothing;
    return this.key.window.from == i64.MIN_VALUE ? Need.Log : Need.Log | Need.Time;
  }

  private refuseAt(candidate: Candidate, at: i64): Failure | null {
    if (candidate.hasCertificate) {
      // Whoever signs with a certificate says with it until when the signature counts, to those who have the key too.
      const certificate = candidate.certificate();
      if (certificate.failure) return certificate.failure;
      const role = "the certificate beside the signature";
      const expired = validityFailure(certificate.value!, at, role);
      if (expired) return expired;
    }
    const window = this.key.window;
    if (window.holds(at)) return null;
    const detail = new Builder().ascii("the key ");
    window.writeMiss(detail, at);
    return new Failure(Code.KeyOutsideWindow, detail.view());
  }
}

function unusable(problem: string): Result<VerificationKey> {
  const detail = new Builder().ascii("it ").ascii(problem).view();
  return Result.failure<VerificationKey>(new Failure(Code.KeyUnusable, detail));
}
