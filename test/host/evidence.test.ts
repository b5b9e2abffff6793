import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { contentBytes } from "../../host/registry/fixture.js";
import { serveRegistry, type Registry } from "../../host/registry/server.js";
import { commandLine, compileCommandLine, root } from "./command-line.js";
import { readFixture } from "./fixtures.js";

const folder = mkdtempSync(join(tmpdir(), "evidence-"));
const offline = readFixture("f-offline.json");
const three = readFixture("b-three-keys.json");
const logged = readFixture("l-rekor-key.json");
const certified = readFixture("g-cert-valid.json");

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}
const text = ({ files }: typeof offline, name: string) => contentBytes(files[name]!).toString();

const signature = file("web.sig", text(offline, "curl.sig"));
const payload = file("web.payload", text(offline, "payload.json"));
const a1 = file("a1.pub", text(offline, "keys/a1.pub"));
const a2 = file("a2.pub", text(offline, "keys/a2.pub"));
const b2 = file("b2.pub", text(three, "keys/b2.pub"));
const files = ["--signature", signature, "--payload", payload];

const cli = (...args: string[]) => commandLine(args, "", { DOCKER_CONFIG: folder });
const evidence = (...args: string[]) => cli("evidence", ...args);

let registry: Registry;
let at: string[];
let repository: (name: string) => string;

beforeAll(async () => {
  compileCommandLine();
  registry = await serveRegistry([offline, three, logged, certified]);
  const { host } = new URL(registry.origin);
  at = ["--sources-path", file("sources.yaml", stringify({ insecure_sources: [host] }))];
  repository = (name) => `${host}/demo/${name}`;
});
afterAll(() => registry.close());

describe("of cosign's files", () => {
  test("makes a ConfigMap with their bytes, which the policy takes", async () => {
    const made = await evidence(...files, "--key", a1, "-n", "default");
    expect(made).toMatchObject({ code: 0, err: "" });
    const digest = offline.tags["1.0"]!;
    expect(parse(made.out)).toEqual({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: {
        name: `signatures-${digest.slice(7, 19)}`,
        namespace: "default",
        labels: { "trusted-images.dev/signatures": "true" },
      },
      data: {
        [`sha256-${digest.slice(7, 19)}.sig`]: text(offline, "curl.sig"),
        [`sha256-${digest.slice(7, 19)}.payload`]: text(offline, "payload.json"),
      },
    });
    const labels = "trusted-images.dev/signatures=true";
    const evidenceFrom = [{ configMap: { labelSelector: labels } }];
    const rule = { image: "*", verifier: "policy", pubKeys: [text(offline, "keys/a1.pub")] };
    const image = `registry.example.com/web@${digest}`;
    const spec = { containers: [{ name: "c", image }] };
    const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "p" }, spec };
    const ran = await cli(
      "run",
      ...["-r", file("pod.yaml", stringify(pod))],
      ...["-s", file("settings.yaml", stringify({ signatures: [{ ...rule, evidenceFrom }] }))],
      ...["--kubernetes-objects", file("made.yaml", made.out)],
      ...["--allow-context-aware", "--metadata-path", join(root, "metadata-context-aware.yml")],
    );
    expect(ran.out).toContain('"allowed":true');
  });

  test("takes a name, labels and a place for it", async () => {
    const path = join(folder, "out.yaml");
    const labels = ["-l", "app=web", "-l", "tier="];
    const made = await evidence(...files, "--key", a1, "--name", "web", ...labels, "-o", path);
    expect(made).toEqual({ code: 0, out: "", err: "" });
    expect(parse(readFileSync(path, "utf8"))).toMatchObject({
      metadata: { name: "web", labels: { app: "web", tier: "" } },
    });
  });

  test("says with --dry-run what it would write, and writes nothing", async () => {
    const path = join(folder, "dry.yaml");
    const made = await evidence(...files, "--key", a1, "-o", path, "--dry-run");
    expect(made).toMatchObject({ code: 0, err: "" });
    expect(made.out).toBe(`sha256-71bb3942a00d: a signature of ${offline.tags["1.0"]}\n`);
    expect(() => readFileSync(path)).toThrow("ENOENT");
  });

  const changed = (name: string, content: string) => file(name, content);
  test.each<[string, () => string[], string]>([
    ["a signature by another key", () => [...files, "--key", a2], "[signature-unmet]"],
    [
      "a payload that was changed",
      () => [
        ...["--signature", signature, "--key", a1],
        ...["--payload", changed("nl.payload", `${text(offline, "payload.json")}\n`)],
      ],
      "[signature-unmet]",
    ],
    [
      "a payload of another type",
      () => [
        ...["--signature", signature, "--key", a1],
        ...[
          "--payload",
          changed("type.payload", text(offline, "payload.json").replace("sign", "")),
        ],
      ],
      "[payload-type]",
    ],
    [
      "a payload that names no image",
      () => ["--signature", signature, "--payload", signature, "--key", a1],
      "the payload is not cosign's",
    ],
    ["a key that is none", () => [...files, "--key", signature], "web.sig is not PEM"],
    ["no key", () => files, "required option '--key <file>' not specified"],
    ["no payload", () => ["--signature", signature, "--key", a1], "give --signature and --payload"],
    [
      "a file that is not there",
      () => ["--signature", "nowhere", "--payload", payload, "--key", a1],
      "cannot read the signature",
    ],
    [
      "files beside an image",
      () => [...files, "--image", "web", "--key", a1],
      "cannot be used with",
    ],
    ["a label without a value", () => [...files, "--key", a1, "-l", "app"], "--label app: give it"],
  ])("refuses %s", async (_, args, words) => {
    const made = await evidence(...args());
    expect(made).toMatchObject({ code: 1, out: "" });
    expect(made.err).toContain(words);
  });

  test("takes the signature's line feed away, which an editor puts there", async () => {
    const path = file("nl.sig", `${text(offline, "curl.sig")}\n`);
    const made = await evidence("--signature", path, "--payload", payload, "--key", a1);
    expect(made).toMatchObject({ code: 0, err: "" });
    expect(made.out).not.toContain("=\\n");
  });
});

