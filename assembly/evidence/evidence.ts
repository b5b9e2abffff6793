import { Code, Failure, Result } from "../failure";
import { Builder, Text } from "../sdk";
import { Rule } from "../settings/rule";
import { Verifier } from "../settings/verifier";
import { Inquiry } from "./inquiry";
import { Proof, Questions } from "./questions";
import { Subject } from "./subject";

/** Proof that one image, known by its digest, meets one rule. Nothing but `collect` can make it. */
export class Evidence {
  private constructor(
    readonly rule: Rule,
    readonly digest: Text,
    /** Who signed, in words. */
    readonly signers: Text,
  ) {}

  /** Has the rule's verifier find out whether the image meets it; of two, both must come to the same digest. */
  static collect(rule: Rule, subject: Subject, inquiry: Inquiry): Result<Evidence> {
    let proof: Proof | null = null;
    if (rule.verifier != Verifier.Host) {
      const found = byPolicy(rule, subject, inquiry);
      if (found.failure) return Result.failure<Evidence>(found.failure!);
      proof = found.value;
    }
    if (rule.verifier != Verifier.Policy) {
      const found = inquiry.ofHost(rule).ask(subject, inquiry);
      const failure = found.failure;
      if (failure) return Result.failure<Evidence>(proof ? hostAlone(failure, rule) : failure);
      const other = found.value!;
      if (proof && !proof.digest.same(other.digest)) {
        return Result.failure<Evidence>(disagreement(proof.digest, other.digest));
      }
      proof = other;
    }
    return Result.ok<Evidence>(new Evidence(rule, proof!.digest, proof!.signers));
  }
}

/**
 * What the policy finds out itself. Artifacts are asked for only if the rule is not met without them: then what is in
 * them counts with all the rest.
 */
function byPolicy(rule: Rule, subject: Subject, inquiry: Inquiry): Result<Proof> {
  const questions = inquiry.ofPolicy(rule);
  if (rule.signers.areInDocuments) return questions.ask(subject, inquiry);
  subject.leaveArtifacts();
  const found = askWithSignatures(questions, rule, subject, inquiry);
  const failure = found.failure;
  if (!failure || questions.refusal || failure.code == Code.TooManyChecks) return found;
  const beside = subject.openArtifacts(rule, inquiry);
  if (beside.candidates.length == 0) return Result.failure<Proof>(beside.lackBeside(failure));
  const proof = questions.ask(subject, inquiry);
  const blocked = beside.blocked;
  return proof.failure && blocked ? Result.failure<Proof>(blocked) : proof;
}

/** Without signatures there is nothing to ask about any signer. */
function askWithSignatures(
  questions: Questions,
  rule: Rule,
  subject: Subject,
  inquiry: Inquiry,
): Result<Proof> {
  if (!questions.refusal) {
    const lack = subject.lacksSignatures(rule, inquiry);
    if (lack) return Result.failure<Proof>(lack);
  }
  return questions.ask(subject, inquiry);
}

/** The host's failure to verify what the policy has verified. */
function hostAlone(failure: Failure, rule: Rule): Failure {
  const detail = new Builder().ascii("the policy verified it, but the host did not: ");
  detail.text(failure.detail);
  if (!rule.trust.isEmpty) {
    detail.ascii("; if it has not the rule's trust roots, try verifier: policy");
  }
  return new Failure(failure.code, detail.view());
}

function disagreement(policy: Text, host: Text): Failure {
  const detail = new Builder().ascii("the policy verified ").text(policy);
  detail.ascii(", and the host ").text(host).ascii(": its tag may be moving");
  return new Failure(Code.VerifiersDisagree, detail.view());
}
