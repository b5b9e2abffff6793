import { request as requestHttp } from "node:http";
import { request as requestHttps, type RequestOptions } from "node:https";
import { dirname } from "node:path";
import type { KubeConfig } from "@kubernetes/client-node";
import { readText, UserError, type Json } from "../document.js";
import { toApiError } from "./status.js";

const TIMEOUT_SECONDS = 10;
const MAX_BYTES = 64 * 2 ** 20;

/** A way to an API server: GET, with the credentials of a kubeconfig. */
export class Connection {
  private constructor(
    private readonly config: KubeConfig,
    private readonly server: string,
    private readonly timeoutSeconds: number,
  ) {}

  /** Reads a kubeconfig; nothing is asked yet. */
  static async open(path: string, timeoutSeconds = TIMEOUT_SECONDS): Promise<Connection> {
    // Only who asks a cluster waits for this large module.
    const { KubeConfig } = await import("@kubernetes/client-node");
    const config = new KubeConfig();
    const text = readText(path, "kubeconfig");
    try {
      config.loadFromString(text);
      config.makePathsAbsolute(dirname(path));
    } catch (error) {
      throw new UserError(`${path} is no kubeconfig: ${(error as Error).message}`);
    }
    const server = config.getCurrentCluster()?.server ?? "";
    if (!/^https?:\/\//.test(server) || !URL.canParse(server)) {
      throw new UserError(`${path} has no cluster with an http(s) server in its current context`);
    }
    return new Connection(config, server, timeoutSeconds);
  }

  /** Gets a path's JSON, and how many bytes it was. */
  async get(path: string, query: Record<string, string> = {}): Promise<[Json, number]> {
    const url = new URL(this.server.replace(/\/+$/, "") + path);
    url.search = new URLSearchParams(query).toString();
    const options: RequestOptions = { method: "GET", headers: { accept: "application/json" } };
    await this.authorize(options);
    const [code, body] = await this.send(url, options);
    const text = body.toString("utf8");
    if (code >= 300) throw toApiError(code, text);
    try {
      return [JSON.parse(text) as Json, body.length];
    } catch (error) {
      throw new Error(`Error deserializing response: ${(error as Error).message}`);
    }
  }

  private async authorize(options: RequestOptions): Promise<void> {
    try {
      await this.config.applyToHTTPSOptions(options);
    } catch (error) {
      throw new Error(`auth error: ${(error as Error).message}`, { cause: error });
    }
  }

  private send(url: URL, options: RequestOptions): Promise<[number, Buffer]> {
    const request = url.protocol === "http:" ? requestHttp : requestHttps;
    const signal = AbortSignal.timeout(this.timeoutSeconds * 1000);
    return new Promise((resolve, reject) => {
      const fail = (error: Error) => {
        const late = `no answer from ${url.host} within ${this.timeoutSeconds} seconds`;
        reject(serviceError(signal.aborted ? late : error.message));
      };
      const outgoing = request(url, { ...options, signal }, (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on("data", (chunk: Buffer) => {
          chunks.push(chunk);
          if ((size += chunk.length) > MAX_BYTES) response.destroy(tooLarge());
        });
        response.on("error", fail);
        response.on("end", () => resolve([response.statusCode!, Buffer.concat(chunks)]));
      });
      outgoing.on("error", fail).end();
    });
  }
}

/** Keeps count of what comes in several answers; refuses more than this host can hold. */
export class Budget {
  private left = MAX_BYTES;

  spend(bytes: number): void {
    this.left -= bytes;
    if (this.left < 0) throw serviceError(tooLarge().message);
  }
}

function tooLarge(): Error {
  return new Error(`the answer is larger than ${MAX_BYTES / 2 ** 20} MiB`);
}

// policy-server's client says this much on the first line of why it did not get an answer; its causes follow.
function serviceError(reason: string): Error {
  return new Error(`ServiceError: client error (Connect): ${reason}`);
}
