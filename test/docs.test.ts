import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { kubewarden } from "../host/capabilities/index.js";
import type { JsonObject } from "../host/document.js";
import { Policy, readPolicy } from "../host/policy.js";
import { readRequest } from "../host/request.js";
import { parseSession, replaying } from "../host/session.js";

// The README speaks of codes, settings and limits: here it is held against the sources and the policy.

const root = join(import.meta.dirname, "..");
const read = (...path: string[]) => readFileSync(join(root, ...path), "utf8");
const readme = read("README.md");

function section(title: string): string {
  const start = readme.indexOf(`\n## ${title}\n`);
  expect(start, title).toBeGreaterThan(0);
  const end = readme.indexOf("\n## ", start + 1);
  return readme.slice(start, end < 0 ? undefined : end);
}

/** First cells of a section's tables, without their backticks. */
function firstCells(text: string): string[] {
  return [...text.matchAll(/^\| `([^`]+)` \|/gm)].map(([, cell]) => cell!);
}

function codeNames(): string[] {
  const table = /NAMES: StaticArray<string> = \[([^\]]*)\]/.exec(read("assembly/failure.ts"))![1]!;
  return [...table.matchAll(/"([a-z0-9-]+)"/g)].map(([, name]) => name!);
}

async function settingsProblems(settings: JsonObject): Promise<string[]> {
  const handler = async () => {
    throw new Error("nobody is asked");
  };
  const policy = new Policy(await readPolicy(), kubewarden({ handler }));
  return policy.validateSettings(settings);
}

test("the table of verdicts has every failure code, and no other", () => {
  expect(firstCells(section("Verdicts")).sort()).toEqual(codeNames().sort());
});

test("every failure code of the enumeration has a name of its own", () => {
  const source = read("assembly/failure.ts");
  const body = /enum Code \{([^}]*)\}/.exec(source)![1]!;
  const members = [...body.matchAll(/^ {2}(\w+),$/gm)].map(([, member]) => member!);
  const expected = members.map((member) => member.replace(/\B[A-Z]/g, "-$&").toLowerCase());
  expect(codeNames()).toEqual(expected);
});

test("the settings tables have every field that the policy reads, and no other", () => {
  const files = readdirSync(join(root, "assembly/settings")).map((file) => `settings/${file}`);
  const sources = [...files, "attestation/settings.ts"].map((file) => read("assembly", file));
  const asked = sources.flatMap((source) => [
    ...source.matchAll(
      /(?:fields|rule|owner|item|selector)\.(?:bool|text|requiredText|count|object|list)\("(\w+)"/g,
    ),
    ...source.matchAll(
      /(?:items|decodeTexts|decodeChoice|decodeIdentities|decodeInstant|decodeLogKeys|decodeClusterSource|decodeLabelSelector|boundedList)\(\w+, "(\w+)"/g,
    ),
  ]);
  const fields = new Set(asked.map(([, field]) => field!));
  const text = section("Settings");
  for (const field of fields) expect(text, field).toContain(`\`${field}\``);
  for (const field of firstCells(text)) expect([...fields], field).toContain(field);
});

describe("examples of settings are valid", async () => {
  const blocks = [...readme.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, block]) => block!);
  expect(blocks.length).toBeGreaterThan(2);
  test.each(blocks.map((block, i) => [i, block] as const))(
    "block %i of README",
    async (_, block) => {
      const document = parse(block) as { spec?: { settings: JsonObject } } & JsonObject;
      expect(await settingsProblems(document.spec?.settings ?? document)).toEqual([]);
    },
  );

  test("examples/settings.yaml, with the session beside it", async () => {
    const settings = parse(read("examples/settings.yaml")) as JsonObject;
    expect(await settingsProblems(settings)).toEqual([]);
    const handler = replaying(parseSession(read("examples/session-signed.yml")));
    const request = readRequest(join(root, "examples/deployment-signed.yaml"));
    const policy = new Policy(await readPolicy(), kubewarden({ handler }));
    expect((await policy.validate(request, settings)).accepted).toBe(true);
  });
});

test("the README tells how old the embedded trust roots are", () => {
  const note = /TUF root is version (\d+) and expires on (\S+)\. /;
  const [, version, date] = note.exec(read("assembly/trust/sigstore.ts").replace(/\n\/\/ /, " "))!;
  expect(section("Settings").replace(/\s+/g, " ")).toContain(
    `version ${version} of Sigstore's TUF root, whose date of expiry is ${date}`,
  );
});

test.each([
  ["IMAGES", "images of one object | 256 |"],
  ["RULES", "rules | 256 |"],
  ["PER_RULE", "also patterns, namespaces and annotations | 64 |"],
  [
    "PER_RULE",
    "attestations of a rule; also the conditions in all of them, and the values of `in` | 64 |",
  ],
  ["POINTER_BYTES", "a path of a condition | 512 bytes |"],
  ["SCALAR_BYTES", "a value that a condition compares | 4 KiB, as JSON writes it |"],
  ["WORKLOADS", "custom kinds | 64 |"],
  ["PATTERN_BYTES", "a pattern | 512 bytes |"],
  ["CLUSTER_KEYS", "keys that a rule reads from the cluster | 512 |"],
  ["HOST_CALLS", "calls of the host | 512 a request |"],
  ["SIGNATURE_CHECKS", "work of the policy | 600 signatures a request"],
  ["MANIFEST_BYTES", "a `.sig` manifest | 4 MiB |"],
  ["LAYERS", "its layers | 64 |"],
  ["ANNOTATION_BYTES", "an annotation of a layer | 64 KiB |"],
  ["CLUSTER_BYTES", "objects of the cluster that rules read | 8 MiB a request |"],
  ["SIGNATURE_FILES", "signatures in files | 256 of a source |"],
  ["ANNOTATION_BYTES", "a signature's file | 64 KiB |"],
  ["CHAIN_CERTIFICATES", "10, of them 8 between the signer's and the root |"],
  ["WARNINGS", "warnings | 32, of 120 bytes each |"],
  ["WARNING_BYTES", "warnings | 32, of 120 bytes each |"],
])("the README tells the limit %s", (name, row) => {
  const value = new RegExp(`${name}: i32 = (\\d+)(?: << \\d+)?;`).exec(
    read("assembly/limits.ts"),
  )![1]!;
  expect(row).toContain(value);
  expect(section("Limits")).toContain(row);
});
