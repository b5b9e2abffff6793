import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { packageFile } from "../../host/package.js";
import type { JsonObject } from "../../host/document.js";
import { digest, load, module, pod, refuse, type Oracle } from "./guest.js";
import { keys } from "./keys.js";
import { layer, manifestOf, newSigner, payloadFor, registry } from "./signed.js";

const binary = readFileSync(packageFile("policy.wasm"));

/** The module's sections, id and contents, by the WebAssembly specification §5.5.2. */
function sections(): { id: number; contents: Buffer }[] {
  const found = [];
  let at = 8;
  while (at < binary.length) {
    const id = binary[at++]!;
    let size = 0;
    let shift = 0;
    let byte;
    do {
      byte = binary[at++]!;
      size |= (byte & 0x7f) << shift;
      shift += 7;
    } while (byte & 0x80);
    found.push({ id, contents: binary.subarray(at, at + size) });
    at += size;
  }
  return found;
}

function section(id: number): Buffer | undefined {
  return sections().find((one) => one.id === id)?.contents;
}

const CAPABILITIES = [
  "oci/v1/verify",
  "oci/v1/manifest_digest",
  "oci/v1/oci_manifest",
  "oci/v1/oci_manifest_config",
  "oci/v2/verify",
  "net/v1/dns_lookup_host",
  "crypto/v1/is_certificate_trusted",
  "kubernetes/list_resources_by_namespace",
  "kubernetes/list_resources_all",
  "kubernetes/get_resource",
  "kubernetes/can_i",
];

/** The capabilities whose namespace and operation are both in the data, as kwctl looks for them. */
function capabilities(data: string): string[] {
  const parts = CAPABILITIES.map((name) => {
    const slash = name.indexOf("/");
    return { name, namespace: name.slice(0, slash), operation: name.slice(slash + 1) };
  });
  return parts
    .filter(({ namespace, operation }) => {
      const longer = parts.filter((one) => one.operation.startsWith(`${operation}_`));
      const rest = longer.reduce((text, one) => text.replaceAll(one.operation, ""), data);
      return data.includes(namespace) && rest.includes(operation);
    })
    .map(({ name }) => name);
}

describe("the module", () => {
  test("imports waPC's functions that it uses and a clock, and nothing else", () => {
    const imports = WebAssembly.Module.imports(module);
    expect(imports.map(({ module, name, kind }) => `${kind} ${module} ${name}`).sort()).toEqual([
      "function wapc __console_log",
      "function wapc __guest_error",
      "function wapc __guest_request",
      "function wapc __guest_response",
      "function wapc __host_call",
      "function wapc __host_error",
      "function wapc __host_error_len",
      "function wapc __host_response",
      "function wapc __host_response_len",
      "function wasi_snapshot_preview1 clock_time_get",
    ]);
  });

  test("exports what waPC needs, and nothing else", () => {
    const exports = WebAssembly.Module.exports(module);
    expect(exports.map(({ name, kind }) => `${kind} ${name}`).sort()).toEqual([
      "function __guest_call",
      "function wapc_init",
      "memory memory",
    ]);
  });

  test("has no start section", () => {
    expect(section(8)).toBeUndefined();
  });

  test("is at most 200,000 bytes", () => {
    expect(binary.length).toBeLessThanOrEqual(200_000);
  });

  test("names in its data the capabilities that it uses, and no other", () => {
    expect(capabilities(section(11)!.toString("latin1"))).toEqual([
      "oci/v1/manifest_digest",
      "oci/v1/oci_manifest",
      // Asked only by rules that name an artifact.
      "oci/v1/oci_manifest_config",
      "oci/v2/verify",
      // Asked only by rules that name something in the cluster.
      "kubernetes/list_resources_by_namespace",
      "kubernetes/get_resource",
    ]);
  });

  test("the search finds what it looks for", () => {
    expect(capabilities("oci v1/oci_manifest_config")).toEqual(["oci/v1/oci_manifest_config"]);
    expect(capabilities("oci v1/oci_manifest_config v1/oci_manifest").sort()).toEqual([
      "oci/v1/oci_manifest",
      "oci/v1/oci_manifest_config",
    ]);
    expect(capabilities("kubernetes v2/verify get_resource")).toEqual(["kubernetes/get_resource"]);
  });
});

describe("a call", () => {
  const call = (operation: string, payload = "") =>
    Buffer.from(load().guest.call(operation, Buffer.from(payload))).toString();

  test.each(["", "null", "{}", "junk"])("protocol_version is v1, whatever its payload: %j", (p) => {
    expect(call("protocol_version", p)).toBe('"v1"');
  });

  test.each(["Validate", "validate ", "validate_setting", "", "é"])(
    "of the unknown operation %j is an error that names it",
    (operation) => {
      expect(() => call(operation)).toThrow(`unknown operation "${operation}"`);
    },
  );

  test("of an unknown operation with a long or odd name has an error on one line", () => {
    expect(() => call("x".repeat(100_000))).toThrow(`unknown operation "${"x".repeat(64)}..."`);
    expect(() => call("a\nb\0c")).toThrow('unknown operation "a?b?c"');
  });

  test("that failed does not spoil the next one", () => {
    const { guest } = load();
    expect(() => guest.call("nothing", new Uint8Array())).toThrow("unknown operation");
    expect(Buffer.from(guest.call("protocol_version", new Uint8Array())).toString()).toBe('"v1"');
  });
});

test("10,000 calls of one instance answer as fresh ones do, and its memory stays as it was", () => {
  const signer = newSigner();
  const verifies = registry(
    digest("a"),
    manifestOf([layer(payloadFor("ghcr.io/x/signed", digest("a")), signer)]),
  );
  const oracle: Oracle = (request, call) => {
    const isBad = String(request["image"]).includes("bad");
    return isBad ? refuse(request, call) : verifies(request, call);
  };
  const signatures: JsonObject[] = [
    { image: "*", pubKeys: keys, threshold: 2 },
    { image: "ghcr.io/x/signed", pubKeys: [signer.pem], verifier: "policy" },
  ];
  const settings = { signatures };
  const payload = (images: string[], padding: number) =>
    Buffer.from(
      JSON.stringify({ request: { ...pod(...images), x: "x".repeat(padding) }, settings }),
    );
  const payloads = [
    payload(["a", "bad", "c"], 300_000),
    payload(["a"], 0),
    payload(["b:1", "bad"], 5_000),
    payload(["ghcr.io/x/y:1"], 40_000),
    payload(["ghcr.io/x/signed:1"], 100),
    Buffer.from("{"),
    Buffer.alloc(200_000, "["),
  ];
  const fresh = payloads.map((one) => Buffer.from(load(oracle).guest.call("validate", one)));
  // What the policy verifies itself is decided by it, and not by an error.
  expect(fresh[4]!.toString()).toContain('"accepted":true');
  const { guest } = load(oracle);
  const memory = (guest as unknown as { exports: { memory: WebAssembly.Memory } }).exports.memory;
  guest.call("validate", payloads[0]!);
  const size = memory.buffer.byteLength;
  for (let i = 0; i < 10_000; i++) {
    const which = i % 50 === 0 ? 0 : i % payloads.length;
    const answer = guest.call("validate", payloads[which]!);
    if (!fresh[which]!.equals(answer)) {
      expect(Buffer.from(answer).toString()).toBe(fresh[which]!.toString());
    }
    if (i % 7 === 0) guest.call("validate_settings", Buffer.from(JSON.stringify(settings)));
  }
  expect(memory.buffer.byteLength).toBe(size);
});
