import { isDeepStrictEqual } from "node:util";
import { parseDocument, stringify } from "yaml";
import { request, type CallbackRequest } from "./callback.js";
import type { Handler } from "./capabilities/index.js";
import { isObject, parseText, UserError } from "./document.js";
import type { Json, JsonObject } from "./document.js";

/** A request to the host and what it answered. */
export interface Exchange {
  request: CallbackRequest;
  response: { type: "Success"; payload: string } | { type: "Error"; message: string };
}

// The layout of kwctl's own files.
const STYLE = { lineWidth: 0, indentSeq: false, singleQuote: true } as const;

/** Parses a session in kwctl's format. */
export function parseSession(text: string): Exchange[] {
  const list = parseText(text, "session");
  if (!Array.isArray(list)) throw new UserError("a session must be a list of exchanges");
  return list.map((item, index) => {
    try {
      return parseExchange(item);
    } catch (error) {
      throw new UserError(`exchange ${index + 1} of the session: ${(error as Error).message}`);
    }
  });
}

/** Formats a session so that kwctl can replay it. */
export function formatSession(exchanges: Exchange[]): string {
  return stringify(
    exchanges.map(({ request, response }) => ({
      type: "Exchange",
      request: formatRequest(request),
      response,
    })),
    STYLE,
  );
}

/** Passes requests on and keeps what was answered. */
export function recording(handler: Handler, exchanges: Exchange[]): Handler {
  return async (request) => {
    try {
      const payload = await handler(request);
      exchanges.push({ request, response: { type: "Success", payload } });
      return payload;
    } catch (error) {
      exchanges.push({ request, response: { type: "Error", message: (error as Error).message } });
      throw error;
    }
  };
}

/** Answers from a session, in its order: a request must be the very one that comes next. */
export function replaying(session: Exchange[]): Handler {
  const left = [...session];
  return async (request) => {
    const exchange = left.shift();
    if (!exchange) throw new Error("the list of recorded responses is empty");
    if (!isDeepStrictEqual(exchange.request, request)) {
      throw new Error(
        "Replay error: unexpected request. " +
          `Was expecting ${show(exchange.request)}, got ${show(request)} instead`,
      );
    }
    const { response } = exchange;
    if (response.type === "Error") throw new Error(response.message);
    return response.payload;
  };
}

function show({ variant, fields }: CallbackRequest): string {
  return `${variant} ${JSON.stringify(fields)}`;
}

function parseExchange(item: Json): Exchange {
  const { type, request: text, response } = isObject(item) ? item : {};
  if (type !== "Exchange" || typeof text !== "string" || !isObject(response)) {
    throw new Error("expected {type: Exchange, request: …, response: …}");
  }
  return { request: parseRequest(text), response: parseResponse(response) };
}

function parseResponse({ type, payload, message }: JsonObject): Exchange["response"] {
  if (type === "Success" && typeof payload === "string") return { type, payload };
  if (type === "Error" && typeof message === "string") return { type, message };
  throw new Error("the response must be a Success with its payload or an Error with its message");
}

// A Rust enum's variant is a YAML tag on its fields.
function parseRequest(text: string): CallbackRequest {
  const document = parseDocument(text, { logLevel: "error" });
  const fields = document.toJS() as Json;
  const tag = document.contents?.tag ?? "";
  if (document.errors[0] || !tag.startsWith("!") || !isObject(fields)) {
    throw new Error("the request must be the fields of a tagged variant, like !OciManifest");
  }
  return request(tag.slice(1), fields);
}

function formatRequest({ variant, fields }: CallbackRequest): string {
  return `!${variant}\n${stringify(fields, STYLE)}`;
}
