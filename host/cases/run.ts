import { isDeepStrictEqual } from "node:util";
import { kubewarden, type Handler, type Permissions } from "../capabilities/index.js";
import { isObject, type Json } from "../document.js";
import { evaluate, type Surroundings } from "../evaluate.js";
import { decodeValidation } from "../response.js";
import { recording, replaying, type Exchange } from "../session.js";
import { actual, type Expectation, type Outcome } from "./expectation.js";
import type { Case } from "./folder.js";

/** An outcome, with the bytes that the policy answered. */
export interface Decided extends Outcome {
  bytes: Uint8Array;
}

/** What a case came to: an outcome for each request, and all that the policy asked. */
export interface CaseRun {
  decided: Decided[];
  asked: Exchange[];
}

/** Where a case was not met. */
export interface Mismatch {
  /** Which request, from 0. */
  index: number;
  expected: Expectation;
  actual: Expectation;
  outcome: Decided;
}

/**
 * Lets the policy decide a case's requests, one after another.
 *
 * @param live answers what no session answers
 */
export async function runCase(
  module: WebAssembly.Module,
  { payloads, session }: Case,
  live: Handler,
  permissions: Permissions = {},
  surroundings?: Surroundings,
): Promise<CaseRun> {
  const asked: Exchange[] = [];
  const handler = recording(session ? replaying(session) : live, asked);
  const capabilities = kubewarden({ handler, ...permissions });
  const decided: Decided[] = [];
  for (const payload of payloads) {
    const before = asked.length;
    const bytes = await evaluate(module, "validate", payload, capabilities, surroundings);
    const answer = decodeValidation(bytes);
    decided.push({ object: objectIn(payload), answer, bytes, calls: asked.length - before });
  }
  return { decided, asked };
}

/** Compares what came of a case's requests with what must come of them. */
export function mismatches(expectations: Expectation[], decided: Decided[]): Mismatch[] {
  return decided.flatMap((outcome, index) => {
    const expected = expectations[index]!;
    const mismatch = { index, expected, actual: actual(expected, outcome), outcome };
    return isDeepStrictEqual(mismatch.actual, expected) ? [] : [mismatch];
  });
}

function objectIn(payload: Buffer): Json {
  try {
    const { request } = JSON.parse(payload.toString("utf8")) as { request: Json };
    return isObject(request) ? (request["object"] ?? null) : null;
  } catch {
    return null;
  }
}
