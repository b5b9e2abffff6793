import { Guest, type HostCall } from "../../host/wapc.js";
import { readPolicy } from "../../host/policy.js";
import type { Json, JsonObject } from "../../host/document.js";

export const module = await readPolicy();

/** What the policy answered, beside the answer's own bytes. */
export interface Answer {
  accepted: boolean;
  message?: string;
  code?: number;
  mutated_object?: JsonObject;
  audit_annotations?: Record<string, string>;
  warnings?: string[];
  bytes: Buffer;
  calls: HostCall[];
}

/** Answers what the host is asked, decoded, with text or bytes; or fails. */
export type Oracle = (request: JsonObject, call: HostCall) => string | Uint8Array | Error;

export const refuse: Oracle = () => new Error("Image verification failed: missing signatures\n");

/** A Guest whose host answers as the oracle does, at this time instead of now, and the calls that it got. */
export function load(oracle: Oracle = refuse, at?: string): { guest: Guest; calls: HostCall[] } {
  const calls: HostCall[] = [];
  const guest = Guest.load(module, {
    ...(at && { now: BigInt(Date.parse(at)) * 1_000_000n }),
    hostCall: (call) => {
      calls.push(call);
      const answer = oracle(JSON.parse(Buffer.from(call.payload).toString()) as JsonObject, call);
      if (answer instanceof Error) throw answer;
      return typeof answer === "string" ? Buffer.from(answer) : answer;
    },
  });
  return { guest, calls };
}

/** Decides a payload of `validate` in a fresh instance. */
export function validateBytes(payload: Uint8Array, oracle?: Oracle, at?: string): Answer {
  const { guest, calls } = load(oracle, at);
  const bytes = Buffer.from(guest.call("validate", payload));
  const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  return { ...(JSON.parse(text) as Omit<Answer, "bytes" | "calls">), bytes, calls };
}

/** The same, for values. */
export function validate(request: Json, settings: Json, oracle?: Oracle, at?: string): Answer {
  return validateBytes(Buffer.from(JSON.stringify({ request, settings })), oracle, at);
}

/** The problems of settings; none if they are valid. */
export function validateSettings(settings: Uint8Array): string[] {
  const bytes = load().guest.call("validate_settings", settings);
  const { valid, message } = JSON.parse(Buffer.from(bytes).toString()) as {
    valid: boolean;
    message?: string;
  };
  return valid ? [] : message!.split("\n");
}

/** The codes at the ends of lines. */
export function codesOf(lines: string[]): string[] {
  return lines.flatMap((line) => /\[([a-z0-9-]+)\]$/.exec(line)?.[1] ?? []);
}

/** The codes of a rejection, in order. */
export function codes({ message }: Answer): string[] {
  return codesOf((message ?? "").split("\n"));
}

/** A request that creates a Pod. */
export function podRequest(spec: JsonObject, more: JsonObject = {}): JsonObject {
  return {
    uid: "u",
    kind: { group: "", version: "v1", kind: "Pod" },
    operation: "CREATE",
    namespace: "default",
    object: { apiVersion: "v1", kind: "Pod", metadata: { name: "p" }, spec },
    ...more,
  };
}

/** A Pod of containers with these images, called `c0`, `c1`, …. */
export function pod(...images: Json[]): JsonObject {
  return podRequest({ containers: images.map((image, index) => ({ name: `c${index}`, image })) });
}

/** A digest out of hexadecimal digits that repeat. */
export function digest(pattern: string): string {
  return `sha256:${pattern.repeat(64).slice(0, 64)}`;
}

export function trusted(value: string): string {
  return JSON.stringify({ is_trusted: true, digest: value });
}
