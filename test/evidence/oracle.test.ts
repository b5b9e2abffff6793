import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { kubewarden } from "../../host/capabilities/index.js";
import { liveHandler } from "../../host/capabilities/live.js";
import type { JsonObject } from "../../host/document.js";
import { Policy, readPolicy } from "../../host/policy.js";
import type { Registry } from "../../host/registry/server.js";
import { admissionRequest } from "../../host/request.js";
import { fixtureRegistry, readFixtures } from "../host/fixtures.js";
import { imageOf, ruleOf, type ToldFixture } from "./commands.js";

let registry: Registry;
let policy: Policy;

beforeAll(async () => {
  const served = await fixtureRegistry(readFixtures());
  registry = served.registry;
  policy = new Policy(await readPolicy(), kubewarden({ handler: liveHandler(served) }));
});
afterAll(() => registry.close());

/** What the policy says of an image under one rule. */
async function decide(image: string, rule: JsonObject) {
  const settings = { signatures: [rule] };
  expect(await policy.validateSettings(settings)).toEqual([]);
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p" },
    spec: { containers: [{ name: "c", image }] },
  };
  return policy.validate(admissionRequest(pod), settings);
}

const fixtures = readFixtures().filter(({ name }) =>
  /^([a-gkl]-|h-v3-legacy)/.test(name),
) as ToldFixture[];
const told = fixtures.flatMap((fixture) =>
  fixture.verifications.flatMap(({ command, exit, expected, label }) => {
    const rule = ruleOf(fixture, command);
    return rule ? [{ name: fixture.name, label, command, exit, expected, rule }] : [];
  }),
);

describe("the policy verifies as cosign does", () => {
  test.each(told)("$name, $label: $exit", async ({ command, exit, rule }) => {
    const answer = await decide(imageOf(command), rule);
    expect(answer.accepted, answer.message ?? "").toBe(exit === 0);
  });
});
