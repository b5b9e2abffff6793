import { randomUUID } from "node:crypto";
import { isObject, readDocument, UserError } from "./document.js";
import type { Json, JsonObject } from "./document.js";
import { readManifests } from "./manifests.js";

/** Reads a request from a file in any of the forms that `admissionRequest` knows. */
export function readRequest(path: string): JsonObject {
  return admissionRequest(readDocument(path, "request"));
}

/** Reads all the requests in a file, in a folder's files, or in standard input; there must be one. */
export function readRequests(path: string): JsonObject[] {
  const manifests = readManifests(path, "request");
  if (manifests.length === 0) throw new UserError(`${path} has no request in it`);
  return manifests.map(({ document, source }) => {
    try {
      return admissionRequest(document);
    } catch (error) {
      throw new UserError(`${source}: ${(error as Error).message}`, { cause: error });
    }
  });
}

/**
 * Takes the admission request from an AdmissionReview, takes one as it is, or makes one that
 * creates a plain workload.
 */
export function admissionRequest(document: Json): JsonObject {
  if (!isObject(document)) throw new UserError(`the request must be an object. ${FORMS}`);
  if (document["kind"] === "AdmissionReview") {
    if (isObject(document["request"])) return document["request"];
    throw new UserError("the AdmissionReview has no request: give one that an API server sent");
  }
  if (isObject(document["kind"]) && "operation" in document) return document;
  if (typeof document["kind"] === "string" && typeof document["apiVersion"] === "string") {
    return creation(document, document["kind"], document["apiVersion"]);
  }
  throw new UserError(`the request is of no known form. ${FORMS}`);
}

/** Is a request in it, or to be made of it: is it an AdmissionReview or a manifest? */
export function isWrapped(document: Json): boolean {
  return (
    isObject(document) &&
    typeof document["kind"] === "string" &&
    (document["kind"] === "AdmissionReview" || typeof document["apiVersion"] === "string")
  );
}

const FORMS =
  "Give an AdmissionReview, its request alone (with kind and operation), " +
  "or a manifest like a Pod's or a Deployment's (with apiVersion and kind).";

function creation(object: JsonObject, kind: string, apiVersion: string): JsonObject {
  if (kind === "List") throw new UserError("the request is a List: that is several requests");
  const slash = apiVersion.indexOf("/");
  const group = apiVersion.slice(0, Math.max(slash, 0));
  const version = apiVersion.slice(slash + 1);
  const { name, namespace } = isObject(object["metadata"]) ? object["metadata"] : {};
  const groupVersionKind = { group, version, kind };
  const resource = { group, version, resource: plural(kind) };
  return {
    uid: randomUUID(),
    kind: groupVersionKind,
    resource,
    requestKind: groupVersionKind,
    requestResource: resource,
    name: typeof name === "string" ? name : "",
    namespace: typeof namespace === "string" ? namespace : "default",
    operation: "CREATE",
    userInfo: { username: "trusted-images", groups: ["system:authenticated"] },
    object,
    oldObject: null,
    dryRun: true,
    options: { apiVersion: "meta.k8s.io/v1", kind: "CreateOptions" },
  };
}

function plural(kind: string): string {
  const name = kind.toLowerCase();
  if (/(?:s|x|ch)$/.test(name)) return `${name}es`;
  return name.endsWith("y") ? `${name.slice(0, -1)}ies` : `${name}s`;
}
