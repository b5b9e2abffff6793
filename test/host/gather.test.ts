import { afterEach, describe, expect, test } from "vitest";
import { gather, resolveImage, type Finding } from "../../host/evidence/gather.js";
import { RegistryClient } from "../../host/registry/client.js";
import { contentBytes, type Fixture } from "../../host/registry/fixture.js";
import { Transport } from "../../host/registry/transport.js";
import { readFixture } from "./fixtures.js";
import { MemoryRegistry, refused, type MemoryOptions } from "./memory-registry.js";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

const API = { referrers: true };

async function gathered(fixture: Fixture, options: MemoryOptions = {}, tag = "1.0") {
  const registry = await MemoryRegistry.serve([fixture], options);
  closing.push(() => registry.close());
  return gatheredFrom(registry, fixture, tag);
}

async function gatheredFrom(registry: MemoryRegistry, { name }: Fixture, tag = "1.0") {
  const { host } = registry;
  const client = new RegistryClient(
    new Transport({ insecure: new Set([host]), authorities: new Map() }),
  );
  const { reference, digest } = await resolveImage(client, `${host}/demo/${name}:${tag}`);
  const notes: string[] = [];
  const note = (line: string) => void notes.push(line);
  const findings = await gather(client, reference, digest, reference, note);
  return { findings, notes, digest };
}

/** The bytes that items carry, by type and field, as the fixture's files have them. */
const bytesOf = (findings: Finding[], field: string) =>
  findings.map(({ item }) => Buffer.from(item[field as never] as string, "base64").toString());
const fileOf = ({ files }: Fixture, name: string) => contentBytes(files[name]!).toString();
const places = (findings: Finding[]) => findings.map(({ where }) => where.join(", "));

describe("cosign's signatures", () => {
  test("are taken from the .sig tag, with what belongs to each", async () => {
    const fixture = readFixture("g-cert-valid.json");
    const { findings, notes } = await gathered(fixture);
    const manifest = fixture.manifests[fixture.tags[`${tagOf(fixture)}.sig`]!]!;
    const { layers } = JSON.parse(contentBytes(manifest).toString()) as {
      layers: { digest: string; annotations: Record<string, string> }[];
    };
    expect(layers.length).toBeGreaterThan(0);
    expect(findings.map(({ item }) => item)).toEqual(
      layers.map(({ digest, annotations }) => ({
        type: "cosign",
        payload: contentBytes(fixture.blobs[digest]!).toString("base64"),
        signature: annotations["dev.cosignproject.cosign/signature"],
        certificate: base64(annotations["dev.sigstore.cosign/certificate"]!),
        chain: base64(annotations["dev.sigstore.cosign/chain"]!),
      })),
    );
    expect(places(findings)).toEqual(layers.map(() => "tag .sig"));
    expect(notes).toEqual([]);
  });

  test("are taken from what refers to the image", async () => {
    const { findings } = await gathered(readFixture("h-v2-oci11.json"), API);
    expect(findings.map(({ item }) => item.type)).toEqual(["cosign"]);
    expect(places(findings)).toEqual(["referrer sha256:232df8604482"]);
  });

  test("carry the log's entry", async () => {
    const { findings } = await gathered(readFixture("l-rekor-key.json"));
    const [bundle] = bytesOf(findings, "bundle");
    expect(JSON.parse(bundle!)).toMatchObject({
      Payload: { logIndex: expect.any(Number) as number },
    });
  });

  test.each([
    ["k-copied", "it is for another image", "b"],
    ["k-no-annotation", "it has no signature"],
    ["k-not-json", "the payload is not cosign's"],
    ["k-no-padding", "it is not base64"],
    ["k-url-b64", "it is not base64"],
    ["k-layer-mediatype", "no evidence that is known"],
  ])("%s: what is none is passed over, and said", async (name, words, tag = "1.0") => {
    const { notes } = await gathered(readFixture(`${name}.json`), {}, tag);
    expect(notes.join("\n")).toContain(words);
  });
});

describe("sigstore bundles", () => {
  test.each<[string, MemoryOptions]>([
    ["h-v3-referrers.json", API],
    ["h-v3-fallback.json", {}],
    ["h-v3-annotations.json", API],
    ["h-v3-annotations.json", { referrers: true, page: 1 }],
  ])("of %s are those that cosign wrote, byte for byte", async (file, options) => {
    const fixture = readFixture(file);
    const { findings, notes } = await gathered(fixture, options);
    const written = Object.keys(fixture.files).filter((name) => /^bundle-\d\.json$/.test(name));
    expect(written.length).toBeGreaterThan(0);
    expect(findings.map(({ item }) => item.type)).toEqual(written.map(() => "sigstore-bundle"));
    const texts = written.map((name) => fileOf(fixture, name));
    expect(bytesOf(findings, "bundle").sort()).toEqual(texts.sort());
    expect(notes).toEqual([]);
  });
});

