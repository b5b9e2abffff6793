import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import binaryen from "binaryen";
import { describe, expect, test, vi } from "vitest";
import { parse } from "yaml";
import { kubewarden } from "../../host/capabilities/index.js";
import { annotateCommand } from "../../host/commands/annotate.js";
import { inspectCommand } from "../../host/commands/inspect.js";
import type { JsonObject } from "../../host/document.js";
import { annotate, METADATA_SECTION, USAGE } from "../../host/metadata/annotate.js";
import { readSections, withCustomSection } from "../../host/metadata/wasm.js";
import { Policy } from "../../host/policy.js";
import { read, root } from "./papers.js";

const folder = mkdtempSync(join(tmpdir(), "annotate-"));
const policy = new Uint8Array(readFileSync(join(root, "policy.wasm")));
const document = parse(read("metadata.yml")) as JsonObject;
const usage = read("README.md");

/** The metadata as the engine's own parser finds it. */
function readBack(bytes: Uint8Array): JsonObject[] {
  const module = new WebAssembly.Module(Uint8Array.from(bytes));
  return WebAssembly.Module.customSections(module, METADATA_SECTION).map(
    (data) => JSON.parse(new TextDecoder().decode(data)) as JsonObject,
  );
}

function problems(changes: JsonObject): string {
  try {
    annotate(policy, { ...document, ...changes });
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

describe("an annotated module", () => {
  const { module, warnings } = annotate(policy, document, usage);
  const { annotations, ...metadata } = readBack(module)[0]!;

  test("has what kwctl writes, field by field and in its order", () => {
    expect(Object.entries(metadata)).toEqual([
      ["protocolVersion", "v1"],
      ["rules", document["rules"]],
      ["mutating", true],
      ["backgroundAudit", true],
      ["executionMode", "kubewarden-wapc"],
      ["policyType", "kubernetes"],
      ["contextAwareResources", []],
      ["hostCapabilities", document["hostCapabilities"]],
    ]);
    const expected = { ...(document["annotations"] as JsonObject), [USAGE]: usage };
    expect(annotations).toEqual(expected);
    expect(Object.keys(annotations as JsonObject)).toEqual(Object.keys(expected).sort());
  });

  test("has the names of the host capabilities that the metadata asks for, and those of the cluster", () => {
    expect(warnings).toEqual([]);
    const contextAware = parse(read("metadata-context-aware.yml")) as JsonObject;
    expect(annotate(policy, contextAware, usage).warnings).toEqual([]);
    const { hostCapabilities } = document;
    const lacks = (name: string) =>
      `hostCapabilities lacks kubernetes/${name}, whose name is in the module`;
    expect(
      annotate(policy, { ...contextAware, hostCapabilities: hostCapabilities! }).warnings,
    ).toEqual([lacks("get_resource"), lacks("list_resources_by_namespace")]);
  });

  test("is read by Binaryen too, and is but for the section what it was", () => {
    const [section] = WebAssembly.Module.customSections(
      new WebAssembly.Module(Uint8Array.from(module)),
      METADATA_SECTION,
    );
    const text = binaryen.readBinary(module).emitText();
    expect(text).toContain(`custom section "${METADATA_SECTION}", size ${section!.byteLength}`);
    expect(module.subarray(0, policy.length)).toEqual(policy);
  });

  test("still runs", async () => {
    const handler = async () => {
      throw new Error("nobody is asked");
    };
    const guest = new Policy(
      await WebAssembly.compile(Uint8Array.from(module)),
      kubewarden({ handler }),
    );
    expect(await guest.validateSettings({ unmatchedImages: "reject" })).toEqual([]);
  });

  test("annotated again has its metadata once", () => {
    const again = annotate(module, { ...document, mutating: false });
    expect(readBack(again.module).map(({ mutating }) => mutating)).toEqual([false]);
  });
});

test("the command writes the module, and inspect shows it", async () => {
  const paths = ["metadata.yml", "README.md"].map((name) => join(root, name));
  const [metadataPath, usagePath] = paths as [string, string];
  const outputPath = join(folder, "annotated.wasm");
  expect(await annotateCommand(undefined, { metadataPath, usagePath, outputPath })).toBe(0);
  const lines: string[] = [];
  const log = vi.spyOn(console, "log").mockImplementation((line = "") => void lines.push(line));
  const code = await inspectCommand(outputPath, {});
  log.mockRestore();
  expect(code).toBe(0);
  for (const part of ["pods/ephemeralcontainers", "oci/v2/verify", "wapc_init (function)"]) {
    expect(lines.join("\n")).toContain(part);
  }
});

test("inspect says of a module without metadata that it has none, and shows the rest", async () => {
  const path = join(folder, "tiny.wasm");
  writeFileSync(path, withCustomSection(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0), "x", policy));
  const errors = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const log = vi.spyOn(console, "log").mockReturnValue();
  const code = await inspectCommand(path, {});
  const said = errors.mock.calls.join();
  const shown = log.mock.calls.join("\n");
  log.mockRestore();
  errors.mockRestore();
  expect(code).toBe(1);
  expect(said).toContain("no Kubewarden metadata");
  expect(shown).toContain(`x: ${policy.length} bytes`);
});

test.each([
  ["no rules", { rules: null }, "rules must be a list"],
  ["a rule without resources", { rules: [{}] }, "rules[0].resources must be a list of strings"],
  [
    "an operation of no API server",
    { rules: [{ ...rule(), operations: ["PATCH"] }] },
    "rules[0].operations[0] must be one of CREATE, UPDATE, DELETE, CONNECT, *",
  ],
  [
    "a wildcard and more",
    { rules: [{ ...rule(), apiGroups: ["*", "apps"] }] },
    "rules[0].apiGroups must have nothing beside *",
  ],
  [
    "a resource that a wildcard means already",
    { rules: [{ ...rule(), resources: ["pods/*", "pods/exec"] }] },
    "rules[0].resources[1] is already meant by pods/*",
  ],
  ["no word on mutation", { mutating: null }, "mutating is required"],
  ["an unknown mode", { executionMode: "wapc" }, "executionMode must be one of kubewarden-wapc"],
  ["another language's mode", { executionMode: "opa" }, "the module was not written in Rego"],
  [
    "a number for an annotation",
    { annotations: { "io.kubewarden.policy.version": 1 } },
    'annotations["io.kubewarden.policy.version"] must be a string: write it in quotes',
  ],
  [
    "half a resource",
    { contextAwareResources: [{ kind: "Pod" }] },
    "contextAwareResources[0] must have an apiVersion and a kind",
  ],
  ["a version that is none", { minimumKubewardenVersion: "1.30" }, "must be a version like"],
])("metadata with %s is refused", (_, changes, message) => {
  expect(problems(changes as JsonObject)).toContain(message);
});

test("all that is wrong is said at once", () => {
  expect(problems({ mutating: 1, policyType: "x" }).split("\n")).toHaveLength(3);
});

test.each([
  ["asks for too little", [], "hostCapabilities lacks oci/v2/verify"],
  [
    "asks for too much",
    ["kubernetes/can_i", "oci/v2/verify"],
    "hostCapabilities has kubernetes/can_i",
  ],
  [
    "asks for what no host has",
    ["oci/v2/verify", "oci/v9"],
    "no host has a capability called oci/v9",
  ],
])("metadata that %s is warned of", (_, hostCapabilities, warning) => {
  const { warnings } = annotate(policy, { ...document, hostCapabilities });
  expect(warnings.join("\n")).toContain(warning);
});

test.each([
  ["text", new TextEncoder().encode("hello, world"), "its header is missing"],
  ["half a module", policy.subarray(0, 1000), "it ends in the middle"],
  [
    "a number without end",
    Uint8Array.from([...policy.subarray(0, 8), 0, 255, 255, 255, 255, 255, 255]),
    "a number is too long",
  ],
])("%s is no module", (_, bytes, message) => {
  expect(() => readSections(bytes)).toThrow(message);
});

test("what only begins like a module cannot be inspected", async () => {
  const path = join(folder, "broken.wasm");
  writeFileSync(path, Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 1, 9));
  await expect(inspectCommand(path, {})).rejects.toThrow("not a WebAssembly module");
});

function rule(): JsonObject {
  return { apiGroups: [""], apiVersions: ["v1"], resources: ["pods"], operations: ["CREATE"] };
}
