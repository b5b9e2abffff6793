import { parseUniqueJson } from "../json.js";

/** What a cosign signature is about: a "simple signing" payload, decoded. */
export interface Payload {
  digest: string;
  /** `optional`'s fields but for `creator` and `timestamp`, which cosign's annotations cannot be. */
  annotations: Map<string, unknown>;
}

/**
 * Decodes the bytes of a simple signing payload by the rules of policy-server's host: every required
 * field there and of its type, no duplicates, nothing after the document, any text in
 * `critical.type`.
 */
export function decodePayload(bytes: Uint8Array): Payload {
  const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  const { critical, optional } = object(parseUniqueJson(text), "payload");
  const { identity, image, type } = object(critical, "critical");
  string(object(identity, "identity")["docker-reference"], "docker-reference");
  string(type, "type");
  const digest = string(object(image, "image")["docker-manifest-digest"], "docker-manifest-digest");
  const { creator, timestamp, ...rest } = object(optional ?? {}, "optional");
  if (creator != null) string(creator, "creator");
  if (timestamp != null && !Number.isInteger(timestamp))
    throw new Error("timestamp: not an integer");
  return { digest, annotations: new Map(Object.entries(rest)) };
}

/** Does the payload carry all these annotations? Numbers and booleans count as their spelling. */
export function carriesAnnotations(payload: Payload, wanted: Record<string, string>): boolean {
  return Object.entries(wanted).every(([name, value]) => {
    const actual = payload.annotations.get(name);
    return ["string", "number", "boolean"].includes(typeof actual) && String(actual) === value;
  });
}

function object(value: unknown, name: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Error(`${name}: not an object`);
  }
  return value as Record<string, unknown>;
}

function string(value: unknown, name: string): string {
  if (typeof value !== "string") throw new Error(`${name}: not a string`);
  return value;
}
