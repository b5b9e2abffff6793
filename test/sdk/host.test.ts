import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { packageFile } from "../../host/package.js";
import type { HostCall } from "../../host/wapc.js";
import { call, callOn, loadUnits } from "./units.js";

const IMAGE = 'ghcr.io/team/app:1 "é"\n';
const PEM = "-----BEGIN X-----\né\n-----END X-----\n";
const numbers = [...Buffer.from(PEM)];
const ANNOTATIONS = { annotations: ["env", "prod", 'a"b', ""] };
const annotations = { env: "prod", 'a"b': "" };
const IDENTITIES = { identities: ["https://issuer", "me@example.com", "i2", "s2"] };

// Capability of the SDK, its arguments, and what the host must get. The keys are in the order of the definitions
// in Kubewarden's own SDK for Rust, which are the order that its policies send.
const CALLS: [string, object, string, string, unknown][] = [
  ["oci.manifestDigest", { image: IMAGE }, "oci", "v1/manifest_digest", IMAGE],
  ["oci.ociManifest", { image: IMAGE }, "oci", "v1/oci_manifest", IMAGE],
  ["oci.ociManifestConfig", { image: IMAGE }, "oci", "v1/oci_manifest_config", IMAGE],
  [
    "oci.verify.publicKeys",
    { image: IMAGE, keys: [PEM, "second"], ...ANNOTATIONS },
    "oci",
    "v2/verify",
    { type: "SigstorePubKeyVerify", image: IMAGE, pub_keys: [PEM, "second"], annotations },
  ],
  [
    "oci.verify.publicKeys",
    { image: IMAGE, keys: [PEM] },
    "oci",
    "v2/verify",
    { type: "SigstorePubKeyVerify", image: IMAGE, pub_keys: [PEM], annotations: null },
  ],
  [
    "oci.verify.keyless",
    { image: IMAGE, ...IDENTITIES, ...ANNOTATIONS },
    "oci",
    "v2/verify",
    {
      type: "SigstoreKeylessVerify",
      image: IMAGE,
      keyless: [
        { issuer: "https://issuer", subject: "me@example.com" },
        { issuer: "i2", subject: "s2" },
      ],
      annotations,
    },
  ],
  [
    "oci.verify.keylessPrefix",
    { image: IMAGE, ...IDENTITIES },
    "oci",
    "v2/verify",
    {
      type: "SigstoreKeylessPrefixVerify",
      image: IMAGE,
      keyless_prefix: [
        { issuer: "https://issuer", url_prefix: "me@example.com" },
        { issuer: "i2", url_prefix: "s2" },
      ],
      annotations: null,
    },
  ],
  [
    "oci.verify.githubActions",
    { image: IMAGE, owner: "octo", repo: "cat", ...ANNOTATIONS },
    "oci",
    "v2/verify",
    { type: "SigstoreGithubActionsVerify", image: IMAGE, owner: "octo", repo: "cat", annotations },
  ],
  [
    "oci.verify.githubActions",
    { image: IMAGE, owner: "octo" },
    "oci",
    "v2/verify",
    {
      type: "SigstoreGithubActionsVerify",
      image: IMAGE,
      owner: "octo",
      repo: null,
      annotations: null,
    },
  ],
  [
    "oci.verify.certificate",
    { image: IMAGE, certificate: PEM, chain: [PEM, "x"], requireRekorBundle: true, ...ANNOTATIONS },
    "oci",
    "v2/verify",
    {
      type: "SigstoreCertificateVerify",
      image: IMAGE,
      certificate: numbers,
      certificate_chain: [numbers, [0x78]],
      require_rekor_bundle: true,
      annotations,
    },
  ],
  [
    "oci.verify.certificate",
    { image: IMAGE, certificate: PEM },
    "oci",
    "v2/verify",
    {
      type: "SigstoreCertificateVerify",
      image: IMAGE,
      certificate: numbers,
      certificate_chain: null,
      require_rekor_bundle: false,
      annotations: null,
    },
  ],
  [
    "kubernetes.listResourcesByNamespace",
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      namespace: "prod",
      labelSelector: "a=b",
      fieldSelector: "metadata.name=x",
    },
    "kubernetes",
    "list_resources_by_namespace",
    {
      api_version: "apps/v1",
      kind: "Deployment",
      namespace: "prod",
      label_selector: "a=b",
      field_selector: "metadata.name=x",
      field_masks: null,
    },
  ],
  [
    "kubernetes.listResourcesAll",
    { apiVersion: "v1", kind: "Node" },
    "kubernetes",
    "list_resources_all",
    {
      api_version: "v1",
      kind: "Node",
      label_selector: null,
      field_selector: null,
      field_masks: null,
    },
  ],
  [
    "kubernetes.getResource",
    { apiVersion: "v1", kind: "ConfigMap", name: "keys", namespace: "security", fresh: true },
    "kubernetes",
    "get_resource",
    {
      api_version: "v1",
      kind: "ConfigMap",
      name: "keys",
      namespace: "security",
      disable_cache: true,
      field_masks: null,
    },
  ],
  [
    "kubernetes.getResource",
    { apiVersion: "v1", kind: "Namespace", name: "prod" },
    "kubernetes",
    "get_resource",
    {
      api_version: "v1",
      kind: "Namespace",
      name: "prod",
      namespace: null,
      disable_cache: false,
      field_masks: null,
    },
  ],
  [
    "crypto.isCertificateTrusted",
    { certificate: PEM, chain: [PEM, "x"], notAfter: "2030-01-01T00:00:00Z" },
    "crypto",
    "v1/is_certificate_trusted",
    {
      cert: { encoding: "Pem", data: numbers },
      cert_chain: [
        { encoding: "Pem", data: numbers },
        { encoding: "Pem", data: [0x78] },
      ],
      not_after: "2030-01-01T00:00:00Z",
    },
  ],
  [
    "crypto.isCertificateTrusted",
    { certificate: PEM },
    "crypto",
    "v1/is_certificate_trusted",
    { cert: { encoding: "Pem", data: numbers }, cert_chain: null, not_after: null },
  ],
  [
    "log",
    { first: "a\nb", second: '"é"' },
    "tracing",
    "log",
    { level: "warning", message: "it happened", first: "a\nb", second: '"é"' },
  ],
];

