import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { packageFile } from "../../host/package.js";
import type { HostCall } from "../../host/wapc.js";
import { call, callOn, loadUnits } from "./units.js";

interface Call {
  /** A function of the SDK. */
  capability: string;
  input: object;
  /** What the host must get. */
  namespace: string;
  operation: string;
  payload: unknown;
}

// The keys are in the order of the definitions in Kubewarden's SDK for Rust, which its own policies send.
const CALLS = JSON.parse(readFileSync(packageFile("test/sdk/host-calls.json"), "utf8")) as Call[];

/** A guest whose host answers everything with `answer`, and keeps what it was asked. */
function record(answer: () => Uint8Array) {
  const calls: HostCall[] = [];
  const guest = loadUnits((hostCall) => {
    calls.push(hostCall);
    return answer();
  });
  return { calls, guest };
}

describe("a capability", () => {
  test.each(CALLS)("$capability $input", (expected) => {
    const { capability, input, namespace, operation, payload } = expected;
    const { calls, guest } = record(() => Buffer.from("{}"));
    callOn(guest, capability, input);
    expect(calls).toHaveLength(1);
    const { payload: sent, ...names } = calls[0]!;
    expect(names).toEqual({ binding: "kubewarden", namespace, operation });
    const json = Buffer.from(sent).toString();
    expect(JSON.parse(json)).toEqual(payload);
    // The keys' order too.
    expect(JSON.stringify(JSON.parse(json))).toBe(JSON.stringify(payload));
  });

  const asking = CALLS.filter(({ capability }) => capability !== "log");
  test.each(asking)("$capability hears the answer, and the error", ({ capability, input }) => {
    for (const answer of ["", '{"a":"é\\n"}', "no JSON \0", "x".repeat(100_000)]) {
      const { guest } = record(() => Buffer.from(answer));
      expect(JSON.parse(callOn(guest, capability, input))).toEqual({ ok: true, answer });
    }
    const tooLong = "the host's error has more than 64 KiB";
    const longest = "x".repeat(64 << 10);
    for (const [words, answer] of [
      ["", ""],
      ["no é\nat all", "no é\nat all"],
      [longest, longest],
      [`${longest}x`, tooLong],
    ] as const) {
      const { guest } = record(() => {
        throw new Error(words);
      });
      expect(JSON.parse(callOn(guest, capability, input))).toEqual({ ok: false, answer });
    }
  });

  test("goes on though its host does not log", () => {
    const { guest } = record(() => {
      throw new Error("denied");
    });
    expect(JSON.parse(callOn(guest, "log", { first: "", second: "" }))).toMatchObject({ ok: true });
  });
});

describe("the names of capabilities", () => {
  test("are what their comments say", () => {
    const source = readFileSync(packageFile("assembly/sdk/host/names.ts"), "utf8");
    const comments = [...source.matchAll(/^\/\*\* `([^`]+)`/gm)].map(([, name]) => name);
    expect(comments).toHaveLength([...source.matchAll(/^export function/gm)].length);
    expect(call("names", "{}").trimEnd().split("\n")).toEqual(comments);
  });

  test("stand in the module as UTF-8, where tools look for them, and only if they are used", () => {
    const bytes = (file: string) => readFileSync(packageFile(file)).toString("latin1");
    const policy = bytes("policy.wasm");
    const used = ["kubewarden", "oci", "v2/verify", "v1/manifest_digest", "v1/oci_manifest"];
    used.push("v1/oci_manifest_config");
    used.push("kubernetes", "get_resource", "list_resources_by_namespace");
    for (const name of used) expect(policy).toContain(`${name}\0`);
    expect(policy).not.toContain("list_resources_all");
    expect(bytes("build/units.wasm")).toContain("list_resources_all\0");
  });
});
