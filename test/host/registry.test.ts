import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { parseChallenges } from "../../host/registry/authentication.js";
import { RegistryClient } from "../../host/registry/client.js";
import { ANONYMOUS, dockerCredentials, type Credential } from "../../host/registry/credentials.js";
import { formatReference, parseReference } from "../../host/registry/reference.js";
import { serveRegistry, type Reply, type ServerOptions } from "../../host/registry/server.js";
import { NO_SOURCES, parseSources, type Sources } from "../../host/registry/sources.js";
import { Transport } from "../../host/registry/transport.js";
import { makeCertificate } from "./certificates.js";
import { readFixture } from "./fixtures.js";

const fixture = readFixture("a-single.json");
const digest = fixture.tags["1.0"]!;
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

async function serve(options: ServerOptions = {}, given = fixture): Promise<string> {
  const registry = await serveRegistry([given], options);
  closing.push(() => registry.close());
  return new URL(registry.origin).host;
}

function insecure(host: string): Sources {
  return { insecure: new Set([host]), authorities: new Map() };
}

function client(sources: Sources, credential?: Credential): RegistryClient {
  return new RegistryClient(
    new Transport(sources),
    credential ? async () => credential : ANONYMOUS,
  );
}

const pull = (from: RegistryClient, host: string, what = ":1.0") =>
  from.pullManifest(parseReference(`${host}/demo/a-single${what}`));

const unauthorized = (challenge: string): Reply => ({
  status: 401,
  headers: { "www-authenticate": challenge },
});

describe("over plain HTTP", () => {
  test("pulls by tag and by digest from a registry listed as insecure", async () => {
    const host = await serve();
    const from = client(insecure(host));
    expect((await pull(from, host)).digest).toBe(digest);
    expect((await pull(from, host, `:other@${digest}`)).digest).toBe(digest);
  });

  test("does not speak to one that is not, loopback or no", async () => {
    const host = await serve();
    await expect(pull(client(NO_SOURCES), host)).rejects.toThrow(
      `error sending request for url (https://${host}/v2/demo/a-single/manifests/1.0)`,
    );
  });

  test("says what the registry said", async () => {
    const host = await serve();
    await expect(pull(client(insecure(host)), host, ":none")).rejects.toThrow(
      `Registry error: url http://${host}/v2/demo/a-single/manifests/none, ` +
        "envelope: OCI API errors: [OCI API error: manifest unknown]",
    );
  });
});

describe("over TLS", () => {
  test("trusts the CA that the sources name for the host, and no other", async () => {
    const ca = await makeCertificate({ name: "test CA", ca: true });
    const server = await makeCertificate({ name: "registry", issuer: ca, ip: "127.0.0.1" });
    const host = await serve({ tls: { key: server.keyPem, cert: server.pem } });
    const trusting = parseSources({
      source_authorities: { [host]: [{ type: "Data", data: ca.pem }] },
    });
    expect((await pull(client(trusting), host)).digest).toBe(digest);
    await expect(pull(client(NO_SOURCES), host)).rejects.toThrow("error sending request");
    const elsewhere = parseSources({
      source_authorities: { "other:1": [{ type: "Data", data: ca.pem }] },
    });
    await expect(pull(client(elsewhere), host)).rejects.toThrow("error sending request");
  });

  test("does not look at the certificate of a registry listed as insecure", async () => {
    const server = await makeCertificate({ name: "other", ca: true });
    const host = await serve({ tls: { key: server.keyPem, cert: server.pem } });
    expect((await pull(client(insecure(host)), host)).digest).toBe(digest);
  });
});

describe("content is not taken on trust", () => {
  const forged = (digest: string, text: string) => ({
    ...fixture,
    manifests: { ...fixture.manifests, [digest]: { mediaType: "x", text } },
  });

  test.each([
    ["another manifest than the digest's", `{"schemaVersion":2,"layers":[]}`, "Digest error"],
    ["no JSON", "<html>", "Digest error"],
  ])("%s", async (_, text, message) => {
    const host = await serve({}, forged(digest, text));
    await expect(pull(client(insecure(host)), host, `@${digest}`)).rejects.toThrow(message);
  });

  test.each([
    [`{"schemaVersion":1,"layers":[]}`],
    [`{"schemaVersion":2}`],
    [`{"schemaVersion":2,"layers":[{"digest":1}]}`],
    ["[]"],
    ["<html>"],
  ])("%s is no manifest", async (body) => {
    const host = await serve({ guard: () => ({ status: 200, body }) });
    await expect(pull(client(insecure(host)), host)).rejects.toThrow(
      "neither an image manifest nor an index",
    );
  });

  test("another blob than the descriptor's", async () => {
    const [blob] = Object.keys(fixture.blobs);
    const host = await serve({}, { ...fixture, blobs: { [blob!]: { text: "forged" } } });
    const descriptor = { mediaType: "x", digest: blob!, size: 6 };
    const reference = parseReference(`${host}/demo/a-single:1.0`);
    await expect(client(insecure(host)).pullBlob(reference, descriptor)).rejects.toThrow(
      "Digest error",
    );
  });

  test("more bytes than a manifest has", async () => {
    const host = await serve({ guard: () => ({ status: 200, body: Buffer.alloc(5 << 20, 32) }) });
    await expect(pull(client(insecure(host)), host)).rejects.toThrow(
      "the answer has more than 4194304 bytes",
    );
  });

  test("a redirect that never ends", async () => {
    const guard = ({ url }: { url?: string }) => ({
      status: 307,
      headers: { location: `${url}x` },
    });
    const host = await serve({ guard });
    await expect(pull(client(insecure(host)), host)).rejects.toThrow("more than 5 redirects");
  });
});