describe("of a registry", () => {
  const image = () => repository("b-three-keys:1.0");

  test("takes the signatures by one of the keys, and says which it does not", async () => {
    const made = await evidence("--image", image(), "--key", a1, "--key", b2, ...at);
    expect(made.code).toBe(0);
    const { data } = parse(made.out) as { data: Record<string, string> };
    const name = `sha256-${three.tags["1.0"]!.slice(7, 19)}`;
    expect(Object.keys(data)).toEqual([
      `${name}.sig`,
      `${name}.payload`,
      `${name}-2.sig`,
      `${name}-2.payload`,
    ]);
    expect(made.err.match(/^refused: /gm)).toHaveLength(1);
  });

  test("refuses all where none is by the key", async () => {
    const made = await evidence("--image", image(), "--key", a2, ...at);
    expect(made).toMatchObject({ code: 1, out: "" });
    expect(made.err).toContain('not signed by key "a2.pub"');
    expect(made.err).toContain("nothing is written");
  });

  test("carries the log's entry along, and the signer's certificate with those above it", async () => {
    for (const [fixture, key, endings] of [
      [logged, a1, ["sig", "bundle", "payload"]],
      [
        certified,
        file("leaf.pub", text(certified, "keys/leaf.pub")),
        ["sig", "cert", "chain", "payload"],
      ],
    ] as const) {
      const made = await evidence(
        "--image",
        repository(`${fixture.name}:1.0`),
        "--key",
        key,
        ...at,
      );
      expect(made).toMatchObject({ code: 0, err: "" });
      const { data } = parse(made.out) as { data: Record<string, string> };
      expect(Object.keys(data).map((name) => name.split(".")[1])).toEqual(endings);
    }
  });

  test.each([
    [
      "an image without signatures",
      () => repository("f-offline:1.0"),
      "/demo/f-offline:1.0 has no signature in its registry; sign it with cosign",
    ],
    ["no such image", () => repository("nothing:1.0"), "cannot pull"],
    ["no name of an image", () => "A B", "--image A B: invalid reference format"],
  ])("says of %s what is wrong", async (_, name, words) => {
    const made = await evidence("--image", name(), "--key", a1, ...at);
    expect(made).toMatchObject({ code: 1, out: "" });
    expect(made.err).toContain(words);
  });
});