describe("Notation's envelopes", () => {
  test.each<[string, MemoryOptions, [string, string][]]>([
    ["j-notation-jws.json", {}, [["application/jose+json", "signature-0.jws"]]],
    ["j-notation-jws.json", API, [["application/jose+json", "signature-0.jws"]]],
    ["j-notation-cose.json", {}, [["application/cose", "signature-0.cose"]]],
    [
      "j-notation-api.json",
      API,
      [
        ["application/jose+json", "signature-0.jws"],
        ["application/cose", "signature-1.cose"],
      ],
    ],
  ])("of %s are those that notation wrote", async (file, options, expected) => {
    const fixture = readFixture(file);
    const { findings, notes } = await gathered(fixture, options);
    expect(findings.map(({ item }) => item)).toEqual(
      expected.map(([mediaType, name]) => ({
        type: "notation",
        mediaType,
        envelope: contentBytes(fixture.files[name]!).toString("base64"),
      })),
    );
    expect(notes).toEqual([]);
  });
});

describe("attestations", () => {
  test("are bundles of the envelopes at the .att tag", async () => {
    const fixture = readFixture("i-attest-v2.json");
    const { findings, notes } = await gathered(fixture);
    const envelopes = Object.values(fixture.blobs)
      .map((blob) => contentBytes(blob).toString())
      .filter((text) => text.includes("payloadType"))
      .map((text) => JSON.parse(text) as { payload: string; signatures: { sig: string }[] });
    const bundles = bytesOf(findings, "bundle").map(
      (text) => JSON.parse(text) as { dsseEnvelope: (typeof envelopes)[0] },
    );
    expect(envelopes).toHaveLength(2);
    const parts = ({ payload, signatures }: (typeof envelopes)[0]) => payload + signatures[0]!.sig;
    expect(bundles.map(({ dsseEnvelope }) => parts(dsseEnvelope)).sort()).toEqual(
      envelopes.map(parts).sort(),
    );
    expect(places(findings)).toEqual(["tag .att", "tag .att"]);
    expect(notes).toEqual([]);
  });
});

describe("a registry", () => {
  const fixture = readFixture("h-v3-fallback.json");

  test("that has nothing has nothing", async () => {
    const { findings, notes } = await gathered(readFixture("f-offline.json"));
    expect({ findings, notes }).toEqual({ findings: [], notes: [] });
  });

  test("whose list of referrers fails is asked for the fallback tag, and said to fail", async () => {
    const guard: MemoryOptions["guard"] = ({ url = "" }) =>
      url.includes("/referrers/") ? refused(501, "UNSUPPORTED") : undefined;
    const { findings, notes } = await gathered(fixture, { guard });
    expect(findings).toHaveLength(2);
    expect(notes).toEqual([expect.stringContaining("UNSUPPORTED")]);
  });

  test("that keeps a tag to itself is an error, not an absence", async () => {
    const guard: MemoryOptions["guard"] = ({ url = "" }) =>
      url.endsWith(".sig") ? refused(403, "DENIED") : undefined;
    await expect(gathered(fixture, { guard })).rejects.toThrow(/cannot read .*\.sig.*DENIED/);
  });

  test.each<[string, object[], string]>([
    [
      "too many layers",
      Array.from({ length: 513 }, (_, i) => ({
        mediaType: "text/plain",
        digest: `sha256:${i}`,
        size: 1,
      })),
      "tag .sig: 1 layers, for no more than 512 are read",
    ],
    [
      "a layer that is too large",
      [{ mediaType: "application/cose", digest: `sha256:${"0".repeat(64)}`, size: 786433 }],
      "tag .sig, layer 1: it has 786433 bytes, and an item 786432 at most",
    ],
  ])("that has %s is not read whole", async (_, layers, words) => {
    const registry = await MemoryRegistry.serve([fixture]);
    closing.push(() => registry.close());
    const manifest = Buffer.from(JSON.stringify({ schemaVersion: 2, layers }));
    const mediaType = "application/vnd.oci.image.manifest.v1+json";
    registry.put("demo/h-v3-fallback", `${tagOf(fixture)}.sig`, manifest, mediaType);
    const { notes } = await gatheredFrom(registry, fixture);
    expect(notes).toContain(words);
  });

  test("that lists what refers to another image is not believed", async () => {
    const tampered = readFixture("h-v3-negatives.json");
    const registry = await MemoryRegistry.serve([tampered]);
    closing.push(() => registry.close());
    const repository = "demo/h-v3-negatives";
    const [good, other] = ["good", "copied"].map((tag) => tampered.tags[tag]!);
    const about = [...registry.manifests.values()].find(({ bytes }) =>
      bytes.includes(`"digest":"${other}"`),
    )!;
    const digest = registry.put(repository, "x", about.bytes, about.mediaType);
    const manifests = [{ mediaType: about.mediaType, digest, size: about.bytes.length }];
    const index = { schemaVersion: 2, mediaType: INDEX, manifests };
    const fallback = good!.replace(":", "-");
    registry.put(repository, fallback, Buffer.from(JSON.stringify(index)), INDEX);
    const { findings, notes } = await gatheredFrom(registry, tampered, "good");
    expect(findings).toEqual([]);
    expect(notes).toEqual([expect.stringContaining(`it refers to ${other}`)]);
  });
});

const INDEX = "application/vnd.oci.image.index.v1+json";
const base64 = (text: string) => Buffer.from(text).toString("base64");
const tagOf = ({ tags }: Fixture) => tags["1.0"]!.replace(":", "-");
