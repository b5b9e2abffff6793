import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { parse, stringify } from "yaml";
import {
  actual,
  decodeExpectation,
  expectationOf,
  type Outcome,
} from "../../host/cases/expectation.js";
import { findCases } from "../../host/cases/folder.js";
import { testCommand, type TestOptions } from "../../host/commands/test.js";
import type { Json } from "../../host/document.js";
import { packageFile } from "../../host/package.js";
import type { Fixture } from "../../host/registry/fixture.js";
import { serveRegistry } from "../../host/registry/server.js";

const DIGEST = "sha256:ae61ee2748975a6ff3944264f42717ffbb3749a176b78ae808ac2fc88f59564b";
const IMAGE = "127.0.0.1:5555/demo/a-single:1.0";
const manifest = readFileSync(packageFile("examples", "deployment-signed.yaml"), "utf8");
const session = readFileSync(packageFile("examples", "session-signed.yml"), "utf8");
const settings = readFileSync(packageFile("examples", "settings.yaml"), "utf8");
const met = { accepted: true, images: { web: `${IMAGE}@${DIGEST}` } };

let root: string;
let printed: string[];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "cases-"));
  mkdirSync(join(root, ".git"));
  printed = [];
  vi.spyOn(console, "log").mockImplementation((text = "") => printed.push(String(text)));
});
afterEach(() => {
  vi.restoreAllMocks();
});

function write(path: string, content: unknown): string {
  const at = join(root, path);
  mkdirSync(dirname(at), { recursive: true });
  writeFileSync(at, typeof content === "string" ? content : stringify(content));
  return at;
}

/** Writes a case whose session has the answer for the signed example. */
function writeCase(name: string, expected: unknown, request: unknown = manifest): void {
  write(join(name, "request.yaml"), request);
  write(join(name, "session.yml"), session);
  if (expected !== undefined) write(join(name, "expect.yaml"), expected);
}

