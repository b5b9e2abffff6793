import { mkdtempSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import type { JsonObject } from "../../host/document.js";
import { ApiServer } from "../../host/kubernetes/api-server.js";
import { Connection } from "../../host/kubernetes/connection.js";
import { makeCertificate } from "./certificates.js";

const folder = mkdtempSync(join(tmpdir(), "kubeconfig-"));
const base64 = (text: string) => Buffer.from(text).toString("base64");
const ca = await makeCertificate({ name: "kubernetes", ca: true });
const other = await makeCertificate({ name: "other", ca: true });
const forServer = await makeCertificate({ name: "api", issuer: ca, ip: "127.0.0.1" });
const forUser = await makeCertificate({ name: "policy-server", issuer: ca });

function kubeconfig(
  server: string,
  user: JsonObject = { token: "secret" },
  authority: string | null = ca.pem,
): string {
  const path = join(folder, "config");
  const cluster = {
    server,
    ...(authority !== null && { "certificate-authority-data": base64(authority) }),
  };
  const context = { cluster: "c", user: "u" };
  const content = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "c", cluster }],
    users: [{ name: "u", user }],
    contexts: [{ name: "x", context }],
    "current-context": "x",
  };
  writeFileSync(path, stringify(content));
  return path;
}

/** What was asked for, and what is answered by path. */
let asked: { url: string; authorization: string | undefined; certificate: unknown }[];
let answers: Record<string, (request: IncomingMessage, response: ServerResponse) => void>;

const json = (value: unknown, code = 200) =>
  ((_request, response) => {
    response.writeHead(code, { "content-type": "application/json" });
    response.end(JSON.stringify(value));
  }) as (typeof answers)[string];

const tls = { ca: ca.pem, cert: forServer.pem, key: forServer.keyPem };
const clients = { requestCert: true, rejectUnauthorized: false };
const server = createServer({ ...tls, ...clients }, (request, response) => {
  const { authorization } = request.headers;
  const { subject } = (request.socket as TLSSocket).getPeerCertificate();
  asked.push({ url: request.url!, authorization, certificate: subject?.CN });
  const answer = answers[request.url!.split("?")[0]!];
  if (answer) answer(request, response);
  else response.writeHead(404, { "content-type": "text/plain" }).end("404 page not found\n");
});
let origin = "";
beforeAll(
  () =>
    new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", () => {
        origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
        resolve();
      });
    }),
);
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const item = (name: string) => ({
  metadata: { name, annotations: { "kubectl.kubernetes.io/last-applied-configuration": "{}" } },
  data: { a: name, b: "x" },
});
const forbidden = {
  kind: "Status",
  apiVersion: "v1",
  metadata: {},
  status: "Failure",
  message: 'configmaps is forbidden: User "u" cannot list resource "configmaps"',
  reason: "Forbidden",
  details: { kind: "configmaps" },
  code: 403,
};
const notFound = { ...forbidden, message: "not found", reason: "NotFound", code: 404 };

beforeEach(() => {
  asked = [];
  answers = {
    "/api/v1": json({
      resources: [
        { name: "configmaps", kind: "ConfigMap", namespaced: true },
        { name: "namespaces", kind: "Namespace", namespaced: false },
        { name: "namespaces/status", kind: "Namespace", namespaced: false },
        { name: "pods/eviction", kind: "Eviction", namespaced: true },
        { name: "..", kind: "Odd", namespaced: true },
      ],
    }),
    "/apis/kubeservice.cn/v1": json({
      resources: [{ name: "cosignkeys", kind: "CosignKey", namespaced: true }],
    }),
    "/api/v1/configmaps": json({ items: [item("a")], metadata: {} }),
    "/api/v1/namespaces/prod/configmaps/keys": json(item("keys")),
    "/api/v1/namespaces/prod": json(item("prod")),
  };
});

const open = async (timeoutSeconds?: number) =>
  new ApiServer(await Connection.open(kubeconfig(origin), timeoutSeconds));
const all = (more: JsonObject = {}) => ({ api_version: "v1", kind: "ConfigMap", ...more });
const urls = () => asked.map(({ url }) => url);

