import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../host/document.js";
import { readSettingsIn } from "../../host/settings.js";

const manifest = (spec: JsonObject, kind = "ClusterAdmissionPolicy") =>
  readSettingsIn({ apiVersion: "policies.kubewarden.io/v1", kind, spec }, "policy.yaml");

/** The settings of one rule, in a policy that may change what it decides. */
const rule = (fields: JsonObject) => ({
  mutating: true,
  settings: { signatures: [{ image: "*", ...fields }] },
});

describe("settings", () => {
  test.each([
    ["as they are", { signatures: [], kind: "x" }, { signatures: [], kind: "x" }],
    ["that are none", null, {}],
    ["of a manifest without a spec", { kind: "AdmissionPolicy" }, {}],
  ])("%s have no deployment", (_, document, settings) => {
    expect(readSettingsIn(document, "a.yaml")).toEqual({ settings });
  });

  test.each([[[]], ["text"], [{ kind: "ClusterAdmissionPolicy", spec: { settings: [] } }]])(
    "%j are refused",
    (document) => {
      expect(() => readSettingsIn(document, "a.yaml")).toThrow("the settings must be a map");
    },
  );
});

describe("what the rules read and the policy may not", () => {
  const configMap = { name: "a" };
  test.each<[string, JsonObject, string]>([
    ["keys", { keysFrom: [{ configMap }, { secret: { name: "b" } }] }, "ConfigMap, Secret"],
    ["a CosignKey", { keysFrom: [{ cosignKey: {} }] }, "CosignKey"],
    ["signatures", { evidenceFrom: [{ annotation: true }, { configMap }] }, "ConfigMap"],
    ["trust roots", { trustRootsFrom: { configMap } }, "ConfigMap"],
    ["labels", { namespaceSelector: { matchLabels: { a: "b" } } }, "Namespace"],
    [
      "nothing, as a form leaves it",
      { keysFrom: [{ configMap: {}, secret: null }], namespaceSelector: {}, trustRootsFrom: "" },
      "",
    ],
  ])("%s", (_, fields, kinds) => {
    const { deployment } = manifest(rule(fields));
    const text =
      `warning: policy.yaml: its rules read ${kinds}, ` +
      "which its spec.contextAwareResources does not name";
    expect(deployment!.warnings).toEqual(kinds === "" ? [] : [text]);
    expect(deployment!.resources).toEqual([]);
    const named = kinds.split(", ").map((kind) => ({ apiVersion: "v1", kind }));
    const granted = manifest({ ...rule(fields), contextAwareResources: named });
    expect(granted.deployment).toEqual({ source: "policy.yaml", resources: named, warnings: [] });
    const inNamespace = { ...rule(fields), contextAwareResources: named };
    const { deployment: none } = manifest(inNamespace, "AdmissionPolicy");
    expect(none!.resources).toEqual([]);
    expect(none!.warnings.join()).toMatch(kinds === "" ? /^$/ : /which an AdmissionPolicy cannot/);
  });

  test("for the settings as a whole", () => {
    const trustRootsFrom = { configMap: { name: "roots" } };
    const { deployment } = manifest({ settings: { trustRootsFrom } });
    expect(deployment!.warnings).toEqual([expect.stringContaining("read ConfigMap,")]);
  });
});

describe("a policy that would pin images and may not change anything", () => {
  const signatures = [{ image: "*" }];
  test.each<[string, JsonObject, boolean]>([
    ["is warned of", { mutating: false, settings: { signatures } }, true],
    ["also where mutating is absent", { settings: { signatures } }, true],
    [
      "also where a form left the setting empty",
      { mutating: false, settings: { signatures, modifyImagesWithDigest: "" } },
      true,
    ],
    ["may pin", { mutating: true, settings: { signatures } }, false],
    [
      "pins nothing",
      { mutating: false, settings: { signatures, modifyImagesWithDigest: false } },
      false,
    ],
    ["is another one", { mutating: false, settings: { label: "team" } }, false],
  ])("%s", (_, spec, warned) => {
    const { warnings } = manifest(spec).deployment!;
    expect(warnings.join()).toMatch(warned ? /^warning: policy\.yaml: it is not mutating, / : /^$/);
  });
});
