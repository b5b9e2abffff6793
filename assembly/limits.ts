// How much of everything there may be. Past a limit the answer is a rejection, or a problem of the settings, that
// names it. The depth of JSON is the SDK's `DEEPEST`.

/** Bytes of a request, settings included. The API server takes objects of 3 MiB, and an UPDATE carries two. */
export const REQUEST_BYTES: i32 = 8 << 20;

/** Images of one workload, over all its lists. */
export const IMAGES: i32 = 256;

/** Rules (`signatures`) of the settings. */
export const RULES: i32 = 256;

/** Keys, identities or certificates of one rule; also patterns, namespaces and annotations. */
export const PER_RULE: i32 = 64;

/** Kinds that the settings add. */
export const WORKLOADS: i32 = 64;

/** Bytes of a pattern. */
export const PATTERN_BYTES: i32 = 512;

/** Bytes of a JSON pointer, and of a string or number that a condition on a predicate compares, as JSON writes it. */
export const POINTER_BYTES: i32 = 512;
export const SCALAR_BYTES: i32 = 4 << 10;

/** Bytes of a key or certificate in PEM. */
export const PEM_BYTES: i32 = 16 << 10;

/** Bytes of a `.sig` manifest, as registries limit them; layers of one, and bytes of one of their annotations. */
export const MANIFEST_BYTES: i32 = 4 << 20;
export const LAYERS: i32 = 64;
export const ANNOTATION_BYTES: i32 = 64 << 10;

/** Certificates between a signer's and a root, the root included. */
export const CHAIN_CERTIFICATES: i32 = 8;

/** Log entries and timestamps of one bundle. */
export const LOG_ENTRIES: i32 = 8;
export const TIMESTAMPS: i32 = 8;

/** Bytes of the objects of the cluster that one request may have read. */
export const CLUSTER_BYTES: i32 = 8 << 20;

/** Labels of a namespace that rules tell namespaces apart by. */
export const NAMESPACE_LABELS: i32 = 1024;

/** Public keys that one rule may read from the cluster. */
export const CLUSTER_KEYS: i32 = 512;

/** Bytes of what one rule says of keys that do not count, and of those that are out of their time. */
export const LEFT_OUT_BYTES: i32 = 4 << 10;

/** Signatures in one source of those that are files. */
export const SIGNATURE_FILES: i32 = 256;

/** Bytes of an envelope of Notation's: its certificates, and a timestamp with more of them. */
export const ENVELOPE_BYTES: i32 = 256 << 10;

/** Roles of Notary's that others may be delegated to in all. */
export const DELEGATIONS: i32 = 64;

/** Bytes of an evidence document, its items, and bytes of what one field of an item has in base64. */
export const EVIDENCE_BYTES: i32 = 4 << 20;
export const EVIDENCE_ITEMS: i32 = 64;
export const EVIDENCE_FIELD_BYTES: i32 = 1 << 20;

/** Calls that one request may cost the host. */
export const HOST_CALLS: i32 = 512;

/** Work that one request may cost, in verifications of P-256 signatures: 600 take about 100 ms. */
export const SIGNATURE_CHECKS: i32 = 600;

/** Bytes of a rejection's message, and warnings of a response; Kubernetes truncates more. */
export const MESSAGE_BYTES: i32 = 8 << 10;
export const WARNINGS: i32 = 32;

/** Bytes of what one line says is wrong: with its place before it and its code behind, a message has room for it. */
export const DETAIL_BYTES: i32 = 7 << 10;

/** Bytes of a warning, as Kubernetes asks. */
export const WARNING_BYTES: i32 = 120;

/** Bytes that a message shows of an image as it was written, and of a host's error. */
export const SHOWN_IMAGE_BYTES: i32 = 256;
export const SHOWN_ERROR_BYTES: i32 = 256;
