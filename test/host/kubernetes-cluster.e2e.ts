import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KubeConfig, KubernetesObjectApi } from "@kubernetes/client-node";
import type { KubernetesObject } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { stringify } from "yaml";
import { runCommand } from "../../host/commands/run.js";
import { isObject, type Json, type JsonObject } from "../../host/document.js";
import { ApiServer } from "../../host/kubernetes/api-server.js";
import type { Cluster } from "../../host/kubernetes/cluster.js";
import { Connection } from "../../host/kubernetes/connection.js";
import { readKubernetesObjects } from "../../host/kubernetes/objects.js";
import { readManifests } from "../../host/manifests.js";
import { packageFile } from "../../host/package.js";
import { grant, kubeconfig, ready } from "./live-cluster.js";
import { compileReader } from "./reader.js";
import { roleShown } from "./shown.js";

// For `make e2e-cluster`: a real API server is asked what files are asked, and both must answer the same.
const MANIFESTS = ["cosignkey.yaml", "objects.yaml"].map((name) =>
  packageFile("e2e", "manifests", name),
);
const open = async (user: string) => new ApiServer(await Connection.open(kubeconfig(user)));
const files = readKubernetesObjects(MANIFESTS);

// The README's role, and nothing else.
let revoke: () => Promise<void>;

beforeAll(async () => {
  await ready();
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig("admin"));
  // Not by kubectl, which would write into the annotations.
  const client = KubernetesObjectApi.makeApiClient(config);
  const objects = readManifests(packageFile("e2e", "manifests", "objects.yaml"), "object");
  for (const { document } of objects) await client.create(document as KubernetesObject);
  revoke = await grant("reader", roleShown("README.md"));
});
afterAll(() => revoke());

/** What came of a question: the answer without what a cluster adds to objects, or the error. */
async function outcome(answer: Promise<JsonObject>): Promise<Json> {
  try {
    return plain(await answer);
  } catch (error) {
    return (error as Error).message;
  }
}

const ADDED = ["uid", "resourceVersion", "creationTimestamp", "generation", "managedFields"];

function plain(value: Json): Json {
  if (Array.isArray(value)) return value.map(plain);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).filter(([name]) => !ADDED.includes(name));
  return Object.fromEntries(entries.map(([name, inner]) => [name, plain(inner)]));
}

// Kubernetes puts a ConfigMap and labels of its own into each namespace.
const OWN = "metadata.name!=kube-root-ca.crt,metadata.namespace!=kube-system";
const configMaps = { api_version: "v1", kind: "ConfigMap", field_selector: OWN };
const cosignKeys = { api_version: "kubeservice.cn/v1", kind: "CosignKey" };

describe("a list by a label selector is the same from a cluster and from files:", () => {
  test.each([
    ...["", "app=web", "app==web", "app = db", "app!=web", "app", "!app", "! env", "none"],
    ...["env in (prod,test)", "env in(prod)", "env notin (prod)", "none notin (a)", "none in (a)"],
    ...["empty=", "empty", "empty in ()", "empty in (,a)", "empty in (a,,b)", "env in ()"],
    ...["revision>5", "revision>4", "revision < 6", "revision<5", "revision>9", "app>1"],
    ...["app=web,env in (prod,test),!none", "app=web,env notin (prod)", "example.com/team=a-b_c.d"],
    // And what is none.
    ...["a=b=c", "!a=b", "a,", "a,,b", "=x", ",a", "!", "!!a", "a b", "in (a)", "a in b"],
    ...["a in (b", "a in (b c)", "a=(b)", "a>x", "-a", "a/b/c", "/a", "X.com/a", "a.b/", "a=b-"],
    ...["a in (b,c-)", `${"a".repeat(64)}=b`, `${"a".repeat(254)}/b`, `a=${"b".repeat(64)}`],
  ])("%j", async (label_selector) => {
    const cluster = await open("reader");
    for (const asked of [configMaps, { ...configMaps, namespace: "prod" }, cosignKeys]) {
      const question = { ...asked, label_selector };
      expect(await outcome(cluster.list(question))).toEqual(await outcome(files.list(question)));
    }
  });
});

describe("a list by a field selector is the same from a cluster and from files:", () => {
  test.each([
    ...["metadata.name=keys", "metadata.name==keys", "metadata.namespace=prod", `${OWN},`],
    ...["metadata.namespace!=prod,metadata.name=keys", "metadata.name=a\\,b"],
    ...[
      "metadata.name",
      "metadata.name=a=b",
      "metadata.name=a\\b",
      "metadata.name=a\\",
      "data.x=y",
    ],
  ])("%j", async (field_selector) => {
    const cluster = await open("reader");
    for (const asked of [configMaps, cosignKeys]) {
      const question = { ...asked, field_selector };
      expect(await outcome(cluster.list(question))).toEqual(await outcome(files.list(question)));
    }
  });
});

