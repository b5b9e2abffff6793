import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { collectCommand } from "../../host/commands/evidence/collect.js";
import { exportCommand } from "../../host/commands/evidence/export.js";
import { pushCommand, type PushOptions } from "../../host/commands/evidence/push.js";
import { verifyCommand, type VerifyOptions } from "../../host/commands/evidence/verify.js";
import { parseEvidence, type EvidenceDocument } from "../../host/evidence/document.js";
import { liveHandler } from "../../host/capabilities/live.js";
import { RegistryClient, sha256 } from "../../host/registry/client.js";
import { Transport } from "../../host/registry/transport.js";
import { contentBytes, type Fixture } from "../../host/registry/fixture.js";
import { parseGuide, runGuide } from "../../tools/guide.js";
import { commandLine, compileCommandLine, root } from "./command-line.js";
import { documentOf, notaryItem } from "../evidence/documents.js";
import { filesIn, fixtureOf, gunOf } from "../tuf/tuf.js";
import { readFixture } from "./fixtures.js";
import { inProcess } from "./in-process.js";
import { MemoryRegistry, refused, type MemoryOptions } from "./memory-registry.js";

const folder = mkdtempSync(join(tmpdir(), "evidence-"));
const three = readFixture("b-three-keys.json");
const jws = readFixture("j-notation-jws.json");
const certified = readFixture("g-cert-valid.json");
const digest = three.tags["1.0"]!;
const TAG = `${digest.replace(":", "-")}.evidence`;
const FALLBACK = digest.replace(":", "-");
const EVIDENCE = "application/vnd.trusted-images.evidence.v1+json";

function file(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}
const text = ({ files }: Fixture, name: string) => contentBytes(files[name]!).toString();
const a1 = file("a1.pub", text(three, "keys/a1.pub"));
const b2 = file("b2.pub", text(three, "keys/b2.pub"));
const other = file("other.pub", text(readFixture("d-key-p256.json"), "keys/dp256.pub"));

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** A registry with fixtures, and the commands asking it. */
async function serve(options: MemoryOptions = {}, fixtures = [three, jws, certified]) {
  const registry = await MemoryRegistry.serve(fixtures, options);
  closing.push(() => registry.close());
  const { host } = registry;
  const sourcesPath = file(`${host}.yaml`, stringify({ insecure_sources: [host] }));
  const common = { sourcesPath, dockerConfigJsonPath: DOCKER };
  const image = ({ name }: Fixture = three) => `${host}/demo/${name}:1.0`;
  return {
    registry,
    image,
    collect: (of = image(), outputPath?: string) =>
      inProcess(() => collectCommand(of, { ...common, ...(outputPath && { outputPath }) })),
    verify: (of: string | undefined, given: VerifyOptions) =>
      inProcess(() => verifyCommand(of, { ...common, ...given })),
    push: (given: Partial<PushOptions>, of = image()) =>
      inProcess(() => pushCommand(of, { ...common, subject: true, ...given })),
  };
}
file("config.json", "{}");
const DOCKER = folder;

interface Companion {
  artifactType: string;
  config: { mediaType: string; digest: string; size: number };
  layers: unknown[];
  subject?: unknown;
}

/** The artifact that was pushed, and its document. */
function companionOf(registry: MemoryRegistry, repository = "demo/b-three-keys", tag = TAG) {
  const { bytes } = registry.manifests.get(`${repository}:${tag}`)!;
  const manifest = JSON.parse(bytes.toString()) as Companion;
  const config = registry.blobs.get(manifest.config.digest)!.toString();
  return { manifest, document: parseEvidence(config, "config"), size: config.length };
}
const signatures = ({ items }: EvidenceDocument) => items.map((item) => item["signature" as never]);

