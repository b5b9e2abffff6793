import { dockerReferences, payloadDigest, writePayload } from "../cosign/payload";
import { VerificationKey } from "../crypto/key";
import { Code, Failure, Result } from "../failure";
import { isSha256Digest } from "../image/digest";
import { Reference } from "../image/reference";
import { Annotation, Builder, Text } from "../sdk";
import { EvidenceSource } from "../settings/evidence-source";
import { Rule } from "../settings/rule";
import { readingCost } from "../work";
import { Candidate } from "./candidate";
import { Carried, Carrier } from "./carrier";
import { Inquiry } from "./inquiry";
import { Signatures } from "./signatures";

/** A payload that a signer of the image may have signed, and the digest that its layer then has. */
class Payload {
  readonly digest: Text;

  constructor(readonly text: Text) {
    this.digest = payloadDigest(text);
  }
}

/** One image of the request, and what its registry holds of it: asked for once, when it is first needed. */
export class Subject {
  private knownDigest: Result<Text> | null = null;
  private knownSignatures: Result<Signatures> | null = null;
  private knownCarried: Carried | null = null;
  private carriedFor: Rule | null = null;
  private payloads: Array<Payload> = [];
  private annotations: Array<Annotation> | null = null;

  /** The signatures of it in artifacts, if they count by now; none of them has been verified. */
  artifacts: Carried | null = null;

  /** Signatures that count, and for which keys: one counts for one key. */
  private readonly counted: Array<Candidate> = [];
  private readonly countedFor: Array<Text> = [];

  constructor(readonly reference: Reference) {}

  /** Begins to count the signatures that meet a rule. */
  countAnew(): void {
    this.counted.length = 0;
    this.countedFor.length = 0;
  }

  count(signature: Candidate, key: VerificationKey): void {
    this.counted.push(signature);
    this.countedFor.push(key.der);
  }

  /** Whether a signature counts for another key already. */
  isCounted(signature: Candidate, key: VerificationKey): bool {
    for (let i = 0; i < this.counted.length; i++) {
      if (signature.isTwinOf(this.counted[i]) && !this.countedFor[i].same(key.der)) return true;
    }
    return false;
  }

  /** The digest of what the reference names: its own, or the registry's for its tag. */
  digest(inquiry: Inquiry): Result<Text> {
    const known = this.knownDigest;
    if (known) return known;
    const found = this.findDigest(inquiry);
    this.knownDigest = found;
    return found;
  }

  /** The signatures that the registry holds of it; none of them has been verified. */
  signatures(inquiry: Inquiry): Result<Signatures> {
    const known = this.knownSignatures;
    if (known) return known;
    const found = this.findSignatures(inquiry);
    this.knownSignatures = found;
    return found;
  }

  /** The signatures of it that the rule's sources hold as files; none of them has been verified. */
  carried(rule: Rule, inquiry: Inquiry): Carried {
    const known = this.knownCarried;
    if (known && this.carriedFor == rule) return known;
    const found = new Carried();
    const digest = this.digest(inquiry);
    const sources = rule.evidenceFrom;
    if (digest.failure && sources.length > 0) found.blocked = digest.failure;
    else {
      for (let i = 0; i < sources.length && !found.isTooMuch; i++) {
        if (sources[i].isArtifact) continue;
        found.add(sources[i], this.carrier(sources[i], inquiry), digest.value!, inquiry.work);
      }
    }
    this.knownCarried = found;
    this.carriedFor = rule;
    return found;
  }

  /** The signatures of it in the artifacts that the rule names; none of them has been verified. From now on they count. */
  openArtifacts(rule: Rule, inquiry: Inquiry): Carried {
    const found = new Carried();
    const digest = this.digest(inquiry);
    const sources = rule.evidenceFrom;
    for (let i = 0; i < sources.length && !found.isTooMuch; i++) {
      if (!sources[i].isArtifact) continue;
      if (digest.failure) found.blocked = digest.failure;
      else found.add(sources[i], this.carrier(sources[i], inquiry), digest.value!, inquiry.work);
    }
    this.artifacts = found;
    return found;
  }

  /** What a source holds, not of this image alone if it is no artifact. Only of an image whose digest is known. */
  carrier(source: EvidenceSource, inquiry: Inquiry): Result<Carrier> {
    return source.isArtifact ? inquiry.artifact(this.artifactTag(source)) : inquiry.carrier(source);
  }

  leaveArtifacts(): void {
    this.artifacts = null;
  }

  /** The tag of the image's evidence document (docs/evidence.md). */
  private artifactTag(source: EvidenceSource): Text {
    const repository = source.repository;
    const tag = new Builder().text(repository ? repository : this.reference.name).ascii(":sha256-");
    return tag.text(this.knownDigest!.value!.slice(7)).ascii(".evidence").view();
  }

  /**
   * Why there is no signature of it to look at; null if there are some. The registry is asked if no file has one, but not
   * for attestations, which it has none of where the policy can read them.
   */
  lacksSignatures(rule: Rule, inquiry: Inquiry): Failure | null {
    const carried = this.carried(rule, inquiry);
    if (carried.candidates.length > 0) return null;
    const attestations = rule.attestations;
    if (attestations.length > 0) return carried.lackBeside(attestations[0].missing());
    const signatures = this.signatures(inquiry);
    return signatures.failure ? carried.lackBeside(signatures.failure!) : null;
  }

  /**
   * Writes the payloads that a signer may have signed for this image with these annotations.
   *
   * @returns whether they could be written; if not, it is too much work
   */
  preparePayloads(annotations: Array<Annotation>, inquiry: Inquiry): bool {
    if (this.annotations == annotations) return true;
    const names = dockerReferences(this.reference);
    let bytes = 256;
    for (let i = 0; i < annotations.length; i++) {
      bytes += annotations[i].name.length + annotations[i].value.length;
    }
    if (!inquiry.work.spend(names.length * readingCost(2 * bytes))) return false;
    this.annotations = annotations;
    this.payloads = writePayloads(names, this.digest(inquiry).value!, annotations);
    return true;
  }

  /** The one of these payloads whose digest this is; null if it is of another payload. */
  payloadOf(layerDigest: Text): Text | null {
    for (let i = 0; i < this.payloads.length; i++) {
      if (this.payloads[i].digest.same(layerDigest)) return this.payloads[i].text;
    }
    return null;
  }

  private findDigest(inquiry: Inquiry): Result<Text> {
    const own = this.reference.digest;
    if (!own) return inquiry.manifestDigest(this.reference.canonical);
    if (isSha256Digest(own)) return Result.ok<Text>(own);
    return Result.fail<Text>(
      Code.ReferenceDigestAlgorithm,
      "signatures are kept by sha256 digests: name the image by that",
    );
  }

  private findSignatures(inquiry: Inquiry): Result<Signatures> {
    const digest = this.digest(inquiry);
    if (digest.failure) return Result.failure<Signatures>(digest.failure!);
    // cosign's SIGNATURE_SPEC.md: the digest with a dash for its colon, and .sig behind it, is the tag.
    const tag = new Builder().text(this.reference.name).ascii(":sha256-");
    return inquiry.signatures(tag.text(digest.value!.slice(7)).ascii(".sig").view());
  }
}

function writePayloads(
  names: Array<Text>,
  digest: Text,
  annotations: Array<Annotation>,
): Array<Payload> {
  const payloads: Array<Payload> = [];
  for (let i = 0; i < names.length; i++) {
    const text = new Builder(256);
    writePayload(text, names[i], digest, annotations);
    payloads.push(new Payload(text.view()));
  }
  return payloads;
}
