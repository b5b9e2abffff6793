import { parseText, readDocument, UserError } from "../document.js";
import type { JsonObject } from "../document.js";
import { settingsObject } from "../policy.js";

export interface SettingsOptions {
  settingsPath?: string;
  settingsJson?: string;
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
