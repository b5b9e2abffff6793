import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { JsonObject } from "../../host/document.js";
import { artifactHubPackage } from "../../host/metadata/artifacthub.js";
import { readMetadata } from "../../host/metadata/metadata.js";
import { packageVersion } from "../../host/package.js";
import { read, readYaml, root } from "./papers.js";

const findings: string[] = [];
const metadata = readMetadata(readYaml("metadata.yml"), {
  fail: (path, problem) => findings.push(`${path} ${problem}`),
  warn: (path, problem) => findings.push(`${path} ${problem}`),
});
const notes = metadata.annotations!;

describe("the metadata", () => {
  test("is valid and has no field that nobody reads", () => {
    expect(findings).toEqual([]);
  });

  test("wants all that the policy knows, and kubectl debug", () => {
    const table = /const KINDS[^[]*\[([^\]]*)\]/.exec(read("assembly/workload/kind.ts"))![1]!;
    const cells = [...table.matchAll(/"([^"]*)"/g)].map(([, cell]) => cell!);
    const known = cells.flatMap((group, index) =>
      index % 3 === 0 ? [`${group}/${cells[index + 1]!.toLowerCase()}s`] : [],
    );
    const wanted = metadata.rules.flatMap(({ apiGroups, resources }) =>
      resources.map((resource) => `${apiGroups.join()}/${resource}`),
    );
    expect(wanted.sort()).toEqual([...known, "/pods/ephemeralcontainers"].sort());
    for (const { operations } of metadata.rules) expect(operations).toEqual(["CREATE", "UPDATE"]);
  });

  test("names the kinds for Artifact Hub", () => {
    const kinds = notes["io.artifacthub.resources"]!.split(", ").map((kind) => kind.toLowerCase());
    const resources = metadata.rules.flatMap(({ resources }) => resources);
    expect(kinds.map((kind) => `${kind}s`).sort()).toEqual(
      resources.filter((resource) => !resource.includes("/")).sort(),
    );
  });

  test("has the package's version, and what Artifact Hub and Rancher ask for", () => {
    expect(notes["io.kubewarden.policy.version"]).toBe(packageVersion());
    expect(notes["io.kubewarden.policy.severity"]).toMatch(/^(info|low|medium|high|critical)$/);
    expect(notes["io.kubewarden.policy.category"]).toBe("Secure supply chain");
    expect(notes["io.kubewarden.policy.title"]).toMatch(/^[a-z-]+$/);
    expect(metadata).toMatchObject({
      mutating: true,
      backgroundAudit: true,
      policyType: "kubernetes",
      executionMode: "kubewarden-wapc",
      hostCapabilities: [
        "oci/v1/manifest_digest",
        "oci/v1/oci_manifest",
        "oci/v1/oci_manifest_config",
        "oci/v2/verify",
      ],
      contextAwareResources: [],
    });
  });
});

