import { structuredPatch } from "diff";
import jsonpatch from "fast-json-patch";
import { colors } from "./colors.js";
import { stringify } from "yaml";
import { isObject } from "./document.js";
import type { Json, JsonObject } from "./document.js";
import type { AdmissionResponse } from "./response.js";

// Colours are for terminals of any background: nothing is yellow, white or grey, and none carries what words do not.
const CONTEXT_LINES = 3;

/** Formats a response for people: verdict, reasons, warnings, signers, and what was changed. */
export function formatPretty(request: JsonObject, response: AdmissionResponse): string {
  const lines = [
    formatVerdict(request, response),
    ...reasons(response).map((reason) => `  ${printable(reason)}`),
    ...(response.warnings ?? []).map(
      (text) => `  ${colors.bold(colors.magenta("warning:"))} ${printable(text)}`,
    ),
    ...Object.entries(response.auditAnnotations ?? {}).map(
      ([name, value]) => `  ${printable(`${name}: ${value}`)}`,
    ),
    ...formatChanges(request["object"] ?? null, response.patch),
  ];
  return lines.join("\n");
}

function formatVerdict(request: JsonObject, { allowed, patch }: AdmissionResponse): string {
  const verdict = !allowed
    ? colors.red("✘ rejected")
    : colors.green(patch ? "✔ accepted and pinned" : "✔ accepted");
  return `${colors.bold(verdict)} ${printable(describeRequest(request))}`;
}

/** How many were accepted and rejected, and how many without a verdict if there are any. */
export function formatSummary(counts: Record<string, number>): string {
  const parts = Object.entries(counts).map(([what, count]) => `${count} ${what}`);
  return colors.bold(parts.filter((part) => !part.startsWith("0 ")).join(", "));
}

/** What a request is about: kind, name and namespace. */
export function describeRequest({ kind, name, namespace, object }: JsonObject): string {
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
  return ["", ...formatDiff(object, after)];
}

/** What is different between two values, in lines of YAML with `-` and `+`. */
export function formatDiff(before: Json, after: Json): string[] {
  const options = { context: CONTEXT_LINES };
  const { hunks } = structuredPatch("", "", toYaml(before), toYaml(after), "", "", options);
  return hunks.flatMap(({ oldStart, lines }) => [
    ...(hunks.length > 1 || oldStart > 1 ? [colors.underline(`line ${oldStart}`)] : []),
    ...lines.map((line) => colorLine(printable(line))),
  ]);
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
