import type { CallbackRequest } from "../callback.js";

/** A kind of objects in a cluster, as metadata's `contextAwareResources` name it. */
export interface ContextAwareResource {
  apiVersion: string;
  kind: string;
}

/** Says whether a policy may read the objects of a kind. */
export type ResourceGrants = (resource: ContextAwareResource) => boolean;

/** Grants these kinds and no other. */
export function grantResources(resources: ContextAwareResource[]): ResourceGrants {
  return (wanted) =>
    resources.some(
      ({ apiVersion, kind }) => apiVersion === wanted.apiVersion && kind === wanted.kind,
    );
}

const READS = [
  "KubernetesListResourceNamespace",
  "KubernetesListResourceAll",
  "KubernetesGetResource",
];

/** Refuses in policy-server's words a request that reads objects which are not granted. */
export function refuseUngranted(
  { variant, fields }: CallbackRequest,
  grants: ResourceGrants,
): void {
  if (!READS.includes(variant)) return;
  const { api_version, kind } = fields;
  const [apiVersion, name] = [String(api_version), String(kind)];
  if (grants({ apiVersion, kind: name })) return;
  throw new Error(
    `Policy has not been granted access to Kubernetes ${apiVersion}/${name} resources. ` +
      "The violation has been reported.",
  );
}
