import { generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseGrants } from "../../host/capabilities/grants.js";
import { kubewarden, type Handler } from "../../host/capabilities/index.js";
import { liveHandler } from "../../host/capabilities/live.js";
import { RegistryClient, sha256 } from "../../host/registry/client.js";
import type { Fixture } from "../../host/registry/fixture.js";
import { serveRegistry, type Registry } from "../../host/registry/server.js";
import { NO_SOURCES } from "../../host/registry/sources.js";
import { Transport } from "../../host/registry/transport.js";
import { makeCertificate, type Made } from "./certificates.js";

const offline = liveHandler({ client: new RegistryClient(new Transport(NO_SOURCES)) });

function call(
  path: string,
  payload: unknown,
  {
    binding = "kubewarden",
    handler = offline,
    granted = ["*"],
    writeLine = (() => {}) as (line: string) => void,
  } = {},
) {
  const [namespace = "", ...operation] = path.split("/");
  const bytes = new TextEncoder().encode(JSON.stringify(payload));
  const capabilities = kubewarden({ handler, grants: parseGrants(granted), writeLine });
  return capabilities.call({ binding, namespace, operation: operation.join("/"), payload: bytes });
}

/** Calls, and returns the answer's text or the error's. */
async function ask(...args: Parameters<typeof call>): Promise<string> {
  try {
    return new TextDecoder().decode(await call(...args));
  } catch (error) {
    return `error: ${(error as Error).message}`;
  }
}

describe("a call that is not answered", () => {
  const denied = (path: string) =>
    `error: Policy has not been granted access to the '${path}' host capability. The violation has been reported.`;
  const needs =
    /needs .*: (?:give --.*, or )?record a session with kwctl and give it with --replay-host/;

  test.each([
    ["oci/v2/verify", {}, { binding: "other" }, "error: unknown binding: other"],
    ["other/v1/x", {}, {}, "error: unknown namespace: other"],
    ["toString/call", {}, {}, "error: unknown namespace: toString"],
    ["oci/v2/verify", { type: "toString", image: "a" }, {}, /unknown variant `toString`/],
    [
      "oci/v2/verify",
      { type: "SigstorePubKeyVerify", image: "a", pub_keys: "k" },
      {},
      /`pub_keys` must be a list of strings/,
    ],
    [
      "oci/v2/verify",
      { type: "SigstorePubKeyVerify", image: "a", pub_keys: [], annotations: { a: 1 } },
      {},
      /`annotations` must be a map of strings/,
    ],
    [
      "oci/v2/verify",
      {
        type: "SigstoreCertificateVerify",
        image: "a",
        certificate: [256],
        require_rekor_bundle: false,
      },
      {},
      /`certificate` must be a list of bytes/,
    ],
    [
      "crypto/v1/is_certificate_trusted",
      { cert: { encoding: "Text", data: [] } },
      {},
      /`cert` must be a certificate/,
    ],
    ["oci/v9/verify", {}, {}, "error: unknown operation: v9/verify"],
    ["tracing/other", {}, {}, "error: unknown operation: other"],
    ["oci/v2/verify", {}, { granted: [] }, denied("oci/v2/verify")],
    ["oci/v2/verify", {}, { granted: ["oci/v1/*", "net/*"] }, denied("oci/v2/verify")],
    ["kubernetes/get_resource", {}, { granted: ["oci/*"] }, denied("kubernetes/get_resource")],
    ["oci/v2/verify", {}, { granted: ["oci/*"] }, "error: missing field `type`"],
    [
      "oci/v2/verify",
      { type: "Other" },
      {},
      /unknown variant `Other`, expected one of SigstorePubKey/,
    ],
    [
      "oci/v2/verify",
      { type: "SigstorePubKeyVerify", image: "a" },
      {},
      "error: missing field `pub_keys`",
    ],
    [
      "oci/v1/manifest_digest",
      { image: "a" },
      {},
      "error: invalid type: field `image` must be a string",
    ],
    [
      "oci/v1/manifest_digest",
      "A B",
      {},
      "error: Callback evaluation failure: invalid reference format",
    ],
    [
      "oci/v2/verify",
      { type: "SigstorePubKeyVerify", image: "a", pub_keys: [] },
      {},
      /Must provide at least one pub key/,
    ],
    ["oci/v2/verify", { type: "SigstoreKeylessVerify", image: "a", keyless: [] }, {}, needs],
    [
      "oci/v2/verify",
      { type: "SigstoreKeylessPrefixVerify", image: "a", keyless_prefix: [] },
      {},
      needs,
    ],
    ["oci/v2/verify", { type: "SigstoreGithubActionsVerify", image: "a", owner: "o" }, {}, needs],
    ["kubernetes/list_resources_all", { api_version: "v1", kind: "Pod" }, {}, needs],
    [
      "kubernetes/list_resources_by_namespace",
      { api_version: "v1", kind: "Pod", namespace: "n" },
      {},
      needs,
    ],
    [
      "kubernetes/get_resource",
      { api_version: "v1", kind: "Pod", name: "n", disable_cache: false },
      {},
      needs,
    ],
    ["kubernetes/can_i", { subject_access_review: {}, disable_cache: false }, {}, needs],
  ])("%s %j %j", async (path, payload, options, answer) => {
    const actual = await ask(path, payload, options);
    if (typeof answer === "string") expect(actual).toBe(answer);
    else expect(actual).toMatch(answer);
  });

  test.each(["", "oci", "oci/v1", "oci*", "oci/v3/*", "*/oci", "oci/v1/oci_*", "oci/v1/none"])(
    "%j grants nothing there is",
    (pattern) => expect(() => parseGrants([pattern])).toThrow("--allowed-host-capabilities"),
  );
});