describe("lists", () => {
  test("have policy-server's form; the kind is looked up once, with the credentials", async () => {
    const cluster = await open();
    const expected = {
      apiVersion: "v1",
      kind: "ConfigMapList",
      metadata: {},
      items: [
        { metadata: { name: "a", annotations: {}, managedFields: [] }, data: { a: "a", b: "x" } },
      ],
    };
    expect(await cluster.list(all())).toEqual(expected);
    expect(await cluster.list(all({ field_masks: ["data.b"] }))).toMatchObject({
      items: [{ data: { b: "x" } }],
    });
    expect(urls()).toEqual([
      "/api/v1",
      "/api/v1/configmaps?limit=500",
      "/api/v1/configmaps?limit=500",
    ]);
    expect(asked.map(({ authorization }) => authorization)).toEqual(Array(3).fill("Bearer secret"));
  });

  test("of a namespace and a custom kind, with selectors", async () => {
    const path = "/apis/kubeservice.cn/v1/namespaces/prod/cosignkeys";
    answers[path] = json({ items: [], metadata: {} });
    const { kind } = await (
      await open()
    ).list({
      api_version: "kubeservice.cn/v1",
      kind: "CosignKey",
      namespace: "prod",
      label_selector: "a in (b,c)",
      field_selector: "metadata.name=x",
    });
    expect(kind).toBe("CosignKeyList");
    const query = "?limit=500&labelSelector=a+in+%28b%2Cc%29&fieldSelector=metadata.name%3Dx";
    expect(urls()).toEqual(["/apis/kubeservice.cn/v1", path + query]);
  });

  test("of several pages are one", async () => {
    answers["/api/v1/configmaps"] = (request, response) => {
      const { searchParams } = new URL(request.url!, origin);
      const page = Number(searchParams.get("continue") ?? 0);
      const next = page < 2 ? { continue: String(page + 1) } : {};
      json({ items: [item(`m${page}`)], metadata: next })(request, response);
    };
    const { items } = await (await open()).list(all());
    expect(items).toMatchObject(["m0", "m1", "m2"].map((name) => ({ metadata: { name } })));
  });

  test("are bounded in each of their pages", async () => {
    const page = Buffer.alloc(2 ** 26 + 1, " ");
    answers["/api/v1/configmaps"] = (_request, response) => response.end(page);
    await expect((await open()).list(all())).rejects.toThrow("the answer is larger than 64 MiB");
  });

  test("are bounded over all their pages", async () => {
    const page = JSON.stringify({
      items: [item("x".repeat(2 ** 24))],
      metadata: { continue: "1" },
    });
    answers["/api/v1/configmaps"] = (_request, response) => response.end(page);
    await expect((await open()).list(all())).rejects.toThrow("the answer is larger than 64 MiB");
    expect(asked.length).toBe(1 + 2);
  });
});

describe("one object", () => {
  const get = async (fields: JsonObject) => (await open()).get(all(fields));

  test("in a namespace as it is, and masked", async () => {
    expect(await get({ name: "keys", namespace: "prod" })).toEqual(item("keys"));
    const masked = await get({ name: "keys", namespace: "prod", field_masks: ["data.a"] });
    expect(masked).toEqual({ ...item("keys"), data: { a: "keys" } });
  });

  test("in no namespace, whichever is given", async () => {
    const prod = { kind: "Namespace", name: "prod" };
    expect(await get(prod)).toEqual(item("prod"));
    expect(await get({ ...prod, namespace: "x" })).toEqual(item("prod"));
  });

  test("that is not there", async () => {
    answers["/api/v1/namespaces/prod/configmaps/no"] = json(notFound, 404);
    await expect(get({ name: "no", namespace: "prod" })).rejects.toThrow(
      `Cannot find v1/ConfigMap named 'no' inside of namespace 'Some("prod")'`,
    );
  });

  test.each(["", ".", ".."])("called %j is not asked for", async (name) => {
    await expect(get({ name, namespace: "prod" })).rejects.toThrow(`"${name}" is no name`);
    await expect(get({ name: "keys", namespace: name })).rejects.toThrow(`"${name}" is no name`);
    expect(urls()).toEqual(["/api/v1", "/api/v1"]);
  });

  test("whose name would be another path", async () => {
    const message = "Cannot find v1/ConfigMap named '../../x'";
    await expect(get({ name: "../../x", namespace: "prod" })).rejects.toThrow(message);
    expect(urls()).toEqual(["/api/v1", "/api/v1/namespaces/prod/configmaps/..%2F..%2Fx"]);
    await expect(get({ kind: "Odd", name: "x", namespace: "prod" })).rejects.toThrow("is no name");
  });
});

