import type { HostCall } from "./wapc.js";
import { isObject, own, type Json, type JsonObject } from "./document.js";

/**
 * A host call as Kubewarden's hosts see it once its payload is decoded: the variant's name and its
 * fields in the order of the host's own struct, `null` where the guest left an optional one out.
 * Sessions record this form, and capabilities answer it.
 */
export interface CallbackRequest {
  variant: string;
  fields: JsonObject;
}

/** Fields of a variant in order; a `?` marks one that may be left out. */
const SIGSTORE: Record<string, string[]> = {
  SigstorePubKeyVerify: ["image", "pub_keys", "annotations?"],
  SigstoreKeylessVerify: ["image", "keyless", "annotations?"],
  SigstoreKeylessPrefixVerify: ["image", "keyless_prefix", "annotations?"],
  SigstoreGithubActionsVerify: ["image", "owner", "repo?", "annotations?"],
  SigstoreCertificateVerify: [
    "image",
    "certificate",
    "certificate_chain?",
    "require_rekor_bundle",
    "annotations?",
  ],
};

const SELECTION = ["label_selector?", "field_selector?", "field_masks?"];

const FIELDS: Record<string, string[]> = {
  OciManifestDigest: ["image"],
  OciManifest: ["image"],
  OciManifestAndConfig: ["image"],
  ...SIGSTORE,
  DNSLookupHost: ["host"],
  KubernetesListResourceNamespace: ["api_version", "kind", "namespace", ...SELECTION],
  KubernetesListResourceAll: ["api_version", "kind", ...SELECTION],
  KubernetesGetResource: [
    "api_version",
    "kind",
    "name",
    "namespace?",
    "disable_cache",
    "field_masks?",
  ],
  KubernetesCanI: ["request", "disable_cache"],
  CryptoIsCertificateTrusted: ["request"],
};

interface Type {
  called: string;
  test: (value: Json) => boolean;
}

const isString = (value: Json) => typeof value === "string";
const isByte = (value: Json) =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) < 256;
const listOf = (item: (value: Json) => boolean) => (value: Json) =>
  Array.isArray(value) && value.every(item);

const STRING: Type = { called: "a string", test: isString };
const STRINGS: Type = { called: "a list of strings", test: listOf(isString) };

/** What a field must be if it is there, for those that this host works with itself. */
const TYPES: Record<string, Type> = {
  image: STRING,
  host: STRING,
  pub_keys: STRINGS,
  field_masks: STRINGS,
  annotations: {
    called: "a map of strings",
    test: (value) => isObject(value) && Object.values(value).every(isString),
  },
  certificate: { called: "a list of bytes", test: listOf(isByte) },
  certificate_chain: { called: "a list of lists of bytes", test: listOf(listOf(isByte)) },
  require_rekor_bundle: { called: "a boolean", test: (value) => typeof value === "boolean" },
  cert: { called: "a certificate", test: isCertificate },
  cert_chain: { called: "a list of certificates", test: listOf(isCertificate) },
  not_after: STRING,
  keyless: identities("issuer", "subject"),
  keyless_prefix: identities("issuer", "url_prefix"),
  owner: STRING,
  repo: STRING,
  api_version: STRING,
  kind: STRING,
  name: STRING,
  namespace: STRING,
  label_selector: STRING,
  field_selector: STRING,
};

const CERTIFICATE_REQUEST = ["cert", "cert_chain?", "not_after?"];

type Decoder = (payload: Json) => CallbackRequest;

const DECODERS: Record<string, Record<string, Decoder>> = {
  oci: {
    "v1/manifest_digest": (image) => request("OciManifestDigest", { image }),
    "v1/oci_manifest": (image) => request("OciManifest", { image }),
    "v1/oci_manifest_config": (image) => request("OciManifestAndConfig", { image }),
    "v2/verify": (payload) => {
      const variant = object(payload)["type"];
      if (typeof variant !== "string") throw new Error("missing field `type`");
      if (!own(SIGSTORE, variant)) {
        throw new Error(
          `unknown variant \`${variant}\`, expected one of ${Object.keys(SIGSTORE).join(", ")}`,
        );
      }
      return request(variant, object(payload));
    },
  },
  net: { "v1/dns_lookup_host": (host) => request("DNSLookupHost", { host }) },
  crypto: {
    "v1/is_certificate_trusted": (payload) =>
      request("CryptoIsCertificateTrusted", { request: object(payload) }),
  },
  kubernetes: {
    list_resources_by_namespace: (payload) =>
      request("KubernetesListResourceNamespace", object(payload)),
    list_resources_all: (payload) => request("KubernetesListResourceAll", object(payload)),
    get_resource: (payload) => request("KubernetesGetResource", object(payload)),
    can_i: (payload) => {
      const { subject_access_review = null, disable_cache = null } = object(payload);
      return request("KubernetesCanI", { request: subject_access_review, disable_cache });
    },
  },
};

/** Decodes a host call of the `kubewarden` binding. `tracing` is not among them: it asks nothing. */
export function decodeCall(call: HostCall): CallbackRequest {
  const operations = own(DECODERS, call.namespace);
  if (!operations) throw new Error(`unknown namespace: ${call.namespace}`);
  const decode = own(operations, call.operation);
  if (!decode) throw new Error(`unknown operation: ${call.operation}`);
  return decode(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(call.payload)) as Json);
}

/**
 * Brings a request's fields into their one form, so that two requests are the same exactly when
 * they are deeply equal: known fields only, in order, maps and sets sorted.
 */
export function request(variant: string, given: JsonObject): CallbackRequest {
  const names = own(FIELDS, variant);
  if (!names) throw new Error(`unknown variant \`${variant}\``);
  const fields = pick(names, given);
  const { annotations, field_masks: masks } = fields;
  if (isObject(annotations)) {
    fields["annotations"] = Object.fromEntries(Object.entries(annotations).sort(byKey));
  }
  if (Array.isArray(masks)) fields["field_masks"] = [...new Set(masks)].sort();
  if (variant === "CryptoIsCertificateTrusted") {
    const inner = pick(CERTIFICATE_REQUEST, object(fields["request"] ?? null));
    fields["request"] = { ...inner, not_after: inner["not_after"] || null };
  }
  return { variant, fields };
}

function pick(names: string[], given: JsonObject): JsonObject {
  const picked: JsonObject = {};
  for (const spec of names) {
    const name = spec.replace("?", "");
    const value = own(given, name) ?? null;
    if (value === null && name === spec) throw new Error(`missing field \`${name}\``);
    const type = own(TYPES, name);
    if (value !== null && type && !type.test(value)) {
      throw new Error(`invalid type: field \`${name}\` must be ${type.called}`);
    }
    picked[name] = value;
  }
  return picked;
}

function object(value: Json): JsonObject {
  if (!isObject(value)) throw new Error("expected a map");
  return value;
}

function identities(...names: string[]): Type {
  return {
    called: `a list of ${names.join(" and ")}`,
    test: listOf((item) => isObject(item) && names.every((name) => isString(item[name] ?? null))),
  };
}

function isCertificate(value: Json): boolean {
  if (!isObject(value)) return false;
  const { encoding, data } = value;
  return (encoding === "Pem" || encoding === "Der") && listOf(isByte)(data ?? null);
}

// Rust's BTreeMap sorts by bytes, which for UTF-8 is the order of code points.
function byKey([a]: [string, unknown], [b]: [string, unknown]): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
