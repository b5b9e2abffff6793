import Ajv from "ajv";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../../host/document.js";
import { authority, certificate, keys, logKey, trustedRoot } from "./material.js";
import { read, settingsProblems } from "./papers.js";

// docs/settings.schema.json is what the README's tables, the form (questions.test.ts), the examples (examples.test.ts) and
// `validate_settings` are held against.

interface Schema {
  properties: Record<string, { description: string; default?: Json }>;
  definitions: Record<string, Schema>;
}

const schema = JSON.parse(read("docs/settings.schema.json")) as Schema;
const conforms = new Ajv().compile(schema) as (settings: Json) => boolean;
const HELPERS = ["rule", "description"];

function fieldsOf({ properties }: Schema): string[] {
  return Object.keys(properties).filter((name) => !HELPERS.includes(name));
}

describe("the README's tables", () => {
  const readme = read("README.md");
  const settings = readme.slice(readme.indexOf("\n## Settings\n"));
  const tables = settings
    .split(/^A rule \(/m)
    .slice(0, 2)
    .map((text) => text.slice(0, text.indexOf("\n\n", text.indexOf("|---"))));
  const cells = (table: string) => [...table.matchAll(/^\| `(\w+)` \|([^|]*)\|/gm)];

  test.each([
    ["settings", 0, schema],
    ["a rule", 1, schema.definitions["rule"]!],
  ] as const)("have the fields of %s", (_, index, part) => {
    const rows = cells(tables[index]!);
    expect(rows.map(([, name]) => name).sort()).toEqual(fieldsOf(part).sort());
    for (const [, name, text] of rows) {
      const [, value] = /^`(.*)`$/.exec(text!.trim()) ?? [];
      if (value === undefined) continue;
      const expected = part.properties[name!]!.default;
      expect(typeof expected === "string" ? expected : JSON.stringify(expected), name).toBe(value);
    }
  });
});

test("the policy's limits are the schema's", () => {
  const limit = (name: string) =>
    Number(new RegExp(`${name}: i32 = (\\d+);`).exec(read("assembly/limits.ts"))![1]);
  const text = JSON.stringify(schema);
  const found = new Set(
    [...text.matchAll(/"max(?:Items|Properties)":(\d+)/g)].map(([, n]) => Number(n)),
  );
  expect([...found].sort()).toEqual([0, limit("RULES"), limit("PER_RULE")].sort());
});

const TRUST_ROOTS: Json[] = [
  { fulcio: authority, rekor: [logKey] },
  { fulcio: [authority.at(-1)!], rekor: null },
  { fulcio: [""], rekor: [] },
  { fulcio: [""], trustedRoot },
  { trustedRoot: JSON.parse(trustedRoot) as Json },
  { fulcio: authority, trustedRoot: "" },
];

const TRUST_ROOTS_FROM: Json[] = [
  { configMap: { name: "roots", namespace: "sigstore" } },
  { configMap: { name: "roots", labelSelector: "" } },
];

// What a field may hold when it is well filled, and when nobody has filled it in.
const BLANK: Json[] = ["", null];
const SIGNERS: Record<string, [Json[], Json[]]> = {
  pubKeys: [
    [
      [keys[0]!],
      [keys[0]!, { name: "b", key: keys[1]! }],
      [{ key: keys[2]!, name: "", notBefore: "" }],
      [{ key: keys[2]!, notBefore: "2026-01-01", notAfter: "2026-12-31T23:59:59Z" }],
    ],
    [[], [""], [{ name: "", key: "", notAfter: null }]],
  ],
  keysFrom: [
    [
      [{ cosignKey: {} }],
      [{ cosignKey: { merge: true }, secret: "" }, null],
      [{ configMap: { name: "keys.v1" } }, { secret: { labelSelector: "a=b", namespace: "team" } }],
    ],
    [[], [""], [{ configMap: { name: "" }, secret: null, cosignKey: "" }]],
  ],
  keyless: [[[{ issuer: "i", subject: "s" }]], [[], [{ issuer: "", subject: "" }]]],
  keylessPrefix: [
    [[{ issuer: "i", urlPrefix: "https://a.example" }]],
    [[], [{ issuer: "", urlPrefix: null }]],
  ],
  githubActions: [
    [{ owner: "acme", repo: "" }, { owner: "acme" }],
    [{}, { owner: "", repo: "" }],
  ],
  certificates: [[[certificate]], [[], [""], [null]]],
  notation: [
    [
      { trustStore: [certificate, authority[0]!], trustedIdentities: ["*"] },
      {
        trustStore: authority,
        trustedIdentities: ["x509.subject: C=US, ST=WA, O=Acme"],
        level: "strict",
        revocation: "skip",
      },
    ],
    [{}, { trustStore: [""], trustedIdentities: [], revocation: null }],
  ],
  notaryV1: [
    [
      { root: { keys: [keys[0]!], certificate: "" } },
      { root: { certificate }, gun: "a", delegations: ["targets/a"], requireSigners: "1" },
      { root: { keys: [keys[1]!] }, delegations: [""], maxTimestampDays: 7 },
    ],
    [{}, { root: { keys: [""], rootJson: null }, gun: "" }],
  ],
};
const RULE: Record<string, Json[]> = {
  exclude: [["nginx:1.*"], "nginx", [""], []],
  namespaces: [["prod-*"], "prod", ["", null]],
  namespaceSelector: [
    { matchLabels: { "example.com/env": "prod", empty: "" } },
    { matchExpressions: [{ key: "a", operator: "Exists", values: [] }] },
    { matchLabels: {}, matchExpressions: [{ key: "a", operator: "NotIn", values: ["x", ""] }] },
  ],
  onFailure: ["reject", "warn"],
  annotations: [{ env: "prod" }, {}],
  verifier: ["host", "policy", "both"],
  threshold: [1, "1"],
  transparencyLog: [
    { keys: [logKey], required: false },
    { keys: [""], required: true },
    { keys: [], required: "" },
  ],
  evidenceFrom: [
    [{ configMap: { name: "web.signatures" } }, { annotation: true }],
    [{ configMap: { labelSelector: "app=web", namespace: "shop" }, annotation: false }],
    [{ configMap: { name: "", labelSelector: null }, annotation: "", artifact: null }],
    [{ artifact: true }, { artifact: true, repository: "registry.example.com/evidence" }],
    [{ artifact: true, repository: "", annotation: false }],
    [],
  ],
  attestations: [
    [{ predicateType: "https://slsa.dev/provenance/v1" }],
    [
      { predicateType: "urn:scan", conditions: [{ path: "/a/0/~1", atMost: 0, equals: "" }] },
      { predicateType: "urn:approval", conditions: [{ path: "/by", in: ["a", 1, true] }] },
    ],
    [
      {
        predicateType: "urn:x",
        conditions: [
          { path: "/at", after: "30d" },
          { path: "/at", before: "2027-01-01" },
        ],
      },
    ],
    [{ predicateType: "", conditions: [{ path: null }] }, ""],
    [],
  ],
  trustRoots: TRUST_ROOTS,
  trustRootsFrom: TRUST_ROOTS_FROM,
  certificateChain: [[certificate], [], [null]],
  requireRekorBundle: [true, false],
  rule: ["pubKeys"],
  description: [1],
};
const TOP: Record<string, Json[]> = {
  modifyImagesWithDigest: [true, false],
  unmatchedImages: ["accept", "warn", "reject"],
  verifyUnchangedImages: [true, false],
  workloads: [
    [{ apiGroup: "argoproj.io", kind: "Rollout", podSpecPath: "spec.template.spec" }],
    [],
  ],
  trustRoots: TRUST_ROOTS,
  trustRootsFrom: TRUST_ROOTS_FROM,
  rule: [{}],
  description: [null],
};

/** A value that is right for some field, and one that is wrong for all of them but the helpers. */
const anything = fc.constantFrom<Json>(
  ...Object.values(SIGNERS).flatMap(([filled, blank]) => [...filled, ...blank]),
  ...[...Object.values(RULE), ...Object.values(TOP)].flat(),
  ...[7.5, 0, "0", true, "?", [[]], { x: 1 }, [{ x: "" }], [3], "host ", "", null],
);

/** Fields of which most are empty and some well filled. */
function wellFilled(fields: Record<string, Json[]>): fc.Arbitrary<JsonObject> {
  const parts = Object.entries(fields).map(([name, values]) => {
    const filled = fc.constantFrom(...values);
    const value = fc.option(fc.option(filled, { freq: 1, nil: "" }), { freq: 1, nil: undefined });
    return [name, value] as const;
  });
  return fc
    .record(Object.fromEntries(parts))
    .map((value) => JSON.parse(JSON.stringify(value)) as JsonObject);
}

const signers = fc
  .constantFrom(...Object.keys(SIGNERS))
  .chain((kind) =>
    fc.record(
      Object.fromEntries(
        Object.entries(SIGNERS).map(([name, [filled, blank]]) => [
          name,
          fc.constantFrom(...(name === kind ? filled : [...blank, ...BLANK])),
        ]),
      ),
    ),
  );

/** At times one field, which may be one that does not exist, holds something else. */
function spoiled(names: string[], value: JsonObject): fc.Arbitrary<JsonObject> {
  const spoil = fc.record({ name: fc.constantFrom(...names, "unknown"), value: anything });
  return fc
    .option(spoil, { freq: 2 })
    .map((change) => (change ? { ...value, [change.name]: change.value } : value));
}

const rule = fc
  .tuple(fc.constantFrom<Json>("nginx", ["nginx", ""]), signers, wellFilled(RULE))
  .chain(([image, signers, rest]) =>
    spoiled(["image", ...Object.keys({ ...SIGNERS, ...RULE })], { image, ...signers, ...rest }),
  );

const settings = fc
  .tuple(fc.array(rule, { maxLength: 2 }), wellFilled(TOP))
  .chain(([signatures, top]) =>
    spoiled(["signatures", ...Object.keys(TOP)], { signatures, ...top }),
  );

/** What no schema can say: how a value looks inside, and what one value is to another. */
const BEYOND =
  /^signatures\[\d\]\.(image|exclude): "|PEM|certificate|public key|different keys|cosignKey stands|host|begins with|path is already known|trusted_root\.json/;

test("what the policy finds valid conforms to the schema, and the other way round", async () => {
  let valid = 0;
  await fc.assert(
    fc.asyncProperty(settings, async (settings) => {
      const problems = await settingsProblems(settings);
      if (problems.length === 0) valid++;
      const expected = problems.every((problem) => BEYOND.test(problem));
      if (conforms(settings)) expect(expected, problems.join("\n")).toBe(true);
      else expect(problems).not.toEqual([]);
    }),
    { numRuns: 3000 },
  );
  expect(valid).toBeGreaterThan(500);
});
