import { createHash } from "node:crypto";
import { authorize } from "./authentication.js";
import { ANONYMOUS, type Credentials } from "./credentials.js";
import type { Reference } from "./reference.js";
import type { Answer, Transport } from "./transport.js";

const IMAGE_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
export const IMAGE_INDEX = "application/vnd.oci.image.index.v1+json";
const DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
const DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";

export interface Descriptor {
  mediaType: string;
  digest: string;
  size: number;
  annotations?: Record<string, string>;
}

/** A manifest or an index: fields that only one of them has are optional. */
export interface Manifest {
  mediaType?: string;
  config?: Descriptor;
  layers?: Descriptor[];
  manifests?: Descriptor[];
}

export interface Pulled {
  /** The digest of the bytes that the registry sent, computed here. */
  digest: string;
  manifest: Manifest;
}

/** A registry answered, and refused. */
export class RegistryError extends Error {
  /** @param status HTTP's: 404 is what is not there */
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

const MAX_MANIFEST_BYTES = 4 << 20;
const MAX_BLOB_BYTES = 4 << 20;

/** Reads manifests and small blobs from OCI registries (distribution-spec 1.1). */
export class RegistryClient {
  private readonly authorizations = new Map<string, string>();

  constructor(
    private readonly transport: Transport,
    private readonly credentials: Credentials = ANONYMOUS,
  ) {}

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
    return { digest, manifest: parseManifest(answer) };
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

  /** GETs a path; a registry that wants to know who asks is answered once. */
  private async get(
    registry: string,
    repository: string,
    path: string,
    accept: string,
    maxBytes: number,
  ): Promise<Answer> {
    const key = `${registry}/${repository}`;
    const ask = () => {
      const authorization = this.authorizations.get(key);
      const headers = { accept, ...(authorization && { authorization }) };
      return this.transport.ask(registry, path, { headers, maxBytes });
    };
    let answer = await ask();
    if (answer.status === 401) {
      const authorization = await authorize(
        answer,
        registry,
        repository,
        this.credentials,
        this.transport,
      );
      if (authorization) {
        this.authorizations.set(key, authorization);
        answer = await ask();
      }
    }
    if (answer.status !== 200) throw refusal(answer);
    return answer;
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

/** Words a refusal as policy-server's host does, so that messages look the same in both. */
function refusal({ url, status, body }: Answer): RegistryError {
  if (status === 401) return new RegistryError(`Not authorized: url ${url.href}`, status);
  const messages = registryErrors(body);
  if (messages.length === 0) {
    return new RegistryError(`Server error: url ${url.href}, code: ${status}`, status);
  }
  const errors = messages.map((message) => `OCI API error: ${message}`).join(", ");
  return new RegistryError(
    `Registry error: url ${url.href}, envelope: OCI API errors: [${errors}]`,
    status,
  );
}

function registryErrors(body: Buffer): string[] {
  try {
    const { errors } = JSON.parse(body.toString("utf8")) as { errors: { message: string }[] };
    return errors.map(({ message }) => String(message));
  } catch {
    return [];
  }
}