/** Runs the cases below the root; returns the exit code and what was printed, without colours. */
async function run(options: Partial<TestOptions> = {}, folders = [root]) {
  const code = await testCommand(folders, { allowedHostCapabilities: ["*"], ...options });
  const out = printed
    .join("\n")
    .replaceAll(root, "")
    .replace(/\x1b\[\d+m/g, "");
  return { code, out };
}

describe("a case", () => {
  test("is met, with settings from a folder above", async () => {
    write("settings.yaml", settings);
    writeCase("web/signed", met);
    expect(await run()).toEqual({ code: 0, out: "✔ /web/signed\n\n1 passed" });
  });

  test("is not met: what was expected, what came, and why", async () => {
    write("settings.yaml", settings);
    writeCase("signed", met);
    writeCase("unsigned", met, manifest.replace(":1.0", ":unsigned"));
    const { code, out } = await run();
    expect(code).toBe(1);
    expect(out).toContain(
      "✔ /signed\n✘ /unsigned\n    - expected  + actual\n    -accepted: true\n",
    );
    expect(out).toContain("    +accepted: false\n");
    expect(out).toMatch(/said: containers\[0\] "web" .*\[host-failed\]\n/);
    expect(out).toMatch(/\n\n1 passed, 1 failed$/);
  });

  test("may have its own settings, or be run with others", async () => {
    write("settings.yaml", settings);
    writeCase("own", { accepted: true, images: {}, calls: 0 });
    const elsewhere = settings.replace("127.0.0.1:5555/demo/*", "elsewhere.test/*");
    write("own/settings.json", JSON.stringify(parse(elsewhere)));
    expect((await run()).code).toBe(0);
    const settingsPath = write("strict.yaml", `${elsewhere}unmatchedImages: reject\n`);
    expect((await run({ settingsPath })).out).toContain("+accepted: false");
  });

  test("of several requests has an expectation for each, or one for all", async () => {
    write("settings.yaml", settings);
    const both = `${manifest}---\n${manifest}`;
    const answers = `${session}${session}`;
    for (const expected of [[met, { calls: 1 }], { accepted: true }]) {
      writeCase("both", expected, both);
      write("both/session.yml", answers);
      expect((await run()).code).toBe(0);
    }
    writeCase("both", [met, { accepted: false }], both);
    write("both/session.yml", answers);
    expect((await run()).out).toContain(
      "    request 2: - expected  + actual\n    -accepted: false",
    );
    writeCase("both", [met], both);
    expect((await run()).out).toContain("lists 1 expectations for 2 requests");
  });

  test("of bytes is passed on as it is", async () => {
    write("text/payload.json", "no JSON at all");
    write("text/expect.json", '{"accepted":false,"codes":["request-not-json"]}');
    expect((await run()).code).toBe(0);
  });
});

describe("what is missing or wrong is said", () => {
  test.each([
    ["no expectation", {}, undefined, "there is no expect.yaml; --update writes one"],
    ["an expectation of nothing", {}, {}, "must be a map of some of accepted, codes"],
    ["an unknown field", {}, { accept: true }, "has no field accept, only accepted"],
    ["a code that is no list", {}, { codes: "x" }, "codes must be a list of codes"],
    ["images that are a list", {}, { images: ["x"] }, "images must be a map"],
    ["no settings", { settings: false }, met, "no settings.yaml, here or in a folder above"],
    ["an empty request", { request: "---\n" }, met, "has no request in it"],
    ["a request that is no YAML", { request: "{" }, met, "neither YAML nor JSON"],
    ["a session that is none", { session: "a: 1" }, met, "a session must be a list"],
  ])("%s", async (_, files, expected, message) => {
    const given: { settings?: boolean; request?: string; session?: string } = files;
    if (given.settings !== false) write("settings.yaml", settings);
    writeCase("it", expected, given.request ?? manifest);
    if (given.session) write("it/session.yml", given.session);
    const { code, out } = await run();
    expect(code).toBe(1);
    expect(out).toMatch(/^✘ \/it\n/);
    expect(out).toContain(message);
  });

  test("no request", async () => {
    write("it/expect.yaml", met);
    expect((await run()).out).toContain("there is no request.yaml");
  });

  test("no cases, and no folder", async () => {
    await expect(run()).rejects.toThrow("a case is a folder with a request.yaml and an expect");
    await expect(run({}, [join(root, "none")])).rejects.toThrow("cannot read the cases: ENOENT");
  });
});

describe("--update and --record", () => {
  test("write what is not met, and leave alone what is", async () => {
    write("settings.yaml", settings);
    writeCase("new", undefined);
    writeCase("met", "# kept\naccepted: true\n");
    writeCase("unmet", met, manifest.replace(IMAGE, "nginx"));
    const { code, out } = await run({ update: true });
    expect(code).toBe(0);
    expect(out).toContain("✔ /met\n✔ /new (updated: accepted)\n");
    expect(out).toContain("✔ /unmet (updated: accepted)");
    const expectation = (name: string) => readFileSync(join(root, name, "expect.yaml"), "utf8");
    expect(expectation("met")).toBe("# kept\naccepted: true\n");
    expect(parse(expectation("new"))).toEqual({
      accepted: true,
      images: { "/spec/template/spec/containers/0/image": `${IMAGE}@${DIGEST}` },
    });
    expect(parse(expectation("unmet"))).toEqual({ accepted: true });
    expect((await run()).code).toBe(0);
  });

  test("write nothing that came about by accident", async () => {
    write("settings.yaml", settings);
    // Its session is of another image, as if the registry were down.
    writeCase("failed", met, manifest.replace(":1.0", ":unsigned"));
    const { code, out } = await run({ update: true });
    expect(code).toBe(1);
    expect(out).toContain("nothing is written, for this says nothing of the images");
    expect(parse(readFileSync(join(root, "failed/expect.yaml"), "utf8"))).toEqual(met);
    const at = join(root, "failed/session.yml");
    writeCase("failed", met, manifest.replace("127.0.0.1:5555/demo", "127.0.0.1:1/demo"));
    write("settings.yaml", settings.replace("127.0.0.1:5555/demo/*", "*"));
    expect((await run({ record: true })).code).toBe(1);
    expect(readFileSync(at, "utf8")).toBe(session);
  });

  test("keep the answers", async () => {
    const fixture = JSON.parse(
      readFileSync(packageFile("examples/registry/a-single.json"), "utf8"),
    );
    const registry = await serveRegistry([fixture as Fixture]);
    try {
      const at = registry.origin.replace("http://", "");
      write("settings.yaml", settings.replace("127.0.0.1:5555/demo/*", "*"));
      const sources = write("sources.yaml", { insecure_sources: [at] });
      writeCase("it", { accepted: true }, manifest.replace("127.0.0.1:5555", at));
      expect((await run({ record: true, sourcesPath: sources }, [join(root, "it")])).code).toBe(0);
    } finally {
      await registry.close();
    }
    const recorded = readFileSync(join(root, "it/session.yml"), "utf8");
    expect(recorded).toMatch(/image: 127\.0\.0\.1:\d+\/demo\/a-single:1\.0/);
    expect(recorded).toContain("type: Success");
    expect((await run({}, [join(root, "it")])).code).toBe(0);
  });
});

describe("images", () => {
  const object = {
    spec: {
      containers: [
        { name: "a", image: "x" },
        { name: "b", image: "y", env: [{ name: "c" }] },
      ],
      volumes: [{ name: "c", image: { reference: "z" } }],
    },
  };
  const mutated = structuredClone(object);
  mutated.spec.containers[0]!.image = "x@1";
  mutated.spec.volumes[0]!.image.reference = "z@1";
  const outcome: Outcome = {
    object: object as unknown as Json,
    calls: 0,
    answer: { accepted: true, mutated_object: mutated as unknown as Json },
  };

  test.each([
    [{}, { "/spec/containers/0/image": "x@1", "/spec/volumes/0/image/reference": "z@1" }],
    [
      { a: "", c: "" },
      { a: "x@1", c: "z@1" },
    ],
    [
      { b: "" },
      { b: "y", "/spec/containers/0/image": "x@1", "/spec/volumes/0/image/reference": "z@1" },
    ],
    [
      { "/spec/containers/0/image": "", c: "", none: "", "/no/such": "" },
      { "/spec/containers/0/image": "x@1", c: "z@1" },
    ],
  ])("asked for as %j", (images, expected) => {
    expect(actual({ images: images as Record<string, string> }, outcome)).toEqual({
      images: expected,
    });
  });

  test("an outcome as an expectation is one that it meets", () => {
    const expected = decodeExpectation(JSON.parse(JSON.stringify(expectationOf(outcome))));
    expect(actual(expected, outcome)).toEqual(expected);
  });
});

test("the cases of this repository are met", async () => {
  const cases = fileURLToPath(new URL("../cases", import.meta.url));
  cpSync(join(cases, "rules"), join(root, "rules"), { recursive: true });
  cpSync(join(cases, "bytes"), join(root, "bytes"), { recursive: true });
  const { code, out } = await run();
  expect(code, out).toBe(0);
  expect(out).toContain(`\n${findCases(root).length} passed`);
});
