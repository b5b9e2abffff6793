import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { contentBytes } from "../../host/registry/fixture.js";
import { serveRegistry } from "../../host/registry/server.js";
import { explanations, fillPage } from "../../tools/page.js";
import { drawTerminal } from "../../tools/terminal.js";
import { commandLine, compileCommandLine, root } from "./command-line.js";
import { readFixture } from "./fixtures.js";
import { trustedRoot } from "./trusted-root.js";

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

const STAGES = [
  ...["request", "settings", "workload", "rules for containers[0]", "evidence for containers[0]"],
  ...["verdict", "answer"],
];

const cli = (args: string[], input = "", env: Record<string, string> = {}) =>
  commandLine(args, input, { DOCKER_CONFIG: folder, ...env });

beforeAll(compileCommandLine);

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

  test("explains, in colours where they are wanted", async () => {
    const several = file(
      "several.yaml",
      [pod(image), pod(image)].map((p) => stringify(p)).join("---\n"),
    );
    const twice = file("twice.yml", readFileSync(session("a-single--a1"), "utf8").repeat(2));
    const args = ["run", "-r", several, "-s", settings, "--explain"];
    const answers = ["--replay-host-capabilities-interactions", twice];
    const { code, out, err } = await cli([...args, ...answers]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out.match(/^\S.*$/gm)).toEqual([...[...STAGES, ...STAGES], "2 accepted"]);
    expect((await cli([...args, ...answers], "", { FORCE_COLOR: "1" })).out).toContain(
      "\x1b[1mrequest",
    );
    const plain = { FORCE_COLOR: "1", NO_COLOR: "1" };
    expect((await cli([...args, ...answers], "", plain)).out).toBe(out);
  });

  test("does not explain a policy that cannot, and says so", async () => {
    const policy = join(root, "build/tiny.wasm");
    const { code, err } = await cli([
      ...[
        "run",
        policy,
        "-r",
        signed,
        "--settings-json",
        '{"label":"team"}',
        "--explain",
        ...replay,
      ],
    ]);
    expect({ code, err }).toEqual({ code: 1, err: "unknown operation explain\n" });
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

  test("takes the examples' images from this package, and no other registry's", async () => {
    const images = ["127.0.0.1:5555/demo/a-single:1.0", "127.0.0.1:5555/demo/a-single:unsigned"];
    const pods = file("examples.yaml", images.map((each) => stringify(pod(each))).join("---\n"));
    const { code, out, err } = await cli(["run", "-r", pods, "-s", settings, "--example-registry"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const [accepted, rejected] = out.trimEnd().split("\n");
    expect(accepted).toContain('"allowed":true');
    expect(rejected).toContain("[signature-missing]");
    const explained = await cli([
      ...["run", "-r", pods, "-s", settings, "--example-registry", "--explain"],
    ]);
    const urls = new Set(explained.out.match(/http:\/\/[^/]+/g));
    expect([...urls]).toEqual(["http://127.0.0.1:5555"]);
    expect((await cli(["run", "-r", pods, "-s", settings])).out).not.toContain('"allowed":true');
  });

  test("tells the policy another time", async () => {
    const window = { key, notBefore: "2030-01-01", notAfter: "2031-01-01" };
    const timed = file("timed.yaml", { signatures: [{ image: "*", pubKeys: [window] }] });
    const at = async (time: string) => {
      const { code, out, err } = await cli([
        "run",
        "-r",
        signed,
        "-s",
        timed,
        "--now",
        time,
        ...replay,
      ]);
      return code === 0 ? /"allowed":(\w+)/.exec(out)![1] : err;
    };
    expect(await at("2029-12-31T23:59:59Z")).toBe("false");
    expect(await at("2030-01-01")).toBe("true");
    expect(await at("2031-01-01T00:00:01Z")).toBe("false");
    for (const time of [
      ...["tomorrow", "2030-01-01T00:00:00+02:00", "2030-13-01"],
      ...["2030-02-30", "2030-02-28T24:00:00Z"],
    ]) {
      expect(await at(time)).toContain("Write it as 2026-11-22T08:00:00Z, or as 2026-11-22.");
    }
  });

  test("takes several requests: a line for each, or a section and a summary", async () => {
    const many = file("many.yaml", `${stringify(pod(image))}---\n${stringify(pod("evil"))}`);
    const args = ["run", "-r", many, "-s", settings, ...replay];
    const lines = await cli(args);
    expect(lines.code).toBe(0);
    const allowed = lines.out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).allowed as boolean);
    expect(allowed).toEqual([true, false]);
    const pretty = await cli([...args, "--pretty"]);
    expect(pretty.out).toMatch(/^✔ accepted[^]*\n\n✘ rejected[^]*\n\n1 accepted, 1 rejected\n$/);
  });

  test("forced colours are none that a background swallows", async () => {
    const { out } = await cli(["run", "-r", signed, "-s", settings, ...replay, "--pretty"], "", {
      FORCE_COLOR: "1",
    });
    const codes = new Set(out.match(/\x1b\[\d+m/g));
    for (const unreadable of [2, 30, 33, 37, 90, 93, 97])
      expect(codes).not.toContain(`\x1b[${unreadable}m`);
    expect(codes).toContain("\x1b[32m");
    const plain = await cli(["run", "-r", signed, "-s", settings, ...replay, "--pretty"], "", {
      NO_COLOR: "1",
    });
    expect(plain.out).not.toContain("\x1b");
  });

  test("keyless signatures are verified with a trust root", async () => {
    const keyless = readFixture("l-fulcio-email.json");
    const registry = await serveRegistry([keyless]);
    const host = new URL(registry.origin).host;
    const identity = { issuer: "https://accounts.demo.example", subject: "dev@demo.example" };
    const given = [
      "run",
      ...["-r", file("keyless.yaml", pod(`${host}/demo/l-fulcio-email:1.0`))],
      ...[
        "-s",
        file("keyless-settings.yaml", {
          signatures: [{ image: "*", keyless: [identity], verifier: "host" }],
        }),
      ],
      ...["--sources-path", file("keyless-sources.yaml", { insecure_sources: [host] })],
    ];
    const root = file("trust.json", JSON.stringify({ trustedRoot: trustedRoot(keyless) }));
    const accepted = await cli([...given, "--sigstore-trust-config", root]);
    const without = await cli(given);
    const wrong = await cli([...given, "--sigstore-trust-config", signed]);
    await registry.close();
    expect(accepted.out).toContain('"allowed":true');
    expect(without.out).toContain("give --sigstore-trust-config, or record a session");
    expect(wrong).toMatchObject({ code: 1, out: "" });
    expect(wrong.err).toContain("names no transparency log");
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

describe("a policy's manifest with its settings", () => {
  const secret = { apiVersion: "v1", kind: "Secret" };
  const keysFrom = [{ secret: { name: "keys", namespace: "security" } }];
  const keys = {
    ...secret,
    metadata: { name: "keys", namespace: "security" },
    stringData: { "release.pub": key },
  };
  const policy = (spec: object, kind = "ClusterAdmissionPolicy") =>
    file(
      "policy.yaml",
      stringify({
        apiVersion: "policies.kubewarden.io/v1",
        kind,
        spec: { mutating: true, settings: { signatures: [{ image: "*", keysFrom }] }, ...spec },
      }),
    );
  const run = (path: string) => {
    const objects = ["--kubernetes-objects", file("keys.yaml", keys)];
    return cli(["run", "-r", signed, "-s", path, "--example-registry", ...objects]);
  };

  test.each([
    ["that grants what the rules read", { contextAwareResources: [secret] }, undefined, "Secret"],
    ["that grants nothing", {}, undefined, "none"],
    ["that can grant nothing", { contextAwareResources: [secret] }, "AdmissionPolicy", "none"],
  ])("%s", async (_, spec, kind, may) => {
    const { code, out, err } = await run(policy(spec, kind));
    expect(code).toBe(0);
    expect(err).toContain(
      `The policy may read objects of these kinds, as in policy.yaml: ${may}.\n`,
    );
    const granted = may === "Secret";
    expect(out).toContain(granted ? '"allowed":true' : "[resource-denied]");
    expect(err.includes("warning: policy.yaml: its rules read Secret, which ")).toBe(!granted);
  });

  test("is for cases too, in the folder or by -s", async () => {
    const at = mkdtempSync(join(folder, "manifest-"));
    const write = (name: string, content: unknown) =>
      writeFileSync(join(at, name), stringify(content));
    write("request.yaml", pod(image));
    write("expect.yaml", { accepted: false, codes: ["resource-denied"] });
    const path = policy({ mutating: false });
    const expected = { code: 0, out: `✔ ${at}\n\n1 passed\n` };
    const byOption = await cli(["test", at, "-s", path, "--example-registry"]);
    expect(byOption).toMatchObject(expected);
    writeFileSync(join(at, "settings.yaml"), readFileSync(path));
    const inside = await cli(["test", at, "--example-registry"]);
    expect(inside).toMatchObject(expected);
    for (const { err } of [byOption, inside]) {
      expect(err.match(/^warning: (policy|settings)\.yaml: /gm)).toHaveLength(2);
    }
  });

  test.each([
    ["one of two", "a: 1\n---\nb: 2\n", " holds 2 documents: give a file with one policy\n"],
    ["none", "# nothing yet\n", " is empty\n"],
  ])("%s is refused", async (_, text, message) => {
    const path = file("several-or-none.yaml", text);
    expect(await cli(["settings", "-s", path])).toEqual({
      ...{ code: 1, out: "" },
      err: path + message,
    });
  });
});

describe("test", () => {
  test("runs cases, and updates them", async () => {
    const at = mkdtempSync(join(folder, "cases-"));
    const write = (name: string, text: string) => writeFileSync(join(at, name), text);
    write("request.json", JSON.stringify(pod(image)));
    write("settings.json", JSON.stringify({ signatures: [{ image: "*", pubKeys: [key] }] }));
    write("session.yml", readFileSync(session("a-single--a1"), "utf8"));
    write("expect.json", JSON.stringify({ images: { c: "x" } }));
    const before = await cli(["test", at]);
    expect(before).toMatchObject({ code: 1, err: "" });
    expect(before.out).toContain(`+  c: ${image}@${digest}`);
    expect(await cli(["test", at, "--update"])).toMatchObject({ code: 0 });
    expect(await cli(["test", at])).toMatchObject({ code: 0, out: `✔ ${at}\n\n1 passed\n` });
  });
});

describe("bench", () => {
  const given = ["bench", "-r", signed, "-s", settings, ...replay, "-n", "1"];

  test("is a table with a line for each policy", async () => {
    const modules = [join(root, "policy.wasm"), join(root, "build/tiny.wasm")];
    const { code, out, err } = await cli([...given, ...modules]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const [about, , head, ours, tiny] = out.split("\n");
    expect(about).toMatch(/^\d+ bytes of request and settings, 1 samples/);
    expect(head).toMatch(
      /^policy +bytes +verdict +calls +instance +fresh +fresh\/s +warm +warm\/s$/,
    );
    expect(ours).toMatch(/^policy\.wasm +\d+ +mutated +1( +[\d.]+ \([\d.]+\)){2} +\d+ /);
    expect(tiny).toMatch(/^tiny\.wasm +\d+ +\w+ +0 /);
  });

  test.each([
    [["-n", "0"], "whole number from 1"],
    [
      ["-r", file("several.yaml", "kind: A\napiVersion: b\n---\nkind: A\napiVersion: b\n")],
      "one request",
    ],
  ])("%j is refused", async (args, message) => {
    const { code, out, err } = await cli([...given, ...args]);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain(message);
  });
});

test("the demonstration accepts what is signed and rejects what is not", async () => {
  const { code, out } = await cli(["demo"]);
  expect(code).toBe(0);
  expect(out).toMatch(/deployment-signed\.yaml\n✔ accepted and pinned Deployment/);
  expect(out).toContain(`127.0.0.1:5555/demo/a-single:1.0@${digest}`);
  expect(out).toMatch(/deployment-unsigned\.yaml\n✘ rejected Deployment/);
});

test("the README's picture is what the demonstration prints", async () => {
  const { out } = await cli(["demo"], "", { FORCE_COLOR: "1" });
  const picture = readFileSync(join(root, "docs/demo.svg"), "utf8");
  expect(drawTerminal("make run", out), "make docs/demo.svg draws it anew").toBe(picture);
});

test("the page on verdicts shows what --explain prints", async () => {
  const page = readFileSync(join(root, "docs/how-a-verdict-is-made.md"), "utf8");
  const printed = await explanations(async (args) => (await cli(args)).out);
  const filled = fillPage(page, printed);
  expect(filled, "make docs/how-a-verdict-is-made.md writes it anew").toBe(page);
  expect(page.match(/^```text$/gm)).toHaveLength(page.match(/^<!-- \w+: .* -->$/gm)!.length);
});

test("says what it is", async () => {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    version: string;
  };
  expect((await cli(["--version"])).out).toBe(`${version}\n`);
  expect((await cli(["run", "--help"])).out).toContain("--replay-host-capabilities-interactions");
});
