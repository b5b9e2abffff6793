import { Attestation } from "../attestation/attestation";
import { Der, Tag } from "../crypto/der";
import { VerificationKey } from "../crypto/key";
import { Code, Failure, Result } from "../failure";
import { Annotation, Text } from "../sdk";
import { Need, TrustedWitnesses } from "../sigstore/witnesses";
import { Work } from "../work";
import { X509 } from "../x509/certificate";
import { Holder } from "../x509/holder";

/** A key that a candidate was verified with, and what came of it. */
class Check {
  constructor(
    readonly key: Text,
    readonly failure: Failure | null,
  ) {}
}

/** A signature, in whatever form it came, and what has been found out about it so far: each thing once. */
export abstract class Candidate {
  private readonly checks: Array<Check> = [];
  private knownHolder: Result<Holder> | null = null;
  private knownNonce: Text | null = null;

  /** What tells it apart from others, for people: the digest of its layer, say. */
  abstract get name(): Text;

  /** What was signed, if it is at hand as it was signed; null if not. */
  abstract get payload(): Text | null;

  /** Whether it comes with the certificate of its signer. */
  abstract get hasCertificate(): bool;

  /** The certificate of its signer: nothing about it is proven. Only of one that has it. */
  abstract certificate(): Result<X509>;

  /** The certificates that came with that one. */
  abstract chain(): Result<Array<X509>>;

  /** The signature's bytes. */
  abstract signature(): Result<Text>;

  /** Why what it signed, which is at hand, is not about the image of this digest (`sha256:…`); null if it is. */
  abstract refuseImage(digest: Text, work: Work): Failure | null;

  /** Why what it signed is no signature of that image with these annotations; null if it is one. */
  abstract refuseContent(digest: Text, annotations: Array<Annotation>, work: Work): Failure | null;

  /** Whether what it signed says that it is an attestation of this type. */
  isOfType(_predicateType: Text, _work: Work): bool {
    return false;
  }

  /** Why what it signed is not what is asked for of the image of this digest; null if it is. Only of one of its type. */
  refuseAttestation(asked: Attestation, _digest: Text, _now: i64, _work: Work): Failure | null {
    return asked.missing();
  }

  /**
   * The times at which the signature was there, in seconds since 1970, each as a trusted log or authority of time proves
   * it: none if nobody says so.
   *
   * @param keys DER of what an entry may name as the signer's key: a SubjectPublicKeyInfo, or a certificate
   * @param now for the word of a log that has no time
   */
  abstract times(
    keys: Array<Text>,
    trusted: TrustedWitnesses,
    needs: Need,
    now: i64,
    work: Work,
  ): Result<Array<i64>>;

  protected abstract verifyAnew(
    key: VerificationKey,
    payload: Text | null,
    work: Work,
  ): Failure | null;

  /**
   * Why its signature is not this key's; null if it is.
   *
   * @param payload what was signed, if it is known and does not come with it
   */
  verify(key: VerificationKey, payload: Text | null, work: Work): Failure | null {
    for (let i = 0; i < this.checks.length; i++) {
      if (this.checks[i].key.same(key.der)) return this.checks[i].failure;
    }
    const failure = this.verifyAnew(key, payload, work);
    // Where there was nothing to verify, there may be later.
    if (!failure || failure.code == Code.SignatureUnmet)
      this.checks.push(new Check(key.der, failure));
    return failure;
  }

  /** Whom its certificate is for, if it is genuine. */
  holder(): Result<Holder> {
    const known = this.knownHolder;
    if (known) return known;
    const certificate = this.certificate();
    const found = certificate.value
      ? Holder.of(certificate.value!)
      : Result.failure<Holder>(certificate.failure!);
    this.knownHolder = found;
    return found;
  }

  /**
   * Whether it and another may be one signature in two spellings. An ECDSA signature verifies under more keys than its
   * signer's, and so does the one with the other `s`: what they share is `r`.
   */
  isTwinOf(other: Candidate): bool {
    return this == other || this.nonce().same(other.nonce());
  }

  /** `r` of an ECDSA signature; of any other, all of it; of none, its name. */
  private nonce(): Text {
    const known = this.knownNonce;
    if (known) return known;
    const signature = this.signature().value;
    const found = signature ? nonceOf(signature) : this.name;
    this.knownNonce = found;
    return found;
  }
}

function nonceOf(signature: Text): Text {
  const fields = new Der(signature).enter(Tag.Sequence);
  const r = fields.read(Tag.Integer);
  return fields.broken ? signature : r;
}
