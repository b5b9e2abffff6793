import { Attestation } from "../attestation/attestation";
import { VerificationKey } from "../crypto/key";
import { Code, Failure, Result } from "../failure";
import { Annotation, Builder, Text } from "../sdk";
import { Bundle } from "../sigstore/bundle";
import { Statement } from "../sigstore/statement";
import { verifySignature } from "../sigstore/verify";
import { Need, TrustedWitnesses, Witnesses } from "../sigstore/witnesses";
import { readingCost, tooMuchWork, Work } from "../work";
import { parseAll, X509 } from "../x509/certificate";
import { Candidate } from "./candidate";

/** A signature that came in a bundle, and what has been found out about it so far: each thing once. */
export class BundleCandidate extends Candidate {
  private knownCertificates: Result<Array<X509>> | null = null;
  private knownStatement: Result<Statement> | null = null;
  private knownWitnesses: Result<Witnesses> | null = null;
  private trusted: TrustedWitnesses | null = null;
  /** The image that was asked about last, and why it is about another; there may be very many subjects. */
  private image: Text | null = null;
  private imageFailure: Failure | null = null;

  constructor(readonly bundle: Bundle) {
    super();
  }

  get name(): Text {
    const known = this.knownStatement;
    const statement = known ? known.value : null;
    if (!statement || !statement.refuseAsSignature()) return Text.of("a bundle");
    return new Builder().ascii("a bundle, ").plain(statement.predicateType, 128).view();
  }

  get payload(): Text | null {
    const envelope = this.bundle.envelope;
    return envelope ? envelope.payload : null;
  }

  get hasCertificate(): bool {
    return this.bundle.certificates.length > 0;
  }

  /** The certificate of its signer: nothing about it is proven. Only of one that has it. */
  certificate(): Result<X509> {
    const read = this.certificates();
    return read.value ? Result.ok(read.value![0]) : Result.failure<X509>(read.failure!);
  }

  /** The certificates that came with that one. */
  chain(): Result<Array<X509>> {
    const read = this.certificates();
    return read.value ? Result.ok(read.value!.slice(1)) : read;
  }

  signature(): Result<Text> {
    return Result.ok(this.bundle.signature);
  }

  /** What was signed or attested, if it is known: only its digest may be there. */
  statement(work: Work): Result<Statement> {
    const known = this.knownStatement;
    if (known) return known;
    const found = this.readStatement(work);
    this.knownStatement = found;
    return found;
  }

  /** Attestations may be about it too. */
  refuseImage(digest: Text, work: Work): Failure | null {
    if (this.bundle.digest) return this.refuseContent(digest, [], work);
    const known = this.image;
    if (known && known.same(digest)) return this.imageFailure;
    const read = this.statement(work);
    this.image = digest;
    this.imageFailure = read.value ? read.value!.refuse(digest, [], work) : read.failure;
    return this.imageFailure;
  }

  /**
   * Why it is no signature of the image with this digest (`sha256:…`) that has these annotations; null if it is one.
   * Where there is no envelope, the image's manifest itself was signed, and no annotation with it.
   */
  refuseContent(digest: Text, annotations: Array<Annotation>, work: Work): Failure | null {
    const signed = this.bundle.digest;
    if (signed) {
      if (!signed.text.same(digest)) {
        return Failure.of(Code.PayloadDigest, "the SHA-256 of what it signed is not the image's");
      }
      if (annotations.length == 0) return null;
      return Failure.of(
        Code.PayloadAnnotations,
        "it signed the image's manifest, without the annotations that the rule asks for",
      );
    }
    const read = this.statement(work);
    const statement = read.value;
    if (!statement) return read.failure;
    const failure = statement.refuseAsSignature();
    return failure ? failure : statement.refuse(digest, annotations, work);
  }

  isOfType(predicateType: Text, work: Work): bool {
    const statement = this.statement(work).value;
    return statement != null && statement.predicateType.same(predicateType);
  }

  refuseAttestation(asked: Attestation, digest: Text, now: i64, work: Work): Failure | null {
    const read = this.statement(work);
    const statement = read.value;
    if (!statement) return read.failure;
    if (!statement.predicateType.same(asked.predicateType)) return asked.missing();
    const other = this.refuseImage(digest, work);
    return other ? other : statement.refuseAsAttestation(asked, now, work);
  }

  protected verifyAnew(key: VerificationKey, _payload: Text | null, work: Work): Failure | null {
    return verifySignature(this.bundle, key, work);
  }

  /**
   * The times at which the signature was there, in seconds since 1970, each signed by a log or an authority of time: none
   * if nobody says so. What is asked of them is what `Witnesses` says.
   *
   * @param keys DER of what an entry may name as the signer's key: a SubjectPublicKeyInfo, or a certificate
   * @param now for the word of a log that has no time
   */
  times(
    keys: Array<Text>,
    trusted: TrustedWitnesses,
    needs: Need,
    now: i64,
    work: Work,
  ): Result<Array<i64>> {
    let found = this.knownWitnesses;
    if (!found || this.trusted != trusted) {
      found = Witnesses.of(this.bundle, trusted, now, work);
      this.knownWitnesses = found;
      this.trusted = trusted;
    }
    const witnesses = found.value;
    if (!witnesses) return Result.failure<Array<i64>>(found.failure!);
    const failure = witnesses.refuse(keys, needs);
    return failure ? Result.failure<Array<i64>>(failure) : Result.ok(witnesses.times);
  }

  private certificates(): Result<Array<X509>> {
    const known = this.knownCertificates;
    if (known) return known;
    const parsed = parseAll(this.bundle.certificates);
    this.knownCertificates = parsed;
    return parsed;
  }

  private readStatement(work: Work): Result<Statement> {
    const envelope = this.bundle.envelope;
    if (!envelope || !envelope.type.is("application/vnd.in-toto+json")) {
      return Result.fail<Statement>(Code.PayloadType, "its payload is no in-toto statement");
    }
    const cost = readingCost(envelope.payload.length);
    if (!work.spend(cost)) return Result.failure<Statement>(tooMuchWork());
    return Statement.read(envelope.payload);
  }
}
