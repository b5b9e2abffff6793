import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { JsonObject } from "../../host/document.js";
import type { RegistryClient } from "../../host/registry/client.js";
import { contentBytes, type Fixture } from "../../host/registry/fixture.js";
import type { Registry } from "../../host/registry/server.js";
import { below, exactly, githubActions, verifyKeyless } from "../../host/sigstore/keyless.js";
import { parseTrustRoot, type TrustRoot } from "../../host/sigstore/trust.js";
import { verifyCertificate, verifyPublicKeys } from "../../host/sigstore/verify.js";
import { fixtureRegistry, readFixture, readFixtures } from "./fixtures.js";
import { trustedRoot } from "./trusted-root.js";

/** What cosign said of a fixture's image. */
interface Verification {
  label: string;
  command: string;
  exit: number;
}

type Told = Fixture & { verifications: Verification[] };

const fixtures = readFixtures().filter(({ name }) => name.startsWith("l-")) as Told[];
const email = readFixture("l-fulcio-email.json");
const text = (fixture: Fixture, file: string) => contentBytes(fixture.files[file]!).toString();
const root = parseTrustRoot(trustedRoot(email));
const ISSUER = "https://accounts.demo.example";
const SUBJECT = "dev@demo.example";

let registry: Registry;
let client: RegistryClient;
beforeAll(async () => ({ registry, client } = await fixtureRegistry(fixtures)));
afterAll(() => registry.close());

/** Was the image accepted? */
async function accepts(verified: Promise<unknown>): Promise<boolean> {
  return verified.then(
    () => true,
    () => false,
  );
}

const keyless = (fixture: Fixture, signer = exactly(ISSUER, SUBJECT), by: TrustRoot = root) =>
  accepts(verifyKeyless(client, by, fixture.images[0]!, [signer], null));

// What this host cannot be told: patterns of identities, and certificates without a log entry.
const SKIPPED = /cosign-v3|-regexp|--insecure-ignore-tlog .*--certificate-identity/;

describe("agrees with cosign", () => {
  const told = fixtures.flatMap((fixture) =>
    fixture.verifications
      .filter(({ command }) => !SKIPPED.test(command))
      .map((verification) => ({ name: fixture.name, fixture, ...verification })),
  );

  test.each(told)("$name, $label: exit code $exit", async ({ fixture, command, exit }) => {
    const option = (name: string) => new RegExp(`--${name} (\\S+)`).exec(command)?.[1];
    const image = fixture.images[0]!;
    const key = option("key");
    if (key) {
      const by = command.includes("--insecure-ignore-tlog") ? undefined : root;
      const verified = verifyPublicKeys(client, image, [text(fixture, key)], null, by);
      expect(await accepts(verified)).toBe(exit === 0);
      return;
    }
    const signer = exactly(option("certificate-oidc-issuer")!, option("certificate-identity")!);
    const demandsProof = !command.includes("--insecure-ignore-sct");
    const by = demandsProof ? parseTrustRoot(trustedRoot(email, { ctlogs: true })) : root;
    expect(await keyless(fixture, signer, by)).toBe(exit === 0);
  });

  test("there are as many of each kind as there were", () => {
    const accepted = told.filter(({ exit }) => exit === 0);
    expect([told.length, accepted.length]).toEqual([32, 13]);
  });
});

describe("identities", () => {
  const uri = readFixture("l-fulcio-uri.json");
  const workflow = "https://github.com/demo/app/.github/workflows/release.yml@refs/heads/main";
  const actions = "https://token.actions.githubusercontent.com";

  test.each([
    ["the subject", exactly(actions, workflow), true],
    ["another ref", exactly(actions, `${workflow}2`), false],
    ["another issuer", exactly(ISSUER, workflow), false],
    ["a prefix", below(actions, "https://github.com/demo/app/"), true],
    ["a prefix that gets its slash", below(actions, "https://github.com/demo"), true],
    ["a prefix that ends within a name", below(actions, "https://github.com/de"), false],
    ["the whole subject as a prefix", below(actions, workflow), false],
    ["a prefix, another issuer", below(ISSUER, "https://github.com/demo/app/"), false],
    ["the owner", githubActions("demo", null), true],
    ["owner and repository", githubActions("demo", "app"), true],
    ["another repository", githubActions("demo", "ap"), false],
    ["another owner", githubActions("dem", "app"), false],
  ])("%s", async (_, signer, accepted) => {
    expect(await keyless(uri, signer)).toBe(accepted);
  });

  test("an e-mail address is no workflow", async () => {
    expect(await keyless(email, githubActions("demo", "app"))).toBe(false);
  });

  test("all must have signed, each with the annotations, and what is missing is said", async () => {
    const image = email.images[0]!;
    const signers = [exactly(ISSUER, SUBJECT), exactly(ISSUER, "other@demo.example")];
    const verified = verifyKeyless(client, root, image, signers, null);
    await expect(verified).rejects.toThrow(
      /missing signatures\n.*\nkind: genericIssuer\nissuer: .*\nsubject:\n  equal: other@demo/s,
    );
    await expect(
      verifyKeyless(client, root, image, signers.slice(0, 1), { env: "prod" }),
    ).rejects.toThrow("env: prod");
    expect(await accepts(verifyKeyless(client, root, image, [], null))).toBe(false);
  });
});

