import { describe, expect, test } from "vitest";
import { ALICE, BOB, CERTIFICATE, INTERMEDIATE, problemsOf, ROOT } from "./settings.js";
import { newKeys, signedBy, withRule } from "./settings.js";

const KEY = ALICE.publicPem;
const singleLine = (pem: string) => pem.replaceAll("\n", "");
const owner = { owner: "kubewarden" };
const issuer = "https://token.actions.githubusercontent.com";
const RULE = "signatures[0]";

/** A key whose point has another y. */
function offCurve(pem: string): string {
  const der = Buffer.from(pem.replace(/-----.*-----/g, ""), "base64");
  der[der.length - 1]! ^= 1;
  return `-----BEGIN PUBLIC KEY-----\n${der.toString("base64")}\n-----END PUBLIC KEY-----\n`;
}

describe("settings of verify-image-signatures work as they are", () => {
  const ghcr = (signer: object) => ({ image: "ghcr.io/kubewarden/*", ...signer });
  const acme = { image: "registry.acme.org/secure-project/*" };
  test.each<[string, object]>([
    ["GitHub Actions", ghcr({ githubActions: { ...owner, repo: "app-example" } })],
    ["GitHub Actions of an owner", ghcr({ githubActions: owner })],
    [
      "keyless prefix",
      ghcr({
        keylessPrefix: [
          {
            issuer,
            urlPrefix:
              "https://github.com/kubewarden/app-example/.github/workflows/ci.yml@refs/tags/",
          },
        ],
      }),
    ],
    ["keyless", ghcr({ keyless: [{ issuer, subject: "kubewarden" }] })],
    [
      "public keys",
      ghcr({
        pubKeys: [singleLine(KEY), singleLine(BOB.publicPem)],
        annotations: { env: "prod" },
      }),
    ],
    [
      "certificates",
      {
        ...acme,
        certificates: [CERTIFICATE, INTERMEDIATE],
        certificateChain: [INTERMEDIATE, ROOT],
        requireRekorBundle: true,
      },
    ],
    ["certificates alone", { ...acme, certificates: [CERTIFICATE], requireRekorBundle: false }],
    ["every image", { image: "*", githubActions: owner }],
  ])("%s", (_, rule) => {
    expect(problemsOf({ signatures: [rule] })).toEqual([]);
    expect(problemsOf({ modifyImagesWithDigest: false, signatures: [rule, rule] })).toEqual([]);
  });
});

describe("every field is taken", () => {
  test.each<[string, object]>([
    [
      "the top level's",
      withRule(
        {},
        {
          modifyImagesWithDigest: false,
          unmatchedImages: "reject",
          verifyUnchangedImages: true,
          workloads: [{ apiGroup: "x.io", kind: "Y", podSpecPath: "spec.template.spec" }],
        },
      ),
    ],
    ["no rule, if what no rule is for is not accepted", { unmatchedImages: "warn" }],
    [
      "a rule's",
      withRule({
        image: ["a", "b"],
        exclude: ["c:*"],
        namespaces: ["prod-*", "x?"],
        onFailure: "warn",
        annotations: { a: "b" },
        verifier: "host",
      }),
    ],
    [
      "a key's",
      signedBy({
        pubKeys: [
          { name: "Alice", key: KEY, notBefore: "2026-01-01", notAfter: "2026-12-31T23:59:59Z" },
          BOB.publicPem,
        ],
        threshold: 1,
        transparencyLog: { keys: [BOB.publicPem], required: false },
        verifier: "policy",
      }),
    ],
    [
      "a certificate's",
      signedBy({
        certificates: [CERTIFICATE],
        certificateChain: [INTERMEDIATE, ROOT],
        requireRekorBundle: false,
        annotations: { a: "b" },
        verifier: "both",
      }),
    ],
    [
      "trust roots', for all rules and for one",
      withRule({ trustRoots: { rekor: [KEY] } }, { trustRoots: { fulcio: [INTERMEDIATE, ROOT] } }),
    ],
    // Sigstore's log, and a signature has to be in it.
    ["a log's, or some of them", signedBy({ pubKeys: [KEY], transparencyLog: { required: true } })],
    [
      "keys from the cluster",
      signedBy({
        pubKeys: [KEY],
        keysFrom: [
          { configMap: { name: "keys.v1", namespace: "team" } },
          { secret: { labelSelector: "keys in (a,b),!old" } },
          { cosignKey: { merge: true } },
        ],
        threshold: 9,
      }),
    ],
    ["a CosignKey alone", signedBy({ keysFrom: [{ cosignKey: {} }] })],
    [
      "trust roots from the cluster, and the labels of namespaces",
      withRule(
        {
          trustRootsFrom: { configMap: { name: "roots", namespace: "sigstore" } },
          namespaceSelector: {
            matchLabels: { "example.com/env": "prod", empty: "" },
            matchExpressions: [
              { key: "team", operator: "In", values: ["a", ""] },
              { key: "old", operator: "DoesNotExist" },
            ],
          },
        },
        { trustRootsFrom: { configMap: { name: "roots" } } },
      ),
    ],
    ["a log's keys alone", signedBy({ pubKeys: [KEY], transparencyLog: { keys: [KEY] } })],
  ])("%s", (_, settings) => {
    expect(problemsOf(settings)).toEqual([]);
  });

  test("a whole number may be spelled as a float", () => {
    const json = JSON.stringify(signedBy({ pubKeys: [KEY, BOB.publicPem], threshold: 1 }));
    expect(problemsOf(json.replace('"threshold":1', '"threshold":2.0'))).toEqual([]);
  });
});

