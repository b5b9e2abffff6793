import { VerificationKey } from "../crypto/key";
import { Code, Failure, Result } from "../failure";
import { Builder, Text } from "../sdk";
import { Rule } from "../settings/rule";
import { GithubActions, Keyless } from "../settings/signers";
import { Verifier } from "../settings/verifier";
import { Need } from "../sigstore/witnesses";
import { Holder } from "../x509/holder";
import { hasPrefix, isExactly, isGithubWorkflow } from "../x509/match";
import { Candidate } from "./candidate";
import { Inquiry } from "./inquiry";
import { PolicyQuestion } from "./policy-question";
import { provenTimes } from "./proven-time";
import { nameOfIdentity, nameOfWorkflow } from "./signer-names";
import { Trust } from "./trust";

/** Whether an image is signed by somebody whom a Sigstore authority has certified: a person, or a workflow. */
export class IdentityQuestion extends PolicyQuestion {
  private constructor(
    rule: Rule,
    /** Of the rule's identities; -1 for its workflow. */
    private readonly index: i32,
    private readonly trust: Trust,
  ) {
    super(rule);
  }

  signer(): Text {
    return this.index < 0
      ? nameOfWorkflow(this.rule.signers as GithubActions)
      : nameOfIdentity(this.rule.signers as Keyless, this.index);
  }

  static ofKeyless(rule: Rule, index: i32, trust: Trust): IdentityQuestion {
    return new IdentityQuestion(rule, index, trust);
  }

  static ofWorkflow(rule: Rule, trust: Trust): IdentityQuestion {
    return new IdentityQuestion(rule, -1, trust);
  }

  /** The key of the certificate that comes with the signature, if it is that of the one who is asked for. */
  protected keyOf(candidate: Candidate): Result<VerificationKey> {
    if (!candidate.hasCertificate) {
      return Result.fail<VerificationKey>(
        Code.SignatureUnmet,
        "it is signed with a key that nobody is certified to have",
      );
    }
    const holder = candidate.holder();
    if (holder.failure) return Result.failure<VerificationKey>(holder.failure!);
    if (this.means(holder.value!)) return Result.ok(candidate.certificate().value!.key);
    return Result.failure<VerificationKey>(otherHolder(holder.value!, this.index < 0));
  }

  /** Where the host verifies too, it looks for all of it on one layer of its own. */
  protected mayAskHost(): bool {
    return this.rule.verifier == Verifier.Both;
  }

  /** Certificates of this kind live for minutes: without the log's time, there is no telling whether it was then. */
  protected refuse(candidate: Candidate, inquiry: Inquiry): Failure | null {
    const certificate = candidate.certificate().value!;
    const needs: Need = Need.Log | Need.Time;
    const witnesses = this.trust.witnesses;
    const proven = provenTimes(candidate, [certificate.der], witnesses, needs, inquiry);
    if (proven.failure) return proven.failure;
    const chain = candidate.chain();
    if (chain.failure) return chain.failure;
    const times = proven.value!;
    for (let i = 0; i < times.length; i++) {
      const failure = this.trust.verify(certificate, chain.value!, times[i], inquiry.work);
      if (failure) return failure;
    }
    return null;
  }

  private means(holder: Holder): bool {
    const signers = this.rule.signers;
    if (signers instanceof GithubActions) {
      const workflow = signers as GithubActions;
      return isGithubWorkflow(holder, workflow.owner, workflow.repo);
    }
    const keyless = signers as Keyless;
    const identity = keyless.identities[this.index];
    return keyless.prefix
      ? hasPrefix(holder, identity.issuer, identity.subject)
      : isExactly(holder, identity.issuer, identity.subject);
  }
}

function otherHolder(holder: Holder, isWorkflow: bool): Failure {
  const detail = new Builder().ascii("it is signed by ").plain(holder.subject.name, 128);
  const issuer = holder.issuer;
  if (issuer) detail.ascii(" (").plain(issuer, 128).byte(0x29);
  if (isWorkflow) {
    const repository = holder.repository;
    if (repository) detail.ascii(", run for ").plain(repository, 128);
    else detail.ascii(", which does not name one repository that it ran for");
  }
  return new Failure(Code.SignatureUnmet, detail.view());
}
