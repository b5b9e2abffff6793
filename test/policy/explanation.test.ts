import { join, relative } from "node:path";
import { performance } from "node:perf_hooks";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { kubewarden } from "../../host/capabilities/index.js";
import { findCases, readCase } from "../../host/cases/folder.js";
import type { JsonObject } from "../../host/document.js";
import { evaluate } from "../../host/evaluate.js";
import { packageFile } from "../../host/package.js";
import { recording, replaying, type Exchange } from "../../host/session.js";
import { Guest } from "../../host/wapc.js";
import { module, podRequest, refuse, trusted, type Oracle } from "./guest.js";

const root = packageFile();
const folders = ["examples", "test/cases"].flatMap((name) => findCases(join(root, name)));

async function run(operation: string, payload: Buffer, session: Exchange[]) {
  const asked: Exchange[] = [];
  const told: string[] = [];
  const handler = recording(replaying(session), asked);
  const log = (text: string) => told.push(text);
  const answer = await evaluate(module, operation, payload, kubewarden({ handler }), { log });
  return { answer: Buffer.from(answer).toString(), asked, told };
}

// The policy's clock stands still, for its second is in messages.
beforeAll(() => {
  vi.spyOn(performance, "now").mockReturnValue(0);
});
afterAll(() => {
  vi.restoreAllMocks();
});

describe("to be explained changes nothing, and only then is anything told", () => {
  test.each(folders.map((folder) => relative(root, folder)))("%s", async (folder) => {
    const { payloads, session = [] } = readCase(join(root, folder));
    const bySession = async (operation: string) => {
      let left = session;
      const runs = [];
      for (const payload of payloads) {
        const one = await run(operation, payload, left);
        left = left.slice(one.asked.length);
        runs.push(one);
      }
      return runs;
    };
    const silent = await bySession("validate");
    const explained = await bySession("explain");
    expect(silent.flatMap(({ told }) => told)).toEqual([]);
    expect(explained.map(({ answer, asked }) => ({ answer, asked }))).toEqual(
      silent.map(({ answer, asked }) => ({ answer, asked })),
    );
    for (const text of explained.flatMap(({ told }) => told)) {
      expect(JSON.parse(text)).toMatchObject({ step: expect.any(String) as string });
    }
  });
});

/** The steps of one explained request; the payloads and digests of signatures are left to their own tests. */
function stepsOf(request: JsonObject, settings: JsonObject, oracle: Oracle = refuse): JsonObject[] {
  const told: JsonObject[] = [];
  const guest = Guest.load(module, {
    log: (text) => told.push(JSON.parse(text) as JsonObject),
    hostCall: (call) => {
      const answer = oracle(JSON.parse(Buffer.from(call.payload).toString()) as JsonObject, call);
      if (answer instanceof Error) throw answer;
      return Buffer.from(answer);
    },
  });
  guest.call("explain", Buffer.from(JSON.stringify({ request, settings })));
  return told;
}

const rule = (image: string, more: JsonObject = {}) => ({
  image,
  verifier: "host",
  githubActions: { owner: "acme" },
  ...more,
});
const image = (name: string) => podRequest({ containers: [{ name: "web", image: name }] });
const SHA = `sha256:${"a".repeat(64)}`;

