import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import {
  isObject,
  parseStream,
  readText,
  UserError,
  type Json,
  type JsonObject,
} from "./document.js";

/** A document, and where it is, for messages. */
export interface Manifest {
  document: Json;
  source: string;
}

/**
 * Reads the documents in a file, in all YAML and JSON files of a folder and the folders below it, or
 * in standard input. The items of a List, as kubectl prints one, are documents of their own.
 *
 * @param what how to call a document in messages
 */
export function readManifests(path: string, what: string): Manifest[] {
  return filesIn(path, what).flatMap((file) => {
    const name = file === "-" ? "standard input" : file;
    const documents = parseStream(readText(file, what), `${what} ${name}`);
    const items = documents.flatMap(unpack);
    const number = (index: number) => (items.length > 1 ? `, document ${index + 1}` : "");
    return items.map((document, index) => ({ document, source: `${name}${number(index)}` }));
  });
}

function filesIn(path: string, what: string): string[] {
  if (path === "-") return [path];
  try {
    if (!statSync(path).isDirectory()) return [path];
    const names = readdirSync(path, { recursive: true, encoding: "utf8" });
    const files = names.filter((name) => /\.(?:ya?ml|json)$/.test(name)).sort();
    return files.map((name) => join(path, name));
  } catch (error) {
    throw new UserError(`cannot read the ${what}: ${(error as Error).message}`);
  }
}

// In a PodList the items do not say what they are.
function unpack(document: Json): Json[] {
  if (!isObject(document)) return [document];
  const { kind, apiVersion, items } = document;
  if (typeof kind !== "string" || !kind.endsWith("List") || !Array.isArray(items))
    return [document];
  const ofItems: JsonObject =
    kind === "List" ? {} : { apiVersion: apiVersion ?? null, kind: kind.slice(0, -4) };
  return items.map((item) => (isObject(item) ? { ...ofItems, ...item } : item));
}
