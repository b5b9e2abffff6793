import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { stringify } from "yaml";
import { kubewarden } from "../../host/capabilities/index.js";
import { grantResources } from "../../host/capabilities/resources.js";
import { granted } from "../../host/commands/answers.js";
import { runCommand } from "../../host/commands/run.js";
import { testCommand } from "../../host/commands/test.js";
import { packageFile } from "../../host/package.js";
import { METADATA_SECTION } from "../../host/metadata/annotate.js";
import { withCustomSection } from "../../host/metadata/wasm.js";
import { compileReader } from "./reader.js";

const folder = mkdtempSync(join(tmpdir(), "grants-"));
const file = (name: string, content: unknown) => {
  const path = join(folder, name);
  writeFileSync(path, content instanceof Uint8Array ? content : stringify(content));
  return path;
};

const bare = await compileReader();
const configMaps = [{ apiVersion: "v1", kind: "ConfigMap" }];
const metadata = (contextAwareResources: unknown) => ({
  rules: [],
  mutating: false,
  contextAwareResources,
});
const annotated = (resources: unknown) =>
  withCustomSection(bare, METADATA_SECTION, Buffer.from(JSON.stringify(metadata(resources))));

const paths = {
  bare: file("bare.wasm", bare),
  annotated: file("annotated.wasm", annotated(configMaps)),
  empty: file("empty.wasm", annotated([])),
  broken: file("broken.wasm", annotated(["v1/ConfigMap"])),
  metadata: file("metadata.yml", metadata(configMaps)),
  other: file("other.yml", metadata([{ apiVersion: "v1", kind: "Secret" }])),
};
const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "p" }, spec: { containers: [] } };
const options = {
  requestPath: file("pod.yaml", pod),
  kubernetesObjects: [
    file("objects.yaml", { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" } }),
  ],
  allowedHostCapabilities: ["*"],
};
const refusal =
  "Policy has not been granted access to Kubernetes v1/ConfigMap resources. The violation has been reported.";

afterEach(() => vi.restoreAllMocks());

describe("a policy that reads ConfigMaps", () => {
  const run = async (path: string, more: object) => {
    const lines: string[] = [];
    vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
    expect(await runCommand(path, { ...options, ...more })).toBe(0);
    const { allowed, status } = JSON.parse(lines[0]!) as {
      allowed: boolean;
      status?: { message: string };
    };
    return allowed ? "accepted" : status!.message;
  };
  const allowContextAware = true;

  test.each([
    [
      "whose module says so, if that is allowed",
      paths.annotated,
      { allowContextAware },
      "accepted",
    ],
    ["whose module says so", paths.annotated, {}, refusal],
    ["whose module names nothing", paths.empty, { allowContextAware }, refusal],
    ["without metadata", paths.bare, { allowContextAware }, refusal],
    [
      "with metadata in a file, if that is allowed",
      paths.bare,
      { allowContextAware, metadataPath: paths.metadata },
      "accepted",
    ],
    ["with metadata in a file", paths.bare, { metadataPath: paths.metadata }, refusal],
    [
      "with metadata that names other kinds",
      paths.bare,
      { allowContextAware, metadataPath: paths.other },
      refusal,
    ],
    [
      "whose module names nothing, with a file that does",
      paths.empty,
      { allowContextAware, metadataPath: paths.metadata },
      refusal,
    ],
    [
      "but may not list",
      paths.annotated,
      { allowContextAware, allowedHostCapabilities: ["oci/*"] },
      "Policy has not been granted access to the 'kubernetes/list_resources_all' host capability. " +
        "The violation has been reported.",
    ],
  ])("%s", async (_name, path, more, outcome) => expect(await run(path, more)).toBe(outcome));

  test("and has metadata that are not valid", async () => {
    await expect(run(paths.broken, { allowContextAware })).rejects.toThrow(
      "the policy's metadata is not valid: contextAwareResources[0] must have an apiVersion and a kind",
    );
  });

  test.each([
    ["annotated", 0],
    ["bare", 1],
  ] as const)("in a test, %s: exit code %j", async (policy, code) => {
    file("request.yaml", pod);
    file("expect.yaml", { accepted: true });
    file("settings.yaml", {});
    vi.spyOn(console, "log").mockImplementation(() => {});
    expect(await testCommand([folder], { ...options, policy: paths[policy] })).toBe(code);
  });
});

test.each([
  [
    "annotated",
    {},
    /^warning: .* names, v1\/ConfigMap: if it may .* give --allow-context-aware\n$/,
  ],
  ["bare", { metadataPath: paths.other }, /^warning: .* names, v1\/Secret: /],
  ["annotated", { allowContextAware: true }, /^$/],
  ["bare", {}, /^$/],
] as const)("%s, %j: standard error has %s", async (policy, more, expected) => {
  let text = "";
  vi.spyOn(process.stderr, "write").mockImplementation((chunk) => ((text += String(chunk)), true));
  vi.spyOn(console, "log").mockImplementation(() => {});
  expect(await runCommand(paths[policy], { ...options, ...more })).toBe(0);
  expect(text).toMatch(expected);
});

describe("what is not granted", () => {
  const handler = async () => '"answered"';
  const resources = grantResources(configMaps);
  const call = async (operation: string, fields: object) => {
    const payload = new TextEncoder().encode(JSON.stringify(fields));
    const host = kubewarden({ handler, resources });
    const asked = { binding: "kubewarden", namespace: "kubernetes", operation, payload };
    return new TextDecoder().decode(await host.call(asked));
  };
  const reads: [string, object][] = [
    ["list_resources_all", {}],
    ["list_resources_by_namespace", { namespace: "n" }],
    ["get_resource", { name: "x", namespace: "n", disable_cache: true }],
  ];

  test.each(reads)("cannot be read by %s", async (operation, fields) => {
    const ask = (api_version: string, kind: string) =>
      call(operation, { api_version, kind, ...fields });
    expect(await ask("v1", "ConfigMap")).toBe('"answered"');
    for (const [apiVersion, kind] of [
      ["v1", "Secret"],
      ["v2", "ConfigMap"],
      ["v1", "configmap"],
    ] as const) {
      await expect(ask(apiVersion, kind)).rejects.toThrow(
        `Policy has not been granted access to Kubernetes ${apiVersion}/${kind} resources. ` +
          "The violation has been reported.",
      );
    }
  });

  test("does not matter to can_i", async () => {
    expect(await call("can_i", { subject_access_review: {}, disable_cache: true })).toBe(
      '"answered"',
    );
  });
});

describe("the policy of this package, which has no metadata inside", async () => {
  const module = await WebAssembly.compile(Uint8Array.from(bare));
  const { kubernetesObjects, ...noCluster } = options;
  const reads = (more: object, path?: string) => {
    const said: string[] = [];
    vi.spyOn(process.stderr, "write").mockImplementation((line) => said.push(String(line)) > 0);
    const { resources } = granted({ ...noCluster, ...more }, module, path);
    const may = [["v1", "Pod"] as const, ["v1", "ConfigMap"] as const, ["v1", "Secret"] as const]
      .filter(([apiVersion, kind]) => resources!({ apiVersion, kind }))
      .map(([, kind]) => kind);
    return { may, said: said.join("") };
  };
  const all = ["ConfigMap", "Secret"];
  const line =
    "The policy may read objects of these kinds, as in metadata-context-aware.yml: " +
    "CosignKey, ConfigMap, Namespace, Secret.\n";

  test.each([
    ["may read what its rules can name, and it is said of which kinds", { kubernetesObjects }, all],
    ["likewise of a cluster", { kubeconfig: "config" }, all],
    ["likewise where a session answers, without a word", {}, all],
    ["may not if the metadata given name nothing", { metadataPath: paths.other }, []],
    [
      "may read what the metadata given name, if that is allowed",
      { metadataPath: paths.other, allowContextAware: true },
      ["Secret"],
    ],
  ])("%s", (_name, more, may) => {
    const said = "kubernetesObjects" in more || "kubeconfig" in more ? line : "";
    expect(reads(more)).toEqual({ may, said });
  });

  test("reads in a policy's manifest what that names, and it is said of which kinds", () => {
    const deployment = { source: "policy.yaml", resources: configMaps, warnings: [] };
    const { resources } = granted(noCluster, module, undefined, deployment);
    expect(["ConfigMap", "Secret"].map((kind) => resources!({ apiVersion: "v1", kind }))).toEqual([
      true,
      false,
    ]);
  });

  test("is the same by its path, and other policies are not", () => {
    expect(reads({}, packageFile("policy.wasm")).may).toEqual(all);
    expect(reads({ allowContextAware: true }, paths.bare).may).toEqual([]);
  });
});