describe("authentication", () => {
  const alice: Credential = { username: "alice", password: "s3cret" };
  const basic = `Basic ${Buffer.from("alice:s3cret").toString("base64")}`;

  /** A registry that wants a token and its token service, which gives one to alice. */
  async function serveWithTokens() {
    const seen: string[] = [];
    const service = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk) => (body += chunk));
      request.on("end", () => {
        seen.push(`${request.method} ${request.url} ${body}`);
        const known =
          request.headers.authorization === basic || body.includes("refresh_token=r3fresh");
        response.writeHead(known ? 200 : 401);
        response.end(JSON.stringify(known ? { token: "t0ken" } : {}));
      });
    });
    await new Promise<void>((resolve) => service.listen(0, "127.0.0.1", resolve));
    closing.push(async () => service.close());
    const realm = `http://127.0.0.1:${(service.address() as AddressInfo).port}/token`;
    const challenge = `Bearer realm="${realm}",service="reg",scope="repository:demo/a-single:pull"`;
    const host = await serve({
      guard: ({ headers }) =>
        headers.authorization === "Bearer t0ken" ? undefined : unauthorized(challenge),
    });
    return { host, seen };
  }

  test("gets a token with a password, once for a repository", async () => {
    const { host, seen } = await serveWithTokens();
    const from = client(insecure(host), alice);
    expect((await pull(from, host)).digest).toBe(digest);
    expect((await pull(from, host, ":stable")).digest).toBe(digest);
    expect(seen).toEqual(["GET /token?service=reg&scope=repository%3Ademo%2Fa-single%3Apull "]);
  });

  test("gets a token with an identity token", async () => {
    const { host, seen } = await serveWithTokens();
    expect((await pull(client(insecure(host), { identityToken: "r3fresh" }), host)).digest).toBe(
      digest,
    );
    expect(seen[0]).toMatch(/^POST \/token .*grant_type=refresh_token/);
  });

  test("is refused without", async () => {
    const { host } = await serveWithTokens();
    await expect(pull(client(insecure(host)), host)).rejects.toThrow("Authentication failure");
  });

  test.each([
    ["with the password", alice, undefined],
    ["with another", { ...alice, password: "guess" }, "Not authorized"],
    ["with none", undefined, "Not authorized"],
  ])("basic, %s", async (_, credential, message) => {
    const host = await serve({
      guard: ({ headers }) =>
        headers.authorization === basic ? undefined : unauthorized('Basic realm="registry"'),
    });
    const pulling = pull(client(insecure(host), credential), host);
    if (message) await expect(pulling).rejects.toThrow(message);
    else expect((await pulling).digest).toBe(digest);
  });

  test("a password does not follow a redirect to another host", async () => {
    const seen: (string | undefined)[] = [];
    const other = await serve({
      guard: ({ headers }) => {
        seen.push(headers.authorization);
        return undefined;
      },
    });
    const host = await serve({
      guard: ({ headers, url }) =>
        headers.authorization
          ? { status: 307, headers: { location: `http://${other}${url}` } }
          : unauthorized("Basic"),
    });
    expect((await pull(client(insecure(host), alice), host)).digest).toBe(digest);
    expect(seen).toEqual([undefined]);
  });

  test.each([
    [
      'Bearer realm="https://a/b",scope="x,y" , Basic realm="z"',
      [
        { scheme: "bearer", parameters: { realm: "https://a/b", scope: "x,y" } },
        { scheme: "basic", parameters: { realm: "z" } },
      ],
    ],
    ["Basic", [{ scheme: "basic", parameters: {} }]],
    [
      String.raw`Bearer Realm="a\"b", service=c`,
      [{ scheme: "bearer", parameters: { realm: 'a"b', service: "c" } }],
    ],
    ["", []],
  ])("reads the challenge %s", (header, challenges) => {
    expect(parseChallenges(header)).toEqual(challenges);
  });
});

