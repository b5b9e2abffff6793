import { tellSigner } from "../explanation";
import { Code, Failure, Result } from "../failure";
import { Builder, Text } from "../sdk";
import { Inquiry } from "./inquiry";
import { Subject } from "./subject";

/** One thing to find out about any image: whether this signer has signed it. */
export abstract class Question {
  /** Who has signed if the answer is a digest, in words. */
  abstract signer(): Text;

  /** Who has not signed if it is none, in words. */
  missing(): Text {
    return this.signer();
  }

  /** What the signer has done if the answer is a digest. */
  get verb(): string {
    return "signed";
  }

  /** The digest of what the signer has signed; a failure if there is no proof that it has. */
  abstract answer(subject: Subject, inquiry: Inquiry): Result<Text>;
}

/** What the answers come to: the digest that they are all for, and who signed it, in words. */
export class Proof {
  constructor(
    readonly digest: Text,
    readonly signers: Text,
  ) {}
}

/** What to find out about an image to see whether it meets a rule, and how many of the answers must be yes. */
export class Questions {
  readonly list: Array<Question> = [];
  needed: i32 = 0;
  /** Keys of the rule that are not asked about, and why; null if there are none. */
  leftOut: Text | null = null;
  /** Why no image can meet the rule, whatever is asked. */
  refusal: Failure | null = null;
  /** What to say beside why an image does not meet it; may be empty. */
  note: Text = new Text(0, 0);

  /** Asks about an image; see `askEach`. */
  ask(subject: Subject, inquiry: Inquiry): Result<Proof> {
    const found = this.askEach(subject, inquiry);
    const failure = found.failure;
    if (!failure || failure == this.refusal || this.note.length == 0) return found;
    const detail = new Builder().text(failure.detail).text(this.note).view();
    return Result.failure<Proof>(new Failure(failure.code, detail));
  }

  /**
   * Asks until it is decided whether the image meets the rule. Every answer that counts must name one and the same
   * digest, and the reference's own if it has one.
   */
  private askEach(subject: Subject, inquiry: Inquiry): Result<Proof> {
    const refusal = this.refusal;
    if (refusal) return Result.failure<Proof>(refusal);
    const list = this.list;
    const needed = this.needed;
    const signers = new Builder();
    const unmet = new Builder();
    let digest: Text | null = subject.reference.digest;
    let met = 0;
    // Answers from which there is no knowing whether the signer has signed.
    let unknown = 0;
    let left = list.length;
    // There is something to prove: a rule that asks for nobody's signature would be met by every image.
    assert(needed > 0);
    subject.countAnew();
    while (met < needed) {
      const question = list[list.length - left--];
      const answer = question.answer(subject, inquiry);
      const failure = answer.failure;
      tellSigner(question, answer.value, failure);
      if (failure) {
        if (needed == list.length) {
          return Result.failure<Proof>(this.mentionLeftOut(unsigned(question, failure)));
        }
        if (isAboutAll(failure.code)) return Result.failure<Proof>(failure);
        if (!saysUnsigned(failure.code)) unknown++;
        unmet.ascii("; ").text(question.signer()).ascii(": ").text(failure.detail);
        if (met + left < needed) {
          const mayBeMet = met + left + unknown >= needed;
          const below = this.belowThreshold(mayBeMet, unmet.view());
          return Result.failure<Proof>(this.mentionLeftOut(below));
        }
        continue;
      }
      const found = answer.value!;
      if (digest && !digest.same(found)) {
        return Result.failure<Proof>(otherDigest(subject, digest, found));
      }
      digest = found;
      signers.ascii(met > 0 ? " and " : "").text(question.signer());
      met++;
    }
    return Result.ok<Proof>(new Proof(digest!, signers.view()));
  }

  /** Who is missing may be somebody whose time is over. */
  private mentionLeftOut(failure: Failure): Failure {
    const left = this.leftOut;
    if (!left || left.length == 0) return failure;
    const detail = new Builder().text(failure.detail).ascii("; not counted: ").text(left);
    return new Failure(failure.code, detail.view());
  }

  /** @param mayBeMet whether it would be met if those signed of whom there is no knowing */
  private belowThreshold(mayBeMet: bool, unmet: Text): Failure {
    const detail = new Builder().ascii("needs ").int(this.needed).ascii(" of ");
    detail.int(this.list.length).ascii(" keys").text(unmet);
    return new Failure(mayBeMet ? Code.HostFailed : Code.ThresholdUnmet, detail.view());
  }
}

/** Whether a failure would be that of every other question too. */
function isAboutAll(code: Code): bool {
  return code == Code.CapabilityDenied || code == Code.TooManyCalls || code == Code.TooManyChecks;
}

/** Whether a failed answer tells that the signer has not signed, and not only that something went wrong. */
function saysUnsigned(code: Code): bool {
  return code != Code.HostFailed && code != Code.AnswerMalformed && code != Code.AnswerDigest;
}

function unsigned(question: Question, failure: Failure): Failure {
  const detail = new Builder().ascii("not ").ascii(question.verb).ascii(" by ");
  detail.text(question.missing());
  return new Failure(failure.code, detail.ascii(": ").text(failure.detail).view());
}

function otherDigest(subject: Subject, wanted: Text, found: Text): Failure {
  const own = subject.reference.digest != null;
  const detail = new Builder().ascii("what was verified is ").text(found);
  detail.ascii(own ? ", and not the digest of the image" : ", and by another answer ");
  if (!own) detail.text(wanted);
  return new Failure(own ? Code.DigestMismatch : Code.DigestsDiffer, detail.view());
}
