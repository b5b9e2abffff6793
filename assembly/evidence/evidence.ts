import { Code, Failure, Result } from "../failure";
import { Reference } from "../image/reference";
import { Builder, Text } from "../sdk";
import { Rule } from "../settings/rule";
import { Inquiry } from "./inquiry";
import { Question, Questions } from "./question";

/** Proof that one image, known by its digest, meets one rule. Nothing but `collect` can make it. */
export class Evidence {
  private constructor(
    readonly rule: Rule,
    readonly digest: Text,
    /** Who signed, in words. */
    readonly signers: Text,
  ) {}

  /**
   * Asks until it is decided whether the image meets the rule. Every answer that counts must name one and the same
   * digest, and the reference's own if it has one.
   */
  static collect(rule: Rule, reference: Reference, inquiry: Inquiry): Result<Evidence> {
    const questions = inquiry.questionsOf(rule);
    const image = reference.canonical;
    const signers = new Builder();
    const unmet = new Builder();
    let digest: Text | null = reference.digest;
    let met = 0;
    // Answers from which there is no knowing whether the signer has signed.
    let unknown = 0;
    let left = questions.list.length;
    // There is something to prove: a rule that asks for nobody's signature would be met by every image.
    assert(questions.needed > 0);
    while (met < questions.needed) {
      const question = questions.list[questions.list.length - left--];
      const answer = inquiry.ask(question.request, image);
      const failure = answer.failure;
      if (failure) {
        if (questions.needed == questions.list.length) {
          return Result.failure<Evidence>(unsigned(question, failure));
        }
        if (failure.code == Code.CapabilityDenied || failure.code == Code.TooManyCalls) {
          return Result.failure<Evidence>(failure);
        }
        if (!saysUnsigned(failure.code)) unknown++;
        unmet.ascii("; ").text(question.signer).ascii(": ").text(failure.detail);
        if (met + left < questions.needed) {
          const mayBeMet = met + left + unknown >= questions.needed;
          return Result.failure<Evidence>(belowThreshold(questions, mayBeMet, unmet.view()));
        }
        continue;
      }
      const found = answer.value!;
      if (digest && !digest.same(found)) {
        return Result.failure<Evidence>(otherDigest(reference, digest, found));
      }
      digest = found;
      signers.ascii(met > 0 ? " and " : "").text(question.signer);
      met++;
    }
    return Result.ok<Evidence>(new Evidence(rule, digest!, signers.view()));
  }
}

/** Whether a failed answer tells that the signer has not signed, and not only that something went wrong. */
function saysUnsigned(code: Code): bool {
  return (
    code == Code.SignatureMissing || code == Code.SignatureUnmet || code == Code.AnswerUntrusted
  );
}

function unsigned(question: Question, failure: Failure): Failure {
  const detail = new Builder().ascii("not signed by ").text(question.signer);
  return new Failure(failure.code, detail.ascii(": ").text(failure.detail).view());
}

/** @param mayBeMet whether it would be met if those signed of whom there is no knowing */
function belowThreshold(questions: Questions, mayBeMet: bool, unmet: Text): Failure {
  const detail = new Builder().ascii("needs ").int(questions.needed).ascii(" of ");
  detail.int(questions.list.length).ascii(" keys").text(unmet);
  return new Failure(mayBeMet ? Code.HostFailed : Code.ThresholdUnmet, detail.view());
}

function otherDigest(reference: Reference, wanted: Text, found: Text): Failure {
  const own = reference.digest != null;
  const detail = new Builder().ascii("what was verified is ").text(found);
  detail.ascii(own ? ", and not the digest of the image" : ", and by another answer ");
  if (!own) detail.text(wanted);
  return new Failure(own ? Code.DigestMismatch : Code.DigestsDiffer, detail.view());
}
