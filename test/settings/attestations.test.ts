import { describe, expect, test } from "vitest";
import { pem } from "../crypto/crypto.js";
import * as notation from "../notation/make.js";
import * as tuf from "../tuf/make.js";
import { ALICE, CERTIFICATE, problemsOf } from "./settings.js";

// What goes with a rule's attestations. What is wrong inside them: test/attestation/settings.test.ts.

const RULE = "signatures[0]";
const KINDS: [string, object][] = [
  ["pubKeys", { pubKeys: [ALICE.publicPem] }],
  ["keysFrom", { keysFrom: [{ cosignKey: {} }] }],
  ["keyless", { keyless: [{ issuer: "https://a.example", subject: "a" }] }],
  ["keylessPrefix", { keylessPrefix: [{ issuer: "i", urlPrefix: "https://a.example/" }] }],
  ["githubActions", { githubActions: { owner: "team" } }],
  ["certificates", { certificates: [CERTIFICATE] }],
];
const HOST = `${RULE}.attestations: needs verifier: policy: the host does not know attestations`;
const NOWHERE = `${RULE}.attestations: needs evidenceFrom, such as [{artifact: true}]: attestations lie in evidence documents`;
const FILES = `${RULE}.evidenceFrom: needs verifier: policy: the host does not look there`;

const problems = (rule: object) =>
  problemsOf({
    signatures: [
      {
        image: "*",
        verifier: "policy",
        evidenceFrom: [{ artifact: true }],
        attestations: [{ predicateType: "urn:x" }],
        ...rule,
      },
    ],
  });

describe.each(KINDS)("attestations of %s", (_, kind) => {
  test.each<[object, ...string[]]>([
    [{}],
    [{ evidenceFrom: [{ annotation: true }] }],
    [{ evidenceFrom: [{ configMap: { name: "evidence" } }] }],
    [{ annotations: {} }],
    [{ verifier: "host" }, FILES, HOST],
    [{ verifier: "both" }, FILES, HOST],
    [{ verifier: "" }, FILES, HOST],
    [{ evidenceFrom: [] }, NOWHERE],
    [{ evidenceFrom: null, verifier: null }, HOST, NOWHERE],
    [
      { annotations: { env: "prod" } },
      `${RULE}.annotations: does not go with attestations: ask for what they say by conditions`,
    ],
    [{ attestations: [{}], evidenceFrom: [], verifier: "policy" }],
    [
      { attestations: [{ type: "urn:x" }] },
      `${RULE}.attestations[0].predicateType: is required`,
      `${RULE}.attestations[0].type: unknown field`,
    ],
  ])("and %j", (more, ...expected) => {
    expect(problems({ ...kind, ...more }).sort()).toEqual([...expected].sort());
  });
});

test.each([
  [
    "notation",
    {
      notation: {
        trustStore: [pem("CERTIFICATE", notation.ROOT)],
        trustedIdentities: ["*"],
      },
    },
  ],
  ["notaryV1", { notaryV1: { root: { keys: [tuf.publicPem(tuf.SIGNERS.root)] } } }],
])("%s has none", (_, kind) => {
  const expected = `${RULE}.attestations: does not go with notation and notaryV1, which have none`;
  expect(problems(kind)).toEqual([expected]);
  expect(problems({ ...kind, evidenceFrom: [], verifier: "" })).toEqual([expected]);
});
