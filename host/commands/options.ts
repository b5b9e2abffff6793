import { writeFileSync } from "node:fs";
import { basename } from "node:path";
import { InvalidArgumentError, Option } from "commander";
import { parseStream, parseText, readText, UserError } from "../document.js";
import type { Json } from "../document.js";
import { printable } from "../pretty.js";
import { readSettingsIn, type Settings } from "../settings.js";

export interface SettingsOptions {
  settingsPath?: string;
  settingsJson?: string;
}

/** What time it is. */
export interface ClockOptions {
  /** In nanoseconds since 1970. Default: the clock's. */
  now?: bigint;
}

/** The option for a policy's clock. */
export function clockOption(): Option {
  return new Option(
    "--now <time>",
    "the time that the policy is told, 2026-11-22T08:00:00Z or 2026-11-22; default: the clock's",
  ).argParser(parseTime);
}

// A day is its beginning, as in the settings. JavaScript takes 30 February for 2 March, and 24:00 for the next day.
function parseTime(text: string): bigint {
  const well = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\dZ)?$/.test(text);
  const milliseconds = well ? Date.parse(text) : NaN;
  const exists = !Number.isNaN(milliseconds);
  if (!exists || !new Date(milliseconds).toISOString().startsWith(text.replace("Z", ""))) {
    throw new InvalidArgumentError("Write it as 2026-11-22T08:00:00Z, or as 2026-11-22.");
  }
  return BigInt(milliseconds) * 1_000_000n;
}

/**
 * Reads the settings from a file or from the command line; none given are empty ones. What a cluster would refuse of
 * the policy's manifest around them is said on standard error.
 */
export function readSettings({ settingsPath, settingsJson }: SettingsOptions): Settings {
  if (settingsPath !== undefined && settingsJson !== undefined) {
    throw new UserError("give --settings-path or --settings-json, not both");
  }
  const [source, document] =
    settingsPath !== undefined
      ? [basename(settingsPath), readOne(settingsPath)]
      : ["--settings-json", parseText(settingsJson ?? "{}", "--settings-json")];
  const settings = readSettingsIn(document, source);
  for (const warning of settings.deployment?.warnings ?? []) writeError(printable(warning));
  return settings;
}

function readOne(path: string): Json {
  const name = path === "-" ? "standard input" : path;
  const [document, ...more] = parseStream(readText(path, "settings"), `settings ${name}`);
  if (document === undefined) throw new UserError(`${name} is empty`);
  if (more.length === 0) return document;
  throw new UserError(`${name} holds ${more.length + 1} documents: give a file with one policy`);
}

/** Writes a line to standard error, where everything goes that is not the answer. */
export function writeError(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Writes what was made to a file, or to standard output. */
export function writeOutput(path: string | undefined, text: string): void {
  if (path === undefined) {
    process.stdout.write(text);
    return;
  }
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new UserError(`cannot write the output: ${(error as Error).message}`);
  }
}

/** For an option that may be repeated. */
export function collectValues(value: string, before: string[] = []): string[] {
  if (value === "") throw new InvalidArgumentError("It is empty.");
  return [...before, value];
}
