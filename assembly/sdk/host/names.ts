// Names of Kubewarden's host capabilities, as zero-terminated UTF-8: `kwctl annotate` finds out what a policy uses
// by looking for these bytes in the module. A name is in the module only if the policy calls its function.

/** `kubewarden`, the binding of all of them. */
export function binding(): usize {
  return memory.data<u8>([107, 117, 98, 101, 119, 97, 114, 100, 101, 110, 0]);
}

/** `oci` */
export function oci(): usize {
  return memory.data<u8>([111, 99, 105, 0]);
}

/** `v2/verify` */
export function verify(): usize {
  return memory.data<u8>([118, 50, 47, 118, 101, 114, 105, 102, 121, 0]);
}

/** `v1/manifest_digest` */
export function manifestDigest(): usize {
  return memory.data<u8>([
    118, 49, 47, 109, 97, 110, 105, 102, 101, 115, 116, 95, 100, 105, 103, 101, 115, 116, 0,
  ]);
}

/** `v1/oci_manifest` */
export function ociManifest(): usize {
  return memory.data<u8>([118, 49, 47, 111, 99, 105, 95, 109, 97, 110, 105, 102, 101, 115, 116, 0]);
}

/** `v1/oci_manifest_config` */
export function ociManifestConfig(): usize {
  return memory.data<u8>([
    118, 49, 47, 111, 99, 105, 95, 109, 97, 110, 105, 102, 101, 115, 116, 95, 99, 111, 110, 102,
    105, 103, 0,
  ]);
}

/** `kubernetes` */
export function kubernetes(): usize {
  return memory.data<u8>([107, 117, 98, 101, 114, 110, 101, 116, 101, 115, 0]);
}

/** `list_resources_by_namespace` */
export function listResourcesByNamespace(): usize {
  return memory.data<u8>([
    108, 105, 115, 116, 95, 114, 101, 115, 111, 117, 114, 99, 101, 115, 95, 98, 121, 95, 110, 97,
    109, 101, 115, 112, 97, 99, 101, 0,
  ]);
}

/** `list_resources_all` */
export function listResourcesAll(): usize {
  return memory.data<u8>([
    108, 105, 115, 116, 95, 114, 101, 115, 111, 117, 114, 99, 101, 115, 95, 97, 108, 108, 0,
  ]);
}

/** `get_resource` */
export function getResource(): usize {
  return memory.data<u8>([103, 101, 116, 95, 114, 101, 115, 111, 117, 114, 99, 101, 0]);
}

/** `crypto` */
export function crypto(): usize {
  return memory.data<u8>([99, 114, 121, 112, 116, 111, 0]);
}

/** `v1/is_certificate_trusted` */
export function isCertificateTrusted(): usize {
  return memory.data<u8>([
    118, 49, 47, 105, 115, 95, 99, 101, 114, 116, 105, 102, 105, 99, 97, 116, 101, 95, 116, 114,
    117, 115, 116, 101, 100, 0,
  ]);
}

/** `tracing` */
export function tracing(): usize {
  return memory.data<u8>([116, 114, 97, 99, 105, 110, 103, 0]);
}

/** `log` */
export function log(): usize {
  return memory.data<u8>([108, 111, 103, 0]);
}