describe("an API server that does not answer", () => {
  const page404 =
    "ApiError: 404 page not found\n: Failed to parse error data (Status { status: Some(Failure), code: 404, " +
    'message: "404 page not found\\n", metadata: None, reason: "Failed to parse error data", details: None })';
  const apiVersion = (api_version: string) => ({ api_version, kind: "CosignKey" });

  test.each([
    [
      apiVersion("none.example/v1"),
      `error finding resource none.example/v1 / CosignKey: ${page404}`,
    ],
    [apiVersion("kubeservice"), "cannot determine group and version for kubeservice"],
    [apiVersion("a/b/c"), "cannot determine group and version for a/b/c"],
    [all({ kind: "Nothing" }), "Cannot find resource v1/Nothing"],
    [all({ kind: "Eviction" }), "Cannot find resource v1/Eviction"],
    [
      all({ kind: "Namespace", namespace: "prod" }),
      "resource v1/Namespace is cluster wide. Cannot search for it inside of a namespace",
    ],
  ])("to a list of %j: %s", async (fields, message) => {
    const error = await (await open()).list(fields).catch((error: Error) => error.message);
    expect(error).toBe(message);
  });

  test("to a get without the namespace that it takes", async () => {
    await expect((await open()).get(all({ name: "x" }))).rejects.toThrow(
      "Resource v1/ConfigMap is namespaced, but no namespace was provided",
    );
  });

  test("because it is forbidden", async () => {
    answers["/api/v1/configmaps"] = json(forbidden, 403);
    const text = `${forbidden.message}: Forbidden`;
    const error = await (await open()).list(all()).catch((error: Error) => error.message);
    expect(error).toBe(
      `ApiError: ${text} (Status { status: Some(Failure), code: 403, message: ` +
        '"configmaps is forbidden: User \\"u\\" cannot list resource \\"configmaps\\"", metadata: Some(ListMeta { ' +
        "continue_: None, remaining_item_count: None, resource_version: None, self_link: None }), " +
        'reason: "Forbidden", details: Some(StatusDetails { name: "", group: "", kind: "configmaps", uid: "", ' +
        `causes: [], retry_after_seconds: 0 }) })\n\nCaused by:\n    ${text}`,
    );
  });

  test.each([
    ["with HTML", 200, "<html>", "Error deserializing response"],
    ["with no List", 200, "{}", "Error deserializing response: it is no List"],
    ["with null", 200, "null", "Error deserializing response: it is no List"],
    ["with a proxy's page", 502, "Bad gateway", "ApiError: Bad gateway: Failed to parse error"],
    ["with a redirection", 302, "", "ApiError: : Failed to parse error data (Status { status: "],
  ])("%s", async (_name, code, body, message) => {
    answers["/api/v1/configmaps"] = (_request, response) => response.writeHead(code).end(body);
    await expect((await open()).list(all())).rejects.toThrow(message);
  });

  test("in time", async () => {
    answers["/api/v1/configmaps"] = (_request, response) => void response.write("{");
    await expect((await open(1)).list(all())).rejects.toThrow(
      /^ServiceError: client error \(Connect\): no answer from 127\.0\.0\.1:\d+ within 1 seconds$/,
    );
  });

  test("to the end", async () => {
    answers["/api/v1/configmaps"] = (_request, response) => {
      response.writeHead(200, { "content-length": 100 }).write("{");
      setTimeout(() => response.destroy(), 50);
    };
    await expect((await open()).list(all())).rejects.toThrow("ServiceError: ");
  });

  test("because it is not there", async () => {
    const cluster = new ApiServer(await Connection.open(kubeconfig("https://127.0.0.1:1")));
    await expect(cluster.list(all())).rejects.toThrow(
      "ServiceError: client error (Connect): connect ECONNREFUSED 127.0.0.1:1",
    );
  });
});

describe("a kubeconfig", () => {
  test("with a certificate", async () => {
    const data = {
      "client-certificate-data": base64(forUser.pem),
      "client-key-data": base64(forUser.keyPem),
    };
    await new ApiServer(await Connection.open(kubeconfig(origin, data))).list(all());
    expect(asked.map(({ certificate }) => certificate)).toEqual(Array(2).fill("policy-server"));
  });

  test.each([
    ["without the server's CA", null],
    ["with another CA", other.pem],
  ])("%s is of no use", async (_name, authority) => {
    const path = kubeconfig(origin, { token: "secret" }, authority);
    await expect(new ApiServer(await Connection.open(path)).list(all())).rejects.toThrow(
      /ServiceError: client error \(Connect\): .*certificate/,
    );
    expect(asked).toEqual([]);
  });

  test("sends no credentials in the clear", async () => {
    const path = kubeconfig(origin.replace("https:", "http:"));
    await expect(new ApiServer(await Connection.open(path)).list(all())).rejects.toThrow(
      "auth error: HTTP protocol is not allowed",
    );
  });

  test("with certificates that are not there is told when it is used", async () => {
    const user = { "client-certificate": "none.crt", "client-key": "none.key" };
    const cluster = new ApiServer(await Connection.open(kubeconfig(origin, user)));
    await expect(cluster.list(all())).rejects.toThrow(/auth error: ENOENT.*none\.(crt|key)/);
  });

  test.each([
    ["5", "has no cluster with an http(s) server in its current context"],
    ["{", "is no kubeconfig: "],
    ["clusters: []\nusers: []\ncontexts: []", "has no cluster with an http(s) server"],
  ])("cannot be %j", async (text, message) => {
    const path = join(folder, "bad");
    writeFileSync(path, text);
    await expect(Connection.open(path)).rejects.toThrow(message);
  });

  test.each(["ftp://x", "nonsense", "https://"])("of the server %j is refused", async (server) => {
    await expect(Connection.open(kubeconfig(server))).rejects.toThrow("has no cluster with an");
  });

  test("that cannot be read", async () => {
    const path = join(folder, "none");
    await expect(Connection.open(path)).rejects.toThrow("cannot read the kubeconfig: ENOENT");
  });
});
