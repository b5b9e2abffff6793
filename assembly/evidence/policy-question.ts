import { Attestation } from "../attestation/attestation";
import { VerificationKey } from "../crypto/key";
import { tellSignature } from "../explanation";
import { Code, Failure, Result } from "../failure";
import { Text } from "../sdk";
import { Rule } from "../settings/rule";
import { tooMuchWork } from "../work";
import { Candidate } from "./candidate";
import { Closest, Step } from "./closest";
import { Inquiry } from "./inquiry";
import { askOtherPayload, unknownPayload } from "./other-payload";
import { Question } from "./questions";
import { Signatures } from "./signatures";
import { Subject } from "./subject";

/** Whether a signer has signed an image, found out here from signatures in files and in its registry. */
export abstract class PolicyQuestion extends Question {
  private closest: Closest = new Closest();

  constructor(protected readonly rule: Rule) {
    super();
  }

  get verb(): string {
    return this.rule.verb;
  }

  /** The key with which the candidate's signature must verify if it is to be the signer's. */
  protected abstract keyOf(candidate: Candidate): Result<VerificationKey>;

  /** Why a signature that verifies does not count: its log entry, its certificate, its time; null if it does. */
  protected abstract refuse(candidate: Candidate, inquiry: Inquiry): Failure | null;

  /**
   * The digest of the image, if one signature has all of it together: it is by the signer's key, over a payload that is
   * for this image and has the rule's annotations, with all that is asked for beside. Signatures in files come first,
   * and the registry is asked only if none of them has it; artifacts come last.
   */
  answer(subject: Subject, inquiry: Inquiry): Result<Text> {
    if (this.rule.attestations.length > 0) return this.attested(subject, inquiry);
    this.closest = new Closest();
    const carried = subject.carried(this.rule, inquiry);
    const inFiles = this.signed(carried.candidates, subject, inquiry);
    if (inFiles) return inFiles;
    const signatures = subject.signatures(inquiry);
    if (signatures.failure) this.closest.note(Step.Source, signatures.failure!);
    const ofRegistry = signatures.value;
    if (ofRegistry) {
      const found = this.ofRegistry(ofRegistry, subject, inquiry);
      if (found) return found;
    }
    const artifacts = subject.artifacts;
    if (artifacts) {
      const found = this.signed(artifacts.candidates, subject, inquiry);
      if (found) return found;
    }
    const blocked = carried.blocked;
    return Result.failure<Text>(blocked ? blocked : this.closest.failure!);
  }

  /**
   * The digest of the image, if the signer has attested of it all that the rule asks for: each thing in one statement that
   * has all of it together, for one image, by one signature, with all that is asked for beside.
   */
  private attested(subject: Subject, inquiry: Inquiry): Result<Text> {
    const carried = subject.carried(this.rule, inquiry);
    const artifacts = subject.artifacts;
    let candidates = carried.candidates;
    if (artifacts) candidates = candidates.concat(artifacts.candidates);
    const attestations = this.rule.attestations;
    const found: Array<Candidate> = [];
    for (let i = 0; i < attestations.length; i++) {
      this.closest = new Closest(attestations[i].missing());
      const one = this.ofCandidates(candidates, attestations[i], subject, inquiry);
      if (!one) {
        const blocked = carried.blocked;
        return Result.failure<Text>(blocked ? blocked : this.withoutOthers(attestations[i]));
      }
      if (one.failure) return Result.failure<Text>(one.failure!);
      found.push(one.value!);
    }
    for (let i = 0; i < found.length; i++) subject.count(found[i], this.keyOf(found[i]).value!);
    return subject.digest(inquiry);
  }

  /** Why the signer's attestation is not there: what others have signed, whoever they are, is none. */
  private withoutOthers(asked: Attestation): Failure {
    const failure = this.closest.failure!;
    const isOfOthers = this.closest.isAt(Step.Signature) && failure.code == Code.SignatureUnmet;
    return isOfOthers ? asked.missing() : failure;
  }

  /** What comes of signatures with what they signed at hand; null if none of them is one of this signer's. */
  private signed(
    candidates: Array<Candidate>,
    subject: Subject,
    inquiry: Inquiry,
  ): Result<Text> | null {
    const found = this.ofCandidates(candidates, null, subject, inquiry);
    if (!found) return null;
    if (found.failure) return Result.failure<Text>(found.failure!);
    subject.count(found.value!, this.keyOf(found.value!).value!);
    return subject.digest(inquiry);
  }

