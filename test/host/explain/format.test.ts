import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { kubewarden, type Handler } from "../../../host/capabilities/index.js";
import { readCase } from "../../../host/cases/folder.js";
import type { JsonObject } from "../../../host/document.js";
import { formatExplanation } from "../../../host/explain/format.js";
import { Witness } from "../../../host/explain/witness.js";
import { packageFile } from "../../../host/package.js";
import { Policy, readPolicy } from "../../../host/policy.js";
import { admissionResponse } from "../../../host/response.js";
import { replaying } from "../../../host/session.js";

const module = await readPolicy();
const SHA = `sha256:${"a".repeat(64)}`;

async function explain(request: JsonObject, settings: JsonObject, handler: Handler) {
  const witness = new Witness();
  const policy = new Policy(module, witness.watch(kubewarden({ handler })), {
    log: witness.hear,
  });
  const response = admissionResponse(request, await policy.explain(request, settings));
  const text = formatExplanation({ request, settings, events: witness.take(), response });
  return stripVTControlCharacters(text);
}

/** Explains one of the examples with the answers of its session. */
async function example(
  name: string,
  change: (settings: JsonObject) => void = () => {},
): Promise<string> {
  const { payloads, session = [] } = readCase(packageFile("examples", name));
  const { request, settings } = JSON.parse(payloads[0]!.toString()) as Record<string, JsonObject>;
  change(settings!);
  return explain(request!, settings!, replaying(session));
}

function section(text: string, title: string): string {
  const lines = text.split("\n");
  const start = lines.indexOf(title);
  expect(start, `${title} in\n${text}`).toBeGreaterThanOrEqual(0);
  const length = lines.slice(start + 1).findIndex((line) => /^\S/.test(line));
  return lines.slice(start + 1, length < 0 ? undefined : start + 1 + length).join("\n");
}

const titles = (text: string) => text.split("\n").filter((line) => /^\S/.test(line));

const pod = (images: string[], more: JsonObject = {}): JsonObject => ({
  uid: "u",
  kind: { group: "", version: "v1", kind: "Pod" },
  operation: "CREATE",
  name: "p",
  namespace: "shop",
  userInfo: { username: "alice", groups: ["dev"] },
  dryRun: false,
  object: {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p" },
    spec: { containers: images.map((image, index) => ({ name: `c${index}`, image })) },
  },
  ...more,
});
const settings = {
  signatures: [{ image: "*", verifier: "host", githubActions: { owner: "acme" } }],
};
const trusting: Handler = async () => JSON.stringify({ is_trusted: true, digest: SHA });

test("every stage has a section, in the order of the way", async () => {
  expect(titles(await explain(pod(["nginx"]), settings, trusting))).toEqual([
    "request",
    "settings",
    "workload",
    "rules for containers[0]",
    "evidence for containers[0]",
    "verdict",
    "answer",
  ]);
});

test("what is asked for, of what, by whom", async () => {
  const text = await explain(
    pod(["nginx"], { subResource: "ephemeralcontainers" }),
    settings,
    trusting,
  );
  expect(section(text, "request")).toMatch(
    /^ {2}operation: CREATE\n {2}kind: v1 Pod\n {2}subResource: ephemeralcontainers\n {2}name: p\n {2}namespace: shop\n {2}user: alice\n {2}groups:\n {4}- dev\n {2}dryRun: false\n {2}object:\n/,
  );
});

test("accepted and pinned: the digest that was verified, and the patch decoded", async () => {
  const text = await explain(pod(["nginx"]), settings, trusting);
  const evidence = section(text, "evidence for containers[0]");
  expect(evidence).toContain(`call 1 of the host: oci v2/verify`);
  expect(evidence).toContain("      image: docker.io/library/nginx:latest");
  expect(evidence).toContain(`✔ GitHub Actions of acme/* signed ${SHA}`);
  expect(evidence).toContain(`✔ rule 1 is met by ${SHA}`);
  expect(section(text, "verdict")).toContain("✔ accepted and pinned Pod p in shop");
  const answer = section(text, "answer");
  expect(answer).toContain("path: /spec/containers/0/image");
  expect(answer).toContain(`value: nginx@${SHA}`);
});