describe("log entries of certificates that are given", () => {
  test.each([
    ["l-fulcio-email.json", true],
    ["l-fulcio-late.json", false],
    ["l-fulcio-early.json", false],
  ])("%s: %s", async (file, accepted) => {
    const fixture = readFixture(file);
    const leaf = contentBytes(fixture.files["keys/leaf.pem"]!);
    const verify = (required: boolean, by?: TrustRoot) =>
      accepts(verifyCertificate(client, fixture.images[0]!, leaf, null, required, null, by));
    expect(await verify(true, root)).toBe(accepted);
    expect(await verify(false, root)).toBe(accepted);
    expect(await verify(false)).toBe(true);
    expect(await verify(true)).toBe(false);
  });
});

/** The fixture with its layer's annotations changed. */
function withAnnotations(change: (annotations: Record<string, string>) => void): Fixture {
  const fixture = structuredClone(email);
  const [tag] = Object.keys(fixture.tags).filter((name) => name.endsWith(".sig"));
  const manifest = JSON.parse(contentBytes(fixture.manifests[fixture.tags[tag!]!]!).toString()) as {
    mediaType: string;
    layers: { annotations: Record<string, string> }[];
  };
  change(manifest.layers[0]!.annotations);
  const content = JSON.stringify(manifest);
  const digest = `sha256:${createHash("sha256").update(content).digest("hex")}`;
  fixture.tags[tag!] = digest;
  fixture.manifests[digest] = { mediaType: manifest.mediaType, text: content };
  return fixture;
}

const BUNDLE = "dev.sigstore.cosign/bundle";
const CERTIFICATE = "dev.sigstore.cosign/certificate";
const changed = (change: (entry: { Payload: JsonObject }) => void) => {
  return (annotations: Record<string, string>) => {
    const entry = JSON.parse(annotations[BUNDLE]!) as { Payload: JsonObject };
    change(entry);
    annotations[BUNDLE] = JSON.stringify(entry);
  };
};

describe("a layer that is changed is passed over", () => {
  test.each<[string, (annotations: Record<string, string>) => void, boolean]>([
    ["not changed", () => {}, true],
    ["without a certificate", (it) => delete it[CERTIFICATE], false],
    ["without an entry", (it) => delete it[BUNDLE], false],
    ["an entry that is no JSON", (it) => (it[BUNDLE] = "x"), false],
    ["an entry that is a list", (it) => (it[BUNDLE] = "[]"), false],
    [
      "an entry with a key twice",
      (it) => (it[BUNDLE] = it[BUNDLE]!.replace('"logIndex"', '"logIndex":1,"logIndex"')),
      false,
    ],
    [
      "another's certificate",
      (it) => (it[CERTIFICATE] = text(readFixture("l-fulcio-uri.json"), "keys/leaf.pem")),
      false,
    ],
    ["another time", changed(({ Payload }) => (Payload["integratedTime"] = 1732000201)), false],
    ["a time that is text", changed(({ Payload }) => (Payload["integratedTime"] = "x")), false],
    ["another index", changed(({ Payload }) => (Payload["logIndex"] = 1)), false],
    ["another log", changed(({ Payload }) => (Payload["logID"] = "00")), false],
    ["a body that is no JSON", changed(({ Payload }) => (Payload["body"] = "AAAA")), false],
  ])("%s", async (_, change, accepted) => {
    const served = await fixtureRegistry([withAnnotations(change)]);
    const signer = exactly(ISSUER, SUBJECT);
    const image = "127.0.0.1:5555/demo/l-fulcio-email:1.0";
    const verified = verifyKeyless(served.client, root, image, [signer], null);
    expect(await accepts(verified)).toBe(accepted);
    await served.registry.close();
  });
});

describe("trust roots", () => {
  test("a ClientTrustConfig has the trusted root within", async () => {
    const config = parseTrustRoot({ mediaType: "x", trustedRoot: trustedRoot(email) });
    expect(await keyless(email, undefined, config)).toBe(true);
  });

  test.each([
    ["a log whose key had ended", { logEnd: "2024-11-19T07:09:00Z" }, false],
    ["a log whose key had not", { logEnd: "2024-11-19T07:11:00Z" }, true],
    ["a CA that began later", { caStart: "2024-11-19T07:11:00Z" }, false],
    ["a CA of only its root", { chain: 1 }, false],
  ])("%s", async (_, options, accepted) => {
    expect(await keyless(email, undefined, parseTrustRoot(trustedRoot(email, options)))).toBe(
      accepted,
    );
  });

  test.each([
    [null, "names no transparency log"],
    [[], "names no transparency log"],
    [{}, "names no transparency log"],
    [{ trustedRoot: { tlogs: [], certificateAuthorities: [] } }, "names no transparency log"],
    [{ tlogs: 5 }, "trust configuration"],
    [{ tlogs: [{}], certificateAuthorities: [{}] }, "is malformed"],
  ])("%j is refused", (document, message) => {
    expect(() => parseTrustRoot(document)).toThrow(message);
  });
});
