import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { request } from "../../host/callback.js";
import { liveHandler } from "../../host/capabilities/live.js";
import type { JsonObject } from "../../host/document.js";
import { readKubernetesObjects } from "../../host/kubernetes/objects.js";
import { RegistryClient } from "../../host/registry/client.js";
import { NO_SOURCES } from "../../host/registry/sources.js";
import { Transport } from "../../host/registry/transport.js";

const folder = mkdtempSync(join(tmpdir(), "objects-"));
mkdirSync(join(folder, "more"));
const configMap = (name: string, namespace?: string, more: JsonObject = {}) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, ...(namespace && { namespace }), ...more },
  data: { key: name, other: "x" },
});
const keys = configMap("keys", "prod", {
  labels: { tier: "trust" },
  annotations: { "kubectl.kubernetes.io/last-applied-configuration": "{}", note: "kept" },
  managedFields: [{ manager: "kubectl" }],
});
const [others, loose] = [
  configMap("others", "prod-2", { labels: { tier: "db" } }),
  configMap("loose"),
];
const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "prod" } };
const definition = (kind: string, scope: string) => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `${kind.toLowerCase()}s.example.com` },
  spec: { group: "example.com", scope, names: { kind }, versions: [{ name: "v1" }] },
});
const custom = (kind: string) => ({
  apiVersion: "example.com/v1",
  kind,
  metadata: { name: "x" },
});
const stale = { ...keys, data: { key: "stale" } };
const documents = [
  stale,
  others,
  keys,
  definition("Wide", "Cluster"),
  definition("Local", "Namespaced"),
];
writeFileSync(join(folder, "a.yaml"), documents.map((each) => stringify(each)).join("---\n"));
writeFileSync(join(folder, "more/b.json"), JSON.stringify(namespace));
writeFileSync(join(folder, "more/readme.md"), "not a manifest");
writeFileSync(
  join(folder, "more/c.yml"),
  `${stringify(custom("Wide"))}---\n${stringify(custom("Local"))}`,
);
const { metadata, data } = loose;
const list = { apiVersion: "v1", kind: "ConfigMapList", items: [{ metadata, data }] };
const listFile = join(folder, "list");
writeFileSync(listFile, stringify(list));

const handler = liveHandler({
  client: new RegistryClient(new Transport(NO_SOURCES)),
  cluster: readKubernetesObjects([folder, listFile]),
});
const ask = async (variant: string, fields: JsonObject) =>
  JSON.parse(
    await handler(request(variant, { api_version: "v1", kind: "ConfigMap", ...fields })),
  ) as JsonObject;
const [ALL, INSIDE] = ["KubernetesListResourceAll", "KubernetesListResourceNamespace"];
const names = async (fields: JsonObject, variant = ALL) =>
  ((await ask(variant, fields)) as { items: { metadata: { name: string } }[] }).items.map(
    ({ metadata }) => metadata.name,
  );

describe("lists", () => {
  test("have policy-server's form and an API server's order", async () => {
    const item = (name: string, namespace: string, more: JsonObject) => ({
      metadata: { name, namespace, annotations: {}, managedFields: [], ...more },
      data: { key: name, other: "x" },
    });
    expect(await ask(ALL, {})).toEqual({
      apiVersion: "v1",
      kind: "ConfigMapList",
      metadata: {},
      items: [
        item("loose", "default", {}),
        // `-` is before `/` in the keys of etcd.
        item("others", "prod-2", { labels: { tier: "db" } }),
        item("keys", "prod", { labels: { tier: "trust" }, annotations: { note: "kept" } }),
      ],
    });
  });

  test("of Kubernetes' own kinds do not say of each object what it is, whatever their group", async () => {
    const { items } = await ask(ALL, {
      api_version: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      field_masks: ["none"],
    });
    expect((items as JsonObject[]).map((item) => Object.keys(item))).toEqual([
      ["metadata"],
      ["metadata"],
    ]);
  });

  test("of a kind that is not Kubernetes' own say of each object what it is", async () => {
    const { kind, items } = await ask(ALL, { api_version: "example.com/v1", kind: "Local" });
    expect(kind).toBe("LocalList");
    expect(items).toEqual([
      {
        ...custom("Local"),
        metadata: { name: "x", namespace: "default", annotations: {}, managedFields: [] },
      },
    ]);
  });

  test.each([
    [{}, ["loose", "others", "keys"]],
    [{ label_selector: "tier=trust" }, ["keys"]],
    [{ label_selector: "tier" }, ["others", "keys"]],
    [{ label_selector: "", field_selector: "" }, ["loose", "others", "keys"]],
    [{ field_selector: "metadata.name=keys" }, ["keys"]],
    [{ field_selector: "metadata.namespace!=prod,metadata.name!=loose" }, ["others"]],
    [{ label_selector: "tier", field_selector: "metadata.name==keys" }, ["keys"]],
    [{ kind: "Secret" }, []],
    [{ api_version: "v2" }, []],
  ])("all, %j: %j", async (fields, expected) => expect(await names(fields)).toEqual(expected));

  test.each([
    ["prod", ["keys"]],
    ["default", ["loose"]],
    ["none", []],
  ])("of namespace %s: %j", async (name, expected) => {
    expect(await names({ namespace: name }, INSIDE)).toEqual(expected);
  });

  test("are masked, but for metadata", async () => {
    const { items } = await ask(ALL, {
      label_selector: "tier=db",
      field_masks: ["data.key", "data.none", "metadata.none"],
    });
    expect(items).toEqual([
      { metadata: expect.objectContaining({ name: "others" }), data: { key: "others" } },
    ]);
  });

  test.each([
    [
      { label_selector: "a in b" },
      "ApiError: unable to parse requirement: found 'b' expected: '(': BadRequest (Status { status: Some(Failure), " +
        `code: 400, message: "unable to parse requirement: found 'b' expected: '('", metadata: Some(ListMeta { ` +
        "continue_: None, remaining_item_count: None, resource_version: None, self_link: None }), " +
        'reason: "BadRequest", details: None })\n\nCaused by:\n    unable to parse requirement: ' +
        "found 'b' expected: '(': BadRequest",
    ],
    [{ field_selector: "data.key=x" }, 'ApiError: "data.key" is not a known field selector: only'],
    [
      { api_version: "example.com/v1", kind: "Local", field_selector: "spec.x=y" },
      "ApiError: field label not supported: spec.x: BadRequest",
    ],
  ])("by %j are refused", async (fields, message) => {
    await expect(ask(ALL, fields)).rejects.toThrow(message);
  });

  test.each(["v1/Namespace", "example.com/v1/Wide"])("of %s in a namespace: none", async (what) => {
    const [, api_version, kind] = /^(.*)\/(.*)$/.exec(what)!;
    await expect(
      ask(INSIDE, { api_version: api_version!, kind: kind!, namespace: "prod" }),
    ).rejects.toThrow(
      `resource ${what} is cluster wide. Cannot search for it inside of a namespace`,
    );
  });
});