describe("an object, or none, is the same from a cluster and from files:", () => {
  test.each([
    [{ ...configMaps, name: "keys", namespace: "prod" }],
    [{ ...configMaps, name: "keys", namespace: "prod", field_masks: ["data.other"] }],
    [{ ...configMaps, name: "loose", namespace: "default" }],
    [{ ...configMaps, name: "none", namespace: "prod" }],
    [{ ...configMaps, name: "keys" }],
    [{ ...cosignKeys, name: "team", namespace: "prod" }],
    [{ ...cosignKeys, name: "none", namespace: "none" }],
  ])("%j", async (question) => {
    const cluster = await open("reader");
    expect(await outcome(cluster.get(question))).toEqual(await outcome(files.get(question)));
  });

  test.each([null, "prod"])("a namespace's labels, with namespace %j", async (namespace) => {
    const question = { api_version: "v1", kind: "Namespace", name: "prod", namespace };
    const labels = async (cluster: Cluster) =>
      ((await cluster.get(question))["metadata"] as JsonObject)["labels"];
    expect(await labels(await open("reader"))).toEqual(await labels(files));
    expect(await labels(files)).toMatchObject({ team: "web" });
  });

  test("no list of namespaces in a namespace", async () => {
    const question = { api_version: "v1", kind: "Namespace", namespace: "prod" };
    const expected = await outcome(files.list(question));
    expect(expected).toContain("is cluster wide");
    expect(await outcome((await open("reader")).list(question))).toEqual(expected);
  });
});

describe("a cluster refuses", () => {
  const refusals: [string, (cluster: Cluster) => Promise<JsonObject>, string][] = [
    [
      "a list",
      (cluster) => cluster.list(configMaps),
      'ApiError: configmaps is forbidden: User "stranger" cannot list resource "configmaps" in API group "" ' +
        "at the cluster scope: Forbidden (Status { status: Some(Failure), code: 403, ",
    ],
    [
      "an object",
      (cluster) => cluster.get({ ...cosignKeys, name: "team", namespace: "prod" }),
      'ApiError: cosignkeys.kubeservice.cn "team" is forbidden: User "stranger" cannot get resource "cosignkeys" ' +
        'in API group "kubeservice.cn" in the namespace "prod": Forbidden (Status { ',
    ],
    [
      "a kind that is not there",
      (cluster) => cluster.list({ ...cosignKeys, kind: "Other" }),
      "Cannot find resource kubeservice.cn/v1/Other",
    ],
    [
      "a group that is not there",
      (cluster) => cluster.list({ ...cosignKeys, api_version: "none.example/v1" }),
      "error finding resource none.example/v1 / CosignKey: ApiError: 404 page not found\n: Failed to parse error data",
    ],
  ];
  test.each(refusals)("%s", async (_what, ask, message) => {
    const error = await outcome(ask(await open("stranger")));
    expect(String(error).slice(0, message.length)).toBe(message);
  });
});

test("run asks the cluster of --kubeconfig, with what its user may read", async () => {
  const folder = mkdtempSync(join(tmpdir(), "cluster-"));
  const file = (name: string, content: Uint8Array | string) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const policy = file("policy.wasm", await compileReader());
  const metadata = {
    rules: [],
    mutating: false,
    contextAwareResources: [{ apiVersion: "v1", kind: "ConfigMap" }],
  };
  const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "p" }, spec: { containers: [] } };
  const run = async (user: string, allowContextAware: boolean) => {
    let line = "";
    vi.spyOn(console, "log").mockImplementation((text: string) => void (line = text));
    const options = {
      requestPath: file("pod.yaml", stringify(pod)),
      metadataPath: file("metadata.yml", stringify(metadata)),
      allowedHostCapabilities: ["*"],
      kubeconfig: kubeconfig(user),
      allowContextAware,
    };
    expect(await runCommand(policy, options)).toBe(0);
    return line;
  };
  expect(await run("reader", true)).toContain('"allowed":true');
  expect(await run("stranger", true)).toContain(
    "User 'stranger' cannot list resource 'configmaps'",
  );
  expect(await run("reader", false)).toContain(
    "has not been granted access to Kubernetes v1/ConfigMap",
  );
});
