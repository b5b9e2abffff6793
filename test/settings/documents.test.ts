import { describe, expect, test } from "vitest";
import { pem } from "../crypto/crypto.js";
import * as notation from "../notation/make.js";
import * as tuf from "../tuf/make.js";
import { ALICE, problemsOf, withRule } from "./settings.js";

// Rules for signatures that lie in evidence documents alone.

const RULE = "signatures[0]";
const NOTATION = {
  notation: { trustStore: [pem("CERTIFICATE", notation.ROOT)], trustedIdentities: ["*"] },
};
const NOTARY = { notaryV1: { root: { keys: [tuf.publicPem(tuf.SIGNERS.root)] } } };
const KINDS =
  "pubKeys or keysFrom, keyless, keylessPrefix, githubActions, certificates, notation, notaryV1";

const settingsOf = (rule: object) => ({ signatures: [{ image: "ghcr.io/team/*", ...rule }] });

describe.each([
  ["notation", NOTATION],
  ["notaryV1", NOTARY],
])("a rule with %s", (_, kind) => {
  const problems = (more: object) => problemsOf(settingsOf({ ...kind, ...more }));

  test.each<[object, ...string[]]>([
    [{}],
    [{ verifier: "policy" }],
    [{ verifier: "" }],
    [{ evidenceFrom: [{ annotation: true }, { artifact: true, repository: "ghcr.io/evidence" }] }],
    [{ evidenceFrom: [{ configMap: { name: "evidence" } }], verifier: "policy" }],
    [
      { verifier: "host" },
      `${RULE}.verifier: must be policy with notation and notaryV1: the host does not know these formats`,
    ],
    [
      { verifier: "both" },
      `${RULE}.verifier: must be policy with notation and notaryV1: the host does not know these formats`,
    ],
    [
      { trustRootsFrom: { configMap: { name: "roots" } } },
      `${RULE}.trustRootsFrom: does not go with notation and notaryV1, which name whom they trust`,
    ],
    [{ threshold: 1 }, `${RULE}.threshold: goes with pubKeys and keysFrom only; empty it`],
    [{ pubKeys: [ALICE.publicPem] }, `${RULE}: must have only one of ${KINDS}`],
    [{ ...NOTATION, ...NOTARY }, `${RULE}: must have only one of ${KINDS}`],
  ])("and %j", (more, ...expected) => {
    expect(problems(more)).toEqual(expected);
  });
});

test("annotations are those of Notation's signatures, and Notary's metadata has none", () => {
  const annotations = { env: "prod" };
  expect(problemsOf(settingsOf({ ...NOTATION, annotations }))).toEqual([]);
  expect(problemsOf(settingsOf({ ...NOTARY, annotations }))).toEqual([
    `${RULE}.annotations: does not go with notaryV1: its metadata has no annotations`,
  ]);
});

test("what is wrong in a kind is all that is said", () => {
  expect(problemsOf(settingsOf({ notation: { trustedIdentities: ["*"] } }))).toEqual([
    `${RULE}.notation.trustStore: is required`,
  ]);
  expect(problemsOf(settingsOf({ notaryV1: { gun: "a" } }))).toEqual([
    `${RULE}.notaryV1.root: is required`,
  ]);
  expect(problemsOf(withRule({ notation: { trustStore: [""] }, notaryV1: {} }))).toEqual([]);
});
