import { colors } from "../colors.js";
import { isObject, parseJson, type Json, type JsonObject } from "../document.js";
import { formatPretty } from "../pretty.js";
import type { AdmissionResponse } from "../response.js";
import { abridge } from "./abridge.js";
import { formatEvents } from "./events.js";
import { formatFields, indent, type Section } from "./section.js";
import type { Event } from "./witness.js";

/** Everything that is known of how a request came to its verdict, in the order of its way. */
export interface Account {
  request: JsonObject;
  settings: JsonObject;
  events: Event[];
  /** None if the policy came to no verdict. */
  response: AdmissionResponse | undefined;
}

/** Explains to people how a request came to its verdict. */
export function formatExplanation(account: Account): string {
  return sectionsOf(account)
    .map(({ title, lines }) => [colors.bold(title), ...indent(lines)].join("\n"))
    .join("\n\n");
}

function sectionsOf({ request, settings, events, response }: Account): Section[] {
  const sections = [
    { title: "request", lines: formatFields(describe(request)) },
    { title: "settings", lines: formatFields(abridge(settings)) },
    ...formatEvents(events),
  ];
  if (!response) return sections;
  return [
    ...sections,
    { title: "verdict", lines: formatPretty(request, response).split("\n") },
    { title: "answer", lines: formatFields(describeAnswer(response)) },
  ];
}

function describe(request: JsonObject): JsonObject {
  const { operation, kind, subResource, namespace, userInfo, dryRun, object, oldObject } = request;
  const metadata = isObject(object) && isObject(object["metadata"]) ? object["metadata"] : {};
  const name = request["name"] || metadata["name"] || metadata["generateName"];
  return {
    operation: abridge(operation ?? null),
    kind: isObject(kind) ? kindName(kind) : abridge(kind ?? null),
    ...(subResource && { subResource: abridge(subResource) }),
    ...(name && { name: abridge(name) }),
    ...(namespace && { namespace: abridge(namespace) }),
    ...(isObject(userInfo) && {
      user: abridge(userInfo["username"] ?? null),
      groups: abridge(userInfo["groups"] ?? []),
    }),
    ...(dryRun != null && { dryRun }),
    object: abridge(object ?? "none"),
    oldObject: size(oldObject),
  };
}

function kindName({ group, version, kind }: JsonObject): string {
  return `${[group, version].filter(Boolean).join("/")} ${String(kind)}`.trim();
}

function size(object: Json | undefined): string {
  if (object == null) return "none";
  return `${Buffer.byteLength(JSON.stringify(object))} bytes of JSON`;
}

/** The answer but for its uid, which is the request's. */
function describeAnswer(response: AdmissionResponse): JsonObject {
  const { allowed, patchType, patch, status, auditAnnotations, warnings } = response;
  const operations = patch && parseJson(Buffer.from(patch, "base64").toString("utf8"));
  const message = status?.message?.split("\n") ?? null;
  return {
    allowed,
    ...(status && { status: { code: status.code ?? null, message } }),
    ...(patchType && { patchType, patch: abridge(operations ?? null) }),
    auditAnnotations,
    warnings,
  };
}