test("several images: each has its rules and evidence, and what was asked once is not asked again", async () => {
  const text = await explain(pod(["nginx", "redis", "nginx:latest"]), settings, trusting);
  expect(section(text, "workload").match(/image: \S+/g)).toEqual([
    "image: nginx",
    "image: redis",
    "image: nginx:latest",
  ]);
  expect(section(text, "evidence for containers[1]")).toContain("call 2 of the host");
  expect(section(text, "rules for containers[2]").trim()).toBe("The same as for containers[0].");
  expect(text).not.toContain("call 3 of the host");
});

test("rejected: a host call that fails, in its words and with the code", async () => {
  const text = await explain(pod(["nginx"]), settings, async () => {
    throw new Error("the registry is\non fire");
  });
  const evidence = section(text, "evidence for containers[0]");
  expect(evidence).toContain(
    "✘ failed:\n      Callback evaluation failure: the registry is\n      on fire",
  );
  expect(evidence).toMatch(/✘ GitHub Actions of acme\/\*: .*the registry is \[host-failed\]/);
  expect(evidence).toMatch(/✘ rule 1 is not met: .* \[host-failed\]/);
  expect(section(text, "verdict")).toContain("✘ rejected Pod p in shop");
  expect(section(text, "answer")).toContain("allowed: false\n  status:\n    code: 400");
});

test("rejected: settings that are not valid are where it ends", async () => {
  const text = await explain(pod(["nginx"]), { signatures: [{ image: "*" }] }, trusting);
  expect(titles(text)).toEqual(["request", "settings", "verdict", "answer"]);
  expect(section(text, "verdict")).toContain("[settings-invalid]");
});

test("no verdict: what happened until then, and no answer", () => {
  const witness = new Witness();
  witness.hear('{"step":"idle"}');
  const text = formatExplanation({
    request: pod(["nginx"]),
    settings,
    events: witness.take(),
    response: undefined,
  });
  expect(titles(stripVTControlCharacters(text))).toEqual(["request", "settings", "workload"]);
});

describe("when the policy verifies for itself", () => {
  test("a keyless signature: certificate, log entry, payload, and whose it is", async () => {
    const text = await example("rules/private-sigstore");
    const evidence = section(text, "evidence for containers[0]");
    for (const shown of [
      "call 1 of the host: oci v1/manifest_digest",
      "call 2 of the host: oci v1/oci_manifest",
      "identity: dev@demo.example",
      "vouched for by: https://accounts.demo.example",
      "valid: 2024-11-19T07:05:00Z to 2024-11-19T07:15:00Z",
      "integratedTime: 1732000200 (2024-11-19T07:10:00Z)",
      "payload that has this digest:",
      "docker-reference: 127.0.0.1:5555/demo/l-fulcio-email",
      "✔ it is by this signer, and counts",
      "✔ dev@demo.example (https://accounts.demo.example) signed sha256:590459fb",
    ]) {
      expect(evidence).toContain(shown);
    }
  });

  test("a signature that does not count: why, with the code", async () => {
    const text = await example("rules/private-sigstore", (settings) => {
      const [rule] = settings["signatures"] as JsonObject[];
      rule!["keyless"] = [{ issuer: "https://accounts.demo.example", subject: "eve@demo.example" }];
    });
    const evidence = section(text, "evidence for containers[0]");
    expect(evidence).toMatch(/signature sha256:\S+, tried for eve@demo\.example/);
    expect(evidence.match(/✘ .*\[signature-unmet\]/g)).toHaveLength(3);
    expect(evidence).not.toContain("✔");
  });

  test("what lies in an evidence document: its content is at hand", async () => {
    const text = await example("rules/notation");
    const evidence = section(text, "evidence for containers[0]");
    expect(evidence).toMatch(
      /signature an envelope of Notation's, .*\n +✔ it is by this signer, and counts/,
    );
    expect(evidence).not.toContain("no payload that is known");
    expect(evidence).toMatch(/x5c:\n +- certificate: SHA256:\w+\n +subject: C=US, ST=WA, O=Rig/);
  });
});

