import { describe, expect, test } from "vitest";
import type { CallbackRequest } from "../../host/callback.js";
import type { JsonObject } from "../../host/document.js";
import { admissionRequest } from "../../host/request.js";
import { FormUi, questions } from "./form-ui.js";
import { liveHandler } from "../../host/capabilities/live.js";
import { fixtureRegistry, readFixture } from "../host/fixtures.js";
import { authority, certificate, keys, logKey } from "./material.js";
import { settingsProblems, verdict } from "./papers.js";

/** A kind of signer: what is filled in, and what the host is asked then. */
const KINDS: Record<string, { fields: JsonObject; asked: string }> = {
  pubKeys: { fields: { pubKeys: [keys[0]!] }, asked: "SigstorePubKeyVerify" },
  keyless: {
    fields: { keyless: [{ issuer: "https://accounts.example.com", subject: "a@example.com" }] },
    asked: "SigstoreKeylessVerify",
  },
  keylessPrefix: {
    fields: {
      keylessPrefix: [{ issuer: "https://a.example.com", urlPrefix: "https://b.example" }],
    },
    asked: "SigstoreKeylessPrefixVerify",
  },
  githubActions: {
    fields: { githubActions: { owner: "acme", repo: "" } },
    asked: "SigstoreGithubActionsVerify",
  },
  certificates: {
    fields: { certificates: [certificate], certificateChain: [certificate] },
    asked: "SigstoreCertificateVerify",
  },
};
const kinds = Object.keys(KINDS);

const EMPTIED: JsonObject = {
  pubKeys: [""],
  threshold: "",
  keyless: [{ issuer: "", subject: "" }],
  keylessPrefix: [{ issuer: "", urlPrefix: "" }],
  githubActions: { owner: "", repo: "" },
  certificates: [""],
  certificateChain: [""],
  notation: { trustStore: [""], trustedIdentities: [], revocation: "" },
  notaryV1: { root: { keys: [""] }, gun: "", delegations: [""], requireSigners: "" },
  attestations: [{ predicateType: "", conditions: [""] }],
  transparencyLog: { keys: [""], required: "" },
  trustRoots: { fulcio: [""], rekor: null, trustedRoot: "" },
  evidenceFrom: [
    {
      configMap: { name: "", labelSelector: null },
      annotation: null,
      artifact: null,
      repository: "",
    },
  ],
};

const digest = `sha256:${"a".repeat(64)}`;
const podOf = (image: string) =>
  admissionRequest({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p" },
    spec: { containers: [{ name: "c", image }] },
  });
const pod = podOf("registry.example.com/app:1");

/** Decides a Pod under a form's settings, with a host to whom everything is signed. */
async function decide(form: FormUi): Promise<{ asked: CallbackRequest[]; pinned: boolean }> {
  const settings = form.settings();
  expect(await settingsProblems(settings)).toEqual([]);
  const asked: CallbackRequest[] = [];
  const response = await verdict(pod, settings, async (request) => {
    asked.push(request);
    return JSON.stringify({ is_trusted: true, digest });
  });
  expect(response.accepted).toBe(true);
  return { asked, pinned: JSON.stringify(response).includes(`:1@${digest}`) };
}

/** A row as a person leaves it who wants a rule of this kind, and the host to verify. */
function addRule(form: FormUi, kind: string, more: JsonObject = {}): number {
  const row = form.add("signatures");
  const base = { image: ["registry.example.com/*"], rule: kind, verifier: "host" };
  form.fillRow("signatures", row, { ...base, ...KINDS[kind]!.fields, ...more });
  return row;
}