test("a log event is one line, granted or not, and answered at once", () => {
  const lines: string[] = [];
  const event = { level: "warning", message: "a\nb", data: { x: 1 }, line: 2 };
  const options = { granted: [], writeLine: (line: string) => lines.push(line) };
  expect(call("tracing/log", event, options)).toEqual(new Uint8Array());
  expect(lines).toEqual(['WARNING a b {"data":{"x":1},"line":2}']);
});

test("names are looked up", async () => {
  const { ips } = JSON.parse(await ask("net/v1/dns_lookup_host", "localhost")) as { ips: string[] };
  expect(ips.some((ip) => ip === "127.0.0.1" || ip === "::1")).toBe(true);
});

const bytesOf = (pem: string) => [...Buffer.from(pem)];

describe("is_certificate_trusted", () => {
  const EXPIRED = "Certificate is being used after its expiration date";
  const EARLY = "Certificate is being used before its validity date";
  const UNKNOWN = "Certificate is not trusted by the provided cert chain";
  const made: Record<string, Made> = {};
  beforeAll(async () => {
    made["root"] = await makeCertificate({ name: "root", ca: true });
    made["oldRoot"] = await makeCertificate({ name: "old root", ca: true, from: -9, to: -8 });
    made["other"] = await makeCertificate({ name: "root", ca: true });
    made["middle"] = await makeCertificate({ name: "middle", ca: true, issuer: made["root"] });
    made["oldMiddle"] = await makeCertificate({
      name: "middle",
      ca: true,
      issuer: made["root"],
      to: -0.5,
    });
    made["noCa"] = await makeCertificate({ name: "middle", issuer: made["root"] });
    made["leaf"] = await makeCertificate({ name: "leaf", issuer: made["root"] });
    made["low"] = await makeCertificate({ name: "low", issuer: made["middle"] });
    made["underOld"] = await makeCertificate({ name: "x", issuer: made["oldMiddle"] });
    made["underNoCa"] = await makeCertificate({ name: "x", issuer: made["noCa"] });
    made["underOldRoot"] = await makeCertificate({ name: "x", issuer: made["oldRoot"] });
    made["expired"] = await makeCertificate({ name: "e", issuer: made["root"], to: -0.5 });
    made["early"] = await makeCertificate({ name: "f", issuer: made["root"], from: 1 });
  });

  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

  test.each([
    ["leaf", ["root"], null, ""],
    ["low", ["middle", "root"], null, ""],
    ["low", ["root", "middle"], null, ""],
    ["underOldRoot", ["oldRoot"], null, ""],
    ["leaf", ["root"], inDays(1), ""],
    ["leaf", ["root"], inDays(40), EXPIRED],
    ["leaf", ["root"], inDays(-2), EARLY],
    ["expired", ["root"], null, EXPIRED],
    ["early", ["root"], null, EARLY],
    ["underOld", ["oldMiddle", "root"], null, EXPIRED],
    ["leaf", ["other"], null, UNKNOWN],
    ["low", ["root"], null, UNKNOWN],
    ["leaf", [], null, UNKNOWN],
    ["underNoCa", ["noCa", "root"], null, UNKNOWN],
    ["leaf", null, null, UNKNOWN],
    ["middle", ["root"], null, "Certificate not trusted: CaUsedAsEndEntity"],
  ])("%s under %j at %s: %s", async (leaf, chain, not_after, reason) => {
    const encoded = (name: string) => ({ encoding: "Pem", data: bytesOf(made[name]!.pem) });
    const payload = { cert: encoded(leaf), cert_chain: chain?.map(encoded) ?? null, not_after };
    const answer = await ask("crypto/v1/is_certificate_trusted", payload);
    expect(JSON.parse(answer)).toEqual({ trusted: reason === "", reason });
  });

  test("DER will do, junk and odd times will not", async () => {
    const der = { encoding: "Der", data: [...new Uint8Array(made["root"]!.certificate.rawData)] };
    const cert = { encoding: "Pem", data: bytesOf(made["leaf"]!.pem) };
    const path = "crypto/v1/is_certificate_trusted";
    expect(await ask(path, { cert, cert_chain: [der] })).toContain('"trusted":true');
    expect(await ask(path, { cert: { encoding: "Pem", data: [1] } })).toContain(
      "PEM data is not valid",
    );
    expect(await ask(path, { cert, not_after: "tomorrow" })).toContain("not in RFC3339 format");
  });
});