describe("an empty string, null and an absent field are the same", () => {
  const empty = ["", null];
  test.each([
    "modifyImagesWithDigest",
    "unmatchedImages",
    "verifyUnchangedImages",
    "workloads",
    "trustRoots",
  ])("%s", (field) => {
    for (const value of empty) expect(problemsOf(withRule({}, { [field]: value }))).toEqual([]);
  });
  test.each([
    "exclude",
    "namespaces",
    "onFailure",
    "annotations",
    "verifier",
    "pubKeys",
    "threshold",
    "keyless",
    "keylessPrefix",
    "certificates",
    "certificateChain",
    "requireRekorBundle",
    "transparencyLog",
    "trustRoots",
  ])("of a rule: %s", (field) => {
    for (const value of empty) expect(problemsOf(withRule({ [field]: value }))).toEqual([]);
  });

  test.each<[string, object]>([
    ["a log", { transparencyLog: {} }],
    ["a log's fields", { transparencyLog: { keys: [], required: "" } }],
    ["a log's key", { transparencyLog: { keys: ["", null], required: null } }],
    ["trust roots", { trustRoots: {} }],
    ["trust roots' fields", { trustRoots: { fulcio: "", rekor: [] } }],
    ["trust roots' items", { trustRoots: { fulcio: [""], rekor: [null] } }],
  ])("of a form's group of which nothing is filled in: %s", (_, fields) => {
    // The host's alone, so nothing may be left of them.
    expect(problemsOf(withRule({ ...fields, verifier: "host" }))).toEqual([]);
    expect(problemsOf(signedBy({ pubKeys: [KEY], verifier: "host", ...fields }))).toEqual([]);
  });

  test("of a key's time", () => {
    for (const value of empty) {
      const key = { key: KEY, notBefore: value, notAfter: value };
      // It is the same key, at the same time.
      expect(problemsOf(signedBy({ pubKeys: [key, KEY] }))).toEqual([]);
    }
  });

  test("of a required field: it is missing", () => {
    for (const value of [...empty, undefined]) {
      expect(problemsOf(withRule({ image: value }))).toEqual([`${RULE}.image: is required`]);
      const missing = `${RULE}.githubActions.owner: is required`;
      expect(problemsOf(withRule({ githubActions: { owner: value, repo: "r" } }))).toEqual([
        missing,
      ]);
      expect(problemsOf(withRule({ githubActions: { owner: "o", repo: value } }))).toEqual([]);
      const keys = [{ name: value, key: KEY }];
      expect(problemsOf(signedBy({ pubKeys: keys }))).toEqual([]);
      const signers = problemsOf(withRule({ githubActions: value }));
      expect(signers).toEqual([
        expect.stringMatching(/^signatures\[0\]: must have one of pubKeys/),
      ]);
      expect(problemsOf({ signatures: value })).toEqual([
        "signatures: must have at least one rule: with none, every image is accepted",
      ]);
    }
    // Rows of a form that were not filled in.
    expect(problemsOf(withRule({ image: ["", "a", null], exclude: [""], pubKeys: [] }))).toEqual(
      [],
    );
    expect(problemsOf(withRule({ image: ["", null] }))).toEqual([`${RULE}.image: is required`]);
  });
});

test("the form's own variables are ignored, where the form puts them, and nothing else is", () => {
  const form = { rule: "PubKeys", description: "mine" };
  expect(problemsOf(withRule(form, form))).toEqual([]);
  expect(problemsOf(withRule({ rules: 1 }, { descriptions: {}, "a\nb": null }))).toEqual([
    `${RULE}.rules: unknown field`,
    "descriptions: unknown field",
    "a?b: unknown field",
  ]);
  expect(problemsOf(withRule({ githubActions: { owner: "o", rule: "x" } }))).toEqual([
    `${RULE}.githubActions.rule: unknown field`,
  ]);
});