/** A guest whose host answers everything with `answer`, and keeps what it was asked. */
function record(answer: () => Uint8Array) {
  const calls: HostCall[] = [];
  const guest = loadUnits((hostCall) => {
    calls.push(hostCall);
    return answer();
  });
  return { calls, guest };
}

describe("a capability", () => {
  test.each(CALLS)("%s %o", (capability, input, namespace, operation, payload) => {
    const { calls, guest } = record(() => Buffer.from("{}"));
    callOn(guest, capability, input);
    expect(calls).toHaveLength(1);
    const { payload: sent, ...names } = calls[0]!;
    expect(names).toEqual({ binding: "kubewarden", namespace, operation });
    const json = Buffer.from(sent).toString();
    expect(JSON.parse(json)).toEqual(payload);
    // The keys' order too.
    expect(JSON.stringify(JSON.parse(json))).toBe(JSON.stringify(payload));
  });

  const asking = CALLS.filter(([capability]) => capability !== "log");
  test.each(asking)("%s hears the answer, and the error", (capability, input) => {
    for (const answer of ["", '{"a":"é\\n"}', "no JSON \0", "x".repeat(100_000)]) {
      const { guest } = record(() => Buffer.from(answer));
      expect(JSON.parse(callOn(guest, capability, input))).toEqual({ ok: true, answer });
    }
    for (const words of ["", "no é\nat all", "x".repeat(100_000)]) {
      const { guest } = record(() => {
        throw new Error(words);
      });
      expect(JSON.parse(callOn(guest, capability, input))).toEqual({ ok: false, answer: words });
    }
  });

  test("goes on though its host does not log", () => {
    const { guest } = record(() => {
      throw new Error("denied");
    });
    expect(JSON.parse(callOn(guest, "log", { first: "", second: "" }))).toMatchObject({ ok: true });
  });
});

describe("the names of capabilities", () => {
  test("are what their comments say", () => {
    const source = readFileSync(packageFile("assembly/sdk/host/names.ts"), "utf8");
    const comments = [...source.matchAll(/^\/\*\* `([^`]+)`/gm)].map(([, name]) => name);
    expect(comments).toHaveLength([...source.matchAll(/^export function/gm)].length);
    expect(call("names", "{}").trimEnd().split("\n")).toEqual(comments);
  });

  test("stand in the module as UTF-8, where tools look for them, and only if they are used", () => {
    const bytes = (file: string) => readFileSync(packageFile(file)).toString("latin1");
    const policy = bytes("policy.wasm");
    for (const name of ["kubewarden\0", "oci\0", "v2/verify\0"]) expect(policy).toContain(name);
    for (const name of ["v1/oci_manifest", "list_resources_all", "get_resource"]) {
      expect(policy).not.toContain(name);
      expect(bytes("build/units.wasm")).toContain(`${name}\0`);
    }
  });
});