describe.each([
  ["all fields of a row are shown", false],
  ["only the fields of a row's kind are shown", true],
])("where %s", (_, hides) => {
  test("a form that nobody filled in says what is missing", async () => {
    const form = new FormUi(hides);
    expect(await settingsProblems(form.settings())).toEqual([
      "signatures: must have at least one rule: with none, every image is accepted",
    ]);
    form.fill("unmatchedImages", "reject");
    expect(await settingsProblems(form.settings())).toEqual([]);
    form.add("signatures");
    expect(await settingsProblems(form.settings())).toEqual([
      "signatures[0].image: is required",
      "signatures[0]: must have one of pubKeys or keysFrom, keyless, keylessPrefix, githubActions, certificates, notation, notaryV1",
    ]);
    form.remove("signatures", 0);
    expect(await settingsProblems(form.settings())).toEqual([]);
  });

  test.each(kinds)("a rule of kind %s asks just for that, and pins", async (kind) => {
    const form = new FormUi(hides);
    addRule(form, kind);
    const { asked, pinned } = await decide(form);
    expect(asked.map(({ variant }) => variant)).toEqual([KINDS[kind]!.asked]);
    expect(pinned).toBe(true);
  });

  test.each<[string, JsonObject]>([
    ["notation", { notation: { trustStore: authority, trustedIdentities: ["*"] } }],
    ["notaryV1", { notaryV1: { root: { keys: [keys[0]!] }, maxTimestampDays: "7" } }],
    [
      "pubKeys",
      {
        pubKeys: [keys[0]!],
        verifier: "policy",
        evidenceFrom: [{ artifact: true }],
        attestations: [
          { predicateType: "urn:scan", conditions: [{ path: "/critical", atMost: "0" }] },
        ],
      },
    ],
  ])("a rule of kind %s is one, however the rest is left empty", async (rule, fields) => {
    const form = new FormUi(hides);
    const row = form.add("signatures");
    form.fillRow("signatures", row, { image: ["registry.example.com/*"], rule, ...fields });
    expect(await settingsProblems(form.settings())).toEqual([]);
    form.touchEditors("signatures", row);
    form.fillRow("signatures", row, { ...EMPTIED, ...fields });
    expect(await settingsProblems(form.settings())).toEqual([]);
  });

  test.each(kinds)("with %s, all the rest left empty in every way breaks nothing", async (kind) => {
    const form = new FormUi(hides);
    const row = addRule(form, kind);
    form.touchEditors("signatures", row);
    expect((await decide(form)).asked).toHaveLength(1);
    form.fillRow("signatures", row, {
      exclude: [""],
      namespaces: [""],
      onFailure: "",
    });
    form.fillRow("signatures", row, { ...EMPTIED, ...KINDS[kind]!.fields });
    expect((await decide(form)).asked).toHaveLength(1);
    for (const { variable } of questions) {
      if (variable !== "signatures") form.fill(variable, "");
    }
    expect(await decide(form)).toMatchObject({ asked: { length: 1 }, pinned: true });
  });

  test.each(kinds)("with %s, an empty verifier is the one that suits it", async (kind) => {
    const form = new FormUi(hides);
    const row = addRule(form, kind, { verifier: "" });
    form.touchEditors("signatures", row);
    expect(await settingsProblems(form.settings())).toEqual([]);
    const asked: string[] = [];
    await verdict(pod, form.settings(), async ({ variant }) => {
      asked.push(variant);
      return JSON.stringify({ is_trusted: true, digest });
    });
    expect(asked[0]).toBe(kind === "pubKeys" ? KINDS[kind]!.asked : "OciManifestDigest");
  });

  test("rules of all kinds stand side by side", async () => {
    const form = new FormUi(hides);
    for (const kind of kinds) form.touchEditors("signatures", addRule(form, kind));
    const { asked } = await decide(form);
    expect(asked.map(({ variant }) => variant)).toEqual(kinds.map((kind) => KINDS[kind]!.asked));
  });

  test.each(kinds.flatMap((from) => kinds.filter((to) => to !== from).map((to) => [from, to])))(
    "a rule switched from %s to %s and back",
    async (from, to) => {
      const form = new FormUi(hides);
      const row = addRule(form, from!);
      form.fillRow("signatures", row, { rule: to!, ...KINDS[to!]!.fields });
      const both = await settingsProblems(form.settings());
      expect(both).toContain(
        "signatures[0]: must have only one of pubKeys or keysFrom, keyless, keylessPrefix, githubActions, certificates, notation, notaryV1",
      );
      const emptied = (kind: string) =>
        Object.fromEntries(Object.keys(KINDS[kind]!.fields).map((name) => [name, EMPTIED[name]!]));
      form.fillRow("signatures", row, emptied(from!));
      expect((await decide(form)).asked[0]!.variant).toBe(KINDS[to!]!.asked);
      form.fillRow("signatures", row, { rule: from!, ...KINDS[from!]!.fields, ...emptied(to!) });
      expect((await decide(form)).asked[0]!.variant).toBe(KINDS[from!]!.asked);
    },
  );

  test("a threshold filled in counts, and emptied again it means all keys", async () => {
    const form = new FormUi(hides);
    const row = addRule(form, "pubKeys", { pubKeys: [keys[0]!, keys[1]!], threshold: "1" });
    const one = await decide(form);
    expect(one.asked[0]!.fields["pub_keys"]).toHaveLength(1);
    form.fillRow("signatures", row, { threshold: "" });
    const all = await decide(form);
    expect(all.asked[0]!.fields["pub_keys"]).toHaveLength(2);
  });

  test("what belongs to another kind and was filled in is named", async () => {
    const form = new FormUi(hides);
    const transparencyLog = { keys: [logKey] };
    addRule(form, "keyless", { threshold: "1", transparencyLog, certificateChain: [certificate] });
    expect(await settingsProblems(form.settings())).toEqual([
      "signatures[0].threshold: goes with pubKeys and keysFrom only; empty it",
      "signatures[0].transparencyLog: goes with pubKeys and keysFrom only; empty it",
      "signatures[0].certificateChain: goes with certificates only",
    ]);
  });

  test("half an identity is named, and a blank one beside a whole one too", async () => {
    const form = new FormUi(hides);
    const half = { issuer: "https://accounts.example.com", subject: "" };
    const row = addRule(form, "keyless", { keyless: [half] });
    expect(await settingsProblems(form.settings())).toEqual([
      "signatures[0].keyless[0].subject: is required",
    ]);
    const whole = { ...half, subject: "a@example.com" };
    form.fillRow("signatures", row, { keyless: [whole, { issuer: "", subject: "" }] });
    expect(await settingsProblems(form.settings())).toHaveLength(2);
  });

  test("trust roots of all rules, of one, and the key of a log let really signed images run", async () => {
    const { registry, ...world } = await fixtureRegistry(
      ["l-fulcio-email.json", "l-rekor-key.json"].map(readFixture),
    );
    const decided = async (form: FormUi, name: string) => {
      const settings = form.settings();
      expect(await settingsProblems(settings)).toEqual([]);
      const image = `127.0.0.1:5555/demo/${name}:1.0`;
      return (await verdict(podOf(image), settings, liveHandler(world))).accepted;
    };
    const row = { image: ["127.0.0.1:5555/demo/*"], verifier: "policy" };
    const identity = { issuer: "https://accounts.demo.example", subject: "dev@demo.example" };

    const form = new FormUi(hides);
    form.add("signatures");
    form.fillRow("signatures", 0, { ...row, rule: "keyless", keyless: [identity] });
    expect(await decided(form, "l-fulcio-email")).toBe(false);
    form.fill("trustRoots.fulcio", authority);
    form.fill("trustRoots.rekor", [logKey]);
    expect(await decided(form, "l-fulcio-email")).toBe(true);
    form.fill("trustRoots.rekor", [""]);
    expect(await decided(form, "l-fulcio-email")).toBe(false);
    form.fillRow("signatures", 0, { trustRoots: { fulcio: null, rekor: [logKey] } });
    expect(await decided(form, "l-fulcio-email")).toBe(true);

    const logged = new FormUi(hides);
    logged.add("signatures");
    const transparencyLog = { keys: [logKey], required: null };
    logged.fillRow("signatures", 0, { ...row, pubKeys: [keys[0]!], transparencyLog });
    expect(await decided(logged, "l-rekor-key")).toBe(true);
    logged.fillRow("signatures", 0, { transparencyLog: { keys: [], required: true } });
    expect(await decided(logged, "l-rekor-key")).toBe(false);
    await registry.close();
  });

  test("custom resources", async () => {
    const form = new FormUi(hides);
    addRule(form, "pubKeys");
    const row = form.add("workloads");
    expect(await settingsProblems(form.settings())).toEqual([
      "workloads[0].kind: is required",
      "workloads[0].podSpecPath: is required",
    ]);
    const kind = { apiGroup: "argoproj.io", kind: "Rollout", podSpecPath: "spec.template.spec" };
    form.fillRow("workloads", row, kind);
    await decide(form);
  });
});