describe("what is told", () => {
  test("an image and how its reference is read, what the host said of it, and what came of the rule", () => {
    expect(stepsOf(image("nginx"), { signatures: [rule("nginx*")] }, () => trusted(SHA))).toEqual([
      {
        step: "image",
        at: "spec.containers[0]",
        name: "web",
        text: "nginx",
        registry: "docker.io",
        repository: "library/nginx",
      },
      { step: "examination", image: "containers[0]" },
      { step: "rule", rule: 1, shown: "nginx*", is: "here", by: "nginx*" },
      { step: "signer", signer: "GitHub Actions of acme/*", verb: "signed", digest: SHA },
      { step: "outcome", rule: 1, digest: SHA },
    ]);
  });

  test.each<[string, JsonObject, JsonObject]>([
    ["of another image", rule("redis"), { is: "other" }],
    [
      "of the second pattern",
      rule("", { image: ["redis", "nginx:1*"] }),
      { is: "here", by: "nginx:1*" },
    ],
    ["of another namespace", rule("*", { namespaces: ["prod-*"] }), { is: "elsewhere" }],
    [
      "that leaves it out",
      rule("*", { exclude: ["redis", "nginx"] }),
      { is: "excluded", by: "nginx" },
    ],
  ])("a rule %s", (_, given, expected) => {
    const steps = stepsOf(image("nginx:1.25"), { signatures: [given] });
    const shown = Array.isArray(given["image"]) ? given["image"][0] : given["image"];
    expect(steps.filter(({ step }) => step === "rule")).toEqual([
      { step: "rule", rule: 1, shown, ...expected },
    ]);
  });

  test("a rule whose namespaceSelector does not hold: by which label", () => {
    const namespaceSelector = { matchLabels: { team: "web", stage: "prod" } };
    const labels = { team: "web", stage: "test" };
    const host: Oracle = ({ name }) => JSON.stringify({ metadata: { name: name!, labels } });
    const steps = stepsOf(image("nginx"), { signatures: [rule("*", { namespaceSelector })] }, host);
    expect(steps.slice(-2)).toEqual([
      {
        step: "rule",
        rule: 1,
        shown: "*",
        is: "elsewhere",
        by: "namespaceSelector",
        label: "stage",
      },
      { step: "unmatched", becomes: "accept" },
    ]);
  });

  test("that a rule is for an image in doubt only", () => {
    const steps = stepsOf(image("ghcr.io/team/nginx"), { signatures: [rule("*/nginx")] });
    expect(steps.filter(({ step }) => step === "rule" || step === "unmatched")).toEqual([
      { step: "rule", rule: 1, shown: "*/nginx", is: "here", by: "*/nginx" },
      { step: "unmatched", becomes: "accept", doubt: "yes" },
    ]);
  });

  test.each(["accept", "warn", "reject"])(
    "what %s does to an image that no rule is for",
    (becomes) => {
      const settings = { unmatchedImages: becomes, signatures: [rule("redis")] };
      expect(stepsOf(image("nginx"), settings).at(-1)).toEqual({ step: "unmatched", becomes });
    },
  );

  test("why a signer does not count and the rule is not met, with the code", () => {
    const steps = stepsOf(image("nginx"), { signatures: [rule("*")] });
    expect(steps.slice(-2).map(({ step, failure }) => [step, failure])).toEqual([
      ["signer", expect.stringMatching(/^no signature that fits: .* \[signature-unmet\]$/)],
      ["outcome", expect.stringMatching(/^not signed by .* \[signature-unmet\]$/)],
    ]);
  });

  test("an image that is not one, one that is examined already, one that was there before", () => {
    const containers = [
      { name: "a", image: 'NG"\n\u0001' },
      { name: "b", image: "redis" },
      { name: "c", image: "docker.io/library/redis:latest" },
      { name: "old", image: "postgres" },
    ];
    const old = { spec: { containers: [{ name: "old", image: "postgres" }] } };
    const request = { ...podRequest({ containers }), operation: "UPDATE", oldObject: old };
    const steps = stepsOf(request, { signatures: [rule("redis")] });
    expect(steps[0]).toMatchObject({
      text: 'NG"\n\u0001',
      failure: expect.stringContaining("[reference-upper-case]") as string,
    });
    expect(steps[3]).toMatchObject({ at: "spec.containers[3]", unchanged: "yes" });
    const examined = steps.filter(({ step }) => step === "examination");
    expect(examined).toEqual([
      { step: "examination", image: "containers[0]" },
      { step: "examination", image: "containers[1]" },
      { step: "examination", image: "containers[2]", like: "containers[1]" },
    ]);
  });

  test("that nothing will run", () => {
    const settings = { signatures: [rule("*")] };
    expect(stepsOf({ ...image("nginx"), operation: "DELETE" }, settings)).toEqual([
      { step: "idle" },
    ]);
  });
});

test("an instance that has explained once is silent the next time", () => {
  const told: string[] = [];
  const guest = Guest.load(module, {
    log: (text) => told.push(text),
    hostCall: () => Buffer.from(trusted(SHA)),
  });
  const payload = Buffer.from(
    JSON.stringify({ request: image("nginx"), settings: { signatures: [rule("*")] } }),
  );
  guest.call("explain", payload);
  const before = told.length;
  expect(before).toBeGreaterThan(0);
  guest.call("validate", payload);
  expect(told.length).toBe(before);
});
