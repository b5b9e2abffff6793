import { mkdirSync, writeFileSync } from "node:fs";
import { decodeCall, type CallbackRequest } from "../../host/callback.js";
import { actual } from "../../host/cases/expectation.js";
import type { Json, JsonObject } from "../../host/document.js";
import type { ValidationResponse } from "../../host/response.js";
import { formatSession, type Exchange } from "../../host/session.js";
import type { Oracle } from "../policy/guest.js";

/** Where what real verifiers said becomes cases for the engine of policy-server: `make conformance` asks for it. */
const folder = process.env["ORACLES"];

/** An oracle, and what it was asked and answered so far. */
export function recording(oracle: Oracle): { oracle: Oracle; exchanges: Exchange[] } {
  const exchanges: Exchange[] = [];
  const note = (request: CallbackRequest, response: Exchange["response"]) =>
    exchanges.push({ request, response });
  return {
    exchanges,
    oracle: (fields, call) => {
      const answer = oracle(fields, call);
      const request = decodeCall(call);
      if (answer instanceof Error) note(request, { type: "Error", message: answer.message });
      else note(request, { type: "Success", payload: Buffer.from(answer).toString() });
      return answer;
    },
  };
}

/**
 * Writes a case with what the policy said, if cases are wanted.
 *
 * @param name folders of letters, digits and `-`, with `/` between them; other characters become `-`
 */
export function writeCase(
  name: string,
  request: JsonObject,
  settings: Json,
  exchanges: Exchange[],
  answer: ValidationResponse,
): void {
  if (!folder) return;
  const at = `${folder}/${name.replaceAll(/[^A-Za-z0-9/-]+/g, "-")}`;
  const none = { accepted: true, codes: [], images: {}, warnings: [], audit: {}, calls: 0 };
  const outcome = { object: request["object"] ?? null, answer, calls: exchanges.length };
  mkdirSync(at, { recursive: true });
  writeFileSync(`${at}/payload.json`, JSON.stringify({ request, settings }));
  writeFileSync(`${at}/session.yml`, formatSession(exchanges));
  writeFileSync(`${at}/expect.json`, JSON.stringify(actual(none, outcome)));
}
