import { readFileSync } from "node:fs";
import { parseAllDocuments, parseDocument, type Document } from "yaml";
import { parseUniqueJson } from "./json.js";

export type Json = null | boolean | number | string | Json[] | JsonObject;
export type JsonObject = { [name: string]: Json };

const MAX_ALIASES = 100;

/** Something in the user's hands is wrong; the message says what to do about it. */
export class UserError extends Error {}

/** Reads a YAML or JSON file; `-` is standard input. */
export function readDocument(path: string, what: string): Json {
  return parseText(readText(path, what), `${what} ${path === "-" ? "(standard input)" : path}`);
}

/** Reads a text file; `-` is standard input. */
export function readText(path: string, what: string): string {
  try {
    return readFileSync(path === "-" ? 0 : path, "utf8");
  } catch (error) {
    throw new UserError(`cannot read the ${what}: ${(error as Error).message}`);
  }
}

/**
 * Parses YAML or JSON.
 *
 * Numbers that JavaScript cannot hold are refused: passed on, they would be other numbers than the
 * ones in the file, and the verdict would be about an object that nobody wrote.
 *
 * @param what how to call the text in messages
 */
export function parseText(text: string, what: string): Json {
  // YAML's flow style begins with the same brackets.
  const json = /^\s*[[{]/.test(text) ? parseJson(text) : undefined;
  const value = json === undefined ? toValue(parseDocument(text), what) : json;
  if (json !== undefined) refuseRepeatedKeys(text, what);
  refuseLossyNumbers(value, what);
  return value;
}

/** Parses a stream of YAML documents with `---` between them, or one of JSON; empty documents do not count. */
export function parseStream(text: string, what: string): Json[] {
  const json = /^\s*[[{]/.test(text) ? parseJson(text) : undefined;
  const parsed = () => (parseAllDocuments(text) as Document[]).map((each) => toValue(each, what));
  const values = json === undefined ? parsed() : [json];
  if (json !== undefined) refuseRepeatedKeys(text, what);
  for (const value of values) refuseLossyNumbers(value, what);
  return values.filter((value) => value !== null);
}

/** A property of the record itself, not one that every object inherits. */
export function own<T>(record: Record<string, T>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** Is this a JSON object, not an array and not null? */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Parses JSON as it is; undefined if it is none. */
export function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

// Of two equal keys JSON.parse keeps the last, and the verdict would be about half of the file. YAML refuses them.
function refuseRepeatedKeys(text: string, what: string): void {
  try {
    parseUniqueJson(text);
  } catch (error) {
    throw new UserError(`the ${what} has a key twice in one object: ${(error as Error).message}`);
  }
}

function toValue(document: Document, what: string): Json {
  const error = document.errors[0];
  if (error?.code === "MULTIPLE_DOCS") {
    throw new UserError(`the ${what} holds more than one document, and one is expected`);
  }
  if (error) throw new UserError(`the ${what} is neither YAML nor JSON: ${error.message}`);
  try {
    const value = document.toJS({ maxAliasCount: MAX_ALIASES }) as Json;
    // Only a value that contains itself has no JSON.
    JSON.stringify(value);
    return value;
  } catch {
    throw new UserError(`the ${what} has an alias of its own parent, or too many aliases`);
  }
}

function refuseLossyNumbers(value: Json, what: string): void {
  const stack: [Json, string][] = [[value, ""]];
  for (let next = stack.pop(); next; next = stack.pop()) {
    const [item, path] = next;
    if (typeof item === "number" && !Number.isFinite(item)) {
      throw new UserError(`the ${what} has a number that is not finite at ${path || "its root"}`);
    }
    if (typeof item === "number" && Number.isInteger(item) && !Number.isSafeInteger(item)) {
      throw new UserError(
        `the ${what} has an integer beyond ±2^53 at ${path || "its root"}: write it as a string`,
      );
    }
    if (typeof item === "object" && item !== null) {
      for (const [name, inner] of Object.entries(item)) stack.push([inner, `${path}/${name}`]);
    }
  }
}
