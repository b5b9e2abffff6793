import { Reference } from "../image/reference";
import { Fields, Path, Text } from "../sdk";
import { ClusterSource, decodeClusterSource } from "./cluster-source";
import { items } from "./items";
import { Verifier } from "./verifier";

/** Where a rule looks for signatures beside those of `.sig` tags: for files before them, for artifacts after them. */
export class EvidenceSource {
  constructor(
    /** The ConfigMaps that hold them; null for the annotations of the workload, and for an artifact. */
    readonly configMaps: ClusterSource | null,
    /** Whether it is an artifact in a registry. */
    readonly isArtifact: bool,
    /** The repository of that; null for the image's own. */
    readonly repository: Text | null,
  ) {}

  /** The artifact in the image's own repository. */
  static besideImage(): EvidenceSource {
    return new EvidenceSource(null, true, null);
  }
}

/**
 * `evidenceFrom`: a list of `{configMap: {name | labelSelector, namespace}}`, `{annotation: true}` and
 * `{artifact: true, repository}`. Artifacts stand last: only they take a call for each image.
 */
export function decodeEvidenceFrom(rule: Fields, verifier: Verifier): Array<EvidenceSource> {
  const files: Array<EvidenceSource> = [];
  const artifacts: Array<EvidenceSource> = [];
  const list = items(rule, "evidenceFrom");
  const path = rule.path.field("evidenceFrom");
  if (list.length > 0 && verifier != Verifier.Policy) {
    rule.problems.add(path, "needs verifier: policy: the host does not look there");
  }
  for (let i = 0; i < list.length; i++) {
    const source = decodeSource(rule, list[i], path.at(i));
    if (source) (source.isArtifact ? artifacts : files).push(source);
  }
  return files.concat(artifacts);
}

function decodeSource(rule: Fields, item: i32, path: Path): EvidenceSource | null {
  const fields = Fields.of(rule.document, item, path, rule.problems);
  if (!fields) return null;
  const configMaps = decodeClusterSource(fields, "configMap");
  const annotation = fields.bool("annotation", false);
  const isArtifact = fields.bool("artifact", false);
  const repository = fields.text("repository");
  fields.end();
  const count = i32(configMaps != null) + i32(annotation) + i32(isArtifact);
  if (count != 1) {
    fields.problems.add(path, "must have one of configMap, annotation: true and artifact: true");
  }
  if (repository) refuseBadRepository(fields, repository, isArtifact);
  return new EvidenceSource(configMaps, isArtifact, repository);
}

function refuseBadRepository(fields: Fields, repository: Text, isArtifact: bool): void {
  const path = fields.path.field("repository");
  if (!isArtifact) fields.problems.add(path, "goes with artifact: true only");
  const reference = Reference.parse(repository).value;
  if (!reference || !reference.name.same(repository)) {
    fields.problems.add(
      path,
      "must be a repository with its registry, such as registry.example.com/evidence, and no tag",
    );
  }
}