test.each([
  ["accept", "✔ accepted"],
  ["warn", "✔ accepted"],
  ["reject", "✘ rejected"],
])("an image that no rule is for, with unmatchedImages: %s", async (unmatchedImages, verdict) => {
  const rules = { ...settings.signatures[0]!, image: "redis", exclude: ["redis:old"] };
  const given = { unmatchedImages, signatures: [rules] };
  const text = await explain(pod(["nginx", "redis:old"]), given, trusting);
  const end = `No rule is for it: unmatchedImages is ${unmatchedImages}.`;
  expect(section(text, "rules for containers[0]").trim()).toBe(
    `rule 1, redis: is for other images\n  ${end}`,
  );
  expect(section(text, "rules for containers[1]").trim()).toBe(
    `rule 1, redis: leaves it out, by the exclusion "redis:old"\n  ${end}`,
  );
  expect(section(text, "verdict")).toContain(verdict);
});

test("a namespace's labels are asked for among the rules, the keys of one among the evidence", async () => {
  const text = await example("rules/cosign-webhook");
  const calls = (title: string) =>
    [...section(text, title).matchAll(/call \d of the host: \S+ \S+\n.*\n.*\n\s+kind: \w+/g)].map(
      ([call]) => call.replace(/[^]* /, ""),
    );
  expect(calls("rules for containers[0]")).toEqual(["Namespace"]);
  expect(calls("evidence for containers[0]")).toEqual(["CosignKey"]);
});

test("an image that is unchanged, and one that is no reference", async () => {
  const request = pod(["nginx", "UPPER"], {
    operation: "UPDATE",
    oldObject: { spec: { containers: [{ name: "c0", image: "nginx" }] } },
  });
  const text = await explain(request, settings, trusting);
  const workload = section(text, "workload");
  expect(workload).toMatch(/"c0"\n {4}image: nginx\n[^"]*It was there before the request/);
  expect(workload).toMatch(/"c1"\n {4}image: UPPER\n {4}✘ .* \[reference-upper-case\]/);
  expect(text).not.toContain("evidence for");
  expect(section(text, "request")).toMatch(/oldObject: \d+ bytes of JSON/);
});

test("which label keeps a rule from a namespace, and that a rule is for an image in doubt", () => {
  const witness = new Witness();
  witness.hear('{"step":"examination","image":"containers[0]"}');
  witness.hear('{"step":"rule","rule":1,"shown":"*","is":"elsewhere","label":"stage"}');
  witness.hear('{"step":"unmatched","becomes":"reject","doubt":"yes"}');
  const events = witness.take();
  const text = formatExplanation({ request: pod([]), settings, events, response: undefined });
  expect(stripVTControlCharacters(text)).toContain(
    'rule 1, *: is for namespaces with other labels: "stage" is not as its namespaceSelector wants it\n' +
      "  No rule is for it beyond doubt: unmatchedImages is reject.",
  );
});

test("a step that is not known is shown as it is told", () => {
  const witness = new Witness();
  witness.hear('{"step":"constructor","of":"a later policy"}');
  const events = witness.take();
  const text = formatExplanation({ request: pod([]), settings, events, response: undefined });
  expect(stripVTControlCharacters(text)).toContain("step: constructor\n  of: a later policy");
});

test("what could deceive a terminal is not printed", async () => {
  const text = await explain(
    pod(["ngi\x1b[2Jnx", "a\u202eb"], { name: "p\x1b[2J" }),
    settings,
    trusting,
  );
  expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
});

test("a DELETE: nothing is looked for", async () => {
  const text = await explain(pod(["nginx"], { operation: "DELETE" }), settings, trusting);
  expect(section(text, "workload").trim()).toBe(
    "Nothing will run by this request: no image is looked for.",
  );
});