describe("evidence push", () => {
  test("writes what is verified as the config of an artifact that refers to the image", async () => {
    const { registry, push } = await serve();
    const pushed = await push({ key: [a1] });
    expect(pushed).toMatchObject({ code: 0 });
    expect(pushed.out).toBe(
      `${registry.host}/demo/b-three-keys:${TAG} is pushed: 1 item, 0 items before\n`,
    );
    expect(pushed.err.match(/^refused: cosign at tag .sig: .*\[signature-unmet\]$/gm)).toHaveLength(
      2,
    );
    const { manifest, document, size } = companionOf(registry);
    const image = three.manifests[digest]!;
    expect(manifest).toEqual({
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      artifactType: EVIDENCE,
      config: { mediaType: EVIDENCE, digest: manifest.config.digest, size },
      layers: [
        {
          mediaType: "application/vnd.oci.empty.v1+json",
          digest: "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
          size: 2,
        },
      ],
      subject: { mediaType: image.mediaType, digest, size: contentBytes(image).length },
    });
    expect(document.image).toBe(digest);
    expect(document.items).toHaveLength(1);
  });

  test("writes what a policy is given by the host that reads it", async () => {
    const { registry, push } = await serve();
    await push({ key: [a1, b2] });
    const { host } = registry;
    const transport = new Transport({ insecure: new Set([host]), authorities: new Map() });
    const ask = liveHandler({ client: new RegistryClient(transport) });
    const fields = { image: `${host}/demo/b-three-keys:${TAG}` };
    const answer = await ask({ variant: "OciManifestAndConfig", fields });
    const { config } = JSON.parse(String(answer)) as { config: unknown };
    const { items, image } = parseEvidence(JSON.stringify(config), "config");
    expect(image).toBe(digest);
    expect(items).toEqual(companionOf(registry).document.items);
    expect(items).toHaveLength(2);
  });

  test("writes nothing if nothing has changed", async () => {
    const { registry, push } = await serve();
    await push({ key: [a1] });
    const before = [...registry.writes];
    // The empty blob is there already: Notation's artifacts have it too.
    const repository = "/v2/demo/b-three-keys";
    expect(before).toEqual([
      `POST ${repository}/blobs/uploads/`,
      `PUT ${repository}/blobs/uploads/1`,
      `PUT ${repository}/manifests/${TAG}`,
      `PUT ${repository}/manifests/${FALLBACK}`,
    ]);
    const again = await push({ key: [a1] });
    expect(again).toMatchObject({ code: 0 });
    expect(again.out).toContain("is up to date: 1 item");
    expect(registry.writes).toEqual(before);
  });

  /** What the fallback tag lists, and what the artifact's entry must be. */
  const listed = (registry: MemoryRegistry, name = "b-three-keys", of = digest) => {
    const tag = of.replace(":", "-");
    const { bytes, mediaType } = registry.manifests.get(`demo/${name}:${tag}`)!;
    const artifact = registry.manifests.get(`demo/${name}:${tag}.evidence`)!.bytes;
    const entry = {
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      digest: sha256(artifact),
      size: artifact.length,
      artifactType: EVIDENCE,
    };
    return { index: JSON.parse(bytes.toString()) as object, mediaType, entry };
  };

  test("lists the artifact at the fallback tag, anew when it is another", async () => {
    const { registry, push } = await serve();
    for (const key of [a1, b2]) {
      await push({ key: [key] });
      const { index, mediaType, entry } = listed(registry);
      const own = "application/vnd.oci.image.index.v1+json";
      expect(mediaType).toBe(own);
      expect(index).toEqual({ schemaVersion: 2, mediaType: own, manifests: [entry] });
    }
  });

  test("leaves what others list as it is", async () => {
    const { registry, push, image } = await serve();
    const of = jws.tags["1.0"]!;
    const before = JSON.parse(
      contentBytes(jws.manifests[jws.tags[of.replace(":", "-")]!]!).toString(),
    ) as {
      manifests: object[];
    };
    await push({ unverified: true }, image(jws));
    const { index, entry } = listed(registry, jws.name, of);
    expect(before.manifests).toHaveLength(1);
    expect(index).toEqual({ ...before, manifests: [...before.manifests, entry] });
  });

  test("leaves the list to a registry that has the referrers API", async () => {
    const { registry, push } = await serve({ referrers: true });
    expect(await push({ key: [a1] })).toMatchObject({ code: 0 });
    expect(registry.manifests.has(`demo/b-three-keys:${FALLBACK}`)).toBe(false);
  });

  test("is done also where the list cannot be written", async () => {
    const guard: MemoryOptions["guard"] = ({ method, url = "" }) =>
      method === "PUT" && url.endsWith(FALLBACK) ? refused(412, "immutable") : undefined;
    const { registry, push } = await serve({ guard });
    const { code, err, out } = await push({ key: [a1] });
    expect(code).toBe(0);
    expect(out).toContain("is pushed: 1 item");
    expect(err).toContain(`${TAG}: it is not listed with what refers to the image: `);
    expect(companionOf(registry).document.items).toHaveLength(1);
  });

  test("lists nothing at a tag that holds something else", async () => {
    const { registry, push } = await serve();
    const { bytes, mediaType } = registry.manifests.get("demo/b-three-keys:1.0")!;
    registry.put("demo/b-three-keys", FALLBACK, bytes, mediaType);
    const { code, err } = await push({ key: [a1] });
    expect(code).toBe(0);
    expect(err).toContain(`what is at the tag ${FALLBACK} is no list`);
    expect(registry.manifests.get(`demo/b-three-keys:${FALLBACK}`)!.bytes).toEqual(bytes);
  });

  test("merges: what two have pushed is the same in either order", async () => {
    const [one, two] = [await serve(), await serve()];
    for (const key of [a1, b2]) await one.push({ key: [key] });
    for (const key of [b2, a1]) await two.push({ key: [key] });
    const { manifest, document } = companionOf(one.registry);
    expect(document.items).toHaveLength(2);
    expect(new Set(signatures(document)).size).toBe(2);
    expect(companionOf(two.registry).manifest).toEqual(manifest);
  });

  test("keeps what is there and of a type that is not known", async () => {
    const { registry, push } = await serve();
    await push({ key: [a1] });
    const { manifest, document } = companionOf(registry);
    const items = [...document.items, { type: "later", text: "x" }];
    const bytes = Buffer.from(JSON.stringify({ mediaType: EVIDENCE, image: digest, items }));
    const config = { ...manifest.config, digest: sha256(bytes), size: bytes.length };
    registry.blobs.set(config.digest, bytes);
    const changed = Buffer.from(JSON.stringify({ ...manifest, config }));
    registry.put("demo/b-three-keys", TAG, changed, "application/vnd.oci.image.manifest.v1+json");
    await push({ key: [b2] });
    const { document: merged } = companionOf(registry);
    expect(merged.items.map(({ type }) => type)).toEqual(["cosign", "cosign", "later"]);
  });

  test("with --dry-run writes nothing", async () => {
    const { registry, push } = await serve();
    const pushed = await push({ key: [a1], dryRun: true });
    expect(pushed).toMatchObject({ code: 0 });
    expect(pushed.out).toContain("would be pushed: 1 item");
    expect(registry.writes).toEqual([]);
  });

  test("refuses what nobody who is trusted has signed, unless told", async () => {
    const { registry, push } = await serve();
    const refusedAll = await push({ key: [other] });
    expect(refusedAll).toMatchObject({ code: 1, out: "" });
    expect(refusedAll.err).toContain("nothing is pushed");
    expect(registry.writes).toEqual([]);
    expect(await push({ unverified: true })).toMatchObject({ code: 0, err: "" });
    expect(companionOf(registry).document.items).toHaveLength(3);
  });

  test("writes to another repository, without a subject if told", async () => {
    const { registry, push } = await serve();
    const repository = `${registry.host}/evidence`;
    expect(await push({ key: [a1], repository, subject: false })).toMatchObject({ code: 0 });
    const { manifest } = companionOf(registry, "evidence");
    expect(Object.hasOwn(manifest, "subject")).toBe(false);
    expect((await push({ key: [a1], repository: `${repository}:1.0` })).err).toContain(
      "give it without a tag",
    );
  });

  test("takes a document for its image, and for no other", async () => {
    const { registry, push, collect, image } = await serve();
    const evidencePath = join(folder, "collected.json");
    await collect(image(), evidencePath);
    expect(await push({ key: [b2], evidencePath })).toMatchObject({ code: 0 });
    expect(companionOf(registry).document.items).toHaveLength(1);
    const elsewhere = await push({ key: [b2], evidencePath }, image(jws));
    expect(elsewhere.code).toBe(1);
    expect(elsewhere.err).toContain(`and the evidence is for ${digest}`);
  });

  const putting = (status: number, code: string): MemoryOptions => ({
    guard: ({ method, url = "" }) =>
      method === "PUT" && url.includes("/manifests/") ? refused(status, code) : undefined,
  });
  test.each([
    ["a tag that is immutable", putting(412, "configured as immutable"), "cannot be written again"],
    ["a tag that exists already", putting(400, "tag already exists"), "cannot be written again"],
    ["a manifest with a subject", putting(400, "MANIFEST_INVALID"), "try --no-subject"],
    ["who may not push", putting(403, "DENIED"), "Log in with docker"],
  ])("says of a registry that refuses %s what to do", async (_, options, words) => {
    const { push } = await serve(options);
    const { code, err } = await push({ key: [a1] });
    expect(code).toBe(1);
    expect(err).toContain(`cannot push`);
    expect(err).toContain(words);
  });

  test("says what to do about a tag that holds something else", async () => {
    const { registry, push } = await serve();
    const { bytes, mediaType } = registry.manifests.get("demo/b-three-keys:1.0")!;
    registry.put("demo/b-three-keys", TAG, bytes, mediaType);
    const { code, err } = await push({ key: [a1] });
    expect(code).toBe(1);
    expect(err).toMatch(/is no evidence document: its config is .*\nDelete that tag/);
  });

  test("does not take the document of another image for its own", async () => {
    const { registry, push, collect } = await serve();
    await push({ key: [a1] });
    const { bytes, mediaType } = registry.manifests.get(`demo/b-three-keys:${TAG}`)!;
    const tag = `${jws.tags["1.0"]!.replace(":", "-")}.evidence`;
    registry.put("demo/j-notation-jws", tag, bytes, mediaType);
    const image = `${registry.host}/demo/j-notation-jws:1.0`;
    const { err, out } = await collect(image);
    expect(out).not.toContain("cosign");
    expect(err).toContain(`has the evidence of another image: ${digest}`);
    expect(await push({ unverified: true }, image)).toMatchObject({ code: 1 });
  });

  test("is known to a registry that asks who pushes, for pulling and for pushing", async () => {
    const scopes: string[] = [];
    const guard: MemoryOptions["guard"] = ({ method, url = "", headers }) => {
      const { pathname, searchParams } = new URL(url, "http://registry");
      if (pathname === "/token") {
        scopes.push(searchParams.get("scope")!);
        return { status: 200, body: JSON.stringify({ token: searchParams.get("scope")!.at(-1) }) };
      }
      const writes = method === "POST" || method === "PUT";
      // The last letter of the scope stands for it: pull, or push.
      if (headers.authorization === "Bearer h" || (!writes && headers.authorization))
        return undefined;
      const scope = `repository:demo/b-three-keys:${writes ? "pull,push" : "pull"}`;
      const realm = `http://${headers.host}/token`;
      const challenge = `Bearer realm="${realm}",service="x",scope="${scope}"`;
      return { status: 401, headers: { "www-authenticate": challenge } };
    };
    const { push } = await serve({ guard });
    expect(await push({ key: [a1] })).toMatchObject({ code: 0 });
    expect(new Set(scopes)).toEqual(
      new Set(["repository:demo/b-three-keys:pull", "repository:demo/b-three-keys:pull,push"]),
    );
  });
});

