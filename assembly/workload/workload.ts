import { Code, Failure, Result } from "../failure";
import { AdmissionRequest, Builder, Document, Kind, NONE, Text } from "../sdk";
import { ContainerImage } from "./container-image";
import { CustomKind, findPodSpecPath, follow } from "./kind";
import { ImageLists } from "./lists";
import { isMadeReplicaSet } from "./owner";

/** An object that runs images. */
export class Workload {
  private constructor(
    readonly document: Document,
    readonly images: Array<ContainerImage>,
    /** The field names that lead to its pod spec. */
    readonly podSpecPath: Array<Text>,
    /** Tokens of its own annotations, and of those that its pods will have. */
    readonly annotations: Array<i32>,
    /** Whether it must stay as its owner made it; see there. */
    readonly isMadeReplicaSet: bool,
  ) {}

  /** Finds the images of a request's object; a failure if there is no knowing them all. */
  static find(
    document: Document,
    request: AdmissionRequest,
    custom: Array<CustomKind>,
  ): Result<Workload> {
    const path = findPodSpecPath(request.group, request.kind, custom);
    if (!path) return Result.failure<Workload>(unknownKind(request));
    if (document.kind(request.object) != Kind.Object) {
      return Result.fail<Workload>(Code.ObjectMissing, "there is no object in the request");
    }
    const podSpec = follow(document, request.object, path);
    if (document.kind(podSpec) != Kind.Object) {
      return Result.fail<Workload>(Code.PodSpecMissing, "there is no pod spec in the object");
    }
    const isUpdate = request.operation.is("UPDATE");
    const oldPodSpec = isUpdate ? follow(document, request.oldObject, path) : NONE;
    const lists = new ImageLists(document, podSpec, oldPodSpec);
    if (document.twice != NONE) return Result.failure<Workload>(duplicateKey(document));
    const failure = lists.failure;
    if (failure) return Result.failure<Workload>(failure);
    if (lists.images.length == 0) {
      return Result.fail<Workload>(Code.NoImages, "the object names no image at all");
    }
    const annotations = findAnnotations(document, request.object, path);
    const isMade = isMadeReplicaSet(document, request);
    return Result.ok<Workload>(new Workload(document, lists.images, path, annotations, isMade));
  }
}

/** The annotations of an object, and of the template of its pods: those beside the pod spec. */
function findAnnotations(document: Document, object: i32, podSpecPath: Array<Text>): Array<i32> {
  const found: Array<i32> = [];
  let holder = object;
  for (let i = 0; i < podSpecPath.length; i++) {
    const isFirst = i == 0;
    const isTemplate = i == podSpecPath.length - 1;
    if (isFirst || isTemplate) {
      found.push(document.field(document.field(holder, "metadata"), "annotations"));
    }
    holder = document.fieldOf(holder, podSpecPath[i]);
  }
  return found;
}

/**
 * Whether the request can run nothing, whatever its images: a DELETE, and an UPDATE of what is already being
 * deleted, of Kubernetes' own kinds. Only the object before the request tells that: in the new one the time is the
 * requester's word. Nor is it known of a request with a key that stands twice where it matters.
 */
export function runsNothing(document: Document, request: AdmissionRequest): bool {
  let nothing = request.operation.is("DELETE");
  if (request.operation.is("UPDATE") && findPodSpecPath(request.group, request.kind, [])) {
    const metadata = document.field(request.oldObject, "metadata");
    const time = document.field(metadata, "deletionTimestamp");
    nothing = document.kind(time) == Kind.String && document.text(time).length > 0;
  }
  return nothing && document.twice == NONE;
}

function unknownKind(request: AdmissionRequest): Failure {
  const detail = new Builder().ascii("there is no knowing which images a ");
  detail.plain(request.kind, 64);
  if (request.group.length > 0) detail.ascii(" of ").plain(request.group, 64);
  detail.ascii(
    " runs; add its kind to the setting workloads, or leave it out of the policy's rules",
  );
  return new Failure(Code.KindUnknown, detail.view());
}

function duplicateKey(document: Document): Failure {
  const detail = new Builder().ascii('the key "').plain(document.text(document.twice), 64);
  return new Failure(Code.DuplicateKey, detail.ascii('" stands twice in one object').view());
}
