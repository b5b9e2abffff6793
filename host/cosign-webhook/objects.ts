import { isObject, UserError, type Json, type JsonObject } from "../document.js";
import type { NamedKey } from "../evidence/verify.js";
import { metadataOf } from "../kubernetes/cluster.js";
import type { Manifest } from "../manifests.js";

/** The label by which cosign-webhook's own configuration chooses namespaces, and its value. */
export const LABEL = "cosignkey.kubernetes.io/verify";
export const ENABLED = "enabled";

/** A namespace in which cosign-webhook verifies, with what it verifies by. */
export interface WatchedNamespace {
  name: string;
  cosignKeys: CosignKey[];
}

/** A CosignKey. Its keys are named as the policy names them: namespace, object, number. */
export interface CosignKey {
  name: string;
  keys: NamedKey[];
}

/** What cosign-webhook goes by in a cluster. */
export interface Installation {
  watched: WatchedNamespace[];
  /** Objects and labels without effect on it, a sentence each. */
  idle: string[];
}

const HOW = "kubectl get namespaces,cosignkeys -A -o yaml";

/**
 * Finds cosign-webhook's CosignKeys (`kubeservice.cn/v1`, `spec.authorities.key`) and the namespaces with its label among
 * a cluster's objects; others are passed over.
 */
export function findInstallation(manifests: Manifest[]): Installation {
  const objects = manifests.map(({ document }) => document).filter(isObject);
  const namespaces = objects.filter((object) => is(object, "v1", "Namespace"));
  const cosignKeys = objects.filter((object) => is(object, "kubeservice.cn/v1", "CosignKey"));
  const enabled = namespaces.filter((each) => labelOf(each) === ENABLED).map(nameOf);
  if (enabled.length === 0) {
    throw new UserError(
      `no namespace has the label ${LABEL}: ${ENABLED}, so cosign-webhook verifies in none. ` +
        `Give namespaces and CosignKeys, as from: ${HOW}`,
    );
  }
  const watched = [...new Set(enabled)].sort().map((name) => ({
    name,
    cosignKeys: cosignKeys.filter((each) => namespaceOf(each) === name).map(decode),
  }));
  return { watched, idle: [...unknownLabels(namespaces), ...unwatched(cosignKeys, enabled)] };
}

function unknownLabels(namespaces: JsonObject[]): string[] {
  return namespaces
    .filter((each) => ![undefined, ENABLED, "disabled"].includes(labelOf(each)))
    .map((each) => {
      const label = `${LABEL}: ${labelOf(each)}`;
      return `namespace ${nameOf(each)} has the label ${label}, and only ${ENABLED} has an effect`;
    });
}

function unwatched(cosignKeys: JsonObject[], enabled: string[]): string[] {
  return cosignKeys
    .filter((each) => !enabled.includes(namespaceOf(each)))
    .map((each) => {
      const object = `CosignKey ${namespaceOf(each)}/${nameOf(each)}`;
      return `${object} has no effect, for its namespace has no label ${LABEL}: ${ENABLED}`;
    });
}

function decode(object: JsonObject): CosignKey {
  const keys = at(at(at(object, "spec"), "authorities"), "key");
  const name = nameOf(object);
  const prefix = `${namespaceOf(object)}/${name}`;
  if (keys !== undefined && !Array.isArray(keys)) {
    throw new UserError(`CosignKey ${prefix}: spec.authorities.key must be a list`);
  }
  return {
    name,
    keys: (keys ?? []).map((key, index) => ({ name: `${prefix}/${index}`, key: String(key) })),
  };
}

function is(object: JsonObject, apiVersion: string, kind: string): boolean {
  return object["apiVersion"] === apiVersion && object["kind"] === kind;
}

function at(value: Json | undefined, name: string): Json | undefined {
  return isObject(value) ? (value[name] ?? undefined) : undefined;
}

function nameOf(object: JsonObject): string {
  return String(metadataOf(object)["name"]);
}

// Where kubectl would put it.
function namespaceOf(object: JsonObject): string {
  return String(metadataOf(object)["namespace"] ?? "default");
}

function labelOf(object: JsonObject): string | undefined {
  return at(metadataOf(object)["labels"], LABEL) as string | undefined;
}
