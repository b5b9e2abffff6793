import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { own } from "../document.js";
import { IMAGE_INDEX } from "./client.js";
import { contentBytes, type Content, type Fixture } from "./fixture.js";

export interface ServerOptions {
  /** The port; 0, the default, is any that is free. */
  port?: number;
  /** Serve HTTPS with this certificate. */
  tls?: { key: string; cert: string };
  /** The process may end while it is served. */
  background?: boolean;
  /** Answers a request in the registry's place if it returns something: for authentication. */
  guard?: (request: IncomingMessage) => Reply | undefined;
}

/** What is answered to a request. */
export interface Reply {
  status: number;
  headers?: Record<string, string>;
  body?: Buffer | string;
}

/** A running registry. */
export interface Registry {
  origin: string;
  close(): Promise<void>;
}

/**
 * Serves fixtures as a read-only OCI registry on the loopback interface, each as the repository
 * `demo/<its name>`.
 */
export async function serveRegistry(
  fixtures: Fixture[],
  { port = 0, tls, background, guard }: ServerOptions = {},
): Promise<Registry> {
  const byRepository = new Map(fixtures.map((fixture) => [`demo/${fixture.name}`, fixture]));
  const listener: RequestListener = (request, response) => {
    const reply = guard?.(request) ?? answer(byRepository, request.url ?? "/");
    const body = Buffer.from(reply.body ?? "");
    response.writeHead(reply.status, { ...reply.headers, "content-length": body.length });
    response.end(request.method === "HEAD" ? undefined : body);
  };
  const server = tls ? createTlsServer(tls, listener) : createServer(listener);
  await listen(server, port);
  if (background) server.unref();
  const { port: actual } = server.address() as AddressInfo;
  return {
    origin: `${tls ? "https" : "http"}://127.0.0.1:${actual}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
}

function answer(fixtures: Map<string, Fixture>, target: string): Reply {
  const path = decodeURIComponent(new URL(target, "http://registry").pathname);
  if (path === "/v2/") return { status: 200, body: "{}" };
  const [, repository = "", kind, name = ""] =
    /^\/v2\/(.+)\/(manifests|blobs|referrers)\/([^/]+)$/.exec(path) ?? [];
  const fixture = fixtures.get(repository);
  if (!fixture) return refuse("NAME_UNKNOWN", "repository name not known to registry");
  if (kind === "manifests") return answerManifest(fixture, name);
  if (kind === "blobs") {
    const blob = own(fixture.blobs, name);
    return blob
      ? found(blob, name, "application/octet-stream")
      : refuse("BLOB_UNKNOWN", "blob unknown to registry");
  }
  const referrers = own(fixture.referrers, name);
  return found(referrers ?? { text: EMPTY_INDEX }, undefined, IMAGE_INDEX);
}

const EMPTY_INDEX = JSON.stringify({ schemaVersion: 2, mediaType: IMAGE_INDEX, manifests: [] });

function answerManifest(fixture: Fixture, name: string): Reply {
  const digest = own(fixture.tags, name) ?? name;
  const manifest = own(fixture.manifests, digest);
  if (!manifest) return refuse("MANIFEST_UNKNOWN", "manifest unknown");
  return found(manifest, digest, manifest.mediaType);
}

function found(content: Content, digest: string | undefined, mediaType: string): Reply {
  const headers = { "content-type": mediaType, ...(digest && { "docker-content-digest": digest }) };
  return { status: 200, headers, body: contentBytes(content) };
}

function refuse(code: string, message: string): Reply {
  return {
    status: 404,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ errors: [{ code, message }] }),
  };
}
