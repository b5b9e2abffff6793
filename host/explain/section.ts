import { stringify } from "yaml";
import type { Json } from "../document.js";
import { printable } from "../pretty.js";

/** A part of an explanation: what it is about, and its lines, which may have colours. */
export interface Section {
  title: string;
  lines: string[];
}

/** A value as lines of YAML. */
export function formatFields(value: Json): string[] {
  const text = stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
  return text.trimEnd().split("\n").map(printable);
}

export function indent(lines: string[]): string[] {
  return lines.map((line) => (line === "" ? "" : `  ${line}`));
}
