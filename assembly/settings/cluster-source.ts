import { PATTERN_BYTES } from "../limits";
import { Builder, Fields, Path, Problems, Text } from "../sdk";
import { isLabelQuery } from "./label-syntax";

/** Longest name of an object (RFC 1123, DNS subdomain). */
const LONGEST_NAME = 253;

/** Which objects of a kind a rule reads from the cluster: one by its name, or those with certain labels. */
export class ClusterSource {
  constructor(
    /** Null if they are chosen by labels. */
    readonly name: Text | null,
    /** As `kubectl get -l` takes it; null if one is chosen by its name. */
    readonly labelSelector: Text | null,
    /** Null for the namespace of the request. */
    readonly namespace: Text | null,
  ) {}

  /** Writes why it was looked for in the namespace where it was, if nobody said so. */
  explainNamespace(to: Builder): Builder {
    const mayBeNamed = this.name != null || this.labelSelector != null;
    if (this.namespace || !mayBeNamed) return to;
    return to.ascii(" (the rule names no namespace, so that of the request)");
  }
}

/** `{name | labelSelector, namespace}` in a field; null if it is absent, or if there is a problem. */
export function decodeClusterSource(owner: Fields, field: string): ClusterSource | null {
  const source = decodeSource(owner, field);
  if (!source) return null;
  const path = owner.path.field(field);
  const labelSelector = source.labelSelector;
  if (labelSelector && labelSelector.length > PATTERN_BYTES) {
    owner.problems.add(path.field("labelSelector"), "has more than 512 bytes");
  } else if (labelSelector && !isLabelQuery(labelSelector)) {
    owner.problems.add(path.field("labelSelector"), NO_LABELS);
  }
  if (!source.name && !labelSelector) {
    owner.problems.add(path, "must have either name or labelSelector");
  } else if (source.name && labelSelector) {
    owner.problems.add(path, "must have only one of name and labelSelector");
  }
  return source;
}

/** `{name, namespace}`: one object, and no other. */
export function decodeNamedSource(owner: Fields, field: string): ClusterSource | null {
  const source = decodeSource(owner, field);
  if (!source) return null;
  const path = owner.path.field(field);
  if (!source.name) owner.problems.add(path.field("name"), "is required");
  if (source.labelSelector) owner.problems.add(path.field("labelSelector"), "does not go here");
  return source;
}

const NO_LABELS =
  "must be labels as kubectl get -l takes them, such as a=b or a in (b,c), with commas between them";

function decodeSource(owner: Fields, field: string): ClusterSource | null {
  const fields = owner.object(field);
  if (!fields || owner.isBlank(owner.value(field))) return null;
  const name = fields.text("name");
  const labelSelector = fields.text("labelSelector");
  const namespace = fields.text("namespace");
  fields.end();
  refuseBadName(name, fields.path.field("name"), fields.problems);
  refuseBadName(namespace, fields.path.field("namespace"), fields.problems);
  return new ClusterSource(name, labelSelector, namespace);
}

function refuseBadName(name: Text | null, path: Path, problems: Problems): void {
  if (name && !isName(name)) {
    problems.add(path, "must be lower-case letters and digits, with - or . between them");
  }
}

/** Whether nothing in a name could lead to another object than the one that is meant. */
function isName(text: Text): bool {
  for (let i = 0; i < text.length; i++) {
    const byte = text.at(i);
    const inner = i > 0 && i < text.length - 1 && (byte == 0x2d || byte == 0x2e);
    if (!inner && !(byte >= 0x61 && byte <= 0x7a) && !(byte >= 0x30 && byte <= 0x39)) return false;
  }
  return text.length <= LONGEST_NAME;
}