describe("evidence collect", () => {
  test("lists what there is and where, and writes the document", async () => {
    const { collect, push, image } = await serve();
    await push({ key: [a1] });
    const path = join(folder, "document.json");
    const { code, out, err } = await collect(image(), path);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const lines = out.trimEnd().split("\n");
    expect(lines[0]).toBe(digest);
    expect(lines[1]).toMatch(/^TYPE {4}FOUND AT {17}CONTENT$/);
    expect(lines.slice(2).map((line) => line.split(/ {2,}/).slice(0, 2))).toEqual([
      ["cosign", "tag .sig, tag .evidence"],
      ["cosign", "tag .sig"],
      ["cosign", "tag .sig"],
    ]);
    const { image: about, items } = parseEvidence(readFileSync(path, "utf8"), "document");
    expect(about).toBe(digest);
    expect(items).toHaveLength(3);
  });

  test("says that there is nothing", async () => {
    const { collect, image } = await serve({}, [readFixture("f-offline.json")]);
    const { code, err } = await collect(image(readFixture("f-offline.json")));
    expect(code).toBe(1);
    expect(err).toContain("There is no evidence for");
  });
});

describe("evidence verify", () => {
  test("shows whom each item proves to have signed", async () => {
    const { verify, image } = await serve();
    const { code, out } = await verify(image(), { key: [b2, a1] });
    expect(code).toBe(0);
    const proves = out
      .split("\n")
      .slice(2, -1)
      .map((line) => line.split(/ {2,}/)[2]);
    expect(proves).toEqual([
      "signed by a1.pub",
      "signed by b2.pub",
      expect.stringMatching(/^nothing: not signed by key "b2.pub": .*\[signature-unmet\]$/),
    ]);
  });

  test("takes the signers of a policy's settings, and asks about each alone", async () => {
    const { verify, image } = await serve();
    const pubKeys = [
      { name: "release", key: text(three, "keys/a1.pub") },
      text(three, "keys/b2.pub"),
    ];
    const rule = { image: "registry.example.com/*", threshold: 2, onFailure: "warn", pubKeys };
    const settingsPath = file("settings.yaml", stringify({ signatures: [rule] }));
    const { code, out } = await verify(image(), { settingsPath });
    expect(code).toBe(0);
    expect(out).toContain("signed by release\n");
    expect(out).toContain("signed by signatures[0].pubKeys[1]\n");
    expect(out.match(/nothing: /g)).toHaveLength(1);
  });

  test("proves what is in bundles, but no attestation to be a signature", async () => {
    const bundles = readFixture("i-attest-and-sign-v3.json");
    const { verify, push, image } = await serve({ referrers: true }, [bundles]);
    const [attester, signer] = ["a1", "a2"].map((name) =>
      file(`bundle-${name}.pub`, text(bundles, `keys/${name}.pub`)),
    ) as [string, string];
    const signed = await verify(image(bundles), { key: [signer] });
    expect(signed).toMatchObject({ code: 0 });
    expect(signed.out).toMatch(/^sigstore-bundle .* signed by bundle-a2.pub$/m);
    expect(signed.out).toMatch(/ nothing: not attested by key "bundle-a2.pub": .*-missing\]$/m);
    const attested = await verify(image(bundles), { key: [attester] });
    expect(attested).toMatchObject({ code: 0 });
    const type = "https://cosign.sigstore.dev/attestation/v1";
    expect(attested.out).toMatch(new RegExp(` ${type}, attested by bundle-a1.pub$`, "m"));
    expect(attested.out).toMatch(/ nothing: not signed by .*\[signature-unmet\]$/m);
    expect(attested.out).not.toContain(" signed by bundle-a1.pub");
    const pushed = await push({ key: [signer] }, image(bundles));
    expect(pushed).toMatchObject({ code: 0 });
    expect(pushed.out).toContain("is pushed: 1 item, 0 items before");
  });

  test("proves attestations to be what settings ask for, each alone", async () => {
    const attested = readFixture("i-attest-v2.json");
    const { verify, push, image } = await serve({}, [attested]);
    const slsa = "https://slsa.dev/provenance/v0.2";
    const custom = "https://cosign.sigstore.dev/attestation/v1";
    const settingsFor = (builder: string, ...types: string[]) => ({
      settingsPath: file(
        "attested.yaml",
        stringify({
          signatures: [
            {
              image: "*",
              verifier: "policy",
              evidenceFrom: [{ artifact: true }],
              pubKeys: [{ name: "ci", key: text(attested, "keys/a1.pub") }],
              attestations: [
                { predicateType: slsa, conditions: [{ path: "/builder/id", equals: builder }] },
                ...types.map((predicateType) => ({ predicateType })),
              ],
            },
          ],
        }),
      ),
    });
    const builder = "https://ci.example/builder@v1";
    const { code, out } = await verify(image(attested), settingsFor(builder, custom));
    expect(code).toBe(0);
    expect(out).toContain(` ${slsa}, attested by ci\n`);
    expect(out).toContain(` ${custom}, attested by ci\n`);
    const other = await verify(image(attested), settingsFor("another"));
    expect(other.code).toBe(1);
    expect(other.out).toContain(`nothing: nobody who is trusted attests ${custom}`);
    expect(other.out).toMatch(
      /nothing: not attested by key "ci": \/builder\/id .*\[attestation-condition\]/,
    );
    const pushed = await push(settingsFor(builder), image(attested));
    expect(pushed.out).toContain("is pushed: 1 item, 0 items before");
  });

  test("takes certificates of settings", async () => {
    const { verify, image } = await serve();
    const certificates = [text(certified, "keys/leaf.pem")];
    const chain = text(certified, "keys/chain.pem").match(
      /-----BEGIN[^]+?END CERTIFICATE-----\n/g,
    )!;
    const rule = { image: "*", certificates, certificateChain: chain, requireRekorBundle: false };
    const settingsPath = file("certificate.yaml", stringify({ signatures: [rule] }));
    const { code, out } = await verify(image(certified), { settingsPath });
    expect(out).toContain("signed by signatures[0].certificates[0]");
    expect(code).toBe(0);
  });

  test("takes identities of settings, with their trust roots", async () => {
    const keyless = readFixture("l-fulcio-uri.json");
    const { verify, image } = await serve({}, [keyless]);
    const subject = "https://github.com/demo/app/.github/workflows/release.yml@refs/heads/main";
    const identity = { issuer: "https://token.actions.githubusercontent.com", subject };
    const trustRoots = {
      fulcio: text(keyless, "keys/fulcio-chain.pem").match(
        /-----BEGIN[^]+?END CERTIFICATE-----\n/g,
      )!,
      rekor: [text(keyless, "keys/rekor.pub")],
    };
    const signatures = [{ image: "*", keyless: [identity] }];
    const own = file("keyless.yaml", stringify({ trustRoots, signatures }));
    const { code, out } = await verify(image(keyless), { settingsPath: own });
    expect(out).toContain(`signed by ${subject}\n`);
    expect(code).toBe(0);
    const others = file("sigstore.yaml", stringify({ signatures }));
    expect(await verify(image(keyless), { settingsPath: others })).toMatchObject({ code: 1 });
  });

  test("takes Notation's trust policies of settings", async () => {
    const { verify, image } = await serve();
    const trustStore = [text(jws, "keys/cert.pem")];
    const settingsFor = (...trustedIdentities: string[]) => ({
      settingsPath: file(
        "notation.yaml",
        stringify({ signatures: [{ image: "*", notation: { trustStore, trustedIdentities } }] }),
      ),
    });
    const { code, out } = await verify(image(jws), settingsFor("*"));
    expect(out).toContain("signed by notation C=US, ST=WA, O=Rig, CN=rig.public.example\n");
    expect(code).toBe(0);
    const other = await verify(image(jws), settingsFor("x509.subject: C=DE, ST=BE, O=Other"));
    expect(other.code).toBe(1);
    expect(other.out).toContain("[envelope-signer]");
  });

  test("takes Notary's roots of settings", async () => {
    const { verify } = await serve();
    const notary = fixtureOf("m-notary-lib");
    const [, of] = /^v1.0 (\S+)/.exec(notary.images[1]!)!;
    const item = notaryItem(gunOf(notary), filesIn(notary, "tuf"));
    const evidencePath = file("notary.json", documentOf(of!, item));
    const keys = [text(notary, "keys/root-key.pub")];
    const settingsFor = (more: object) => ({
      evidencePath,
      settingsPath: file(
        "notary.yaml",
        stringify({ signatures: [{ image: "*", notaryV1: { root: { keys }, ...more } }] }),
      ),
    });
    const { code, out } = await verify(undefined, settingsFor({}));
    expect(out).toContain(`signed by notary targets of ${gunOf(notary)}\n`);
    expect(code).toBe(0);
    const other = await verify(undefined, settingsFor({ gun: "registry.example.com/other" }));
    expect(other.code).toBe(1);
    expect(other.out).toContain("[tuf-gun]");
  });

  test("asks at the time that it is told", async () => {
    const { verify, image } = await serve();
    const key = { name: "release", key: text(three, "keys/a1.pub"), notAfter: "2026-12-01" };
    const signatures = [{ image: "*", pubKeys: [key] }];
    const settingsPath = file("window.yaml", stringify({ signatures }));
    const at = (date: string) => ({ settingsPath, now: BigInt(Date.parse(date)) * 1_000_000n });
    expect(await verify(image(), at("2026-11-30"))).toMatchObject({ code: 0 });
    const later = await verify(image(), at("2026-12-02"));
    expect(later.code).toBe(1);
    expect(later.out).toContain("[key-outside-window]");
  });

  test("says that nothing proves anything by its exit code", async () => {
    const { verify, image } = await serve();
    expect(await verify(image(), { key: [other] })).toMatchObject({ code: 1 });
    const { code, out } = await verify(image(jws), { key: [a1] });
    expect(code).toBe(1);
    expect(out).toContain("nothing: nobody who is trusted signs items of the type notation");
  });

  test("does not take a signature for the image that a document says", async () => {
    const { collect, verify, image } = await serve();
    const path = join(folder, "moved.json");
    await collect(image(), path);
    const moved = readFileSync(path, "utf8").replace(digest, jws.tags["1.0"]!);
    const evidencePath = file("moved.json", moved);
    const { code, out } = await verify(undefined, { key: [a1], evidencePath });
    expect(out).not.toContain("signed by");
    expect(code).toBe(1);
  });

  test("takes a document for its image, and for no other", async () => {
    const { collect, verify, image } = await serve();
    const evidencePath = join(folder, "verified.json");
    await collect(image(), evidencePath);
    expect(await verify(image(), { key: [a1], evidencePath })).toMatchObject({ code: 0 });
    const elsewhere = await verify(image(jws), { key: [a1], evidencePath });
    expect(elsewhere).toMatchObject({ code: 1, out: "" });
    expect(elsewhere.err).toContain(`and the evidence is for ${digest}: collect it anew`);
  });

  test.each<[string, VerifyOptions, string]>([
    ["nobody who is trusted", {}, "say who is trusted"],
    ["a key that is none", { key: [file("none.pub", "x")] }, "none.pub: "],
    ["settings that are none", { settingsPath: file("s.yaml", "{}") }, "have no signatures"],
    ["a Notary name alone", { key: [a1], gun: "x" }, "give --notary-server too"],
  ])("refuses %s", async (_, options, words) => {
    const { verify, image } = await serve();
    const { code, err } = await verify(image(), options);
    expect(code).toBe(1);
    expect(err).toContain(words);
  });
});

