import { rootCertificates } from "node:tls";
import { Agent, request } from "undici";
import type { Sources } from "./sources.js";

export interface Answer {
  /** The URL that answered, after redirects. */
  url: URL;
  /** The same with the name of its registry, for messages. */
  named: URL;
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

export interface Asking {
  method?: "GET" | "HEAD" | "POST" | "PUT";
  headers: Record<string, string>;
  body?: string | Buffer;
  maxBytes: number;
}

const MAX_REDIRECTS = 5;
const TIMEOUT_MS = 20_000;
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * HTTP for registries: each host with the certificates that `sources` says, redirects followed by
 * hand, sizes and times bounded.
 */
export class Transport {
  private readonly agents = new Map<string, Agent>();
  private readonly origins = new Map<string, string>();

  /**
   * @param reach where a registry is really reached, by its name in images: tests and the
   *   demonstration serve images whose signed names are fixed on whatever port is free
   */
  constructor(
    readonly sources: Sources,
    private readonly reach: ReadonlyMap<string, string> = new Map(),
  ) {}

  /**
   * Asks a registry for a path below its root. One that is listed as insecure is tried over HTTPS
   * without looking at its certificate, then over HTTP, and what worked is remembered.
   */
  async ask(registry: string, path: string, asking: Asking): Promise<Answer> {
    const origins = this.candidates(registry);
    for (const origin of origins.slice(0, -1)) {
      try {
        return await this.remembering(registry, origin, path, asking);
      } catch {
        // Not this way: the next one, and the last one's failure is the one to report.
      }
    }
    return this.remembering(registry, origins.at(-1)!, path, asking);
  }

  /** Asks for a URL, following redirects; an Authorization header stays with its origin. */
  async fetch(url: URL, asking: Asking): Promise<Answer> {
    const { method = "GET", body, maxBytes } = asking;
    let headers = asking.headers;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const answer = await this.once(url, { method, headers, maxBytes, ...(body && { body }) });
      const location = answer.headers["location"];
      if (answer.status < 300 || answer.status > 399 || typeof location !== "string") return answer;
      const target = this.follow(url, location);
      if (target.origin !== url.origin) headers = without(headers, "authorization");
      url = target;
    }
    throw new Error(`more than ${MAX_REDIRECTS} redirects for url (${url.href})`);
  }

  /** Where an answer sends us on to; over HTTP only from there, or to a host that is listed as insecure. */
  follow(url: URL, location: string): URL {
    const target = new URL(location, url);
    const downgraded = url.protocol === "https:" && target.protocol === "http:";
    if (!/^https?:$/.test(target.protocol) || (downgraded && !this.isInsecure(target))) {
      throw new Error(`${url.href} redirects to ${target.href}, which is not secure`);
    }
    return target;
  }

  /** Is the host of this URL listed as insecure? */
  isInsecure(url: URL): boolean {
    const reached = this.reachedAt(url);
    const names = reached ? [reached] : spellings(url);
    return names.some((name) => this.sources.insecure.has(name));
  }

  /** A URL as people know it: with the registry's name, wherever that is really reached. */
  private named(url: URL): URL {
    const reached = this.reachedAt(url);
    if (reached === undefined) return url;
    return new URL(`${url.protocol}//${reached}${url.pathname}${url.search}`);
  }

  private reachedAt(url: URL): string | undefined {
    return [...this.reach].find(([, origin]) => origin === url.origin)?.[0];
  }

  private async remembering(registry: string, origin: string, path: string, asking: Asking) {
    const answer = await this.fetch(new URL(path, origin), asking);
    this.origins.set(registry, origin);
    return answer;
  }

  private candidates(registry: string): string[] {
    const known = this.reach.get(registry) ?? this.origins.get(registry);
    if (known) return [known];
    // Docker Hub's API is not at the host that its images name.
    const host = registry === "docker.io" ? "index.docker.io" : registry;
    return this.sources.insecure.has(registry)
      ? [`https://${host}`, `http://${host}`]
      : [`https://${host}`];
  }

  private async once(url: URL, asking: Required<Omit<Asking, "body">> & Pick<Asking, "body">) {
    const { method, headers, body, maxBytes } = asking;
    const dispatcher = this.agent(url);
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    try {
      const options = { method, headers, body: body ?? null, dispatcher, signal };
      const { statusCode: status, headers: answered, body: stream } = await request(url, options);
      const read = await readAtMost(maxBytes, stream);
      return { url, named: this.named(url), status, headers: answered, body: read };
    } catch (error) {
      throw new Error(`error sending request for url (${this.named(url).href})${reason(error)}`, {
        cause: error,
      });
    }
  }

  private agent(url: URL): Agent {
    let agent = this.agents.get(url.host);
    if (!agent) {
      const own = spellings(url).flatMap((name) => this.sources.authorities.get(name) ?? []);
      agent = new Agent({
        headersTimeout: TIMEOUT_MS,
        bodyTimeout: TIMEOUT_MS,
        // No idle socket may keep a finished command from exiting.
        pipelining: 0,
        connect: {
          timeout: CONNECT_TIMEOUT_MS,
          rejectUnauthorized: !this.isInsecure(url),
          ...(own.length > 0 && { ca: [...rootCertificates, ...own] }),
        },
      });
      this.agents.set(url.host, agent);
    }
    return agent;
  }
}

// A URL drops the port that goes without saying, an image's name may have it.
function spellings(url: URL): string[] {
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  return [...new Set([url.host, `${url.hostname}:${port}`])];
}

async function readAtMost(maxBytes: number, stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > maxBytes) throw new Error(`the answer has more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function reason(error: unknown): string {
  const { message, code } = error as { message?: string; code?: string };
  const text = message || code;
  return text ? `: ${text}` : "";
}

function without(headers: Record<string, string>, name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([key]) => key.toLowerCase() !== name));
}
