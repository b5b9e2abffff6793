import { tellSignature } from "../explanation";
import { Code, Failure, Result } from "../failure";
import { Builder, Text } from "../sdk";
import { Rule } from "../settings/rule";
import { tooMuchWork } from "../work";
import { Carrier } from "./carrier";
import { EvidenceDocument, otherImage } from "./evidence-document";
import { Inquiry } from "./inquiry";
import { Question } from "./questions";
import { Subject } from "./subject";

/** Whether an image is signed in a format that lies in evidence documents alone. */
export abstract class DocumentQuestion extends Question {
  private failure: Failure | null = null;

  constructor(protected readonly rule: Rule) {
    super();
  }

  /** Begins to ask about an image. */
  protected abstract begin(subject: Subject): void;

  /** How many items of the format a document has. */
  protected abstract count(document: EvidenceDocument): i32;

  /** Why one of these does not prove that the image, whose digest is known, is signed; null if it does. */
  protected abstract refuse(
    document: EvidenceDocument,
    index: i32,
    subject: Subject,
    inquiry: Inquiry,
  ): Failure | null;

  /** Whether a code is that of items that are about something else than what the rule asks for. */
  protected abstract isElsewhere(code: Code): bool;

  /** What an item of the format is called. */
  protected abstract get item(): string;

  /** What a message says where there is no item at all. */
  protected abstract get lack(): string;

  answer(subject: Subject, inquiry: Inquiry): Result<Text> {
    this.failure = null;
    this.begin(subject);
    const digest = subject.digest(inquiry);
    if (digest.failure) return digest;
    const sources = this.rule.evidenceFrom;
    let blocked: Failure | null = null;
    const empty = new Builder(16);
    for (let i = 0; i < sources.length; i++) {
      const read = subject.carrier(sources[i], inquiry);
      const carrier = read.value;
      let failure = read.failure;
      if (carrier) {
        failure = this.tryOut(carrier, subject, inquiry);
        if (!failure) return digest;
        if (carrier.isEmpty) carrier.writeLack(sources[i], empty);
      } else blocked = failure;
      if (failure!.code == Code.TooManyChecks) return Result.failure<Text>(failure!);
    }
    const failure = this.failure;
    if (blocked || !failure) return Result.failure<Text>(blocked ? blocked : this.unsigned(empty));
    return Result.failure<Text>(failure);
  }

  /** Why nothing in a source proves it; null if something does. */
  private tryOut(carrier: Carrier, subject: Subject, inquiry: Inquiry): Failure | null {
    const digest = subject.digest(inquiry).value!;
    if (!inquiry.work.spend(carrier.cost)) return tooMuchWork();
    for (let i = 0; i < carrier.documents.length; i++) {
      const document = carrier.documents[i];
      if (!document.image.same(digest)) {
        this.note(otherImage());
        continue;
      }
      const count = this.count(document);
      for (let k = 0; k < count; k++) {
        if (!inquiry.work.spend(1)) return tooMuchWork();
        const refusal = this.refuse(document, k, subject, inquiry);
        tellSignature(this, Text.of(this.item), null, refusal);
        if (!refusal || refusal.code == Code.TooManyChecks) return refusal;
        this.note(refusal);
      }
    }
    for (let i = 0; i < carrier.failures.length; i++) {
      const failure = carrier.failures[i];
      if (failure.code == Code.TooManyChecks) return failure;
      if (saysOfDocuments(failure.code)) this.note(failure);
    }
    return this.failure ? this.failure : Failure.of(Code.SignatureMissing, this.lack);
  }

  /** That there is no item at all, and which sources have no documents. */
  private unsigned(empty: Builder): Failure {
    const detail = new Builder().ascii(this.lack).text(empty.view());
    return new Failure(Code.SignatureMissing, detail.view());
  }

  /** That something is about something else is worth telling only if there is nothing else to say. */
  private note(failure: Failure): void {
    const known = this.failure;
    if (!known || this.isLess(known.code)) this.failure = failure;
  }

  private isLess(code: Code): bool {
    return code == Code.EvidenceImage || this.isElsewhere(code);
  }
}

/** Whether a failure is that of a whole document, in which there may be items of any format. */
function saysOfDocuments(code: Code): bool {
  return (
    code == Code.EvidenceMalformed ||
    code == Code.EvidenceTooLarge ||
    code == Code.EvidenceKind ||
    code == Code.TooManyEvidenceItems
  );
}
