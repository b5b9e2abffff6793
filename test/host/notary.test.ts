import { createHash } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { collectCommand } from "../../host/commands/evidence/collect.js";
import { pushCommand } from "../../host/commands/evidence/push.js";
import { readEvidence } from "../../host/evidence/document.js";
import { gatherNotary, parseServer } from "../../host/evidence/notary.js";
import { contentBytes, type Fixture } from "../../host/registry/fixture.js";
import { Requests } from "../../host/registry/requests.js";
import type { Reply } from "../../host/registry/server.js";
import { Transport } from "../../host/registry/transport.js";
import { readFixture } from "./fixtures.js";
import { inProcess } from "./in-process.js";
import { MemoryRegistry, type MemoryOptions } from "./memory-registry.js";

// The trust metadata that Debian's notary 0.7.0 published to its own server, served as that server does: the
// timestamp by its name, the rest by checksum.

const fixture = readFixture("m-notary-delegation.json");
const GUN = "localhost:4443/demo/app-rel";
const ROLES = ["root", "timestamp", "snapshot", "targets", "targets/releases"];
const image = /v1\.0 (sha256:[0-9a-f]{64})/.exec(fixture.images.join("\n"))![1]!;
const bytesOf = ({ files }: Fixture, role: string) => contentBytes(files[`tuf/${role}.json`]!);

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** Serves metadata by its file names. */
function metadata(changed: Record<string, Buffer> = {}): (path: string) => Reply | undefined {
  const files = new Map<string, Buffer>();
  for (const role of ROLES) {
    const bytes = bytesOf(fixture, role);
    const hex = createHash("sha256").update(bytes).digest("hex");
    const name = role === "timestamp" ? role : `${role}.${hex}`;
    files.set(`/v2/${GUN}/_trust/tuf/${name}.json`, changed[role] ?? bytes);
  }
  return (path) => {
    if (!path.includes("/_trust/")) return undefined;
    const body = files.get(path);
    return body ? { status: 200, body } : { status: 404, body: "" };
  };
}

async function serve(guard: NonNullable<MemoryOptions["guard"]>) {
  const registry = await MemoryRegistry.serve([], { guard });
  closing.push(() => registry.close());
  return registry.host;
}
const serveMetadata = (changed?: Record<string, Buffer>) => {
  const answer = metadata(changed);
  return serve(({ url = "" }) => answer(url));
};

async function gathered(host: string, { gun = GUN, digest = image } = {}) {
  const transport = new Transport({ insecure: new Set([host]), authorities: new Map() });
  const notes: string[] = [];
  const note = (line: string) => void notes.push(line);
  const findings = await gatherNotary(new Requests(transport), host, gun, digest, note);
  return { findings, notes };
}

test("takes the metadata of all roles, byte for byte", async () => {
  const host = await serveMetadata();
  const { findings, notes } = await gathered(host);
  const expected = ROLES.map((role) => [role, bytesOf(fixture, role).toString("base64")]);
  const item = { type: "notary-v1", gun: GUN, metadata: Object.fromEntries(expected) as object };
  expect(findings).toEqual([{ item, where: [`notary ${host}`] }]);
  expect(notes).toEqual([]);
});

test("takes nothing where the image is no target", async () => {
  const { findings, notes } = await gathered(await serveMetadata(), {
    digest: `sha256:${"0".repeat(64)}`,
  });
  expect(findings).toEqual([]);
  expect(notes).toEqual([expect.stringContaining(`no target of ${GUN} is sha256:000`)]);
});

const signed = (value: unknown) => Buffer.from(JSON.stringify({ signed: value }));
test.each<[string, Record<string, Buffer>, string]>([
  [
    "another snapshot than listed",
    { snapshot: bytesOf(fixture, "targets") },
    "the snapshot is not",
  ],
  ["other targets than listed", { targets: bytesOf(fixture, "root") }, "the targets is not what"],
  ["a timestamp that lists nothing", { timestamp: signed({}) }, "no checksum of snapshot"],
  ["a timestamp that is none", { timestamp: Buffer.from("x") }, "no checksum of snapshot"],
  ["too much", { timestamp: Buffer.alloc((768 << 10) + 1) }, "more than 786432 bytes"],
])("refuses a server with %s", async (_, changed, words) => {
  const host = await serveMetadata(changed);
  await expect(gathered(host)).rejects.toThrow(
    `cannot read the trust metadata of ${GUN} at ${host}: `,
  );
  await expect(gathered(host)).rejects.toThrow(words);
});

