import { Attestation } from "../attestation/attestation";
import { decodeAttestations } from "../attestation/settings";
import { Annotation, Fields } from "../sdk";
import { EvidenceSource } from "./evidence-source";
import { Signers } from "./signers";
import { Verifier } from "./verifier";

/** A rule's `attestations`, which its signers must have made; they are in evidence documents, where it must look for them. */
export function decodeRuleAttestations(
  rule: Fields,
  signers: Signers | null,
  annotations: Array<Annotation>,
  verifier: Verifier,
  evidenceFrom: Array<EvidenceSource>,
): Array<Attestation> {
  const attestations = decodeAttestations(rule);
  if (attestations.length == 0) return attestations;
  const path = rule.path.field("attestations");
  if (signers && signers.areInDocuments) {
    rule.problems.add(path, "does not go with notation and notaryV1, which have none");
    return attestations;
  }
  if (verifier != Verifier.Policy) {
    rule.problems.add(path, "needs verifier: policy: the host does not know attestations");
  }
  if (evidenceFrom.length == 0) {
    rule.problems.add(
      path,
      "needs evidenceFrom, such as [{artifact: true}]: attestations lie in evidence documents",
    );
  }
  if (annotations.length > 0) {
    const problem = "does not go with attestations: ask for what they say by conditions";
    rule.problems.add(rule.path.field("annotations"), problem);
  }
  return attestations;
}
