import { isObject, type JsonObject } from "../document.js";
import { objectIn } from "./cluster.js";

// Of the kinds that come with Kubernetes, those whose objects are in no namespace.
const CLUSTER_WIDE = new Set([
  "v1/ComponentStatus",
  "v1/Namespace",
  "v1/Node",
  "v1/PersistentVolume",
  "admissionregistration.k8s.io/v1/MutatingWebhookConfiguration",
  "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy",
  "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicyBinding",
  "admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration",
  "apiextensions.k8s.io/v1/CustomResourceDefinition",
  "apiregistration.k8s.io/v1/APIService",
  "certificates.k8s.io/v1/CertificateSigningRequest",
  "flowcontrol.apiserver.k8s.io/v1/FlowSchema",
  "flowcontrol.apiserver.k8s.io/v1/PriorityLevelConfiguration",
  "networking.k8s.io/v1/IngressClass",
  "networking.k8s.io/v1/IPAddress",
  "networking.k8s.io/v1/ServiceCIDR",
  "node.k8s.io/v1/RuntimeClass",
  "rbac.authorization.k8s.io/v1/ClusterRole",
  "rbac.authorization.k8s.io/v1/ClusterRoleBinding",
  "resource.k8s.io/v1/DeviceClass",
  "resource.k8s.io/v1/ResourceSlice",
  "scheduling.k8s.io/v1/PriorityClass",
  "storage.k8s.io/v1/CSIDriver",
  "storage.k8s.io/v1/CSINode",
  "storage.k8s.io/v1/StorageClass",
  "storage.k8s.io/v1/VolumeAttachment",
  "storage.k8s.io/v1/VolumeAttributesClass",
]);

/** Says whether the objects of a kind are in namespaces. */
export type Scope = (apiVersion: string, kind: string) => boolean;

/** What is known of kinds without a cluster: Kubernetes' own, and those whose definition is among the objects. */
export function scopeOf(objects: JsonObject[]): Scope {
  const defined = new Set(objects.flatMap(clusterWideIn));
  return (apiVersion, kind) => {
    const name = `${apiVersion}/${kind}`;
    return !CLUSTER_WIDE.has(name) && !defined.has(name);
  };
}

function clusterWideIn(object: JsonObject): string[] {
  if (object["kind"] !== "CustomResourceDefinition") return [];
  const { scope, group, names, versions } = objectIn(object, "spec");
  if (scope !== "Cluster" || !isObject(names) || !Array.isArray(versions)) return [];
  return versions
    .filter(isObject)
    .map(({ name }) => `${String(group)}/${String(name)}/${String(names["kind"])}`);
}

/** Does a kind come with Kubernetes? The groups of custom ones are domains of their own. */
export function isBuiltIn(apiVersion: string): boolean {
  const group = apiVersion.slice(0, Math.max(apiVersion.indexOf("/"), 0));
  return !group.includes(".") || group.endsWith(".k8s.io");
}
