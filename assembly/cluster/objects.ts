import { Code, Failure, Result } from "../failure";
import { answerMalformed, capabilityDenied } from "../host-failure";
import { SHOWN_ERROR_BYTES } from "../limits";
import { Builder, Document, HostAnswer, Kind, NONE, Text } from "../sdk";
import { ClusterKind } from "./kind";

/** Objects of the cluster, as the host gave them: tokens of one document. */
export class ClusterObjects {
  readonly tokens: Array<i32> = [];
  readonly document: Document;

  private constructor(
    private readonly json: Text,
    readonly kind: ClusterKind,
    private readonly namespace: Text,
    /** The name or the labels that were asked for; may be empty. */
    private readonly which: Text,
  ) {
    this.document = Document.read(json);
  }

  /** Bytes of all of them. */
  get size(): i32 {
    return this.json.length;
  }

  /** Reads an object, the answer to `get_resource`: the one of this name, which may be in no namespace. */
  static readObject(
    answer: HostAnswer,
    kind: ClusterKind,
    namespace: Text,
    name: Text,
  ): Result<ClusterObjects> {
    if (saysMissing(answer)) {
      const detail = new Builder().ascii("there is no ");
      writeWhat(detail, kind, namespace, name);
      return Result.failure<ClusterObjects>(new Failure(Code.ResourceMissing, detail.view()));
    }
    const failure = failureOf(answer, kind, "kubernetes/get_resource");
    if (failure) return Result.failure<ClusterObjects>(failure);
    const objects = new ClusterObjects(answer.bytes, kind, namespace, name);
    const isIt = objects.add(0) && objects.textOf(0, "name").same(name);
    return isIt && objects.makeSense
      ? Result.ok(objects)
      : Result.failure<ClusterObjects>(answerMalformed());
  }

  /** Reads a List, the answer to `list_resources_by_namespace`. It may be empty. */
  static readList(
    answer: HostAnswer,
    kind: ClusterKind,
    namespace: Text,
    labels: Text,
  ): Result<ClusterObjects> {
    const failure = failureOf(answer, kind, "kubernetes/list_resources_by_namespace");
    if (failure) return Result.failure<ClusterObjects>(failure);
    const objects = new ClusterObjects(answer.bytes, kind, namespace, labels);
    const document = objects.document;
    const items = document.field(0, "items");
    const more = document.field(document.field(0, "metadata"), "continue");
    if (
      document.kind(more) != Kind.Null &&
      !(document.kind(more) == Kind.String && document.raw(more).length == 2)
    ) {
      return Result.fail<ClusterObjects>(Code.HostFailed, "the host gave only some of the objects");
    }
    let areAll: bool = document.kind(items) == Kind.Array;
    for (let at = items + 1; areAll && !document.ends(at); at = document.next(at)) {
      areAll = objects.add(at);
    }
    return areAll && objects.makeSense
      ? Result.ok(objects)
      : Result.failure<ClusterObjects>(answerMalformed());
  }

  /** `ConfigMap app=keys in namespace team`: what was asked for. */
  write(to: Builder): void {
    writeWhat(to, this.kind, this.namespace, this.which);
  }

  /** Whether no key that was asked for so far stands twice in its object. */
  get makeSense(): bool {
    return this.document.twice == NONE;
  }

  /** Adds an object if it is of the kind and in the namespace; an item of a List need not say its kind. */
  private add(object: i32): bool {
    const document = this.document;
    if (document.kind(object) != Kind.Object) return false;
    const kind = document.field(object, "kind");
    const isOfKind =
      kind == NONE ||
      (document.kind(kind) == Kind.String && document.text(kind).same(this.kind.kind));
    this.tokens.push(object);
    return isOfKind && this.textOf(object, "namespace").same(this.namespace);
  }

  /** `namespace/name` of an object, as far as it says them. */
  nameOf(object: i32): Text {
    const name = new Builder().plain(this.textOf(object, "namespace"), 63).byte(0x2f);
    return name.plain(this.textOf(object, "name"), 253).view();
  }

  /** A field of its metadata; empty if it is absent, or no string. */
  private textOf(object: i32, field: string): Text {
    const document = this.document;
    const value = document.field(document.field(object, "metadata"), field);
    return document.kind(value) == Kind.String ? document.text(value) : new Text(0, 0);
  }
}

function writeWhat(to: Builder, kind: ClusterKind, namespace: Text, which: Text): void {
  to.text(kind.kind);
  if (which.length > 0) to.byte(0x20).plain(which, 128);
  if (namespace.length > 0) to.ascii(" in namespace ").plain(namespace, 128);
}

/** Whether the host found out that there is no object of the name: `Cannot find v1/ConfigMap named 'a' inside of …`. */
function saysMissing(answer: HostAnswer): bool {
  return !answer.ok && answer.firstLine().startsWith("Cannot find ");
}

/** Why the host did not read it, and what to do about that; null if it did. */
function failureOf(answer: HostAnswer, kind: ClusterKind, capability: string): Failure | null {
  if (answer.ok) return null;
  const detail = new Builder();
  const line = answer.firstLine();
  if (line.find("has not been granted access to Kubernetes") >= 0) {
    detail.ascii("the host denies this policy ").text(kind.kind);
    kind.writeResource(detail.ascii(" objects: add "));
    detail.ascii(" to the policy's contextAwareResources, which only a cluster-wide policy has");
    return new Failure(Code.ResourceDenied, detail.view());
  }
  const denied = capabilityDenied(answer, capability);
  if (denied) return denied;
  if (line.find("orbidden") >= 0) {
    detail.ascii("the policy server may not read ").text(kind.kind);
    kind.writeRoleRule(detail.ascii(" objects: bind its service account to a role with "));
    return new Failure(Code.ResourceForbidden, detail.view());
  }
  detail.ascii("the host could not read ").text(kind.kind).ascii(" objects: ");
  detail.plain(line, SHOWN_ERROR_BYTES);
  return new Failure(Code.HostFailed, detail.view());
}
