import { AdmissionRequest, Document, Kind } from "../sdk";

/**
 * Whether the object is a ReplicaSet that another object makes, such as a Deployment. Its owner looks for the one whose
 * template is its own: were that changed here, it would never find it, and make one after another.
 */
export function isMadeReplicaSet(document: Document, request: AdmissionRequest): bool {
  if (!request.kind.is("ReplicaSet") || !request.group.is("apps")) return false;
  const metadata = document.field(request.object, "metadata");
  const owners = document.field(metadata, "ownerReferences");
  if (document.kind(owners) != Kind.Array) return false;
  for (let at = owners + 1; !document.ends(at); at = document.next(at)) {
    if (document.kind(document.field(at, "controller")) == Kind.True) return true;
  }
  return false;
}