describe("one object", () => {
  const get = (fields: JsonObject) =>
    ask("KubernetesGetResource", { disable_cache: false, ...fields });
  const inDefault = { ...loose, metadata: { name: "loose", namespace: "default" } };

  test("by name and namespace, as it is", async () => {
    expect(await get({ name: "keys", namespace: "prod" })).toEqual(keys);
    expect(await get({ name: "loose", namespace: "default" })).toEqual(inDefault);
    expect(await get({ name: "keys", namespace: "prod", field_masks: ["data.other"] })).toEqual({
      ...keys,
      data: { other: "x" },
    });
  });

  test("in no namespace, whichever is given", async () => {
    const labels = { "kubernetes.io/metadata.name": "prod" };
    const labelled = { ...namespace, metadata: { name: "prod", labels } };
    expect(await get({ kind: "Namespace", name: "prod" })).toEqual(labelled);
    expect(await get({ kind: "Namespace", name: "prod", namespace: "x" })).toEqual(labelled);
    const wide = { api_version: "example.com/v1", kind: "Wide", name: "x" };
    expect(await get(wide)).toEqual(custom("Wide"));
  });

  test.each([
    [
      { name: "keys", namespace: "test" },
      `Cannot find v1/ConfigMap named 'keys' inside of namespace 'Some("test")'`,
    ],
    [
      { kind: "Namespace", name: "no" },
      "Cannot find v1/Namespace named 'no' inside of namespace 'None'",
    ],
    [{ name: "keys" }, "Resource v1/ConfigMap is namespaced, but no namespace was provided"],
    [
      { name: "x", api_version: "example.com/v1", kind: "Local" },
      "Resource example.com/v1/Local is namespaced",
    ],
  ])("%j is not there", async (fields, message) => {
    await expect(get(fields)).rejects.toThrow(message);
  });
});

describe("as an API server stores it", () => {
  const storing = async (object: JsonObject) => {
    const path = join(folder, "stored");
    const metadata = { name: "a", ...(object["metadata"] as JsonObject | undefined) };
    writeFileSync(path, stringify({ apiVersion: "v1", ...object, metadata }));
    const namespace = object["kind"] === "Namespace" ? null : "default";
    const asked = { api_version: object["apiVersion"] ?? "v1", kind: object["kind"]!, name: "a" };
    const got = await readKubernetesObjects([path]).get({ ...asked, namespace });
    return { labels: (got["metadata"] as JsonObject)["labels"], data: got["data"], ...rest(got) };
  };
  const rest = ({ stringData }: JsonObject) => (stringData === undefined ? {} : { stringData });

  const name = { "kubernetes.io/metadata.name": "a" };
  test.each<[string, JsonObject, JsonObject]>([
    ["a Namespace", { kind: "Namespace" }, { labels: name }],
    [
      "a Namespace with labels, and a wrong one",
      {
        kind: "Namespace",
        metadata: { labels: { team: "x", "kubernetes.io/metadata.name": "b" } },
      },
      { labels: { team: "x", ...name } },
    ],
    [
      "a Secret with texts, over its data",
      { kind: "Secret", data: { a: "QQ==", b: "Qg==" }, stringData: { b: "ß", c: "1" } },
      { data: { a: "QQ==", b: "w58=", c: "MQ==" } },
    ],
    ["a Secret with no texts", { kind: "Secret", stringData: null }, {}],
    ["a ConfigMap", { kind: "ConfigMap", stringData: { a: "1" } }, { stringData: { a: "1" } }],
    [
      "a Secret of another group",
      { apiVersion: "example.com/v1", kind: "Secret", stringData: { a: "1" } },
      { stringData: { a: "1" } },
    ],
  ])("%s", async (_, object, expected) => {
    expect(await storing(object)).toEqual(expected);
  });
});

test.each([
  ["5", "not a Kubernetes object"],
  ["kind: ConfigMap", "it has no kind, or no metadata.name"],
  ["metadata: {name: x}", "it has no kind"],
])("the file %j is refused", (text, message) => {
  const path = join(folder, "bad");
  writeFileSync(path, text);
  expect(() => readKubernetesObjects([path])).toThrow(message);
});
