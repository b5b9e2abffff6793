import type { JsonObject } from "../document.js";
import type { NamedKey } from "../evidence/verify.js";
import { ENABLED, LABEL, type WatchedNamespace } from "./objects.js";

/** What the webhook sees of a Pod, and beside that the containers of `kubectl debug`. */
const RULES = [
  {
    apiGroups: [""],
    apiVersions: ["v1"],
    resources: ["pods", "pods/ephemeralcontainers"],
    operations: ["CREATE", "UPDATE"],
  },
];

/** A rule that goes by labels and CosignKeys as they are when a Pod comes. */
export function followingRules(): JsonObject[] {
  const namespaceSelector = { matchLabels: { [LABEL]: ENABLED } };
  return [{ image: "*", namespaceSelector, keysFrom: [{ cosignKey: {} }] }];
}

/** The kinds that `followingRules` reads of the cluster. */
export const FOLLOWED = [
  { apiVersion: "kubeservice.cn/v1", kind: "CosignKey" },
  { apiVersion: "v1", kind: "Namespace" },
];

/**
 * Rules with the keys and namespaces of today, which read nothing of the cluster: one for all the namespaces that have
 * the same keys, any of which is enough.
 *
 * @param keysOf the good keys of a namespace, at least one
 */
export function copiedRules(
  watched: WatchedNamespace[],
  keysOf: (namespace: WatchedNamespace) => NamedKey[],
): JsonObject[] {
  const rules = new Map<string, { keys: NamedKey[]; namespaces: string[] }>();
  for (const namespace of watched) {
    const keys = keysOf(namespace);
    const same = keys
      .map(({ key }) => key.trim())
      .sort()
      .join("\n");
    const rule = rules.get(same) ?? { keys, namespaces: [] };
    rules.set(same, rule);
    rule.namespaces.push(namespace.name);
  }
  return [...rules.values()].map(({ keys, namespaces }) => ({
    image: "*",
    namespaces,
    threshold: 1,
    pubKeys: keys,
  }));
}

/**
 * The policy that takes the webhook's place, for the same requests.
 *
 * @param module where Kubewarden finds the policy: `registry://…`
 * @param contextAwareResources the kinds that the rules read, none for copied ones
 */
export function toPolicy(
  module: string,
  rules: JsonObject[],
  contextAwareResources: JsonObject[],
): JsonObject {
  return {
    apiVersion: "policies.kubewarden.io/v1",
    kind: "ClusterAdmissionPolicy",
    metadata: { name: "trusted-images" },
    spec: {
      module,
      mutating: true,
      // The host fetches signatures from registries; the default is 2.
      timeoutEvalSeconds: 10,
      failurePolicy: "Fail",
      rules: RULES,
      ...(contextAwareResources.length > 0 && { contextAwareResources }),
      settings: { signatures: rules },
    },
  };
}
