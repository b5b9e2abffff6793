import { VerificationKey } from "../crypto/key";
import { Code, Failure, Result } from "../failure";
import { Builder, Text } from "../sdk";
import { Rule } from "../settings/rule";
import { PublicKey } from "../settings/signers";
import { NO_INSTANT } from "../time/instant";
import { LogKey } from "../trust/log-key";
import { validityFailure } from "../x509/path";
import { Candidate } from "./candidate";
import { Inquiry } from "./inquiry";
import { PolicyQuestion } from "./policy-question";
import { provenTime } from "./proven-time";
import { nameOfKey } from "./signer-names";

/** Whether an image is signed by a public key. */
export class KeyQuestion extends PolicyQuestion {
  constructor(
    private readonly key: PublicKey,
    rule: Rule,
    /** The logs of which one must have, or may have, an entry of the signature; null if none is looked at. */
    private readonly logs: Array<LogKey> | null,
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
    return this.logs == null;
  }

  protected refuse(candidate: Candidate, inquiry: Inquiry): Failure | null {
    const window = this.key.window;
    const logs = this.logs;
    let at = NO_INSTANT;
    if (logs) {
      const proven = provenTime(candidate, [this.key.der], logs, this.logRequired, inquiry);
      if (proven.failure) return proven.failure;
      at = proven.value!.instant;
    } else if (window.isBounded || candidate.hasCertificate) at = inquiry.now();
    if (candidate.hasCertificate) {
      // Whoever signs with a certificate says with it until when the signature counts, to those who have the key too.
      const certificate = candidate.certificate();
      if (certificate.failure) return certificate.failure;
      const expired = validityFailure(
        certificate.value!,
        at,
        "the certificate beside the signature",
      );
      if (expired) return expired;
    }
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
