import { Code, Failure, Result } from "../failure";
import { SHOWN_ERROR_BYTES } from "../limits";
import { Builder, Document, HostAnswer, JsonError, Kind, NONE, Text } from "../sdk";
import { ClusterKind } from "./kind";

/** Objects of the cluster, as the host gave them: tokens of one document. */
export class ClusterObjects {
  private constructor(
    readonly document: Document,
    readonly tokens: Array<i32>,
  ) {}

  /** Reads an object, the answer to `get_resource`. */
  static readObject(answer: HostAnswer, kind: ClusterKind): Result<ClusterObjects> {
    const failure = failureOf(answer, kind, "get_resource");
    if (failure) return Result.failure<ClusterObjects>(failure);
    const document = Document.read(answer.bytes);
    if (document.kind(0) != Kind.Object) return malformed();
    return Result.ok<ClusterObjects>(new ClusterObjects(document, [0]));
  }

  /** Reads a List, the answer to `list_resources_by_namespace`. It may be empty. */
  static readList(answer: HostAnswer, kind: ClusterKind): Result<ClusterObjects> {
    const failure = failureOf(answer, kind, "list_resources_by_namespace");
    if (failure) return Result.failure<ClusterObjects>(failure);
    const document = Document.read(answer.bytes);
    const items = document.field(0, "items");
    if (document.error != JsonError.None || document.twice != NONE) return malformed();
    if (document.kind(items) != Kind.Array) return malformed();
    const tokens: Array<i32> = [];
    for (let at = items + 1; !document.ends(at); at = document.next(at)) {
      if (document.kind(at) != Kind.Object) return malformed();
      tokens.push(at);
    }
    return Result.ok<ClusterObjects>(new ClusterObjects(document, tokens));
  }

  /** `namespace/name` of an object, as far as it says them. */
  nameOf(object: i32): Text {
    const metadata = this.document.field(object, "metadata");
    const name = new Builder().plain(this.textAt(metadata, "namespace"), 63).byte(0x2f);
    return name.plain(this.textAt(metadata, "name"), 253).view();
  }

  private textAt(object: i32, field: string): Text {
    const value = this.document.field(object, field);
    return this.document.kind(value) == Kind.String ? this.document.text(value) : new Text(0, 0);
  }
}

function malformed(): Result<ClusterObjects> {
  return Result.fail<ClusterObjects>(
    Code.AnswerMalformed,
    "the host's answer about the cluster makes no sense",
  );
}

/** Why the host did not read it, and what to do about that; null if it did. */
function failureOf(answer: HostAnswer, kind: ClusterKind, operation: string): Failure | null {
  if (answer.ok) return null;
  const detail = new Builder();
  const line = answer.firstLine();
  if (line.find("has not been granted access to Kubernetes") >= 0) {
    detail.ascii("the host denies this policy ").text(kind.kind);
    kind.writeResource(detail.ascii(" objects: add "));
    detail.ascii(" to the policy's contextAwareResources, which only a cluster-wide policy has");
    return new Failure(Code.ResourceDenied, detail.view());
  }
  if (line.find("has not been granted access") >= 0) {
    detail.ascii("the host denies this policy the capability kubernetes/").ascii(operation);
    detail.ascii(": add it to the policy's hostCapabilities");
    return new Failure(Code.CapabilityDenied, detail.view());
  }
  const missing = line.startsWith("Cannot find ");
  if (!missing && line.find("orbidden") >= 0) {
    detail.ascii("the policy server may not read ").text(kind.kind);
    kind.writeRoleRule(detail.ascii(" objects: bind its service account to a role with "));
    return new Failure(Code.ResourceForbidden, detail.view());
  }
  detail.ascii("the host could not read ").text(kind.kind).ascii(" objects: ");
  detail.plain(line, SHOWN_ERROR_BYTES);
  return new Failure(missing ? Code.ResourceMissing : Code.HostFailed, detail.view());
}
