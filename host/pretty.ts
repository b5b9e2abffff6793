import { structuredPatch } from "diff";
import jsonpatch from "fast-json-patch";
import colors from "picocolors";
import { stringify } from "yaml";
import { isObject } from "./document.js";
import type { Json, JsonObject } from "./document.js";
import type { AdmissionResponse } from "./response.js";

const CONTEXT_LINES = 3;

/** Formats a response for people: verdict, reasons, warnings, signers, and what was changed. */
export function formatPretty(request: JsonObject, response: AdmissionResponse): string {
  const lines = [
    formatVerdict(request, response),
    ...reasons(response).map((reason) => `  ${printable(reason)}`),
    ...(response.warnings ?? []).map((text) => colors.yellow(`  warning: ${printable(text)}`)),
    ...Object.entries(response.auditAnnotations ?? {}).map(([name, value]) =>
      colors.dim(`  ${printable(`${name}: ${value}`)}`),
    ),
    ...formatChanges(request["object"] ?? null, response.patch),
  ];
  return lines.join("\n");
}

function formatVerdict(request: JsonObject, { allowed, patch }: AdmissionResponse): string {
  const verdict = !allowed
    ? colors.red("✘ rejected")
    : colors.green(patch ? "✔ accepted and pinned" : "✔ accepted");
  return `${colors.bold(verdict)} ${printable(describeObject(request))}`;
}

function describeObject({ kind, name, namespace, object }: JsonObject): string {
  const what = isObject(kind) ? String(kind["kind"] ?? "object") : "object";
  const metadata = isObject(object) && isObject(object["metadata"]) ? object["metadata"] : {};
  const called = String(name || metadata["name"] || metadata["generateName"] || "");
  return [what, called, namespace ? `in ${String(namespace)}` : ""].filter(Boolean).join(" ");
}

function reasons({ status }: AdmissionResponse): string[] {
  return (status?.message ?? "").split("\n").filter((line) => line.trim() !== "");
}

function formatChanges(object: Json, patch: string | undefined): string[] {
  if (!patch) return [];
  const operations = JSON.parse(
    Buffer.from(patch, "base64").toString("utf8"),
  ) as jsonpatch.Operation[];
  const after = jsonpatch.applyPatch(structuredClone(object), operations).newDocument;
  const options = { context: CONTEXT_LINES };
  const { hunks } = structuredPatch("", "", toYaml(object), toYaml(after), "", "", options);
  const lines = hunks.flatMap(({ oldStart, lines }) => [
    colors.cyan(`@@ line ${oldStart} @@`),
    ...lines.map((line) => colorLine(printable(line))),
  ]);
  return ["", ...lines];
}

function toYaml(value: Json): string {
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}

function colorLine(line: string): string {
  if (line.startsWith("+")) return colors.green(line);
  return line.startsWith("-") ? colors.red(line) : line;
}

/**
 * Takes out of one line what could make a terminal show something else than what is there: control
 * characters, and marks that reorder text.
 */
export function printable(line: string): string {
  return line.replace(/[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g, "");
}