describe("a problem is told with its path", () => {
  const CHOICE = "must be accept, warn or reject";
  const NO_SIGNER = `${RULE}: must have one of pubKeys or keysFrom, keyless, keylessPrefix, githubActions, certificates, notation, notaryV1`;
  const KEY_AT = `${RULE}.pubKeys[0]`;
  const TIME = "must be a time in UTC such as 2026-11-22T08:00:00Z, or a date";
  const LOG = `${RULE}.transparencyLog`;
  const ROOTS = `${RULE}.trustRoots`;
  const logged = (transparencyLog: unknown, more = {}) =>
    signedBy({ pubKeys: [KEY], transparencyLog, ...more });
  const PEM_SAYS = "is not PEM: it has no line -----BEGIN ...-----";
  test.each<[object, string]>([
    [
      { signatures: [] },
      "signatures: must have at least one rule: with none, every image is accepted",
    ],
    [{ signatures: {}, unmatchedImages: "warn" }, "signatures: must be a list"],
    [{ signatures: ["x"] }, `${RULE}: must be an object`],
    [
      withRule({}, { modifyImagesWithDigest: "true" }),
      "modifyImagesWithDigest: must be true or false",
    ],
    [withRule({}, { verifyUnchangedImages: 1 }), "verifyUnchangedImages: must be true or false"],
    [withRule({}, { unmatchedImages: "deny" }), `unmatchedImages: ${CHOICE}`],
    [withRule({}, { unmatchedImages: true }), "unmatchedImages: must be a string"],
    [withRule({ image: 1 }), `${RULE}.image: must be a string\n${RULE}.image: is required`],
    [withRule({ image: ["a", 1] }), `${RULE}.image[1]: must be a string`],
    [
      withRule({ image: "a b" }),
      `${RULE}.image: "a b" may have letters, digits, . _ - / : and the wildcards * and ?, and nothing else`,
    ],
    [
      withRule({ exclude: ["A"] }),
      `${RULE}.exclude: "A" matches nothing: repositories are in lower case`,
    ],
    [
      withRule({ namespaces: "Prod" }),
      `${RULE}.namespaces[0]: must be the name of a namespace, in which * and ? are wildcards`,
    ],
    [withRule({ onFailure: "ignore" }), `${RULE}.onFailure: must be reject or warn`],
    [withRule({ verifier: "guest" }), `${RULE}.verifier: must be host, policy or both`],
    [withRule({ verifier: "Policy" }), `${RULE}.verifier: must be host, policy or both`],
    [withRule({ verifier: ["policy"] }), `${RULE}.verifier: must be a string`],
    [withRule({ annotations: [] }), `${RULE}.annotations: must be an object`],
    [withRule({ annotations: { a: 1 } }), `${RULE}.annotations.a: must be a string`],
    [withRule({ githubActions: "o" }), `${RULE}.githubActions: must be an object\n${NO_SIGNER}`],
    [
      withRule({ githubActions: { owner: "o/r" } }),
      `${RULE}.githubActions.owner: must be a name alone, without /`,
    ],
    [
      withRule({ githubActions: { owner: "o", repo: "r/.." } }),
      `${RULE}.githubActions.repo: must be a name alone, without /`,
    ],
    [
      withRule({ keyless: [{ issuer: "i", subject: "s" }] }),
      `${RULE}: must have only one of pubKeys or keysFrom, keyless, keylessPrefix, githubActions, certificates, notation, notaryV1`,
    ],
    [
      withRule({ pubKeys: [KEY] }),
      `${RULE}: must have only one of pubKeys or keysFrom, keyless, keylessPrefix, githubActions, certificates, notation, notaryV1`,
    ],
    [
      signedBy({}),
      `${RULE}: must have one of pubKeys or keysFrom, keyless, keylessPrefix, githubActions, certificates, notation, notaryV1`,
    ],
    [
      withRule({ threshold: 1 }),
      `${RULE}.threshold: goes with pubKeys and keysFrom only; empty it`,
    ],
    [
      withRule({ certificateChain: [ROOT] }),
      `${RULE}.certificateChain: goes with certificates only`,
    ],
    [withRule({ certificateChain: "x" }), `${RULE}.certificateChain: must be a list`],
    [withRule({ requireRekorBundle: "yes" }), `${RULE}.requireRekorBundle: must be true or false`],
    [signedBy({ keyless: {}, pubKeys: [KEY] }), `${RULE}.keyless: must be a list`],
    [signedBy({ keyless: ["x"] }), `${RULE}.keyless[0]: must be an object`],
    [signedBy({ keyless: [{ issuer: "i" }] }), `${RULE}.keyless[0].subject: is required`],
    [
      signedBy({ keyless: [{ issuer: "i", subject: "s", urlPrefix: "x" }] }),
      `${RULE}.keyless[0].urlPrefix: unknown field`,
    ],
    [
      signedBy({ keylessPrefix: [{ urlPrefix: "https://a/" }] }),
      `${RULE}.keylessPrefix[0].issuer: is required`,
    ],
    [
      signedBy({ keylessPrefix: [{ issuer: "i", urlPrefix: "/a" }] }),
      `${RULE}.keylessPrefix[0].urlPrefix: must be an absolute URL that begins with https:// or http://`,
    ],
    [signedBy({ pubKeys: KEY }), `${RULE}.pubKeys: must be a list\n${NO_SIGNER}`],
    [signedBy({ pubKeys: [1] }), `${RULE}.pubKeys[0]: must be a string`],
    [signedBy({ pubKeys: [KEY, ""] }), `${RULE}.pubKeys[1]: must not be empty`],
    [signedBy({ pubKeys: ["xxxxx"] }), `${RULE}.pubKeys[0]: ${PEM_SAYS}`],
    [signedBy({ pubKeys: [{ key: "x" }] }), `${RULE}.pubKeys[0].key: ${PEM_SAYS}`],
    [signedBy({ pubKeys: [{ name: "x" }] }), `${RULE}.pubKeys[0].key: is required`],
    [
      signedBy({ pubKeys: [{ key: KEY, notBefore: 2026 }] }),
      `${KEY_AT}.notBefore: must be a string`,
    ],
    [
      signedBy({ pubKeys: [{ key: KEY, notBefore: "x", notAfter: "y" }] }),
      `${KEY_AT}.notBefore: ${TIME}\n${KEY_AT}.notAfter: ${TIME}`,
    ],
    [
      signedBy({ pubKeys: [{ key: KEY, notBefore: "2026-01-02", notAfter: "2026-01-01" }] }),
      `${KEY_AT}.notAfter: is before notBefore`,
    ],
    [
      signedBy({ pubKeys: [{ key: KEY, notAfter: "2026-01-01" }, KEY] }),
      `${RULE}.pubKeys[1]: is there before, with another notBefore or notAfter`,
    ],
    [
      signedBy({
        pubKeys: [
          { key: KEY, notAfter: "2026-01-01" },
          { key: singleLine(KEY), notBefore: "2026-01-01" },
        ],
      }),
      `${RULE}.pubKeys[1]: is there before, with another notBefore or notAfter`,
    ],
    [logged("x"), `${LOG}: must be an object`],
    [logged([KEY]), `${LOG}: must be an object`],
    [logged({ key: KEY }), `${LOG}.key: unknown field`],
    [logged({ keys: KEY }), `${LOG}.keys: must be a list`],
    [logged({ keys: [KEY, ""] }), `${LOG}.keys[1]: must not be empty`],
    [logged({ keys: [{ key: KEY }] }), `${LOG}.keys[0]: must be a string`],
    [
      logged({ keys: ["x", ALICE.privatePem], required: "yes" }),
      `${LOG}.keys[0]: ${PEM_SAYS}\n` +
        `${LOG}.keys[1]: is a PRIVATE key: remove it from here, treat it as leaked, and use what is public of it\n` +
        `${LOG}.required: must be true or false`,
    ],
    [
      logged({ required: false }, { verifier: "host" }),
      `${LOG}: needs verifier: both or policy: the host has trust roots of its own`,
    ],
    [
      withRule({ transparencyLog: { required: true } }),
      `${LOG}: goes with pubKeys and keysFrom only; empty it`,
    ],
    [
      signedBy({ keyless: [{ issuer: "i", subject: "s" }], transparencyLog: { keys: [KEY] } }),
      `${LOG}: goes with pubKeys and keysFrom only; empty it`,
    ],
    [
      signedBy({ certificates: [CERTIFICATE], transparencyLog: { keys: [KEY] } }),
      `${LOG}: goes with pubKeys and keysFrom only; empty it`,
    ],
    [withRule({ trustRoots: "sigstore" }), `${ROOTS}: must be an object`],
    [
      withRule({ trustRoots: { rekor: [KEY] }, verifier: "host" }),
      `${ROOTS}: needs verifier: both or policy: the host has trust roots of its own`,
    ],
    [
      signedBy({ pubKeys: [KEY], trustRoots: { rekor: [KEY] }, verifier: "policy" }),
      `${ROOTS}: goes with pubKeys only if the rule has a transparencyLog`,
    ],
    [withRule({ trustRoots: { tuf: "x" } }), `${ROOTS}.tuf: unknown field`],
    [withRule({ trustRoots: { fulcio: ROOT } }), `${ROOTS}.fulcio: must be a list`],
    [
      withRule({ trustRoots: { fulcio: [INTERMEDIATE] } }),
      `${ROOTS}.fulcio: has no root certificate: one that is its own issuer`,
    ],
    [
      withRule({ trustRoots: { fulcio: [INTERMEDIATE + ROOT] } }),
      `${ROOTS}.fulcio[0]: has more than one PEM block: each must be an item of its own`,
    ],
    [
      withRule({ trustRoots: { fulcio: [ROOT, ROOT.replace("MII", "MIJ")] } }),
      `${ROOTS}.fulcio[1]: is not a certificate: its DER is broken`,
    ],
    [withRule({ trustRoots: { rekor: ["x"] } }), `${ROOTS}.rekor[0]: ${PEM_SAYS}`],
    [
      withRule({}, { trustRoots: { fulcio: [INTERMEDIATE], rekor: [KEY, ""], x: 1 } }),
      "trustRoots.fulcio: has no root certificate: one that is its own issuer\n" +
        "trustRoots.rekor[1]: must not be empty\ntrustRoots.x: unknown field",
    ],
    [signedBy({ pubKeys: [{ key: KEY, valid: "x" }] }), `${RULE}.pubKeys[0].valid: unknown field`],
    [
      signedBy({ pubKeys: [CERTIFICATE] }),
      `${RULE}.pubKeys[0]: is a certificate: put it under certificates`,
    ],
    [
      signedBy({ pubKeys: [ALICE.privatePem] }),
      `${RULE}.pubKeys[0]: is a PRIVATE key: remove it from here, treat it as leaked, and use what is public of it`,
    ],
    [
      signedBy({ pubKeys: [ALICE.sec1Pem] }),
      `${RULE}.pubKeys[0]: is a PRIVATE key: remove it from here, treat it as leaked, and use what is public of it`,
    ],
    [
      signedBy({ pubKeys: [KEY.replaceAll("PUBLIC", "RSA PUBLIC")] }),
      `${RULE}.pubKeys[0]: is a bare RSA key: convert it with \`openssl rsa -RSAPublicKey_in -pubout\``,
    ],
    [
      signedBy({ pubKeys: [KEY.replaceAll("PUBLIC", "PGP PUBLIC")] }),
      `${RULE}.pubKeys[0]: is not a public key: its PEM must say BEGIN PUBLIC KEY`,
    ],
    [
      signedBy({ pubKeys: [CERTIFICATE.replaceAll("CERTIFICATE", "PUBLIC KEY")] }),
      `${RULE}.pubKeys[0]: is not a public key: its DER is broken`,
    ],
    [
      signedBy({ pubKeys: [KEY, { name: "Bob", key: offCurve(BOB.publicPem) }] }),
      `${RULE}.pubKeys[1]: is not a public key: its point is not on the curve`,
    ],
    [
      signedBy({ pubKeys: [KEY], threshold: 0 }),
      `${RULE}.threshold: must be a whole number, 1 or more`,
    ],
    [
      signedBy({ pubKeys: [KEY], threshold: -1 }),
      `${RULE}.threshold: must be a whole number, 1 or more`,
    ],
    [
      signedBy({ pubKeys: [KEY], threshold: 1.5 }),
      `${RULE}.threshold: must be a whole number, 1 or more`,
    ],
    [
      signedBy({ pubKeys: [KEY], threshold: "one" }),
      `${RULE}.threshold: must be a whole number, 1 or more`,
    ],
    [
      signedBy({ pubKeys: [KEY], threshold: 1e12 }),
      `${RULE}.threshold: is more than the 1 different keys of the rule`,
    ],
    [
      signedBy({ pubKeys: [KEY], threshold: 2 }),
      `${RULE}.threshold: is more than the 1 different keys of the rule`,
    ],
    [
      signedBy({ pubKeys: [KEY, singleLine(KEY)], threshold: 2 }),
      `${RULE}.threshold: is more than the 1 different keys of the rule`,
    ],
    [signedBy({ certificates: ["x"] }), `${RULE}.certificates[0]: ${PEM_SAYS}`],
    [
      signedBy({ certificates: [KEY] }),
      `${RULE}.certificates[0]: is a public key: put it under pubKeys`,
    ],
    [
      signedBy({ certificates: [ALICE.privatePem] }),
      `${RULE}.certificates[0]: is a PRIVATE key: remove it from here, treat it as leaked, and use what is public of it`,
    ],
    [
      signedBy({ certificates: [KEY.replaceAll("PUBLIC KEY", "CERTIFICATE REQUEST")] }),
      `${RULE}.certificates[0]: is not a certificate: its PEM must say BEGIN CERTIFICATE`,
    ],
    [
      signedBy({ certificates: [KEY.replaceAll("PUBLIC KEY", "CERTIFICATE")] }),
      `${RULE}.certificates[0]: is not a certificate: its DER is broken`,
    ],
    [
      signedBy({ certificates: [CERTIFICATE], certificateChain: [ROOT, ROOT + ROOT] }),
      `${RULE}.certificateChain[1]: has more than one PEM block: each must be an item of its own`,
    ],
    [
      signedBy({ certificates: [CERTIFICATE], annotations: { a: "b" }, verifier: "host" }),
      `${RULE}.annotations: needs verifier: both or policy together with certificates: the host may find the two on different signatures`,
    ],
    [withRule({}, { workloads: ["x"] }), "workloads[0]: must be an object"],
    [withRule({}, { workloads: [{ podSpecPath: "spec" }] }), "workloads[0].kind: is required"],
    [withRule({}, { workloads: [{ kind: "X" }] }), "workloads[0].podSpecPath: is required"],
    [
      withRule({}, { workloads: [{ kind: "X", podSpecPath: "a", x: 1 }] }),
      "workloads[0].x: unknown field",
    ],
    [
      withRule({}, { workloads: [{ kind: "X", podSpecPath: "a..b" }] }),
      "workloads[0].podSpecPath: must be field names with dots between them, such as spec.template.spec",
    ],
    [
      withRule({}, { workloads: [{ kind: "X", podSpecPath: "a[0].b" }] }),
      "workloads[0].podSpecPath: must be field names with dots between them, such as spec.template.spec",
    ],
    [
      withRule({}, { workloads: [{ kind: "Pod", podSpecPath: "metadata" }] }),
      'workloads[0]: its path is already known: kind "Pod"',
    ],
    [
      withRule(
        {},
        { workloads: [{ apiGroup: "apps", kind: "Deployment", podSpecPath: "metadata" }] },
      ),
      'workloads[0]: its path is already known: kind "Deployment"',
    ],
  ])("%#: %j", (settings, problem) => {
    expect(problemsOf(settings)).toEqual(problem.split("\n"));
  });

  test.each([
    "2026",
    "2026-1-1",
    "2026-02-30",
    "2025-02-29",
    "2026-00-01",
    "2026-01-00",
    "2026-13-01",
    "2026-01-01T24:00:00Z",
    "2026-01-01T23:60:00Z",
    "2026-01-01T23:59:60Z",
    "2026-01-01T00:00:00",
    "2026-01-01T00:00:00.5Z",
    "2026-01-01T00:00:00.001Z",
    "2026-01-01.000Z",
    "2026-01-01T00:00:00+00:00",
    "2026-01-01 00:00:00Z",
    "2026-01-01t00:00:00z",
    " 2026-01-01",
    "2026-01-01 ",
    "+026-01-01",
    "٢٠٢٦-01-01",
    "tomorrow",
  ])("a time that is none: %s", (text) => {
    expect(problemsOf(signedBy({ pubKeys: [{ key: KEY, notAfter: text }] }))).toEqual([
      `${KEY_AT}.notAfter: ${TIME}`,
    ]);
  });

  test.each([
    "2024-02-29",
    "2000-02-29T23:59:59Z",
    "0000-01-01",
    "9999-12-31T23:59:59Z",
    // As some readers of YAML write a date.
    "2026-01-01T00:00:00.000Z",
  ])("and not a time that is one: %s", (text) => {
    const both = { key: KEY, notBefore: text, notAfter: text };
    expect(problemsOf(signedBy({ pubKeys: [both] }))).toEqual([]);
  });

  test.each<[string, string]>([
    ["", "settings are not JSON: it is empty, at byte 0"],
    ["{", "settings are not JSON: it ends in the middle of a value, at byte 1"],
    ["[]", "must be an object"],
    ["null", "must be an object"],
    ['{"signatures":[],"signatures":[]}', "signatures: stands there twice"],
    [JSON.stringify(withRule({})).replace("owner", "o\\u0077ner"), ""],
    [
      JSON.stringify(withRule({})).replace('"owner"', '"owner":"a","o\\u0077ner"'),
      `${RULE}.githubActions.owner: stands there twice`,
    ],
    [
      JSON.stringify(withRule({ annotations: { a: "1" } })).replace('"a":', '"a":"2","a":'),
      `${RULE}.annotations.a: stands there twice`,
    ],
    [" ".repeat((8 << 20) + 1), "settings have more than 8 MiB"],
  ])("of the text itself: %#", (json, problem) => {
    expect(problemsOf(json)[0] ?? "").toBe(problem);
  });

  test("all of them at once, in the order of the settings", () => {
    const bad = {
      modifyImagesWithDigest: 1,
      signatures: [
        { image: ["A", "ok"], pubKeys: ["x", KEY, CERTIFICATE], threshold: 9, other: 1 },
        {
          image: "b",
          keylessPrefix: [{ issuer: "i", urlPrefix: "x" }, {}],
          githubActions: { repo: "r" },
        },
      ],
      more: 1,
    };
    expect(problemsOf(bad)).toEqual([
      "modifyImagesWithDigest: must be true or false",
      `${RULE}.pubKeys[0]: ${PEM_SAYS}`,
      `${RULE}.pubKeys[2]: is a certificate: put it under certificates`,
      `${RULE}.other: unknown field`,
      `${RULE}.image: "A" matches nothing: repositories are in lower case`,
      "signatures[1].keylessPrefix[0].urlPrefix: must be an absolute URL that begins with https:// or http://",
      "signatures[1].keylessPrefix[1].issuer: is required",
      "signatures[1].keylessPrefix[1].urlPrefix: is required",
      "signatures[1].githubActions.owner: is required",
      "signatures[1]: must have only one of pubKeys or keysFrom, keyless, keylessPrefix, githubActions, certificates, notation, notaryV1",
      "more: unknown field",
    ]);
  });

  test("every key that stands twice", () => {
    const json = JSON.stringify(withRule({ onFailure: "warn" }));
    const twice = json
      .replace('"owner"', '"owner":"a","owner"')
      .replace('"image"', '"image":"a","image"');
    expect(problemsOf(twice)).toEqual([
      `${RULE}.image: stands there twice`,
      `${RULE}.githubActions.owner: stands there twice`,
    ]);
  });

  test("up to 64 of them", () => {
    const many = Object.fromEntries(Array.from({ length: 70 }, (_, i) => [`x${i}`, 1]));
    const problems = problemsOf(withRule({}, many));
    expect(problems).toHaveLength(65);
    expect(problems[64]).toBe("and 6 more");
  });
});

