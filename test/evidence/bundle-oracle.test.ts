import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { kubewarden, type Handler } from "../../host/capabilities/index.js";
import { liveHandler } from "../../host/capabilities/live.js";
import type { JsonObject } from "../../host/document.js";
import { formatEvidence, type EvidenceDocument } from "../../host/evidence/document.js";
import { Policy } from "../../host/policy.js";
import type { Fixture } from "../../host/registry/fixture.js";
import type { Registry } from "../../host/registry/server.js";
import { admissionRequest } from "../../host/request.js";
import { fixtureRegistry, readFixtures } from "../host/fixtures.js";
import { codesOf, module } from "../policy/guest.js";
import { imageOf, ruleOf, type ToldFixture } from "./commands.js";
import { recording as recordingHandler, type Exchange } from "../../host/session.js";
import { collect, withCompanion } from "./companions.js";
import { writeCase } from "./oracle-case.js";

const fixtures = readFixtures().filter(({ name }) => /^(h-|i-|n-)/.test(name)) as ToldFixture[];
const told = fixtures.flatMap((fixture) =>
  fixture.verifications.flatMap(({ command, exit, expected, label }) => {
    const rule = ruleOf(fixture, command);
    const image = imageOf(command);
    return rule ? [{ name: `${fixture.name} ${label}`, fixture, image, exit, expected, rule }] : [];
  }),
);

/** Documents as the command collects them, by the image's digest. */
const documents = new Map<string, EvidenceDocument>();
let registry: Registry;
let live: Handler;

beforeAll(async () => {
  const bare = await fixtureRegistry(fixtures);
  for (const { image } of told) {
    const digest = digestOf(image);
    if (!documents.has(digest)) {
      documents.set(
        digest,
        await collect(bare.client, `${image.split(/[:@][^/]*$/)[0]}@${digest}`),
      );
    }
  }
  await bare.registry.close();
  const served = await fixtureRegistry(
    fixtures.map((fixture) =>
      told
        .filter((one) => one.fixture === fixture)
        .reduce<Fixture>(
          (all, one) => withCompanion(all, documents.get(digestOf(one.image))!),
          fixture,
        ),
    ),
  );
  registry = served.registry;
  live = liveHandler(served);
});
afterAll(() => registry.close());

/** Commands that look at no more than the policy does without evidence: at the tag. */
const BY_TAG_ALONE = ["h-v2-oci11 v2-default"];

function digestOf(image: string): string {
  const digest = image.split("@")[1];
  if (digest) return digest;
  const [, name, tag] = /\/([^/:]+):([^/]+)$/.exec(image)!;
  return fixtures.find((fixture) => fixture.name === name)!.tags[tag!]!;
}

/** Where a document lies: where a rule looks, and what the object and the cluster have of it. */
const CARRIERS: Record<string, JsonObject> = {
  "an artifact": { artifact: true },
  "a ConfigMap": { configMap: { name: "evidence", namespace: "signatures" } },
  "an annotation": { annotation: true },
};

/** What the policy says of an image under one rule, its evidence being carried so; and what it asked. */
async function decide(image: string, rule: JsonObject, carrier: string, name?: string) {
  const source = CARRIERS[carrier];
  const text = formatEvidence(documents.get(digestOf(image))!);
  const asked: string[] = [];
  const handler: Handler = async (request) => {
    asked.push(`${request.variant} ${String(request.fields["image"] ?? "")}`);
    if (request.variant !== "KubernetesGetResource") return live(request);
    const metadata = { name: "evidence", namespace: "signatures" };
    return JSON.stringify({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata,
      data: { "evidence.json": text },
    });
  };
  const exchanges: Exchange[] = [];
  const policy = new Policy(module, kubewarden({ handler: recordingHandler(handler, exchanges) }));
  const settings = { signatures: [{ ...rule, evidenceFrom: source ? [source] : [] }] };
  expect(await policy.validateSettings(settings)).toEqual([]);
  const isAnnotated = carrier === "an annotation";
  const annotations: JsonObject = isAnnotated ? { "trusted-images.dev/evidence.json": text } : {};
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p", annotations },
    spec: { containers: [{ name: "c", image }] },
  };
  const request = admissionRequest(pod);
  const answer = await policy.validate(request, settings);
  if (name) writeCase(`bundles/${name} in ${carrier}`, request, settings, exchanges, answer);
  return { ...answer, asked };
}

