import jsonpatch, { type Operation } from "fast-json-patch";
import { isObject } from "./document.js";
import type { Json, JsonObject } from "./document.js";
import { GuestError } from "./wapc.js";

/** What a policy answers to `validate`. */
export interface ValidationResponse {
  accepted: boolean;
  message?: string | null;
  code?: number | null;
  mutated_object?: Json;
  audit_annotations?: Record<string, string> | null;
  warnings?: string[] | null;
}

/** Kubernetes' AdmissionResponse, its fields in the order in which kwctl prints them. */
export interface AdmissionResponse {
  uid: string;
  allowed: boolean;
  patchType?: "JSONPatch";
  /** The JSON Patch in base64. */
  patch?: string;
  status?: { message?: string; code?: number };
  auditAnnotations: Record<string, string> | null;
  warnings: string[] | null;
}

const MUTATES_NOTHING =
  "Incoming object is null, which happens only with DELETE operations, " +
  "but the policy is attempting a mutation. This is not allowed";

/** Decodes a policy's answer to `validate`. */
export function decodeValidation(bytes: Uint8Array): ValidationResponse {
  const value = parse(bytes);
  if (!isObject(value) || typeof value["accepted"] !== "boolean") {
    throw new GuestError("the policy's answer has no verdict");
  }
  return value as unknown as ValidationResponse;
}

function parse(bytes: Uint8Array): Json {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as Json;
  } catch (error) {
    throw new GuestError(`the policy's answer is not JSON: ${(error as Error).message}`);
  }
}

/** The codes in brackets at the ends of a message's lines, or of warnings, in order. */
export function codesOf(lines: string[]): string[] {
  return lines.flatMap((line) => /\[([a-z0-9-]+)\]$/.exec(line)?.[1] ?? []);
}

/** Makes the AdmissionResponse to a request from the policy's answer. */
export function admissionResponse(
  request: JsonObject,
  { accepted, message, code, mutated_object, audit_annotations, warnings }: ValidationResponse,
): AdmissionResponse {
  const uid = String(request["uid"] ?? "");
  const object = request["object"] ?? null;
  const mutated = mutated_object ?? null;
  if (mutated !== null && object === null) {
    const status = { message: MUTATES_NOTHING };
    return { uid, allowed: false, status, auditAnnotations: null, warnings: null };
  }
  const patch = mutated === null ? [] : diff(object, mutated);
  const status = { ...(message != null && { message }), ...(code != null && { code }) };
  return {
    uid,
    allowed: accepted,
    ...(patch.length > 0 && { patchType: "JSONPatch", patch: encode(patch) }),
    ...(Object.keys(status).length > 0 && { status }),
    auditAnnotations: audit_annotations ?? null,
    warnings: warnings ?? null,
  };
}

function diff(before: Json, after: Json): Operation[] {
  return jsonpatch.compare(before as object, after as object);
}

function encode(patch: Operation[]): string {
  return Buffer.from(JSON.stringify(patch), "utf8").toString("base64");
}