describe("a limit", () => {
  const times = <T>(count: number, make: (i: number) => T) =>
    Array.from({ length: count }, (_, i) => make(i));
  const rule = withRule({}).signatures[0]!;
  const pemOf = (length: number) => " ".repeat(length - KEY.length) + KEY;
  const identity = { issuer: "i", subject: "s" };
  const LONG = "a".repeat(512);
  const keys = times(65, () => newKeys().publicPem);
  const annotations = (count: number) => Object.fromEntries(times(count, (i) => [`a${i}`, "x"]));
  const items = (name: string) => `${RULE}.${name}: has more than 64 items`;
  const kinds = (count: number) => times(count, (i) => ({ kind: `K${i}`, podSpecPath: "spec" }));
  test.each<[string, object, object, string]>([
    [
      "rules",
      { signatures: times(256, () => rule) },
      { signatures: times(257, () => rule) },
      "signatures: has more than 256 rules",
    ],
    [
      "patterns",
      withRule({ image: times(64, () => "a") }),
      withRule({ image: times(65, () => "a") }),
      items("image"),
    ],
    [
      "exemptions",
      withRule({ exclude: times(64, () => "a") }),
      withRule({ exclude: times(65, () => "a") }),
      items("exclude"),
    ],
    [
      "namespaces",
      withRule({ namespaces: times(64, () => "a") }),
      withRule({ namespaces: times(65, () => "a") }),
      items("namespaces"),
    ],
    ["keys", signedBy({ pubKeys: keys.slice(1) }), signedBy({ pubKeys: keys }), items("pubKeys")],
    [
      "identities",
      signedBy({ keyless: times(64, () => identity) }),
      signedBy({ keyless: times(65, () => identity) }),
      items("keyless"),
    ],
    [
      "certificates",
      signedBy({ certificates: times(64, () => ROOT) }),
      signedBy({ certificates: times(65, () => ROOT) }),
      items("certificates"),
    ],
    [
      "a chain",
      signedBy({ certificates: [ROOT], certificateChain: times(64, () => ROOT) }),
      signedBy({ certificates: [ROOT], certificateChain: times(65, () => ROOT) }),
      items("certificateChain"),
    ],
    [
      "a log's keys",
      signedBy({ pubKeys: [KEY], transparencyLog: { keys: times(64, () => KEY) } }),
      signedBy({ pubKeys: [KEY], transparencyLog: { keys: times(65, () => KEY) } }),
      items("transparencyLog.keys"),
    ],
    [
      "authorities",
      withRule({ trustRoots: { fulcio: times(64, () => ROOT) } }),
      withRule({ trustRoots: { fulcio: times(65, () => ROOT) } }),
      items("trustRoots.fulcio"),
    ],
    [
      "logs",
      withRule({ trustRoots: { rekor: times(64, () => KEY) } }),
      withRule({ trustRoots: { rekor: times(65, () => KEY) } }),
      items("trustRoots.rekor"),
    ],
    [
      "annotations",
      withRule({ annotations: annotations(64) }),
      withRule({ annotations: annotations(65) }),
      items("annotations"),
    ],
    [
      "workloads",
      withRule({}, { workloads: kinds(64) }),
      withRule({}, { workloads: kinds(65) }),
      "workloads: has more than 64 kinds",
    ],
    [
      "a pattern",
      withRule({ image: LONG }),
      withRule({ image: `${LONG}a` }),
      `${RULE}.image: "${LONG.slice(0, 64)}..." has more than 512 bytes`,
    ],
    [
      "a PEM",
      signedBy({ pubKeys: [pemOf(16 << 10)] }),
      signedBy({ pubKeys: [pemOf((16 << 10) + 1)] }),
      `${RULE}.pubKeys[0]: has more than 16 KiB`,
    ],
  ])("of %s", (_, atEdge, beyond, problem) => {
    expect(problemsOf(atEdge)).toEqual([]);
    expect(problemsOf(beyond)).toEqual([problem]);
  });
});