/** Where the verdict is another than cosign's, on purpose. */
const DIFFERS: Record<string, string> = {
  "h-v2-oci11 v3": "cosign 3 looks for bundles alone among what refers to an image",
  "h-v3-cert leaf-key": "the signature is by the key, whatever certificate comes with it",
  "h-v3-key-ed25519 default": "Ed25519ph is what cosign signs with, and cannot verify itself",
  "h-v3-key-ed25519 sha384": "the hash is the key's own, and none that has to be asked for",
  "h-v3-key-ed25519 sha512": "the same",
  "h-v3-key-p384 default": "the same",
  "h-v3-key-p384 sha512": "the same",
  "h-v3-key-p521 default": "the same",
  "h-v3-key-p521 sha384": "the same",
  "h-v3-key-rsa2048 sha384": "the same",
  "h-v3-key-rsa2048 sha512": "the same",
  "h-v3-key-rsa4096 sha384": "the same",
  "h-v3-key-rsa4096 sha512": "the same",
  "h-v3-referrers v2-default": "cosign 2 does not read bundles",
  "h-v3-referrers v2-oci11": "the same",
  "i-attest-and-sign-v3 attest-key-signs-nothing": "an attestation is no signature",
  "i-attest-v3 not-a-signature": "the same",
};

/** Why images are rejected, all their evidence being in artifacts. */
const REASONS: Record<string, string> = {
  "h-v3-annotations second-lacks": "payload-annotations",
  "h-v3-annotations wrong": "payload-annotations",
  "h-v3-cert-chain leaf-key": "bundle-malformed",
  "h-v3-legacy-ed25519 v2": "signature-unmet",
  "h-v3-legacy-ed25519 v3": "signature-unmet",
  "h-v3-legacy-p384 v2": "signature-unmet",
  "h-v3-legacy-p384 v3": "signature-unmet",
  "h-v3-negatives copied": "payload-digest",
  "h-v3-negatives flip": "signature-unmet",
  "h-v3-negatives nosig": "bundle-malformed",
  "h-v3-negatives payload": "signature-unmet",
  "h-v3-negatives type": "payload-type",
  "h-v3-referrers tlog-required": "log-entry-missing",
  "h-v3-referrers wrong-key": "signature-unmet",
  "i-attest-and-sign-v3 attest-key-signs-nothing": "predicate-type",
  "i-attest-v2 not-a-signature": "predicate-type",
  "i-attest-v2 type-missing": "attestation-missing",
  "i-attest-v2 wrong-key": "attestation-missing",
  "i-attest-v3 not-a-signature": "predicate-type",
  "i-attest-v3 type-missing": "attestation-missing",
  "i-attest-v3 wrong-key": "attestation-missing",
  "n-v3-fulcio-email v3-wrong-identity": "signature-unmet",
  "n-v3-fulcio-late v3": "certificate-expired",
  "n-v3-fulcio-late v3-wrong-identity": "signature-unmet",
  "n-v3-fulcio-uri v3-wrong-identity": "signature-unmet",
  "n-v3-rekor-bad-proof v3": "log-proof-invalid",
  "n-v3-rekor-bad-set v3": "log-signature-invalid",
  "n-v3-rekor-key wrong-key": "signature-unmet",
  "n-v3-rekor-other-log v3": "log-unknown",
};

describe.each(Object.keys(CARRIERS))("evidence in %s is verified as cosign does", (carrier) => {
  test.each(told)("$name: $exit", async ({ name, image, exit, rule }) => {
    const answer = await decide(
      image,
      rule,
      BY_TAG_ALONE.includes(name) ? "nothing" : carrier,
      name,
    );
    const accepts = (exit === 0) !== name in DIFFERS;
    expect(answer.accepted, answer.message ?? "").toBe(accepts);
  });
});

describe("an artifact", () => {
  test("is refused for the reason that there is", async () => {
    const reasons: [string, string][] = [];
    for (const { name, image, rule } of told) {
      const { accepted, message } = await decide(image, rule, "an artifact");
      if (!accepted) reasons.push([name, codesOf(message!.split("\n")).join(" ")]);
    }
    expect(Object.fromEntries(reasons)).toEqual(REASONS);
  });

  test("is asked for once, and only if no .sig layer meets the rule", async () => {
    for (const { name, image, rule } of told) {
      const { accepted, asked } = await decide(image, rule, "an artifact");
      expect(new Set(asked).size, name).toBe(asked.length);
      const artifacts = asked.filter((call) => call.startsWith("OciManifestAndConfig"));
      if (rule["attestations"]) {
        expect(asked, name).toEqual(artifacts);
        expect(artifacts, name).toHaveLength(1);
        continue;
      }
      const alone = await decide(image, rule, "nothing");
      expect(artifacts, name).toHaveLength(alone.accepted ? 0 : 1);
      expect(asked.slice(0, alone.asked.length), name).toEqual(alone.asked);
      expect(alone.asked.join(), name).not.toContain("AndConfig");
      if (alone.accepted) expect(accepted, name).toBe(true);
    }
  });

  test("of every command that settings can express", () => {
    const asked = told.filter(({ expected }) => expected !== "?");
    const differ = asked.filter(({ name }) => name in DIFFERS);
    expect([told.length, asked.length, differ.length]).toEqual([75, 44, 0]);
    const names = told.map(({ name }) => name);
    expect(Object.keys(DIFFERS).filter((name) => !names.includes(name))).toEqual([]);
  });
});
