import { ClusterReader } from "../cluster/reader";
import { Failure } from "../failure";
import { answerMalformed } from "../host-failure";
import { RULES } from "../limits";
import { Text } from "../sdk";
import { Rule } from "../settings/rule";

/** Whether a namespace has the labels that a rule wants. */
export class LabelMatch {
  constructor(
    /** The label that is not as the rule wants it; null if all are, or if there is no knowing. */
    readonly mismatch: Text | null,
    /** Why there is no knowing. */
    readonly failure: Failure | null,
  ) {}
}

/** The namespace that a request is for. Its labels are what the cluster says they are, and not the request. */
export class Namespace {
  /** By the rules' numbers, as far as they were needed: all images of a request are in one namespace. */
  private readonly known: StaticArray<LabelMatch | null> = new StaticArray(RULES + 1);

  constructor(
    /** Empty for what is in none. */
    readonly name: Text,
    private readonly cluster: ClusterReader,
  ) {}

  /** Whether it is one that the rule's `namespaceSelector` means. */
  isFor(rule: Rule): LabelMatch {
    const known = this.known[rule.number];
    if (known) return known;
    const found = this.find(rule);
    this.known[rule.number] = found;
    return found;
  }

  private find(rule: Rule): LabelMatch {
    const selector = rule.namespaceSelector;
    if (!selector) return new LabelMatch(null, null);
    const labels = this.cluster.labels(selector.count);
    if (labels.failure) return new LabelMatch(null, labels.failure);
    const mismatch = selector.mismatch(labels.value!);
    return labels.value!.makeSense
      ? new LabelMatch(mismatch, null)
      : new LabelMatch(null, answerMalformed());
  }
}
