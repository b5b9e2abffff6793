import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { request } from "../../host/callback.js";
import { liveHandler } from "../../host/capabilities/live.js";
import type { JsonObject } from "../../host/document.js";
import { readKubernetesObjects } from "../../host/kubernetes/objects.js";
import { parseFieldSelector, parseLabelSelector } from "../../host/kubernetes/selector.js";
import { RegistryClient } from "../../host/registry/client.js";
import { NO_SOURCES } from "../../host/registry/sources.js";
import { Transport } from "../../host/registry/transport.js";

const folder = mkdtempSync(join(tmpdir(), "objects-"));
mkdirSync(join(folder, "more"));
const configMap = (name: string, namespace?: string, labels?: Record<string, string>) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, ...(namespace && { namespace }), ...(labels && { labels }) },
  data: { key: name, other: "x" },
});
const keys = configMap("keys", "prod", { tier: "trust" });
const [others, loose] = [configMap("others", "test", { tier: "db" }), configMap("loose")];
const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "prod" } };
writeFileSync(join(folder, "a.yaml"), `${stringify(keys)}---\n${stringify(others)}`);
writeFileSync(join(folder, "more/b.json"), JSON.stringify(namespace));
writeFileSync(join(folder, "more/readme.md"), "not a manifest");
const { metadata, data } = loose;
const list = { apiVersion: "v1", kind: "ConfigMapList", items: [{ metadata, data }] };
const listFile = join(folder, "list");
writeFileSync(listFile, stringify(list));

const handler = liveHandler({
  client: new RegistryClient(new Transport(NO_SOURCES)),
  objects: readKubernetesObjects([folder, listFile]),
});
const ask = async (variant: string, fields: JsonObject) =>
  JSON.parse(await handler(request(variant, { api_version: "v1", kind: "ConfigMap", ...fields })));
const names = async (fields: JsonObject, variant = "KubernetesListResourceAll") =>
  ((await ask(variant, fields)) as { items: { metadata: { name: string } }[] }).items.map(
    ({ metadata }) => metadata.name,
  );

describe("lists", () => {
  test("have the form of a cluster's", async () => {
    expect(await ask("KubernetesListResourceAll", {})).toEqual({
      apiVersion: "v1",
      kind: "ConfigMapList",
      metadata: {},
      items: [keys, others, loose],
    });
  });

  test.each([
    [{}, ["keys", "others", "loose"]],
    [{ label_selector: "tier=trust" }, ["keys"]],
    [{ label_selector: "tier" }, ["keys", "others"]],
    [{ field_selector: "metadata.name=keys" }, ["keys"]],
    [{ field_selector: "metadata.namespace!=prod,metadata.name!=loose" }, ["others"]],
    [{ kind: "Secret" }, []],
    [{ api_version: "v2" }, []],
  ])("all, %j: %j", async (fields, expected) => expect(await names(fields)).toEqual(expected));

  test.each([
    ["prod", ["keys"]],
    ["default", ["loose"]],
    ["none", []],
  ])("of namespace %s: %j", async (name, expected) => {
    expect(await names({ namespace: name }, "KubernetesListResourceNamespace")).toEqual(expected);
  });

  test("are masked", async () => {
    const { items } = (await ask("KubernetesListResourceAll", {
      label_selector: "tier=trust",
      field_masks: ["data.key", "data.none"],
    })) as { items: JsonObject[] };
    expect(items).toEqual([{ ...keys, data: { key: "keys" } }]);
  });
});

describe("one object", () => {
  const get = (fields: JsonObject) =>
    ask("KubernetesGetResource", { disable_cache: false, ...fields });

  test("by name and namespace", async () => {
    expect(await get({ name: "keys", namespace: "prod" })).toEqual(keys);
    expect(await get({ name: "loose", namespace: "default" })).toEqual(loose);
    expect(await get({ kind: "Namespace", name: "prod" })).toEqual(namespace);
    expect(await get({ name: "keys", namespace: "prod", field_masks: ["data.other"] })).toEqual({
      ...keys,
      data: { other: "x" },
    });
  });

  test.each([
    [{ name: "keys", namespace: "test" }, `'Some("test")'`],
    [{ name: "keys" }, "'None'"],
    [{ name: "none", namespace: "prod" }, "Cannot find v1/ConfigMap named 'none'"],
  ])("%j is not there", async (fields, message) => {
    await expect(get(fields)).rejects.toThrow(message);
  });
});

describe("selectors", () => {
  const labels = { app: "web", env: "prod", empty: "", "example.com/team": "a-b_c.d" };

  test.each([
    ["", true],
    ["app=web", true],
    ["app == web", true],
    ["app!=web", false],
    ["app=db", false],
    ["none!=x", true],
    ["none=x", false],
    ["app", true],
    ["!app", false],
    ["none", false],
    ["! none", true],
    ["toString", false],
    ["empty=", true],
    ["env in (prod, test)", true],
    ["env in (test)", false],
    ["env notin (test)", true],
    ["none notin (test)", true],
    ["none in (test)", false],
    ["app=web, env in (prod,test), !none", true],
    ["app=web,env notin (prod,test)", false],
    ["example.com/team=a-b_c.d", true],
  ])("%j: %s", (text, expected) => expect(parseLabelSelector(text)(labels)).toBe(expected));

  test.each(["a=b=c", "in (a)", "a in b", "a in (b", "a b", "=x", "!"])("%j is none", (text) => {
    expect(() => parseLabelSelector(text)).toThrow("unable to parse label selector");
  });

  test.each([
    ["spec.nodeName=x", "field label not supported: spec.nodeName"],
    ["metadata.name", "unable to parse field selector"],
  ])("of fields, %j is refused", (text, message) => {
    expect(() => parseFieldSelector(text)).toThrow(message);
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
