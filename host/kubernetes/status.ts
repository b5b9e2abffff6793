import { isObject, type Json, type JsonObject } from "../document.js";

/** How an API server says that it will not answer. */
export interface Status {
  code: number;
  message: string;
  /** In one word, for programs. */
  reason: string;
  metadata?: JsonObject | undefined;
  details?: JsonObject | undefined;
}

/** The API server refused: told in the words of policy-server, whose client prints the whole Status. */
export class ApiError extends Error {
  constructor(readonly status: Status) {
    const text = `${status.message}: ${status.reason}`;
    super(`ApiError: ${text} (${print(status)})\n\nCaused by:\n    ${text}`);
  }

  /** The same in its first half, for where policy-server adds no cause. */
  get summary(): string {
    return this.message.slice(0, this.message.lastIndexOf("\n\nCaused by:"));
  }
}

/** What a selector that cannot be understood is answered with. */
export function badRequest(message: string): ApiError {
  return new ApiError({ code: 400, message, reason: "BadRequest", metadata: {} });
}

/** Reads an answer that is no success. What is no Status, like a proxy's page, is told as it is. */
export function toApiError(code: number, body: string): ApiError {
  const { kind, message, reason, metadata, details } = parse(body);
  if (kind !== "Status") {
    return new ApiError({ code, message: body, reason: "Failed to parse error data" });
  }
  return new ApiError({
    code,
    message: String(message ?? ""),
    reason: String(reason ?? ""),
    metadata: isObject(metadata) ? metadata : undefined,
    details: isObject(details) ? details : undefined,
  });
}

function parse(body: string): JsonObject {
  try {
    const value = JSON.parse(body) as Json;
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

// As Rust prints the struct for debugging.
function print({ code, message, reason, metadata, details }: Status): string {
  const list =
    "ListMeta { continue_: None, remaining_item_count: None, resource_version: None, self_link: None }";
  const parts = [
    "status: Some(Failure)",
    `code: ${code}`,
    `message: ${JSON.stringify(message)}`,
    `metadata: ${metadata ? `Some(${list})` : "None"}`,
    `reason: ${JSON.stringify(reason)}`,
    `details: ${details ? `Some(${printDetails(details)})` : "None"}`,
  ];
  return `Status { ${parts.join(", ")} }`;
}

function printDetails(details: JsonObject): string {
  const texts = ["name", "group", "kind", "uid"].map(
    (name) => `${name}: ${JSON.stringify(details[name] ?? "")}`,
  );
  const seconds = Number(details["retryAfterSeconds"] ?? 0);
  return `StatusDetails { ${texts.join(", ")}, causes: [], retry_after_seconds: ${seconds} }`;
}
