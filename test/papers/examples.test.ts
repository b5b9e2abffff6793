import Ajv from "ajv";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { findCases, readCase, readExpectations } from "../../host/cases/folder.js";
import { mismatches, runCase } from "../../host/cases/run.js";
import type { Json, JsonObject } from "../../host/document.js";
import type { Rule } from "../../host/metadata/rules.js";
import { readPolicy } from "../../host/policy.js";
import { read, readYaml, root, settingsProblems } from "./papers.js";

const module = await readPolicy();
const folders = findCases(join(root, "examples")).map((folder) => relative(root, folder));
const metadata = readYaml("metadata.yml") as unknown as {
  rules: Rule[];
  annotations: Record<string, string>;
};
const conforms = new Ajv().compile(JSON.parse(read("docs/settings.schema.json")) as object);

interface Request {
  resource: { group: string; resource: string };
  subResource?: string;
}

/** The folder's settings, or those of all examples. */
function settingsOf(folder: string): JsonObject {
  const own = existsSync(join(root, folder, "settings.yaml"));
  return readYaml(own ? folder : "examples", "settings.yaml") as JsonObject;
}

describe.each(folders)("%s", (folder) => {
  test("has valid settings", async () => {
    const settings = settingsOf(folder);
    expect(await settingsProblems(settings)).toEqual([]);
    expect(conforms(settings), JSON.stringify(conforms.errors)).toBe(true);
  });

  test("comes to what it says, with just the calls of its session", async () => {
    const example = readCase(join(root, folder));
    const { decided, asked } = await runCase(module, example, async () => {
      throw new Error("nobody is asked without a session");
    });
    expect(mismatches(readExpectations(join(root, folder), 1), decided)).toEqual([]);
    expect(asked).toEqual(example.session ?? []);
  });
});

test.each(readdirSync(join(root, "examples/registry")))(
  "examples/registry/%s is what was really signed",
  (name) => {
    expect(read("examples/registry", name)).toBe(read("test/fixtures/registry", name));
  },
);

test("every resource of the policy's rules has an example, and the other way round", () => {
  const shown = folders
    .filter((folder) => folder.startsWith("examples/workloads/"))
    .map(
      (folder) => JSON.parse(readFileSync(join(root, folder, "request.json"), "utf8")) as Request,
    )
    .map(({ resource, subResource }) =>
      [resource.group, resource.resource, subResource]
        .filter((part) => part !== undefined)
        .join("/"),
    );
  const wanted = metadata.rules.flatMap(({ apiGroups, resources }) =>
    apiGroups.flatMap((group) => resources.map((resource) => `${group}/${resource}`)),
  );
  expect([...new Set(shown)].sort()).toEqual([...wanted, "argoproj.io/rollouts"].sort());
});

test("every setting is used in an example", () => {
  const { properties, definitions } = JSON.parse(read("docs/settings.schema.json")) as {
    properties: object;
    definitions: Record<string, { properties: object }>;
  };
  const used = new Set(
    folders
      .map(settingsOf)
      .flatMap((settings) => [
        ...Object.keys(settings),
        ...(settings["signatures"] as JsonObject[]).flatMap((rule) => Object.keys(rule)),
      ]),
  );
  // Their defaults are what almost everybody wants.
  const unused = ["rule", "description", "verifyUnchangedImages"];
  const known = [...Object.keys(properties), ...Object.keys(definitions["rule"]!.properties)];
  expect(known.filter((name) => !used.has(name) && !unused.includes(name))).toEqual([]);
});

describe.each([
  ["examples/cluster-admission-policy.yaml", read("examples/cluster-admission-policy.yaml")],
  ["README.md", /```yaml\n(apiVersion: policies[\s\S]*?)```/.exec(read("README.md"))![1]!],
])("the ClusterAdmissionPolicy in %s", (_, text) => {
  const { spec } = parse(text) as unknown as {
    spec: { rules: Json; mutating: boolean; module: string; settings: JsonObject };
  };

  test("sees what the metadata says", () => {
    expect(spec.rules).toEqual(metadata.rules);
    expect(spec.mutating).toBe(true);
    const { "io.kubewarden.policy.version": version } = metadata.annotations;
    expect(spec.module).toMatch(new RegExp(`^registry://.*/trusted-images:v${version}$`));
  });

  test("has valid settings", async () => {
    expect(await settingsProblems(spec.settings)).toEqual([]);
    expect(conforms(spec.settings)).toBe(true);
  });
});
