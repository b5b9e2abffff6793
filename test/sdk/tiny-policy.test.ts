import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path/posix";
import { describe, expect, test } from "vitest";
import { packageFile } from "../../host/package.js";
import type { HostCall } from "../../host/wapc.js";
import { callOn, loadGuest } from "./units.js";

const POLICY = "test/guest/tiny-policy.ts";

function run(operation: string, payload: unknown) {
  const calls: HostCall[] = [];
  const guest = loadGuest("build/tiny.wasm", (call) => {
    calls.push(call);
    return new Uint8Array();
  });
  const text = callOn(guest, operation, payload);
  return { response: JSON.parse(text) as unknown, calls };
}

const validate = (object: unknown, settings: unknown = { label: "team" }) =>
  run("validate", {
    settings,
    request: { uid: "1", operation: "CREATE", kind: { group: "", kind: "Pod" }, object },
  });

describe("a second policy on the SDK", () => {
  test("accepts", () => {
    const { response, calls } = validate({ metadata: { labels: { team: "a" } } });
    expect(response).toEqual({ accepted: true });
    expect(calls).toEqual([]);
  });

  test.each([{}, null, { metadata: null }, { metadata: { labels: { Team: "a", team: 1 } } }])(
    "rejects %j, and logs it",
    (object) => {
      const { response, calls } = validate(object);
      const message = "it has no label team";
      expect(response).toEqual({ accepted: false, message, code: 400 });
      expect(calls.map(({ namespace, operation }) => [namespace, operation])).toEqual([
        ["tracing", "log"],
      ]);
      expect(JSON.parse(Buffer.from(calls[0]!.payload).toString())).toEqual({
        level: "info",
        message: "label is missing",
        label: "team",
      });
    },
  );

  test("rejects with the settings' problems", () => {
    expect(validate({}, { labels: "team" }).response).toEqual({
      accepted: false,
      message: "settings.label: is required\nsettings.labels: unknown field",
      code: 400,
    });
  });

  test.each([
    [{ label: "team" }, { valid: true }],
    [{}, { valid: false, message: "settings.label: is required" }],
    [{ label: 1 }, { valid: false, message: "settings.label: must be a string" }],
    [[], { valid: false, message: "settings: must be an object" }],
    ["{", { valid: false, message: "settings: must be an object" }],
  ])("validates the settings %j", (settings, response) => {
    expect(run("validate_settings", settings).response).toEqual(response);
  });

  test("knows its protocol, and refuses what it does not know", () => {
    expect(run("protocol_version", "").response).toBe("v1");
    expect(() => run("mutate", "")).toThrow("unknown operation mutate");
  });

  test("is short, and needs nothing but the SDK", () => {
    const source = readFileSync(packageFile(POLICY), "utf8");
    expect(source.trimEnd().split("\n").length).toBeLessThan(60);
    expect(imports(source)).toEqual(["../../assembly/sdk"]);
  });
});

test("the SDK needs nothing outside itself", () => {
  const files = readdirSync(packageFile("assembly/sdk"), { recursive: true, encoding: "utf8" });
  const sources = files.filter((file) => file.endsWith(".ts"));
  expect(sources.length).toBeGreaterThan(15);
  for (const file of sources) {
    for (const path of imports(readFileSync(packageFile("assembly/sdk", file), "utf8"))) {
      const target = normalize(join(dirname(file), path));
      expect(path.startsWith(".") && !target.startsWith(".."), `${file} imports ${path}`).toBe(
        true,
      );
    }
  }
});

function imports(source: string): string[] {
  return [...source.matchAll(/^(?:.* from|import) "([^"]+)";$/gm)].map(([, path]) => path!);
}