describe("the metadata for rules that read the cluster", () => {
  const plain = readYaml("metadata.yml") as JsonObject;
  const aware = readYaml("metadata-context-aware.yml") as JsonObject;
  const { contextAwareResources, hostCapabilities, ...same } = aware;

  test("is the plain one, but for what is read", () => {
    expect({
      ...same,
      contextAwareResources: [],
      hostCapabilities: plain["hostCapabilities"],
    }).toEqual(plain);
    expect(hostCapabilities).toEqual([
      "kubernetes/get_resource",
      "kubernetes/list_resources_by_namespace",
      ...(plain["hostCapabilities"] as string[]),
    ]);
  });

  test("has exactly the kinds that the policy knows", () => {
    const source = read("assembly/cluster/kind.ts");
    const known = [...source.matchAll(/return ClusterKind\.of\("([^"]+)", "([^"]+)"/g)];
    const kinds = known.map(([, apiVersion, kind]) => ({ apiVersion, kind }));
    expect(kinds).toHaveLength(4);
    const byKind = (a: { kind?: string }, b: { kind?: string }) => (a.kind! < b.kind! ? -1 : 1);
    expect([...(contextAwareResources as { kind: string }[])].sort(byKind)).toEqual(
      kinds.sort(byKind),
    );
  });
});

describe("artifacthub-pkg.yml", () => {
  const text = read("artifacthub-pkg.yml");
  const { createdAt, ...fields } = parse(text) as { createdAt: string } & Record<string, unknown>;
  const questions = read("questions-ui.yml");

  test("made anew is the same", () => {
    expect(artifactHubPackage(metadata, questions, createdAt)).toBe(text);
  });

  test("has what kwctl writes, field by field and in its order", () => {
    const version = packageVersion();
    const image = `ghcr.io/kubewarden-community/policies/trusted-images:v${version}`;
    const url = "https://github.com/kubewarden-community/trusted-images-policy";
    expect(createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
    const { install, annotations, ...rest } = fields;
    expect(Object.entries(rest)).toEqual([
      ["version", version],
      ["name", "trusted-images"],
      ["displayName", "Trusted Images"],
      ["description", notes["io.kubewarden.policy.description"]],
      ["license", "Apache-2.0"],
      ["homeURL", url],
      ["containersImages", [{ name: "policy", image }]],
      ["keywords", notes["io.artifacthub.keywords"]!.split(", ")],
      [
        "links",
        [
          { name: "policy", url: `${url}/releases/download/v${version}/policy.wasm` },
          { name: "source", url },
        ],
      ],
      [
        "maintainers",
        [{ name: "The trusted-images developers", email: "trusted-images@example.org" }],
      ],
      ["provider", { name: "kubewarden" }],
      [
        "recommendations",
        [{ url: "https://artifacthub.io/packages/helm/kubewarden/kubewarden-controller" }],
      ],
    ]);
    expect(install).toContain(`kwctl pull ${image}\n`);
    expect(install).toContain(`-t ClusterAdmissionPolicy registry://${image}\n`);
    expect(Object.keys(annotations as object)).toEqual([
      "kubewarden/mutation",
      "kubewarden/questions-ui",
      "kubewarden/resources",
      "kubewarden/rules",
    ]);
    const { "kubewarden/rules": rules, ...others } = annotations as Record<string, string>;
    expect(parse(rules!)).toEqual(metadata.rules);
    expect(others).toEqual({
      "kubewarden/mutation": "true",
      "kubewarden/questions-ui": questions,
      "kubewarden/resources": notes["io.artifacthub.resources"],
    });
  });

  test.each([
    ["io.artifacthub.displayName", "", /lacks the annotation io\.artifacthub\.displayName/],
    ["io.artifacthub.keywords", "a,,b", /has an empty word/],
    ["io.kubewarden.policy.author", "somebody", /must be a list of Name <address>/],
  ])("is not written if %s is %j", (name, value, message) => {
    const broken = { ...metadata, annotations: { ...notes, [name]: value } };
    expect(() => artifactHubPackage(broken, questions, createdAt)).toThrow(message);
  });

  test("says what the policy reads, when it does", () => {
    const reads = { ...metadata, contextAwareResources: [{ apiVersion: "v1", kind: "Secret" }] };
    const { annotations } = parse(artifactHubPackage(reads, questions, createdAt)) as {
      annotations: Record<string, string>;
    };
    expect(parse(annotations["kubewarden/contextAwareResources"]!)).toEqual(
      reads.contextAwareResources,
    );
  });
});

test("workflows use actions by commit only, and one commit for each", () => {
  const folder = ".github/workflows";
  const lines = readdirSync(join(root, folder)).flatMap((name) =>
    [...read(folder, name).matchAll(/uses: (.*)/g)].map(([, action]) => action!),
  );
  const pins = new Map<string, string>();
  for (const line of lines.filter((line) => !line.startsWith("./"))) {
    const [, action, pin] = /^([^@]+)@([0-9a-f]{40} # v?\d+\.\d+\.\d+)$/.exec(line) ?? [];
    expect(pin, line).toBeDefined();
    expect(pins.get(action!) ?? pin).toBe(pin);
    pins.set(action!, pin!);
  }
  expect(pins.size).toBeGreaterThan(5);
});