const SIGNATURE = "dev.cosignproject.cosign/signature";
const SIMPLE_SIGNING = "application/vnd.dev.cosign.simplesigning.v1+json";

/** A repository with an image and cosign signatures of it, made by these keys. */
function signedFixture(
  name: string,
  signers: { key: KeyObject; optional?: unknown; of?: string }[],
): Fixture {
  const manifest = JSON.stringify({ schemaVersion: 2, layers: [], about: name });
  const image = sha256(Buffer.from(manifest));
  const payloads = signers.map(({ optional = null, of = image }) =>
    JSON.stringify({
      critical: {
        identity: { "docker-reference": "" },
        image: { "docker-manifest-digest": of },
        type: "cosign container image signature",
      },
      optional,
    }),
  );
  const layers = payloads.map((payload, index) => ({
    mediaType: SIMPLE_SIGNING,
    digest: sha256(Buffer.from(payload)),
    size: payload.length,
    annotations: {
      [SIGNATURE]: sign("sha256", Buffer.from(payload), signers[index]!.key).toString("base64"),
    },
  }));
  const signatures = JSON.stringify({ schemaVersion: 2, layers });
  const digest = sha256(Buffer.from(signatures));
  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  return {
    name,
    images: [],
    tags: { "1.0": image, [`${image.replace(":", "-")}.sig`]: digest },
    manifests: {
      [image]: { mediaType, text: manifest },
      [digest]: { mediaType, text: signatures },
    },
    blobs: Object.fromEntries(payloads.map((text) => [sha256(Buffer.from(text)), { text }])),
    referrers: {},
    files: {},
  };
}

