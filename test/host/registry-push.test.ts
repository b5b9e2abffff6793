import { afterEach, expect, test } from "vitest";
import { RegistryClient, sha256 } from "../../host/registry/client.js";
import type { Credentials } from "../../host/registry/credentials.js";
import { pushBlob, pushManifest } from "../../host/registry/push.js";
import { Requests } from "../../host/registry/requests.js";
import { Transport } from "../../host/registry/transport.js";
import { readFixture } from "./fixtures.js";
import { MemoryRegistry, refused, type MemoryOptions } from "./memory-registry.js";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

async function serve(guard?: MemoryOptions["guard"], options: MemoryOptions = {}) {
  const all = { ...options, ...(guard && { guard }) };
  const registry = await MemoryRegistry.serve([readFixture("h-v3-annotations.json")], all);
  closing.push(() => registry.close());
  return registry;
}

const user: Credentials = async () => ({ username: "user", password: "secret" });
const requestsOf = (...registries: MemoryRegistry[]) => {
  const insecure = new Set(registries.map(({ host }) => host));
  return new Requests(new Transport({ insecure, authorities: new Map() }), user);
};
const at = ({ host }: MemoryRegistry) => ({ registry: host, repository: "demo/pushed" });
const bytes = Buffer.from("some bytes");
const push = (requests: Requests, registry: MemoryRegistry) =>
  pushBlob(requests, at(registry), bytes, "text/plain");

test("pushes a blob that is not there, and none that is", async () => {
  const registry = await serve();
  const requests = requestsOf(registry);
  const descriptor = { mediaType: "text/plain", digest: sha256(bytes), size: bytes.length };
  expect(await push(requests, registry)).toEqual(descriptor);
  expect(registry.blobs.get(descriptor.digest)).toEqual(bytes);
  expect(registry.writes).toHaveLength(2);
  expect(await push(requests, registry)).toEqual(descriptor);
  expect(registry.writes).toHaveLength(2);
});

/** Wants to know who asks, and notes who does. */
const asking = (asked: (string | undefined)[]): NonNullable<MemoryOptions["guard"]> => {
  return ({ headers: { authorization } }) => {
    asked.push(authorization);
    if (authorization !== undefined) return undefined;
    return { status: 401, headers: { "www-authenticate": "Basic realm=x" } };
  };
};

test("tells who pushes to the registry, and not to another host that it uploads to", async () => {
  const toStorage: (string | undefined)[] = [];
  const storage = await serve(({ headers }) => {
    toStorage.push(headers.authorization);
    return undefined;
  });
  const toRegistry: (string | undefined)[] = [];
  const guard = asking(toRegistry);
  const registry = await serve((request, body) => {
    const location = `http://${storage.host}/v2/demo/pushed/blobs/uploads/2`;
    const denied = guard(request, body);
    return (
      denied ?? (request.method === "POST" ? { status: 202, headers: { location } } : undefined)
    );
  });
  await push(requestsOf(registry, storage), registry);
  expect(toRegistry.at(-1)).toMatch(/^Basic /);
  expect(toStorage).toEqual([undefined]);
  expect(storage.blobs.get(sha256(bytes))).toEqual(bytes);
});

test.each<[string, NonNullable<MemoryOptions["guard"]>, string]>([
  [
    "names no place to upload to",
    ({ method }) => (method === "POST" ? { status: 202 } : undefined),
    "no place to upload to",
  ],
  [
    "refuses the upload",
    ({ method }) => (method === "PUT" ? refused(400, "SIZE_INVALID") : undefined),
    "SIZE_INVALID",
  ],
  [
    "does not let it begin",
    ({ method }) => (method === "POST" ? refused(403, "DENIED") : undefined),
    "DENIED",
  ],
])("fails where a registry %s", async (_, guard, words) => {
  const registry = await serve(guard);
  await expect(push(requestsOf(registry), registry)).rejects.toThrow(words);
  expect(registry.blobs.has(sha256(bytes))).toBe(false);
});

test("puts a manifest at its tag", async () => {
  const registry = await serve();
  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  const manifest = Buffer.from(`{"schemaVersion":2,"mediaType":"${mediaType}","layers":[]}`);
  await pushManifest(requestsOf(registry), { ...at(registry), tag: "x" }, manifest, mediaType);
  expect(registry.manifests.get("demo/pushed:x")!.bytes).toEqual(manifest);
});

test("a list of referrers ends, and stays with its registry", async () => {
  const digest = readFixture("h-v3-annotations.json").tags["1.0"]!;
  const list = async (link: (host: string) => string) => {
    const registry = await serve(({ url = "", headers }) => {
      if (!url.includes("/referrers/")) return undefined;
      const body = '{"schemaVersion":2,"manifests":[]}';
      return { status: 200, headers: { link: `<${link(headers.host!)}>; rel="next"` }, body };
    });
    const { host } = registry;
    const transport = new Transport({ insecure: new Set([host]), authorities: new Map() });
    const image = { registry: host, repository: "demo/h-v3-annotations" };
    return new RegistryClient(transport).pullReferrers(image, digest);
  };
  const path = `/v2/demo/h-v3-annotations/referrers/${digest}`;
  await expect(list((host) => `http://${host}${path}`)).rejects.toThrow("more than 16 pages");
  await expect(list(() => `https://elsewhere.example${path}`)).rejects.toThrow("is elsewhere");
});