  /**
   * The first of these that is the signer's signature of the image or, if one is asked for, his attestation; null if there
   * is none, a failure if it is too much work to say so. What they signed is at hand.
   */
  private ofCandidates(
    candidates: Array<Candidate>,
    asked: Attestation | null,
    subject: Subject,
    inquiry: Inquiry,
  ): Result<Candidate> | null {
    const work = inquiry.work;
    for (let i = 0; i < candidates.length; i++) {
      if (!work.spend(1)) return Result.failure<Candidate>(tooMuchWork());
      const candidate = candidates[i];
      if (asked && !candidate.isOfType(asked.predicateType, work)) continue;
      let refusal = this.tryOut(candidate, candidate.payload, subject, inquiry);
      if (!refusal) {
        const digest = subject.digest(inquiry).value!;
        refusal = asked
          ? candidate.refuseAttestation(asked, digest, inquiry.now(), work)
          : candidate.refuseContent(digest, this.rule.annotations, work);
        if (refusal) this.closest.note(Step.Payload, refusal);
      }
      tellSignature(this, candidate.name, candidate.payload, refusal);
      if (!refusal) return Result.ok(candidate);
      if (refusal.code == Code.TooManyChecks) return Result.failure<Candidate>(refusal);
    }
    return null;
  }

  /**
   * What the registry's layers come to; null if none of them is a signature of this signer's. The payload itself cannot
   * be fetched. It is known where it is the one that is written for this image; see `askOtherPayload` for where it
   * is not.
   */
  private ofRegistry(
    signatures: Signatures,
    subject: Subject,
    inquiry: Inquiry,
  ): Result<Text> | null {
    const candidates = signatures.candidates;
    const digest = subject.digest(inquiry);
    if (!subject.preparePayloads(this.rule.annotations, inquiry)) {
      return Result.failure<Text>(tooMuchWork());
    }
    let other: Candidate | null = null;
    for (let i = 0; i < candidates.length; i++) {
      if (!inquiry.work.spend(1)) return Result.failure<Text>(tooMuchWork());
      const candidate = candidates[i];
      const payload = subject.payloadOf(candidate.layer.digest);
      const refusal = this.tryOut(candidate, payload, subject, inquiry);
      tellSignature(this, candidate.name, payload, refusal);
      // The others have not been looked at, and one of them may be good.
      if (refusal && refusal.code == Code.TooManyChecks) return Result.failure<Text>(refusal);
      if (refusal) continue;
      if (payload) {
        subject.count(candidate, this.keyOf(candidate).value!);
        return digest;
      }
      other = candidate;
    }
    return other ? this.ofOtherPayload(other, signatures, subject, inquiry) : null;
  }

  /** Why a candidate is not the signer's, or does not count; null if all is right with it but, perhaps, its payload. */
  private tryOut(
    candidate: Candidate,
    payload: Text | null,
    subject: Subject,
    inquiry: Inquiry,
  ): Failure | null {
    const found = this.keyOf(candidate);
    if (found.failure) {
      this.closest.note(Step.Signer, found.failure!);
      return found.failure;
    }
    const key = found.value!;
    const unsigned = subject.isCounted(candidate, key)
      ? countsAlready()
      : candidate.verify(key, payload, inquiry.work);
    const refusal = unsigned ? unsigned : this.refuse(candidate, inquiry);
    if (refusal) this.closest.note(unsigned ? Step.Signature : Step.Proof, refusal);
    return refusal;
  }

  /**
   * Whether the host's word on the key alone is enough to know the payload. It looks the manifest up again, and may see
   * another: so what else was proven of a layer, such as a time, may be proven of one and the payload known of another.
   */
  protected abstract mayAskHost(): bool;

  private ofOtherPayload(
    candidate: Candidate,
    signatures: Signatures,
    subject: Subject,
    inquiry: Inquiry,
  ): Result<Text> {
    if (!this.mayAskHost()) {
      return unknownPayload("where more than a key must be right, the host's word is not enough");
    }
    const key = this.keyOf(candidate).value!;
    const annotations = this.rule.annotations;
    const found = askOtherPayload(candidate, key, annotations, signatures, subject, inquiry);
    if (found.value) subject.count(candidate, key);
    return found;
  }
}

function countsAlready(): Failure {
  return Failure.of(Code.SignatureUnmet, "no further signature of the image is by it");
}
