import { Code, Failure } from "../failure";
import { Artifact } from "../notation/artifact";
import { Text } from "../sdk";
import { Rule } from "../settings/rule";
import { Notation } from "../settings/signers";
import { DocumentQuestion } from "./document-question";
import { EvidenceDocument } from "./evidence-document";
import { Inquiry } from "./inquiry";
import { nameOfNotation, nameOfNotationSigner } from "./signer-names";
import { Subject } from "./subject";

/** Whether an image is signed with Notation, by somebody whom the rule trusts. */
export class NotationQuestion extends DocumentQuestion {
  /** Who has signed the image that was asked about last. */
  private found: Text | null = null;

  constructor(
    rule: Rule,
    private readonly signers: Notation,
  ) {
    super(rule);
  }

  signer(): Text {
    const found = this.found;
    return found ? found : nameOfNotation(this.signers);
  }

  protected begin(_subject: Subject): void {
    this.found = null;
  }

  protected count(document: EvidenceDocument): i32 {
    return document.notation.length;
  }

  /** One without an annotation says less than one that has it, and lacks something else. */
  protected isElsewhere(code: Code): bool {
    return code == Code.DigestMismatch || code == Code.ArtifactAnnotation;
  }

  protected get item(): string {
    return "an envelope of Notation's";
  }

  protected get lack(): string {
    return "its evidence documents have no signature of Notation's: sign it with notation";
  }

  protected refuse(
    document: EvidenceDocument,
    index: i32,
    subject: Subject,
    inquiry: Inquiry,
  ): Failure | null {
    const read = document.notation[index].signature(inquiry.work);
    const signature = read.value;
    if (!signature) return read.failure;
    const artifact = new Artifact(subject.digest(inquiry).value!, this.rule.annotations);
    const policy = this.signers.policy;
    const failure = signature.failure(policy, artifact, inquiry.now(), inquiry.work);
    if (!failure) this.found = nameOfNotationSigner(signature);
    return failure;
  }
}