describe("the docker configuration", () => {
  const folder = (config: unknown) => {
    const path = mkdtempSync(join(tmpdir(), "docker-"));
    writeFileSync(join(path, "config.json"), JSON.stringify(config));
    return path;
  };
  const auth = Buffer.from("alice:pass:word").toString("base64");
  const alice = { username: "alice", password: "pass:word" };

  test.each([
    ["auth", { "r.io": { auth } }, "r.io", alice],
    ["auth under a URL", { "https://r.io/v1/": { auth } }, "r.io", alice],
    ["user name and password", { "r.io": alice }, "r.io", alice],
    ["Docker Hub", { "https://index.docker.io/v1/": { auth } }, "docker.io", alice],
    ["identity token", { "r.io": { auth, identitytoken: "t" } }, "r.io", { identityToken: "t" }],
    ["another registry", { "r.io": { auth } }, "r.io:5000", undefined],
    ["an empty entry", { "r.io": {} }, "r.io", undefined],
  ])("%s", async (_, auths, registry, credential) => {
    expect(await dockerCredentials(folder({ auths }))(registry)).toEqual(credential);
  });

  test("asks credential helpers", async () => {
    const bin = mkdtempSync(join(tmpdir(), "helper-"));
    const helper = join(bin, "docker-credential-test");
    writeFileSync(
      helper,
      '#!/bin/sh\nread -r server\ncase "$1 $server" in\n' +
        `"get r.io") echo '{"Username":"bob","Secret":"b0b"}';;\n` +
        `"get t.io") echo '{"Username":"<token>","Secret":"t"}';;\n` +
        "*) echo 'credentials not found in native keychain'; exit 1;;\nesac\n",
    );
    chmodSync(helper, 0o755);
    const path = process.env["PATH"];
    process.env["PATH"] = `${bin}${delimiter}${path}`;
    try {
      const store = dockerCredentials(folder({ credsStore: "test" }));
      expect(await store("r.io")).toEqual({ username: "bob", password: "b0b" });
      expect(await store("t.io")).toEqual({ identityToken: "t" });
      expect(await store("x.io")).toBeUndefined();
      const helpers = dockerCredentials(folder({ credHelpers: { "r.io": "test" } }));
      expect(await helpers("r.io")).toEqual({ username: "bob", password: "b0b" });
      const missing = dockerCredentials(folder({ credHelpers: { "r.io": "missing" } }));
      await expect(missing("r.io")).rejects.toThrow("cannot run docker-credential-missing");
    } finally {
      process.env["PATH"] = path;
    }
  });

  test("that is asked for and not there is an error", () => {
    expect(() => dockerCredentials(mkdtempSync(join(tmpdir(), "none-")))).toThrow("no config.json");
  });
});

test.each([
  ["nginx", "docker.io/library/nginx:latest"],
  ["nginx:1.25", "docker.io/library/nginx:1.25"],
  ["team/app", "docker.io/team/app:latest"],
  ["index.docker.io/nginx", "docker.io/library/nginx:latest"],
  ["localhost/app", "localhost/app:latest"],
  ["r.io:5000/a/b__c:T.1", "r.io:5000/a/b__c:T.1"],
  [`r.io/a:1@${digest}`, `r.io/a:1@${digest}`],
  [`r.io/a@${digest}`, `r.io/a@${digest}`],
  ["[::1]:5000/a", "[::1]:5000/a:latest"],
])("%s is %s", (image, whole) => {
  expect(formatReference(parseReference(image))).toBe(whole);
});

test.each([
  "",
  ":",
  "a:",
  "a@",
  "a@sha256:00",
  "A b",
  "a/B",
  "r.io/",
  "r.io//a",
  "a/../b",
  "r.io/a:1:2/b",
  "https://r.io/a",
  "r.io/a?x",
  "r.io/a#x",
  "-a.io:x/b",
  `a@${digest.toUpperCase()}`,
])("%j is no reference", (image) => {
  expect(() => parseReference(image)).toThrow(/invalid reference format|unsupported digest/);
});

test.each([
  [[], "must be a map"],
  [{ insecure_sources: "a" }, "must be a list of hosts"],
  [{ proxies: {} }, "not supported: proxies"],
  [{ source_authorities: { a: [{ type: "Data" }] } }, "{type: Data, data: PEM}"],
  [{ source_authorities: { a: [{ type: "Data", data: "x" }] } }, "not a PEM certificate"],
  [{ source_authorities: { a: [{ type: "Path", path: "/none" }] } }, "cannot read the CA of a"],
])("sources %j are refused", (sources, message) => {
  expect(() => parseSources(sources)).toThrow(message);
});
