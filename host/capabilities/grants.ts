import { UserError } from "../document.js";

/** The capabilities that policies can be granted, by namespace and operation. */
export const CAPABILITIES = [
  "crypto/v1/is_certificate_trusted",
  "kubernetes/can_i",
  "kubernetes/get_resource",
  "kubernetes/list_resources_all",
  "kubernetes/list_resources_by_namespace",
  "net/v1/dns_lookup_host",
  "oci/v1/manifest_digest",
  "oci/v1/oci_manifest",
  "oci/v1/oci_manifest_config",
  "oci/v1/verify",
  "oci/v2/verify",
];

/** Says whether a capability, `namespace/operation`, is granted. */
export type Grants = (capability: string) => boolean;

/**
 * Parses grants as kwctl and policy-server take them: `*`, a prefix like `oci/*`, or one capability
 * in full. No pattern at all grants nothing.
 */
export function parseGrants(patterns: string[]): Grants {
  const trimmed = patterns.map((pattern) => pattern.trim());
  for (const pattern of trimmed) refuseUnknown(pattern);
  return (capability) => trimmed.some((pattern) => matches(pattern, capability));
}

function matches(pattern: string, capability: string): boolean {
  if (pattern === "*" || pattern === capability) return true;
  return pattern.endsWith("/*") && capability.startsWith(pattern.slice(0, -1));
}

function refuseUnknown(pattern: string): void {
  if (CAPABILITIES.some((capability) => matches(pattern, capability))) return;
  const wildcard = pattern.includes("*") && !pattern.endsWith("/*");
  const hint = wildcard
    ? "a wildcard is a whole last part, like oci/*"
    : `known are ${CAPABILITIES.join(", ")}`;
  throw new UserError(`--allowed-host-capabilities: nothing is called "${pattern}"; ${hint}`);
}
