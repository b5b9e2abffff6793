import { isObject, own, type JsonObject } from "../document.js";
import { prune } from "./mask.js";

/** What a policy can read of a cluster. What is asked are the fields of a host call. */
export interface Cluster {
  /** Lists the objects of a kind, in one namespace or in all of them, that the selectors ask for. */
  list(asked: JsonObject): Promise<JsonObject>;
  /** Gets one object. */
  get(asked: JsonObject): Promise<JsonObject>;
}

const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/**
 * A List as policies get one: its own metadata is empty, and of each object the host has taken away who manages
 * which field and what kubectl last applied.
 */
export function toList(asked: JsonObject, objects: JsonObject[]): JsonObject {
  const items = objects.map((object) => {
    const metadata = metadataOf(object);
    const annotations = without(objectIn(metadata, "annotations"), LAST_APPLIED);
    return masked(asked, { ...object, metadata: { ...metadata, annotations, managedFields: [] } });
  });
  const { api_version, kind } = asked;
  return { apiVersion: api_version!, kind: `${String(kind)}List`, metadata: {}, items };
}

/** Leaves of an object what the field masks name. What it is, and its metadata, are always left whole. */
export function masked({ field_masks: masks }: JsonObject, object: JsonObject): JsonObject {
  if (!Array.isArray(masks)) return object;
  const kept = prune(object, masks.map(String));
  for (const name of ["apiVersion", "kind", "metadata"]) {
    if (Object.hasOwn(object, name)) kept[name] = object[name]!;
  }
  return kept;
}

/** Says in policy-server's words that an object is not there. */
export function notFound({ api_version, kind, name, namespace = null }: JsonObject): Error {
  const inside = namespace === null ? "None" : `Some(${JSON.stringify(namespace)})`;
  return new Error(
    `Cannot find ${String(api_version)}/${String(kind)} named '${String(name)}' ` +
      `inside of namespace '${inside}'`,
  );
}

/** Refuses in policy-server's words to look for a kind where its objects are not. */
export function refuseScope(asked: JsonObject, namespaced: boolean, oneObject: boolean): void {
  const { api_version, kind, namespace = null } = asked;
  const what = `${String(api_version)}/${String(kind)}`;
  if (namespaced && namespace === null && oneObject) {
    throw new Error(`Resource ${what} is namespaced, but no namespace was provided`);
  }
  if (!namespaced && namespace !== null && !oneObject) {
    throw new Error(`resource ${what} is cluster wide. Cannot search for it inside of a namespace`);
  }
}

/** An object's metadata; none at all is empty. */
export function metadataOf(object: JsonObject): JsonObject {
  return objectIn(object, "metadata");
}

/** A map in a map; anything else is an empty one. */
export function objectIn(object: JsonObject, name: string): JsonObject {
  const value = own(object, name);
  return isObject(value) ? value : {};
}

/** A map but for one of its entries. */
export function without(object: JsonObject, name: string): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([each]) => each !== name));
}
