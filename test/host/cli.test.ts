import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { contentBytes } from "../../host/registry/fixture.js";
import { serveRegistry } from "../../host/registry/server.js";
import { readFixture } from "./fixtures.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "cli-"));
const fixture = readFixture("a-single.json");
const digest = fixture.tags["1.0"]!;
const key = contentBytes(fixture.files["keys/a1.pub"]!).toString();

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? content : stringify(content));
  return path;
}

const session = (name: string) => join(root, "test/fixtures/sessions", `${name}.yml`);
const pod = (image: string) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "p\x1b[2J" },
  spec: { containers: [{ name: "c", image }] },
});
const image = "127.0.0.1:5555/demo/a-single:1.0";
const signed = file("pod.yaml", pod(image));
const settings = file("settings.yaml", { signatures: [{ image: "*", pubKeys: [key] }] });
const replay = ["--replay-host-capabilities-interactions", session("a-single--a1")];

interface Ran {
  code: number | null;
  out: string;
  err: string;
}

function cli(args: string[], input = ""): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, "build/host/cli.js"), ...args], {
      env: { ...process.env, DOCKER_CONFIG: folder, FORCE_COLOR: undefined, NO_COLOR: undefined },
    });
    const ran = { out: "", err: "" };
    child.stdout.on("data", (chunk) => (ran.out += chunk));
    child.stderr.on("data", (chunk) => (ran.err += chunk));
    child.on("close", (code) => resolve({ code, ...ran }));
    child.stdin.end(input);
  });
}

beforeAll(() => {
  const compile = ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"];
  const { status, stdout } = spawnSync(process.execPath, compile, { cwd: root });
  expect(status, String(stdout)).toBe(0);
});

describe("run", () => {
  test("accepts, pins and prints one line of JSON", async () => {
    const { code, out, err } = await cli(["run", "-r", signed, "-s", settings, ...replay]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/^\{"uid":"[^"]+","allowed":true,"patchType":"JSONPatch",.*\}\n$/);
    const { patch } = JSON.parse(out) as { patch: string };
    expect(JSON.parse(Buffer.from(patch, "base64").toString())).toEqual([
      { op: "replace", path: "/spec/containers/0/image", value: `${image}@${digest}` },
    ]);
  });

  test("reads the request from standard input, settings from the command line", async () => {
    const json = JSON.stringify({ signatures: [{ image: "*", pubKeys: [key] }] });
    const { code, out } = await cli(
      ["run", "-r", "-", "--settings-json", json, ...replay],
      JSON.stringify(pod(image)),
    );
    expect(code).toBe(0);
    expect(out).toContain('"allowed":true');
  });

  test("a rejection is a verdict too", async () => {
    const other = ["--replay-host-capabilities-interactions", session("oci-manifest--a-single")];
    const { code, out } = await cli(["run", "-r", signed, "-s", settings, ...other]);
    expect(code).toBe(0);
    expect(out).toContain('"allowed":false');
    expect(out).toContain("Replay error");
  });

  test("a capability that is not granted is a rejection that says so", async () => {
    for (const grants of [["net/*"], []]) {
      const args = ["run", "-r", signed, "-s", settings, ...replay, "--allowed-host-capabilities"];
      const { code, out } = await cli([...args, ...grants]);
      expect(code).toBe(0);
      expect(out).toContain("oci/v2/verify");
      expect(out).toContain('"allowed":false');
    }
  });

  test("is pretty without colours where there is no terminal, and without the request's escapes", async () => {
    const { code, out } = await cli(["run", "-r", signed, "-s", settings, ...replay, "--pretty"]);
    expect(code).toBe(0);
    expect(out).toMatch(/^✔ accepted and pinned Pod p\[2J in default\n/);
    expect(out).toContain(`image: ${image}@${digest}`);
    expect(out).not.toContain("\x1b");
  });

  test("asks a real registry, and records what can be replayed", async () => {
    const registry = await serveRegistry([fixture]);
    const host = new URL(registry.origin).host;
    const request = file("live.yaml", pod(`${host}/demo/a-single:1.0`));
    const sources = file("sources.yaml", { insecure_sources: [host] });
    const recorded = join(folder, "recorded.yml");
    const base = ["run", "-r", request, "-s", settings];
    const live = await cli([
      ...base,
      "--sources-path",
      sources,
      "--record-host-capabilities-interactions",
      recorded,
    ]);
    await registry.close();
    expect(live).toMatchObject({ code: 0, err: "" });
    expect(readFileSync(recorded, "utf8")).toBe(
      readFileSync(session("a-single--a1"), "utf8").replaceAll("127.0.0.1:5555", host),
    );
    const again = await cli([...base, "--replay-host-capabilities-interactions", recorded]);
    const { patch } = JSON.parse(live.out) as { patch: string };
    expect(JSON.parse(again.out)).toMatchObject({ allowed: true, patch });
  });

  test.each([
    ["no request", ["run"], "required option '-r, --request-path <file>' not specified"],
    ["no such request", ["run", "-r", join(folder, "none")], "cannot read the request: ENOENT"],
    ["no such policy", ["run", "-r", signed, "none.wasm"], "Build it with `make policy.wasm`"],
    ["a policy that is none", ["run", "-r", signed, signed], "is not a WebAssembly module"],
    [
      "a session that is none",
      ["run", "-r", signed, "--replay-host-capabilities-interactions", signed],
      "must be a list",
    ],
    [
      "two settings",
      ["run", "-r", signed, "-s", settings, "--settings-json", "{}"],
      "cannot be used with",
    ],
    ["two standard inputs", ["run", "-r", "-", "-s", "-"], "not both"],
    [
      "an unknown capability",
      ["run", "-r", signed, "--allowed-host-capabilities", "x/*"],
      'nothing is called "x/*"',
    ],
    [
      "no docker configuration",
      ["run", "-r", signed, "--docker-config-json-path", folder],
      "no config.json",
    ],
    [
      "settings that are a list",
      ["run", "-r", signed, "--settings-json", "[]"],
      "settings must be a map",
    ],
    [
      "settings that are not valid",
      ["run", "-r", signed, "--settings-json", '{"x":1,"y":2}'],
      /^Provided settings are not valid:\n(?:  .*\n)*  x: .*\n  y: /,
    ],
  ])("%s: no verdict", async (_, args, message) => {
    const { code, out, err } = await cli(args);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    if (typeof message === "string") expect(err).toContain(message);
    else expect(err).toMatch(message);
  });
});

describe("settings", () => {
  test("that are valid", async () => {
    const { code, out } = await cli(["settings", "-s", settings]);
    expect({ code, out }).toEqual({ code: 0, out: "settings are valid\n" });
  });

  test("that are not: every problem on its line", async () => {
    const { code, out } = await cli(["settings", "--settings-json", '{"x":1,"y":2}']);
    expect(code).toBe(1);
    expect(out.trimEnd().split("\n").length).toBeGreaterThanOrEqual(2);
  });
});

test("the demonstration accepts what is signed and rejects what is not", async () => {
  const { code, out } = await cli(["demo"]);
  expect(code).toBe(0);
  expect(out).toMatch(/deployment-signed\.yaml\n✔ accepted and pinned Deployment/);
  expect(out).toContain(`127.0.0.1:5555/demo/a-single:1.0@${digest}`);
  expect(out).toMatch(/deployment-unsigned\.yaml\n✘ rejected Deployment/);
});

test("says what it is", async () => {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    version: string;
  };
  expect((await cli(["--version"])).out).toBe(`${version}\n`);
  expect((await cli(["run", "--help"])).out).toContain("--replay-host-capabilities-interactions");
});
