import { Attestation } from "../attestation/attestation";
import { readEmbedded } from "../cosign/embedded";
import { Code, Failure, Result } from "../failure";
import { Annotation, Document, Kind, NONE, Text } from "../sdk";
import { plainReadingCost, readingCost, tooMuchWork, Work } from "../work";
import { textAt } from "./protobuf";

/** The predicate type of a statement that is the signature of an image, and not an attestation of something about it. */
export const SIGNATURE_TYPE = "https://sigstore.dev/cosign/sign/v1";

/** What was signed of an image, or attested: a Statement of in-toto (in-toto/attestation, spec/v1 and v0.1). */
export class Statement {
  /** What was looked for among the subjects, and the first that is it. */
  private sought: Text | null = null;
  private found: i32 = NONE;
  private knownPredicate: Document | null = null;

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
    if (this.isFirst && this.predicateType.is(SIGNATURE_TYPE)) return null;
    return Failure.of(Code.PredicateType, "it is an attestation, and no signature of the image");
  }

  /**
   * Why its predicate is not the one that is asked for; null if it is. It is read by itself: what stands twice in there is
   * the predicate's business.
   */
  refuseAsAttestation(asked: Attestation, now: i64, work: Work): Failure | null {
    const text = this.predicate;
    let document = this.knownPredicate;
    if (!document) {
      if (text && !work.spend(readingCost(text.length))) return tooMuchWork();
      document = readEmbedded(text ? text : new Text(0, 0));
      this.knownPredicate = document;
    }
    return asked.failure(document, text ? 0 : NONE, now, work);
  }

  /** Why none of its subjects is the image with this digest (`sha256:…`) and has these annotations; null if one is. */
  refuse(digest: Text, annotations: Array<Annotation>, work: Work): Failure | null {
    const document = this.document;
    const first = this.firstOf(digest);
    if (first == NONE) return Failure.of(Code.PayloadDigest, "what it signed is another image");
    // What is beside the digest is gone through for each of the annotations.
    const bytes = annotations.length * document.raw(this.subjects).length;
    if (bytes > 0 && !work.spend(plainReadingCost(bytes))) return tooMuchWork();
    for (let at = first; !document.ends(at); at = document.next(at)) {
      if (!this.isOf(at, digest)) continue;
      const isMet = this.carries(document.field(at, "annotations"), annotations);
      if (document.twice != NONE) {
        return Failure.of(Code.PayloadMalformed, "its payload has a key twice");
      }
      if (isMet) return null;
    }
    return Failure.of(
      Code.PayloadAnnotations,
      "what it signed has not the annotations that the rule asks for",
    );
  }

  /** The first subject with this digest; NONE if there is none. Any rule may ask, and there may be very many of them. */
  private firstOf(digest: Text): i32 {
    const sought = this.sought;
    if (sought && sought.same(digest)) return this.found;
    let at = this.subjects + 1;
    while (!this.document.ends(at) && !this.isOf(at, digest)) at = this.document.next(at);
    this.sought = digest;
    this.found = this.document.ends(at) ? NONE : at;
    return this.found;
  }

  private isOf(subject: i32, digest: Text): bool {
    const sha256 = textAt(this.document, this.document.field(subject, "digest"), "sha256");
    return sha256 != null && sha256.same(digest.slice(7));
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
