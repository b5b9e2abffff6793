import { readEmbedded } from "../cosign/embedded";
import { Code, Failure, Result } from "../failure";
import { Annotation, Document, Kind, NONE, Text } from "../sdk";
import { plainReadingCost, tooMuchWork, Work } from "../work";
import { textAt } from "./protobuf";

/** What a statement says if it is the signature of an image, and not an attestation of something about it. */
const SIGNATURE = "https://sigstore.dev/cosign/sign/v1";

/** What was signed of an image, or attested: a Statement of in-toto (in-toto/attestation, spec/v1 and v0.1). */
export class Statement {
  private constructor(
    private readonly document: Document,
    /** Whether it is of version 1, and not 0.1. */
    private readonly isFirst: bool,
    readonly predicateType: Text,
    private readonly subjects: i32,
    private readonly predicateAt: i32,
  ) {}

  static read(payload: Text): Result<Statement> {
    const document = readEmbedded(payload);
    const type = textAt(document, 0, "_type");
    const predicateType = textAt(document, 0, "predicateType");
    const subjects = document.field(0, "subject");
    const predicate = document.field(0, "predicate");
    const isList = document.kind(subjects) == Kind.Array;
    if (!type || !predicateType || !isList || document.twice != NONE) {
      return Result.fail<Statement>(Code.PayloadMalformed, "its payload is no in-toto statement");
    }
    const isFirst = type.is("https://in-toto.io/Statement/v1");
    if (!isFirst && !type.is("https://in-toto.io/Statement/v0.1")) {
      return Result.fail<Statement>(
        Code.PayloadType,
        "its payload is of another type than in-toto's Statement v1 or v0.1",
      );
    }
    return Result.ok(new Statement(document, isFirst, predicateType, subjects, predicate));
  }

  /** What is said of the subjects, as it was written: JSON; null if nothing is. */
  get predicate(): Text | null {
    return this.predicateAt == NONE ? null : this.document.raw(this.predicateAt);
  }

  /** Why it is not the signature of any image; null if it is one. */
  refuseAsSignature(): Failure | null {
    if (this.isFirst && this.predicateType.is(SIGNATURE)) return null;
    return Failure.of(Code.PredicateType, "it is an attestation, and no signature of the image");
  }

  /** Why none of its subjects is the image with this digest (`sha256:…`) and has these annotations; null if one is. */
  refuse(digest: Text, annotations: Array<Annotation>, work: Work): Failure | null {
    const document = this.document;
    // The subjects are gone through, and theirs for each of the annotations.
    const bytes = document.raw(this.subjects).length;
    if (!work.spend(plainReadingCost((1 + annotations.length) * bytes))) return tooMuchWork();
    let isSubject = false;
    for (let at = this.subjects + 1; !document.ends(at); at = document.next(at)) {
      const sha256 = textAt(document, document.field(at, "digest"), "sha256");
      if (!sha256 || !sha256.same(digest.slice(7))) continue;
      isSubject = true;
      const isMet = this.carries(document.field(at, "annotations"), annotations);
      if (document.twice != NONE) {
        return Failure.of(Code.PayloadMalformed, "its payload has a key twice");
      }
      if (isMet) return null;
    }
    return isSubject
      ? Failure.of(
          Code.PayloadAnnotations,
          "what it signed has not the annotations that the rule asks for",
        )
      : Failure.of(Code.PayloadDigest, "what it signed is another image");
  }

  private carries(object: i32, annotations: Array<Annotation>): bool {
    const document = this.document;
    for (let i = 0; i < annotations.length; i++) {
      const value = document.fieldOf(object, annotations[i].name);
      if (document.kind(value) != Kind.String) return false;
      if (!document.text(value).same(annotations[i].value)) return false;
    }
    return true;
  }
}
