import { InvalidArgumentError, Option } from "commander";
import { parseText, readDocument, UserError } from "../document.js";
import type { JsonObject } from "../document.js";
import { settingsObject } from "../policy.js";

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

// A day is its beginning, as in the settings.
function parseTime(text: string): bigint {
  const well = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\dZ)?$/.test(text);
  const milliseconds = well ? Date.parse(text) : NaN;
  if (Number.isNaN(milliseconds)) {
    throw new InvalidArgumentError("Write it as 2026-11-22T08:00:00Z, or as 2026-11-22.");
  }
  return BigInt(milliseconds) * 1_000_000n;
}

/** Reads the settings from a file or from the command line; none given are empty ones. */
export function readSettings({ settingsPath, settingsJson }: SettingsOptions): JsonObject {
  if (settingsPath !== undefined && settingsJson !== undefined) {
    throw new UserError("give --settings-path or --settings-json, not both");
  }
  if (settingsPath !== undefined) return settingsObject(readDocument(settingsPath, "settings"));
  if (settingsJson !== undefined) return settingsObject(parseText(settingsJson, "--settings-json"));
  return {};
}

/** Writes a line to standard error, where everything goes that is not the answer. */
export function writeError(line: string): void {
  process.stderr.write(`${line}\n`);
}