describe("what is read from the cluster", () => {
  const from = (...keysFrom: unknown[]) => signedBy({ keysFrom });
  const selector = (namespaceSelector: object) => withRule({ namespaceSelector });
  const express = (expression: object) => selector({ matchExpressions: [expression] });
  const roots = (configMap: object) => withRule({ trustRootsFrom: { configMap } });
  const NAME = "must be lower-case letters and digits, with - or . between them";
  const SOURCE = `${RULE}.keysFrom[0]`;
  const EXPRESSION = `${RULE}.namespaceSelector.matchExpressions[0]`;
  const MISSING =
    "must have one of pubKeys or keysFrom, keyless, keylessPrefix, githubActions, certificates, notation, notaryV1";

  test.each<[object, ...string[]]>([
    [from(), `${RULE}: ${MISSING}`],
    [from({ configMap: { name: "" } }, ""), `${RULE}: ${MISSING}`],
    [from("keys"), `${SOURCE}: must be an object`, `${RULE}: ${MISSING}`],
    [
      from({ cosignKey: {}, configMap: { name: "a" } }),
      `${SOURCE}: must have only one of configMap, secret, cosignKey`,
    ],
    [from({ configMap: { name: "../a" } }), `${SOURCE}.configMap.name: ${NAME}`],
    [from({ secret: { name: "a", namespace: "B" } }), `${SOURCE}.secret.namespace: ${NAME}`],
    [
      from({ configMap: { namespace: "a" } }),
      `${SOURCE}.configMap: must have either name or labelSelector`,
    ],
    [from({ cosignKey: { namespace: "a" } }), `${SOURCE}.cosignKey.namespace: unknown field`],
    [from({ cosignKey: { merge: "yes" } }), `${SOURCE}.cosignKey.merge: must be true or false`],
    [
      from({ cosignKey: {} }, { configMap: { name: "a" } }),
      `${RULE}.threshold: is required where a cosignKey stands beside other keys`,
    ],
    [
      signedBy({ pubKeys: [KEY], keysFrom: [{ cosignKey: {} }] }),
      `${RULE}.threshold: is required where a cosignKey stands beside other keys`,
    ],
    [
      signedBy({ keyless: [{ issuer, subject: "s" }], keysFrom: [{ cosignKey: {} }] }),
      `${RULE}: ${MISSING.replace("one of", "only one of")}`,
    ],
    [
      from(...Array.from({ length: 65 }, () => ({ cosignKey: {} }))),
      `${RULE}.keysFrom: has more than 64 items`,
    ],
    [
      from({ configMap: { name: "a", labelSelector: "b" } }),
      `${SOURCE}.configMap: must have only one of name and labelSelector`,
    ],
    [from({ cosignKey: null }), `${SOURCE}.cosignKey: is empty: write cosignKey: {}`],
    [from({ cosignKey: "x" }), `${SOURCE}.cosignKey: must be an object`, `${RULE}: ${MISSING}`],
    [
      from({ configMap: { name: "a" } }, { cosignKey: "" }),
      `${SOURCE.replace("From[0", "From[1")}.cosignKey: is empty: write cosignKey: {}`,
      `${RULE}.threshold: is required where a cosignKey stands beside other keys`,
    ],
    [roots({ namespace: "a" }), `${RULE}.trustRootsFrom.configMap.name: is required`],
    [
      roots({ namespace: "a", labelSelector: "b" }),
      `${RULE}.trustRootsFrom.configMap.name: is required`,
      `${RULE}.trustRootsFrom.configMap.labelSelector: does not go here`,
    ],
    [
      withRule({ trustRoots: { rekor: [KEY] }, trustRootsFrom: { configMap: { name: "a" } } }),
      `${RULE}.trustRootsFrom: must not stand beside trustRoots`,
    ],
    [
      signedBy({ pubKeys: [KEY], trustRootsFrom: { configMap: { name: "a" } } }),
      `${RULE}.trustRootsFrom: goes with pubKeys only if the rule has a transparencyLog`,
    ],
    [
      selector({ matchLabels: { "a b": "c" } }),
      `${RULE}.namespaceSelector.matchLabels.a b: must be the name of a label`,
    ],
    [
      selector({ matchLabels: { a: 1 } }),
      `${RULE}.namespaceSelector.matchLabels.a: must be a string`,
    ],
    [selector({ labels: { a: "b" } }), `${RULE}.namespaceSelector.labels: unknown field`],
    [express({ operator: "Exists" }), `${EXPRESSION}.key: is required`],
    [express({ key: "a" }), `${EXPRESSION}.operator: is required`],
    [
      express({ key: "a", operator: "Gt", values: ["1"] }),
      `${EXPRESSION}.operator: must be In, NotIn, Exists or DoesNotExist`,
    ],
    [express({ key: "a", operator: "In" }), `${EXPRESSION}.values: is required`],
    [
      express({ key: "a", operator: "Exists", values: ["b"] }),
      `${EXPRESSION}.values: goes with In and NotIn only`,
    ],
    [express({ key: "-a", operator: "Exists" }), `${EXPRESSION}.key: must be the name of a label`],
  ])("%j", (settings, ...problems) => {
    expect(problemsOf(settings)).toEqual(problems);
  });

  const L63 = "a".repeat(63);
  const ofLabels = (labelSelector: string) => problemsOf(from({ configMap: { labelSelector } }));

  test.each([
    ["a", "!a", "! a", "a=b", "a==b", "a!=b", "a = b", " a ", "a=", "a!=", "a=,b", "a,b", "a , !b"],
    ["a in (b)", "a in(b,c)", "a notin ( b , c )", "a in (b,)", "a in (,b)", "a in (b),c=d"],
    ["example.com/a=b", "a.b-c_d=1.2-3_4", "a>1", "a < 2", "in", "in in (in)", "a=in", "!notin"],
    [L63, `a=${L63}`, `${"a".repeat(253)}/${L63}`],
  ])("labels may be looked for by %j and the like", (...queries) => {
    expect(queries.filter((query) => ofLabels(query).length > 0)).toEqual([]);
  });

  test.each([
    ["a: b", "a b", "a=b c", "a=b=c", "a:b", ",", ",a", "a,", "a,,b", "!", "!a=b", "=b", "a===b"],
    [
      "a in",
      "a in b",
      "a in ()",
      "a in (b",
      "a in (b c)",
      "a notin b)",
      "a (b)",
      "a has (b)",
      "(a)",
    ],
    [
      "-a",
      "a-",
      "a=-b",
      "a/",
      "/a",
      "a/b/c",
      "a=b/c",
      "a=b!",
      "ä",
      "a=ü",
      "a>b",
      "a>",
      "a<1,",
      "a!b",
    ],
    [`${L63}a`, `a=${L63}a`, `${"a".repeat(254)}/b`, "a ! = b", "a = = b"],
  ])("but not by %j and the like", (...queries) => {
    const problem =
      `${SOURCE}.configMap.labelSelector: must be labels as kubectl get -l takes them, ` +
      "such as a=b or a in (b,c), with commas between them";
    expect(queries.filter((query) => ofLabels(query)[0] !== problem)).toEqual([]);
  });
});
