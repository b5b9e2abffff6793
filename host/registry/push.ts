import { sha256, type Descriptor } from "./client.js";
import type { Reference } from "./reference.js";
import type { Requests } from "./requests.js";

/** Registries answer what was pushed with few words. */
const MAX_BYTES = 1 << 20;
const OCTETS = "application/octet-stream";

/** Pushes a blob whole (distribution-spec 1.1, POST then PUT), if it is not there yet. */
export async function pushBlob(
  requests: Requests,
  { registry, repository }: Reference,
  bytes: Buffer,
  mediaType: string,
): Promise<Descriptor> {
  const digest = sha256(bytes);
  const blobs = `/v2/${repository}/blobs`;
  const head = { method: "HEAD", headers: {}, maxBytes: MAX_BYTES } as const;
  const there = await requests.ask(registry, repository, `${blobs}/${digest}`, head, [200, 404]);
  if (there.status === 404) {
    const post = { method: "POST", headers: {}, maxBytes: MAX_BYTES } as const;
    const begun = await requests.ask(registry, repository, `${blobs}/uploads/`, post, [202]);
    const location = begun.headers["location"];
    if (typeof location !== "string")
      throw new Error(`no place to upload to at ${begun.named.href}`);
    const place = requests.transport.follow(begun.url, location);
    place.searchParams.set("digest", digest);
    const headers = { "content-type": OCTETS };
    const put = { method: "PUT", headers, body: bytes, maxBytes: MAX_BYTES } as const;
    await requests.askAt(place, begun, registry, repository, put, [201, 204]);
  }
  return { mediaType, digest, size: bytes.length };
}

/** Puts a manifest at a tag. */
export async function pushManifest(
  requests: Requests,
  { registry, repository, tag }: Reference,
  bytes: Buffer,
  mediaType: string,
): Promise<void> {
  const path = `/v2/${repository}/manifests/${tag}`;
  const headers = { "content-type": mediaType };
  const put = { method: "PUT", headers, body: bytes, maxBytes: MAX_BYTES } as const;
  await requests.ask(registry, repository, path, put, [201]);
}
