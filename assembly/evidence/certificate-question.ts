import { VerificationKey } from "../crypto/key";
import { Failure, Result } from "../failure";
import { Text } from "../sdk";
import { Rule } from "../settings/rule";
import { Certificate, Certificates } from "../settings/signers";
import { Verifier } from "../settings/verifier";
import { Need } from "../sigstore/witnesses";
import { Work } from "../work";
import { X509 } from "../x509/certificate";
import { verifyHolder, verifyPath } from "../x509/path";
import { Candidate } from "./candidate";
import { Inquiry } from "./inquiry";
import { PolicyQuestion } from "./policy-question";
import { provenTimes } from "./proven-time";
import { nameOfCertificate } from "./signer-names";
import { Trust } from "./trust";

/** Whether an image is signed with the key of a certificate that the settings name. */
export class CertificateQuestion extends PolicyQuestion {
  private readonly parsed: Result<X509>;

  constructor(
    private readonly certificate: Certificate,
    /** The certificates above it, or why they cannot be read; empty if it is trusted as it is. */
    private readonly chain: Result<Array<X509>>,
    rule: Rule,
    private readonly trust: Trust,
  ) {
    super(rule);
    this.parsed = X509.parse(certificate.der);
  }

  signer(): Text {
    return nameOfCertificate(this.certificate);
  }

  protected keyOf(_candidate: Candidate): Result<VerificationKey> {
    const parsed = this.parsed;
    if (parsed.failure) return Result.failure<VerificationKey>(parsed.failure!);
    if (this.chain.failure) return Result.failure<VerificationKey>(this.chain.failure!);
    return Result.ok(parsed.value!.key);
  }

  /** Where the host verifies too, it looks for all of it on one layer of its own. */
  protected mayAskHost(): bool {
    return this.rule.verifier == Verifier.Both;
  }

  protected refuse(candidate: Candidate, inquiry: Inquiry): Failure | null {
    const certificate = this.parsed.value!;
    // cosign gives the log the certificate if it signs with one, else the key alone.
    const names = [certificate.der, certificate.spki];
    const isRequired = (this.rule.signers as Certificates).requireRekorBundle;
    const needs = isRequired ? Need.Log : Need.Nothing;
    const proven = provenTimes(candidate, names, this.trust.witnesses, needs, inquiry);
    if (proven.failure) return proven.failure;
    const times = proven.value!;
    for (let i = 0; i < times.length; i++) {
      const failure = this.pathFailure(times[i], inquiry.work);
      if (failure) return failure;
    }
    return null;
  }

  private pathFailure(at: i64, work: Work): Failure | null {
    const certificate = this.parsed.value!;
    const chain = this.chain.value!;
    if (chain.length == 0) return verifyHolder(certificate, at);
    const last = chain.length - 1;
    return verifyPath(certificate, chain.slice(0, last), chain.slice(last), at, work);
  }
}
