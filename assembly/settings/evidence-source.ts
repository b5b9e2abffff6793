import { Fields, Path } from "../sdk";
import { ClusterSource, decodeClusterSource } from "./cluster-source";
import { items } from "./items";
import { Verifier } from "./verifier";

/** Where a rule looks for signatures that are files, before it looks into the registry. */
export class EvidenceSource {
  constructor(
    /** The ConfigMaps that hold them; null for the annotations of the workload. */
    readonly configMaps: ClusterSource | null,
  ) {}
}

/** `evidenceFrom`: a list of `{configMap: {name | labelSelector, namespace}}` and `{annotation: true}`. */
export function decodeEvidenceFrom(rule: Fields, verifier: Verifier): Array<EvidenceSource> {
  const sources: Array<EvidenceSource> = [];
  const list = items(rule, "evidenceFrom");
  const path = rule.path.field("evidenceFrom");
  if (list.length > 0 && verifier != Verifier.Policy) {
    rule.problems.add(path, "needs verifier: policy: the host finds no signatures in files");
  }
  for (let i = 0; i < list.length; i++) {
    const source = decodeSource(rule, list[i], path.at(i));
    if (source) sources.push(source);
  }
  return sources;
}

function decodeSource(rule: Fields, item: i32, path: Path): EvidenceSource | null {
  const fields = Fields.of(rule.document, item, path, rule.problems);
  if (!fields) return null;
  const configMaps = decodeClusterSource(fields, "configMap");
  const annotation = fields.bool("annotation", false);
  fields.end();
  if ((configMaps != null) == annotation) {
    fields.problems.add(path, "must have either configMap or annotation: true");
  }
  return new EvidenceSource(configMaps);
}