describe("evidence export", () => {
  test("makes a ConfigMap with the document, or the document", async () => {
    const { collect, image } = await serve();
    const evidencePath = join(folder, "export.json");
    await collect(image(), evidencePath);
    const made = await inProcess(() =>
      exportCommand(undefined, { evidencePath, format: "config-map", namespace: "shop" }),
    );
    expect(made).toMatchObject({ code: 0, err: "" });
    const document = readFileSync(evidencePath, "utf8");
    expect(parse(made.out)).toEqual({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: {
        name: `evidence-${digest.slice(7, 19)}`,
        namespace: "shop",
        labels: { "trusted-images.dev/signatures": "true" },
      },
      data: { "evidence.json": document },
    });
    const again = await inProcess(() =>
      exportCommand(undefined, { evidencePath, format: "document" }),
    );
    expect(again.out).toBe(document);
  });

  test.each<[string, () => string | undefined, string]>([
    ["neither an image nor a document", () => undefined, "give an image, or --evidence-path"],
    ["a document that is none", () => file("bad.json", "{}"), "is no evidence document"],
    ["a file that is not there", () => "nowhere", "cannot read the evidence"],
    ["nothing", () => file("no.json", emptyDocument), "nothing is written"],
  ])("refuses %s", async (_, path, words) => {
    const evidencePath = path();
    const { code, err } = await inProcess(() =>
      exportCommand(undefined, { ...(evidencePath && { evidencePath }), format: "document" }),
    );
    expect(code).toBe(1);
    expect(err).toContain(words);
  });
});

