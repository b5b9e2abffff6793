import { colors } from "../colors.js";
import type { Json } from "../document.js";
import { formatDiff, printable } from "../pretty.js";
import type { Expectation } from "./expectation.js";
import type { Mismatch } from "./run.js";

/** What there is to say of a case that was run. */
export interface Result {
  name: string;
  /** How many requests it has. */
  requests: number;
  mismatches: Mismatch[];
  /** Why it could not be run. */
  error?: string;
  /** The expectations that were written for it. */
  updated?: Expectation[];
}

/** Was the case met? */
export function passed({ mismatches, error }: Result): boolean {
  return mismatches.length === 0 && error === undefined;
}

/** Formats a case for people: a tick or a cross, and what was expected and came instead. */
export function formatResult(result: Result): string {
  const { name, error, updated } = result;
  const tick = passed(result) ? colors.green("✔") : colors.red("✘");
  const note = updated ? colors.magenta(` (updated: ${updated.map(summarize).join("; ")})`) : "";
  const lines = [`${tick} ${printable(name)}${note}`];
  if (error !== undefined) lines.push(...error.split("\n").map((line) => `    ${printable(line)}`));
  for (const mismatch of result.mismatches)
    lines.push(...formatMismatch(mismatch, result.requests));
  return lines.join("\n");
}

function summarize({ accepted, codes = [] }: Expectation): string {
  return [accepted ? "accepted" : "rejected", ...codes].join(" ");
}

function formatMismatch(mismatch: Mismatch, requests: number): string[] {
  const { index, expected, actual, outcome } = mismatch;
  const legend = `${colors.red("- expected")}  ${colors.green("+ actual")}`;
  const { message, warnings } = outcome.answer;
  const said = [...(message ?? "").split("\n"), ...(warnings ?? [])].filter((line) => line !== "");
  return [
    `    ${requests > 1 ? `request ${index + 1}: ` : ""}${legend}`,
    ...formatDiff(expected as Json, actual as Json).map((line) => `    ${line}`),
    ...said.map((line) => `    ${colors.bold("said:")} ${printable(line)}`),
  ];
}
