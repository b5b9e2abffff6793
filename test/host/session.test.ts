import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { request } from "../../host/callback.js";
import { liveHandler } from "../../host/capabilities/live.js";
import type { Handler } from "../../host/capabilities/index.js";
import type { Registry } from "../../host/registry/server.js";
import { formatSession, parseSession, recording, replaying } from "../../host/session.js";
import type { Exchange } from "../../host/session.js";
import { fixtureRegistry, readFixtures, sessionNames, sessionText } from "./fixtures.js";

describe("a file of kwctl's", () => {
  test.each(sessionNames)("%s reads and writes as it was", (name) => {
    expect(formatSession(parseSession(sessionText(name)))).toBe(sessionText(name));
  });

  test.each(sessionNames)("%s replays", async (name) => {
    const session = parseSession(sessionText(name));
    const replay = replaying(session);
    for (const { request, response } of session) {
      if (response.type === "Success") expect(await replay(request)).toBe(response.payload);
      else await expect(replay(request)).rejects.toThrow(response.message);
    }
    await expect(replay(session[0]!.request)).rejects.toThrow(
      "the list of recorded responses is empty",
    );
  });
});

describe("the other recorded calls get the same answers live", () => {
  let registry: Registry;
  let live: Handler;
  beforeAll(async () => {
    const served = await fixtureRegistry(readFixtures());
    registry = served.registry;
    live = liveHandler(served);
  });
  afterAll(() => registry.close());

  // Nothing of theirs is in the fixtures: a registry that was down, and one more on another port.
  const elsewhere = ["oci-manifest--registry-down", "oci-manifest-config--custom-config"];
  const names = sessionNames.filter((name) => !/^[a-z]-/.test(name) && !elsewhere.includes(name));

  test.each(names)("%s", async (name) => {
    for (const { request, response } of parseSession(sessionText(name))) {
      if (response.type === "Success") {
        expect(JSON.parse(await live(request))).toEqual(JSON.parse(response.payload));
      } else {
        await expect(live(request)).rejects.toThrow(new Error(response.message));
      }
    }
  });
});

const requests = {
  SigstorePubKeyVerify: { image: "a/b:1", pub_keys: ["k\n"], annotations: { b: "1", a: "yes" } },
  SigstoreKeylessVerify: { image: "a", keyless: [{ issuer: "i", subject: "s" }] },
  SigstoreKeylessPrefixVerify: { image: "a", keyless_prefix: [{ issuer: "i", url_prefix: "u" }] },
  SigstoreGithubActionsVerify: { image: "a", owner: "o", repo: "r" },
  SigstoreCertificateVerify: {
    image: "a",
    certificate: [45, 46],
    certificate_chain: [[45]],
    require_rekor_bundle: true,
  },
  OciManifestDigest: { image: "a" },
  OciManifest: { image: "a" },
  OciManifestAndConfig: { image: "a" },
  DNSLookupHost: { host: "localhost" },
  KubernetesListResourceNamespace: { api_version: "v1", kind: "Pod", namespace: "n" },
  KubernetesListResourceAll: { api_version: "v1", kind: "Pod", field_masks: ["b", "a", "b"] },
  KubernetesGetResource: { api_version: "v1", kind: "Pod", name: "p", disable_cache: true },
  KubernetesCanI: { request: { user: "u" }, disable_cache: false },
  CryptoIsCertificateTrusted: { request: { cert: { encoding: "Pem", data: [1] }, not_after: "" } },
};

test.each(Object.entries(requests))("%s survives recording and replay", async (variant, fields) => {
  const exchanges: Exchange[] = [];
  const asked = request(variant, fields);
  const record = recording(async () => '{"digest":"x"}', exchanges);
  expect(await record(asked)).toBe('{"digest":"x"}');
  const text = formatSession(exchanges);
  expect((parse(text) as { request: string }[])[0]!.request).toMatch(new RegExp(`^!${variant}\\n`));
  expect(await replaying(parseSession(text))(asked)).toBe('{"digest":"x"}');
});

test("a failure is recorded and thrown", async () => {
  const exchanges: Exchange[] = [];
  const record = recording(async () => {
    throw new Error("two\nlines");
  }, exchanges);
  const asked = request("OciManifest", { image: "a" });
  await expect(record(asked)).rejects.toThrow("two\nlines");
  await expect(replaying(parseSession(formatSession(exchanges)))(asked)).rejects.toThrow(
    "two\nlines",
  );
});

test("another request than the one recorded is an error that names both", async () => {
  const replay = replaying(parseSession(sessionText("oci-manifest--a-single")));
  await expect(replay(request("OciManifest", { image: "other" }))).rejects.toThrow(
    /^Replay error: unexpected request\. Was expecting OciManifest .*, got OciManifest .*"other".* instead$/,
  );
});

test.each([
  ["x: 1", "must be a list"],
  ["- type: Other", "exchange 1 of the session: expected {type: Exchange"],
  ["- {type: Exchange, request: 'a: 1', response: {type: Success, payload: ''}}", "tagged variant"],
  [
    "- {type: Exchange, request: '!OciManifest {}', response: {type: Success, payload: ''}}",
    "missing field `image`",
  ],
  [
    "- {type: Exchange, request: '!Other {}', response: {type: Success, payload: ''}}",
    "unknown variant",
  ],
  [
    "- {type: Exchange, request: '!OciManifest {image: a}', response: {type: Success}}",
    "must be a Success",
  ],
])("%s is refused", (text, message) => {
  expect(() => parseSession(text)).toThrow(message);
});
