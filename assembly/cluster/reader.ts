import { Code, Failure, Result } from "../failure";
import { CLUSTER_BYTES, NAMESPACE_LABELS } from "../limits";
import { Builder, Text } from "../sdk";
import { getResource, listResourcesByNamespace, Resources } from "../sdk/host/kubernetes";
import { ClusterSource } from "../settings/cluster-source";
import { plainReadingCost, tooMuchWork, Work } from "../work";
import { ClusterKind } from "./kind";
import { Labels } from "./label-selector";
import { ClusterObjects } from "./objects";

/** Objects that were read, and where. */
class Read {
  constructor(
    readonly kind: ClusterKind,
    readonly namespace: Text,
    /** A name or a label selector. */
    readonly which: Text,
    readonly isName: bool,
    readonly result: Result<ClusterObjects>,
  ) {}

  isOf(kind: ClusterKind, namespace: Text, which: Text, isName: bool): bool {
    return (
      this.isName == isName &&
      this.which.same(which) &&
      this.namespace.same(namespace) &&
      this.kind.same(kind)
    );
  }
}

/** What one admission request reads of the cluster: nothing twice. */
export class ClusterReader {
  private readonly reads: Array<Read> = [];
  private bytes: i32 = 0;

  constructor(
    private readonly work: Work,
    /** That of the request; empty for what is in none. */
    private readonly namespace: Text,
  ) {}

  /** The object that a source names, or all of its labels; without either, all of the namespace. */
  objects(kind: ClusterKind, source: ClusterSource): Result<ClusterObjects> {
    const given = source.namespace;
    const namespace = given ? given : this.namespace;
    if (namespace.length == 0) {
      return Result.fail<ClusterObjects>(
        Code.NamespaceMissing,
        "the request is in no namespace, and the rule names none",
      );
    }
    const name = source.name;
    const selector = source.labelSelector;
    const which = name ? name : selector ? selector : new Text(0, 0);
    const read = this.read(kind, namespace, which, name != null);
    const failure = read.failure;
    if (!failure || failure.code != Code.ResourceMissing) return read;
    const detail = source.explainNamespace(new Builder().text(failure.detail)).view();
    return Result.failure<ClusterObjects>(new Failure(failure.code, detail));
  }

  /** The labels of the request's namespace, to be looked through so many times. */
  labels(times: i32): Result<Labels> {
    const read = this.read(ClusterKind.namespace(), new Text(0, 0), this.namespace, true);
    if (read.failure) return Result.failure<Labels>(read.failure!);
    if (!this.work.spend(times * plainReadingCost(read.value!.size))) {
      return Result.failure<Labels>(tooMuchWork());
    }
    const document = read.value!.document;
    const labels = new Labels(document, document.field(document.field(0, "metadata"), "labels"));
    return labels.count > NAMESPACE_LABELS
      ? Result.fail<Labels>(Code.ResourceTooLarge, "the namespace has more than 1,024 labels")
      : Result.ok(labels);
  }

  private read(
    kind: ClusterKind,
    namespace: Text,
    which: Text,
    isName: bool,
  ): Result<ClusterObjects> {
    // To find what was read before takes a walk, and rules, images and sources multiply.
    if (!this.work.spend(1 + (this.reads.length >> 6))) {
      return Result.failure<ClusterObjects>(tooMuchWork());
    }
    for (let i = 0; i < this.reads.length; i++) {
      const read = this.reads[i];
      if (read.isOf(kind, namespace, which, isName)) return read.result;
    }
    const result = this.fetch(kind, namespace, which, isName);
    this.reads.push(new Read(kind, namespace, which, isName, result));
    return result;
  }

  private fetch(
    kind: ClusterKind,
    namespace: Text,
    which: Text,
    isName: bool,
  ): Result<ClusterObjects> {
    // What is not going to be read is not fetched either.
    if (this.bytes > CLUSTER_BYTES) return tooLarge();
    const refusal = this.work.countCall();
    if (refusal) return Result.failure<ClusterObjects>(refusal);
    const what = new Resources(kind.apiVersion, kind.kind);
    what.fieldMasks = [kind.field];
    if (!isName && which.length > 0) what.labelSelector = which;
    const answer = isName
      ? getResource(what, which, namespace.length > 0 ? namespace : null, false)
      : listResourcesByNamespace(what, namespace);
    if (answer.ok) this.bytes += answer.bytes.length;
    if (this.bytes > CLUSTER_BYTES) return tooLarge();
    if (!this.work.spend(plainReadingCost(answer.bytes.length))) {
      return Result.failure<ClusterObjects>(tooMuchWork());
    }
    return isName
      ? ClusterObjects.readObject(answer, kind, namespace, which)
      : ClusterObjects.readList(answer, kind, namespace, which);
  }
}

function tooLarge(): Result<ClusterObjects> {
  return Result.fail<ClusterObjects>(
    Code.ResourceTooLarge,
    "the cluster's objects that the rules read have more than 8 MiB",
  );
}
