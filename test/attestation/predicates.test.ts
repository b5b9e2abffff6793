import { describe, expect, test } from "vitest";
import { contentBytes } from "../../host/registry/fixture.js";
import { readFixture } from "../host/fixtures.js";
import { failureOf, failures, statementOf } from "./attestations.js";

interface Envelope {
  payload?: string;
  dsseEnvelope?: { payload: string };
}

/** What cosign signed as attestations in a fixture, by predicate type. */
function statementsOf(file: string): Map<string, string> {
  const statements = Object.values(readFixture(file).blobs).flatMap((blob) => {
    const text = contentBytes(blob).toString();
    if (!text.includes('"payload"')) return [];
    const { payload, dsseEnvelope } = JSON.parse(text) as Envelope;
    return [Buffer.from((payload ?? dsseEnvelope?.payload)!, "base64").toString()];
  });
  return new Map(
    statements.map((text) => [(JSON.parse(text) as { predicateType: string }).predicateType, text]),
  );
}

const SLSA_0_2 = "https://slsa.dev/provenance/v0.2";
const CUSTOM = "https://cosign.sigstore.dev/attestation/v1";

const PROVENANCE = {
  predicateType: SLSA_0_2,
  conditions: [
    { path: "/builder/id", equals: "https://ci.example/builder@v1" },
    { path: "/buildType", in: ["https://ci.example/build@v1", "https://ci.example/build@v2"] },
    { path: "/materials/0/uri", equals: "git+https://git.example/demo/app" },
    { path: "/metadata/completeness/parameters", equals: true },
    { path: "/materials/1", exists: false },
  ],
};
const TESTED = {
  predicateType: CUSTOM,
  conditions: [
    { path: "/Data", equals: '{"set":"public","tested":true,"note":"a<b & c"}\n' },
    { path: "/Timestamp", after: "30d" },
  ],
};

describe.each(["i-attest-v2.json", "i-attest-v3.json"])("what cosign attested in %s", (file) => {
  const statements = statementsOf(file);

  test("a provenance", () => {
    const [provenance, tested] = failures([PROVENANCE, TESTED], statements.get(SLSA_0_2)!);
    expect(provenance).toBeNull();
    expect(tested).toEqual({
      code: "attestation-missing",
      detail: `no attestation of type ${CUSTOM} by the signer was found`,
    });
  });

  test("by another builder", () => {
    const conditions = [{ path: "/builder/id", equals: "https://ci.example/builder@v2" }];
    expect(failures([{ ...PROVENANCE, conditions }], statements.get(SLSA_0_2)!)).toEqual([
      {
        code: "attestation-condition",
        detail:
          '/builder/id of its predicate is "https://ci.example/builder@v1", and must be "https://ci.example/builder@v2"',
      },
    ]);
  });

  test("a statement of one's own, in a string", () => {
    const statement = statements.get(CUSTOM)!;
    expect(failures([TESTED], statement)).toEqual([null]);
    const later = Date.parse("2026-12-23T08:00:00Z") / 1000;
    expect(failures([TESTED], statement, later)[0]?.detail).toMatch(
      /^\/Timestamp of its predicate is "2026-11-22T04:11:4\dZ", and must be a time no older than 30d$/,
    );
  });
});

test("an attestation beside a signature", () => {
  const statements = statementsOf("i-attest-and-sign-v3.json");
  expect(failures([TESTED], statements.get(CUSTOM)!)).toEqual([null]);
  expect(failures([TESTED], statements.get("https://sigstore.dev/cosign/sign/v1")!)[0]?.code).toBe(
    "attestation-missing",
  );
});

