import { Code, Failure, Result } from "../failure";
import { Builder, Text } from "../sdk";
import { Rule } from "../settings/rule";
import { Verifier } from "../settings/verifier";
import { Inquiry } from "./inquiry";
import { Proof } from "./questions";
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
      const found = inquiry.ofPolicy(rule).ask(subject, inquiry);
      if (found.failure) return Result.failure<Evidence>(found.failure!);
      proof = found.value;
    }
    if (rule.verifier != Verifier.Policy) {
      const found = inquiry.ofHost(rule).ask(subject, inquiry);
      if (found.failure) return Result.failure<Evidence>(found.failure!);
      const other = found.value!;
      if (proof && !proof.digest.same(other.digest)) {
        return Result.failure<Evidence>(disagreement(proof.digest, other.digest));
      }
      proof = other;
    }
    return Result.ok<Evidence>(new Evidence(rule, proof!.digest, proof!.signers));
  }
}

function disagreement(policy: Text, host: Text): Failure {
  const detail = new Builder().ascii("the policy verified ").text(policy);
  detail.ascii(", and the host ").text(host).ascii(": its tag may be moving");
  return new Failure(Code.VerifiersDisagree, detail.view());
}
