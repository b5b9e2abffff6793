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

/** Where the policy comes to another verdict than the cosign that was asked, on purpose. */
const DIFFERS: Record<string, { accepts: boolean; why: string }> = {
  "k-raw-rs": { accepts: false, why: "an ECDSA signature is DER, as every cosign writes it" },
  "k-newline": { accepts: false, why: "base64 has nothing behind it" },
  "k-layer-mediatype": { accepts: false, why: "a layer of another media type is no signature" },
  "k-type-missing": {
    accepts: false,
    why: "a payload says that it is a container image's signature",
  },
  "k-case-key": { accepts: false, why: "names in a payload are spelt one way" },
  "k-dup-digest": { accepts: false, why: "a name that stands twice in a payload means two things" },
  "k-annotation-int ask-int": {
    accepts: true,
    why: "the host reads a number as its digits, and it alone can read this payload",
  },
  "l-fulcio-v2-only": { accepts: true, why: "the issuer's extension of today is enough" },
};

describe("the policy verifies as cosign does", () => {
  test.each(told)("$name, $label: $exit", async ({ name, label, command, exit, rule }) => {
    const answer = await decide(imageOf(command), rule);
    const other = DIFFERS[`${name} ${label}`] ?? DIFFERS[name];
    const accepts = other ? other.accepts : exit === 0;
    expect(answer.accepted, answer.message ?? "").toBe(accepts);
  });

  test("there are as many as there were, and no verdict differs but those of the table", () => {
    const differ = told.filter(({ name, label }) => DIFFERS[`${name} ${label}`] ?? DIFFERS[name]);
    const asked = told.filter(({ expected }) => expected !== "?");
    expect([told.length, asked.length, differ.length]).toEqual([166, 98, 15]);
    // What cosign was expected to accept, and here is not: one.
    expect(differ.filter(({ expected }) => expected !== "?").map(({ name }) => name)).toEqual([
      "k-raw-rs",
    ]);
  });
});