test("a provenance of SLSA 1", () => {
  const predicateType = "https://slsa.dev/provenance/v1";
  const predicate = {
    buildDefinition: {
      buildType: "https://actions.github.io/buildtypes/workflow/v1",
      externalParameters: {
        workflow: {
          ref: "refs/tags/v1.4.0",
          repository: "https://github.com/example/app",
          path: ".github/workflows/release.yml",
        },
      },
      internalParameters: { github: { event_name: "push", repository_id: "1296269" } },
      resolvedDependencies: [
        {
          uri: "git+https://github.com/example/app@refs/tags/v1.4.0",
          digest: { gitCommit: "0123456789abcdef0123456789abcdef01234567" },
        },
      ],
    },
    runDetails: {
      builder: {
        id: "https://github.com/example/app/.github/workflows/release.yml@refs/tags/v1.4.0",
      },
      metadata: { invocationId: "https://github.com/example/app/actions/runs/1/attempts/1" },
    },
  };
  const workflow = "/buildDefinition/externalParameters/workflow";
  const wanted = [
    { path: `${workflow}/repository`, equals: "https://github.com/example/app" },
    { path: `${workflow}/path`, in: [".github/workflows/release.yml"] },
    { path: "/buildDefinition/internalParameters/github/event_name", equals: "push" },
    { path: "/buildDefinition/resolvedDependencies/0/digest/gitCommit", exists: true },
    { path: "/runDetails/byproducts", exists: false },
  ];
  const statement = statementOf(predicateType, JSON.stringify(predicate));
  expect(failures([{ predicateType, conditions: wanted }], statement)).toEqual([null]);
  const forked = statement.replace(
    '"https://github.com/example/app"',
    '"https://github.com/fork/app"',
  );
  expect(failures([{ predicateType, conditions: wanted }], forked)[0]?.detail).toBe(
    `${workflow}/repository of its predicate is "https://github.com/fork/app", and must be "https://github.com/example/app"`,
  );
});

// As cosign's specification of `vuln` has it, with what a scanner counts in its result.
describe("a scan for vulnerabilities", () => {
  const scan = (critical: string, finished: string) => `{
    "invocation": {"uri": "https://ci.example/runs/7"},
    "scanner": {
      "uri": "pkg:github/example/scanner@0.58.1", "version": "0.58.1", "db": {"uri": "", "version": ""},
      "result": {"summary": {"CRITICAL": ${critical}, "HIGH": 3}, "maxScore": 6.9}
    },
    "metadata": {"scanStartedOn": "2026-11-20T02:00:00Z", "scanFinishedOn": "${finished}"}
  }`;
  const wanted = [
    { path: "/scanner/result/summary/CRITICAL", atMost: 0 },
    { path: "/scanner/result/summary/HIGH", atMost: 5 },
    { path: "/scanner/result/maxScore", atMost: "6.9" },
    { path: "/metadata/scanFinishedOn", after: "7d" },
  ];

  test("few and fresh", () => {
    expect(failureOf(wanted, scan("0", "2026-11-20T03:00:00.123456789+01:00"))).toBeNull();
  });

  test.each<[string, string, string]>([
    ["one too many", scan("1", "2026-11-20T02:01:00Z"), "/scanner/result/summary/CRITICAL"],
    ["not counted", scan("null", "2026-11-20T02:01:00Z"), "/scanner/result/summary/CRITICAL"],
    ["too old", scan("0", "2026-11-15T07:59:59Z"), "/metadata/scanFinishedOn"],
    [
      "by another scanner",
      '{"scanner":{"result":{"Results":[]}}}',
      "/scanner/result/summary/CRITICAL",
    ],
  ])("%s", (_, predicate, path) => {
    const failure = failureOf(wanted, predicate);
    expect(failure?.code).toBe("attestation-condition");
    expect(failure?.detail.startsWith(`${path} of its predicate is `)).toBe(true);
  });
});

test("an approval", () => {
  const wanted = [
    { path: "/environments/prod/approved", equals: true },
    { path: "/environments/prod/approver", in: ["alice@example.com", "bob@example.com"] },
    { path: "/reviews", atLeast: 2 },
    { path: "/revoked", exists: false },
  ];
  const approval = {
    environments: { prod: { approved: true, approver: "bob@example.com" } },
    reviews: 2,
  };
  expect(failureOf(wanted, JSON.stringify(approval))).toBeNull();
  expect(failureOf(wanted, JSON.stringify({ ...approval, revoked: null }))?.detail).toBe(
    "/revoked of its predicate is null, and must be missing",
  );
  expect(failureOf(wanted, JSON.stringify({ ...approval, reviews: 1 }))?.code).toBe(
    "attestation-condition",
  );
});