test("says of a repository that is not there", async () => {
  const host = await serveMetadata();
  await expect(gathered(host, { gun: "nowhere" })).rejects.toThrow(
    `cannot read the trust metadata of nowhere at ${host}: Server error: `,
  );
});

describe("evidence collect", () => {
  const folder = mkdtempSync(join(tmpdir(), "notary-"));

  test("tells the server who asks, with the registry's credential", async () => {
    const answer = metadata();
    const asked: string[] = [];
    const host = await serve(({ url = "", headers }) => {
      const { pathname, searchParams } = new URL(url, "http://notary");
      if (pathname === "/token") {
        asked.push(`${searchParams.get("scope")} ${headers.authorization}`);
        return { status: 200, body: JSON.stringify({ token: "t" }) };
      }
      if (!pathname.includes("/_trust/")) return undefined;
      if (headers.authorization === "Bearer t") return answer(pathname);
      const challenge = `Bearer realm="http://${headers.host}/token",service="notary"`;
      return { status: 401, headers: { "www-authenticate": challenge } };
    });
    const auth = Buffer.from("user:secret").toString("base64");
    const outputPath = join(folder, "evidence.json");
    const sourcesPath = join(folder, "sources.yaml");
    const registry = await MemoryRegistry.serve([]);
    closing.push(() => registry.close());
    writeFileSync(sourcesPath, stringify({ insecure_sources: [host, registry.host] }));
    writeFileSync(
      join(folder, "config.json"),
      JSON.stringify({ auths: { [registry.host]: { auth } } }),
    );
    const { code, out } = await inProcess(() =>
      collectCommand(`${registry.host}/demo/app-rel@${image}`, {
        ...{ sourcesPath, dockerConfigJsonPath: folder, outputPath },
        ...{ notaryServer: host, gun: GUN },
      }),
    );
    expect(code).toBe(0);
    expect(out).toContain(`notary-v1  notary ${host}  ${GUN}: ${ROLES[0]}, ${ROLES[1]}`);
    expect(asked).toEqual([`repository:${GUN}:pull Basic ${auth}`]);
    expect(readEvidence(outputPath).items.map(({ type }) => type)).toEqual(["notary-v1"]);
  });
});

test("evidence push tells of an image that the server has no tag for, by its exit code", async () => {
  const notary = await serveMetadata();
  const signed = readFixture("b-three-keys.json");
  const registry = await MemoryRegistry.serve([signed]);
  closing.push(() => registry.close());
  const folder = mkdtempSync(join(tmpdir(), "notary-"));
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  write("config.json", "{}");
  const sources = { insecure_sources: [notary, registry.host] };
  const options = {
    sourcesPath: write("sources.yaml", stringify(sources)),
    dockerConfigJsonPath: folder,
    key: [write("a1.pub", contentBytes(signed.files["keys/a1.pub"]!).toString())],
    subject: true,
  };
  const push = (more: object) =>
    inProcess(() => pushCommand(`${registry.host}/demo/b-three-keys:1.0`, { ...options, ...more }));
  const asked = await push({ notaryServer: notary, gun: GUN });
  expect(asked.code).toBe(1);
  expect(asked.err).toContain(`no target of ${GUN} is ${signed.tags["1.0"]}`);
  expect(asked.out).toContain("is pushed: 1 item");
  expect(await push({ notaryServer: notary, gun: GUN })).toMatchObject({ code: 1 });
  expect(await push({})).toMatchObject({ code: 0 });
});

test.each([
  ["https://notary.example.com", "notary.example.com"],
  ["https://notary.example.com:4443/", "notary.example.com:4443"],
  ["notary.example.com", "notary.example.com"],
])("a server may be given as %s", (server, host) => {
  expect(parseServer(server)).toBe(host);
});

test.each(["http://notary.example.com", "https://notary.example.com/v2", "a b", ""])(
  "a server may not be given as %j",
  (server) => {
    expect(() => parseServer(server)).toThrow("give it as https://notary.example.com");
  },
);