describe("verification", () => {
  const first = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const second = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const pem = (key: KeyObject) => key.export({ type: "spki", format: "pem" }).toString();
  const made: Record<string, Made> = {};
  let registry: Registry;
  let live: Handler;

  beforeAll(async () => {
    const ca = await makeCertificate({ name: "CA", ca: true });
    const good = { issuer: ca, codeSigning: true, email: "a@b.c" };
    Object.assign(made, {
      ca,
      other: await makeCertificate({ name: "CA", ca: true }),
      good: await makeCertificate({ name: "signer", ...good }),
      expired: await makeCertificate({ name: "signer", ...good, to: -0.5 }),
      early: await makeCertificate({ name: "signer", ...good, from: 1 }),
      noUsage: await makeCertificate({ name: "signer", ...good, usage: null }),
      noSigning: await makeCertificate({ name: "signer", ...good, usage: 4 }),
      noPurpose: await makeCertificate({ name: "signer", ...good, codeSigning: false }),
      noName: await makeCertificate({ name: "signer", issuer: ca, codeSigning: true }),
    });
    const { createPrivateKey } = await import("node:crypto");
    const fixtures = Object.entries(made).map(([name, { keyPem }]) =>
      signedFixture(name.toLowerCase(), [
        { key: createPrivateKey(keyPem), optional: { env: "prod", n: 1 } },
      ]),
    );
    const keys = signedFixture("keys", [
      { key: first.privateKey, optional: { env: "prod", n: 1, b: true, creator: "me" } },
      { key: second.privateKey },
      { key: second.privateKey, of: sha256(Buffer.from("other")), optional: { env: "prod" } },
    ]);
    registry = await serveRegistry([...fixtures, keys]);
    const reach = new Map([["r.test", registry.origin]]);
    live = liveHandler({ client: new RegistryClient(new Transport(NO_SOURCES, reach)) });
  });
  afterAll(() => registry.close());

  const both = [first, second];
  test.each([
    ["one key", [first], {}, true],
    ["both keys", both, {}, true],
    ["no annotations wanted", [second], {}, true],
    ["an annotation of a string", [first], { env: "prod" }, true],
    ["annotations of a number and a boolean", [first], { n: "1", b: "true" }, true],
    ["another value", [first], { env: "dev" }, false],
    ["one annotation of two", [first], { env: "prod", x: "y" }, false],
    ["an annotation that cosign writes itself", [first], { creator: "me" }, false],
    ["an annotation on another's layer", both, { env: "prod" }, false],
    ["an inherited name", [first], { toString: "x" }, false],
  ])("keys: %s", async (_, keys, annotations, accepted) => {
    const pub_keys = keys.map(({ publicKey }) => pem(publicKey));
    const payload = {
      type: "SigstorePubKeyVerify",
      image: "r.test/demo/keys:1.0",
      pub_keys,
      annotations,
    };
    const answer = await ask("oci/v2/verify", payload, { handler: live });
    expect(answer).toMatch(
      accepted ? /^\{"is_trusted":true,"digest":"sha256:/ : /missing signatures/,
    );
  });

  test("keys: what is missing is listed as YAML", async () => {
    const pub_keys = ["junk", pem(first.publicKey)];
    const payload = {
      type: "SigstorePubKeyVerify",
      image: "r.test/demo/keys:1.0",
      pub_keys,
      annotations: { env: "prod" },
    };
    expect(await ask("oci/v2/verify", payload, { handler: live })).toBe(
      "error: Callback evaluation failure: Image verification failed: missing signatures\n" +
        "The following constraints were not satisfied:\n" +
        "kind: pubKey\nowner: null\nkey: junk\nannotations:\n  env: prod\n",
    );
  });

  test.each([
    ["good", null, false, {}, /is_trusted/],
    ["good", ["ca"], false, {}, /is_trusted/],
    ["good", ["other", "ca"], false, { env: "prod", n: "1" }, /is_trusted/],
    ["good", ["other"], false, {}, /UnknownIssuer/],
    ["good", [], false, {}, /UnknownIssuer/],
    ["good", null, true, {}, /a Rekor bundle is required, and this host has no trust root/],
    ["good", null, false, { env: "dev" }, /Several Signature Layers failed verification/],
    ["expired", null, false, {}, /is_trusted/],
    ["expired", ["ca"], false, {}, /expired at/],
    ["early", null, false, {}, /cannot be used before/],
    ["noUsage", null, false, {}, /does not have digital signature key usage/],
    ["noSigning", null, false, {}, /does not have digital signature key usage/],
    ["noPurpose", null, false, {}, /does not have code signing extended key usage/],
    ["noName", null, false, {}, /without Subject Alternative Name/],
  ])(
    "certificate %s, chain %j, bundle %j, %j: %s",
    async (name, chain, bundle, annotations, answer) => {
      const payload = {
        type: "SigstoreCertificateVerify",
        image: `r.test/demo/${name.toLowerCase()}:1.0`,
        certificate: bytesOf(made[name]!.pem),
        certificate_chain: chain?.map((issuer) => bytesOf(made[issuer]!.pem)) ?? null,
        require_rekor_bundle: bundle,
        annotations,
      };
      expect(await ask("oci/v2/verify", payload, { handler: live })).toMatch(answer);
    },
  );

  test("certificate: another's key did not sign", async () => {
    const payload = {
      type: "SigstoreCertificateVerify",
      image: "r.test/demo/keys:1.0",
      certificate: bytesOf(made["good"]!.pem),
      require_rekor_bundle: false,
    };
    expect(await ask("oci/v2/verify", payload, { handler: live })).toMatch(/failed verification/);
  });
});