describe("the command line", () => {
  beforeAll(compileCommandLine);

  test.each(["collect", "verify", "push", "export", "config-map"])(
    "has evidence %s, with examples",
    async (name) => {
      const { code, out } = await commandLine(["evidence", name, "--help"]);
      expect(code).toBe(0);
      expect(out).toContain(`Usage: trusted-images evidence ${name}`);
      expect(out).toContain("Examples:\n");
    },
  );

  test.each<[string, string[], string]>([
    ["a subcommand that there is not", ["verfy", "x"], "error: unknown command 'verfy'"],
    ["nothing at all", [], "Usage: trusted-images evidence "],
    [
      "to push to the registry of the examples",
      ["push", "127.0.0.1:5555/demo/a-single:1.0", "--key", a1, "--example-registry"],
      "is read-only: add --dry-run",
    ],
  ])("refuses %s", async (_, given, words) => {
    const { code, err } = await commandLine(["evidence", ...given]);
    expect(code).toBe(1);
    expect(err).toContain(words);
  });

  test("prints what docs/evidence.md shows", async () => {
    const steps = parseGuide(readFileSync(join(root, "docs/evidence.md"), "utf8"));
    const ran = await runGuide(steps);
    expect(ran).toHaveLength(2);
    for (const { output, step } of ran) expect(output, step.command).toBe(step.output);
  });

  test("reads a document from standard input, to the policy's verdict", async () => {
    const { collect, image } = await serve();
    const path = join(folder, "piped.json");
    await collect(image(), path);
    const verify = ["evidence", "verify", "-e", "-", "--key", a1];
    const { code, out } = await commandLine(verify, readFileSync(path, "utf8"));
    expect(code).toBe(0);
    expect(out).toMatch(/^cosign {2}standard input {2}signed by a1.pub$/m);
  });
});

const emptyDocument = JSON.stringify({ mediaType: EVIDENCE, image: digest, items: [] });
