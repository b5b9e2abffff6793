import { createHash } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { contentBytes, type Fixture } from "../../host/registry/fixture.js";
import type { Reply } from "../../host/registry/server.js";

export interface MemoryOptions {
  /** Has it the referrers API? */
  referrers?: boolean;
  /** How many referrers a page has. */
  page?: number;
  /** Answers in the registry's place if it returns something. */
  guard?: (request: IncomingMessage, body: Buffer) => Reply | undefined;
}

type Manifest = { bytes: Buffer; mediaType: string };

/** A registry that can be written to, each fixture in it the repository `demo/<its name>`. */
export class MemoryRegistry {
  readonly blobs = new Map<string, Buffer>();
  /** By `<repository>:<tag>` and `<repository>@<digest>`. */
  readonly manifests = new Map<string, Manifest>();
  /** What was written, in order: method and path. */
  readonly writes: string[] = [];
  host = "";
  private server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const bytes = Buffer.concat(chunks);
      const reply = this.options.guard?.(request, bytes) ?? this.answer(request, bytes);
      const body = Buffer.from(reply.body ?? "");
      response.writeHead(reply.status, { ...reply.headers, "content-length": body.length });
      response.end(request.method === "HEAD" ? undefined : body);
    });
  });

  private constructor(private readonly options: MemoryOptions) {}

  static async serve(fixtures: Fixture[], options: MemoryOptions = {}): Promise<MemoryRegistry> {
    const registry = new MemoryRegistry(options);
    for (const fixture of fixtures) registry.load(fixture);
    await new Promise<void>((done) => registry.server.listen(0, "127.0.0.1", done));
    registry.host = `127.0.0.1:${(registry.server.address() as AddressInfo).port}`;
    return registry;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  put(repository: string, tag: string, bytes: Buffer, mediaType: string): string {
    this.manifests.set(`${repository}:${tag}`, { bytes, mediaType });
    this.manifests.set(`${repository}@${digestOf(bytes)}`, { bytes, mediaType });
    return digestOf(bytes);
  }

  private load({ name, blobs, manifests, tags }: Fixture): void {
    for (const [digest, content] of Object.entries(blobs)) {
      this.blobs.set(digest, contentBytes(content));
    }
    for (const [digest, content] of Object.entries(manifests)) {
      this.put(`demo/${name}`, digest, contentBytes(content), content.mediaType);
      for (const [tag, tagged] of Object.entries(tags)) {
        if (tagged === digest) {
          this.put(`demo/${name}`, tag, contentBytes(content), content.mediaType);
        }
      }
    }
  }

  private answer({ method, url = "/", headers }: IncomingMessage, body: Buffer): Reply {
    const { pathname, searchParams } = new URL(url, "http://registry");
    const [, repository = "", kind, name = ""] =
      /^\/v2\/(.+)\/(manifests|blobs|blobs\/uploads|referrers)\/([^/]*)$/.exec(pathname) ?? [];
    if (method === "POST" || method === "PUT") this.writes.push(`${method} ${pathname}`);
    if (method === "POST" && kind === "blobs/uploads") {
      return { status: 202, headers: { location: `/v2/${repository}/blobs/uploads/1?state=a%3D` } };
    }
    if (method === "PUT" && kind === "blobs/uploads") {
      const digest = searchParams.get("digest")!;
      if (digestOf(body) !== digest) return refused(400, "DIGEST_INVALID");
      this.blobs.set(digest, body);
      return { status: 201 };
    }
    if (method === "PUT" && kind === "manifests") {
      this.put(repository, name, body, String(headers["content-type"]));
      const { subject } = JSON.parse(body.toString()) as { subject?: { digest: string } };
      if (!this.options.referrers || !subject) return { status: 201 };
      return { status: 201, headers: { "oci-subject": subject.digest } };
    }
    if (kind === "manifests") {
      const separator = name.startsWith("sha256:") ? "@" : ":";
      const found = this.manifests.get(`${repository}${separator}${name}`);
      if (!found) return refused(404, "MANIFEST_UNKNOWN");
      return { status: 200, headers: { "content-type": found.mediaType }, body: found.bytes };
    }
    if (kind === "blobs") {
      const body = this.blobs.get(name);
      return body ? { status: 200, body } : refused(404, "BLOB_UNKNOWN");
    }
    if (kind === "referrers" && this.options.referrers) {
      return this.list(repository, name, searchParams);
    }
    return { status: 404, body: "404 page not found" };
  }

  /** A page of the manifests that refer to one, and where the next one is. */
  private list(repository: string, subject: string, query: URLSearchParams): Reply {
    const { page = 100 } = this.options;
    const from = Number(query.get("from") ?? 0);
    const all = [...this.manifests].flatMap(([name, { bytes, mediaType }]) => {
      const manifest = JSON.parse(bytes.toString()) as { subject?: { digest: string } };
      if (!name.startsWith(`${repository}@`) || manifest.subject?.digest !== subject) return [];
      return { mediaType, digest: digestOf(bytes), size: bytes.length };
    });
    const manifests = all.slice(from, from + page);
    const next = `</v2/${repository}/referrers/${subject}?from=${from + page}>; rel="next"`;
    const mediaType = "application/vnd.oci.image.index.v1+json";
    return {
      status: 200,
      headers: {
        "content-type": mediaType,
        ...(from + page < all.length && { link: next }),
      },
      body: JSON.stringify({ schemaVersion: 2, mediaType, manifests }),
    };
  }
}

/** A refusal in the registries' form. */
export function refused(status: number, code: string, message = code): Reply {
  return { status, body: JSON.stringify({ errors: [{ code, message }] }) };
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
