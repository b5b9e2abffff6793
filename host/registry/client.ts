import { createHash } from "node:crypto";
import type { Credentials } from "./credentials.js";
import type { Reference } from "./reference.js";
import { Requests } from "./requests.js";
import type { Answer, Transport } from "./transport.js";

export const IMAGE_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
export const IMAGE_INDEX = "application/vnd.oci.image.index.v1+json";
const DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
const DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";

export interface Descriptor {
  mediaType: string;
  digest: string;
  size: number;
  artifactType?: string;
  annotations?: Record<string, string>;
}

/** A manifest or an index: fields that only one of them has are optional. */
export interface Manifest {
  mediaType?: string;
  artifactType?: string;
  config?: Descriptor;
  layers?: Descriptor[];
  manifests?: Descriptor[];
  /** What an artifact is about. */
  subject?: Descriptor;
}

export interface Pulled {
  /** The digest of the bytes that the registry sent, computed here. */
  digest: string;
  /** How many bytes they are. */
  size: number;
  /** What the registry calls them. */
  mediaType: string;
  manifest: Manifest;
}

const MAX_MANIFEST_BYTES = 4 << 20;
const MAX_BLOB_BYTES = 4 << 20;

const MAX_REFERRER_PAGES = 16;

/** Reads manifests and small blobs from OCI registries (distribution-spec 1.1). */
export class RegistryClient {
  readonly requests: Requests;

  constructor(transport: Transport, credentials?: Credentials) {
    this.requests = new Requests(transport, credentials);
  }

  /**
   * Pulls the manifest or index that a reference names.
   *
   * The digest is that of the bytes received, whatever the registry says it is; where the reference
   * or the registry names one, it must be the same.
   */
  async pullManifest(reference: Reference): Promise<Pulled> {
    const { registry, repository, tag, digest: asked } = reference;
    const accept = [IMAGE_MANIFEST, IMAGE_INDEX, DOCKER_MANIFEST, DOCKER_LIST].join(", ");
    const path = `/v2/${repository}/manifests/${asked ?? tag}`;
    const answer = await this.get(registry, repository, path, accept, MAX_MANIFEST_BYTES);
    const digest = sha256(answer.body);
    for (const expected of [asked, answer.headers["docker-content-digest"]]) {
      if (expected !== undefined && expected !== digest) {
        throw new Error(`Digest error: expected ${String(expected)}, got ${digest}`);
      }
    }
    const manifest = parseManifest(answer);
    const mediaType = manifest.mediaType ?? String(answer.headers["content-type"]);
    return { digest, size: answer.body.length, mediaType, manifest };
  }

  /** Pulls a blob whole and checks that it is what its descriptor says. */
  async pullBlob({ registry, repository }: Reference, { digest }: Descriptor): Promise<Buffer> {
    if (!/^sha256:[0-9a-f]{64}$/.test(digest)) throw new Error(`Digest error: ${digest}`);
    const path = `/v2/${repository}/blobs/${digest}`;
    const { body } = await this.get(registry, repository, path, "*/*", MAX_BLOB_BYTES);
    if (sha256(body) !== digest)
      throw new Error(`Digest error: expected ${digest}, got ${sha256(body)}`);
    return body;
  }

  /** What the registry says is about a manifest (distribution-spec 1.1, Listing Referrers). */
  async pullReferrers({ registry, repository }: Reference, digest: string): Promise<Descriptor[]> {
    const found: Descriptor[] = [];
    let path = `/v2/${repository}/referrers/${digest}`;
    for (let pages = 0; pages < MAX_REFERRER_PAGES; pages++) {
      const answer = await this.get(registry, repository, path, IMAGE_INDEX, MAX_MANIFEST_BYTES);
      found.push(...(parseManifest(answer).manifests ?? []));
      const next = /<([^>]+)>\s*;\s*rel="?next"?/.exec([answer.headers["link"] ?? ""].join(","));
      if (!next) return found;
      const { origin, pathname, search } = new URL(next[1]!, answer.url);
      if (origin !== answer.url.origin) throw new Error(`the next page is elsewhere: ${origin}`);
      path = pathname + search;
    }
    throw new Error(`more than ${MAX_REFERRER_PAGES} pages of referrers`);
  }

  private get(
    registry: string,
    repository: string,
    path: string,
    accept: string,
    maxBytes: number,
  ): Promise<Answer> {
    return this.requests.ask(registry, repository, path, { headers: { accept }, maxBytes });
  }
}

/** The digest of some bytes as OCI writes it. */
export function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

function parseManifest({ url, body }: Answer): Manifest {
  let manifest: unknown;
  try {
    manifest = JSON.parse(body.toString("utf8"));
  } catch {
    manifest = undefined;
  }
  const { schemaVersion, layers, manifests } = Object(manifest) as Record<string, unknown>;
  if (schemaVersion !== 2 || (!isDescriptors(layers) && !isDescriptors(manifests))) {
    throw new Error(`neither an image manifest nor an index at url (${url.href})`);
  }
  return manifest as Manifest;
}

function isDescriptors(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every((item) => {
      const { mediaType, digest } = Object(item) as Record<string, unknown>;
      return typeof mediaType === "string" && typeof digest === "string";
    })
  );
}
