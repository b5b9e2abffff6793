import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { isObject, parseJson, parseText, readDocument, readText, UserError } from "../document.js";
import { readManifests } from "../manifests.js";
import { admissionRequest, isWrapped } from "../request.js";
import { parseSession, type Exchange } from "../session.js";
import { readSettingsIn, type Deployment, type Settings } from "../settings.js";
import { decodeExpectation, type Expectation } from "./expectation.js";

/** A folder that holds requests and what must come of them. */
export interface Case {
  folder: string;
  /** What the policy gets, for each request. */
  payloads: Buffer[];
  /** How the policy runs, if the case's settings are in its manifest. */
  deployment?: Deployment | undefined;
  /** The host's answers; without them they come from where the command line says. */
  session: Exchange[] | undefined;
}

const EXTENSIONS = ["yaml", "yml", "json"];

/** The path of a folder's file with this name, in YAML or JSON, if there is one. */
export function findFile(folder: string, name: string): string | undefined {
  return EXTENSIONS.map((extension) => join(folder, `${name}.${extension}`)).find((path) =>
    existsSync(path),
  );
}

/** Finds the folders that are cases, or that lack something to be one, in a folder and below it. */
export function findCases(folder: string): string[] {
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    throw new UserError(`cannot read the cases: ${(error as Error).message}`);
  }
  const isCase = ["request", "payload", "expect"].some((name) => findFile(folder, name));
  const inner = entries
    .filter((entry) => entry.isDirectory() && !/^\.|^node_modules$/.test(entry.name))
    .map(({ name }) => join(folder, name))
    .sort();
  return [...(isCase ? [folder] : []), ...inner.flatMap(findCases)];
}

/**
 * Reads a case. A payload that is JSON goes to the policy byte for byte, unless it has to be made
 * into a request first.
 *
 * @param settings instead of the case's own, or of those that it inherits
 */
export function readCase(folder: string, settings?: Settings): Case {
  const sessionFile = findFile(folder, "session");
  return {
    folder,
    ...readPayloads(folder, settings),
    session: sessionFile === undefined ? undefined : parseSession(readText(sessionFile, "session")),
  };
}

/** Reads what must come of a case's requests: one expectation for them all, or a list with one for each. */
export function readExpectations(folder: string, requests: number): Expectation[] {
  const path = findFile(folder, "expect");
  if (!path) throw new UserError("there is no expect.yaml; --update writes one");
  const value = readDocument(path, "expectation");
  if (!Array.isArray(value)) return Array<Expectation>(requests).fill(decodeExpectation(value));
  if (value.length !== requests) {
    throw new UserError(`${path} lists ${value.length} expectations for ${requests} requests`);
  }
  return value.map(decodeExpectation);
}

function readPayloads(
  folder: string,
  settings: Settings | undefined,
): Pick<Case, "payloads" | "deployment"> {
  const whole = join(folder, "payload.json");
  if (existsSync(whole)) return { payloads: [readFileSync(whole)] };
  const requestFile = findFile(folder, "request");
  if (!requestFile) throw new UserError("there is no request.yaml");
  const { bytes, deployment } = settings ? inBytes(settings) : inheritedSettings(folder);
  const payloads = readRequestBytes(requestFile).map((request) => {
    const parts = ['{"request":', request, ',"settings":', bytes, "}"];
    return Buffer.concat(
      parts.map((part) => (typeof part === "string" ? Buffer.from(part) : part)),
    );
  });
  return { payloads, deployment };
}

// What is not a manifest is a request, and what is wrong with it is for the policy to say.
function readRequestBytes(path: string): Buffer[] {
  const bytes = readFileSync(path);
  if (path.endsWith(".json")) {
    const document = parseJson(bytes.toString("utf8"));
    if (document !== undefined && !isWrapped(document)) return [bytes];
  }
  const documents = readManifests(path, "request").map(({ document }) => document);
  if (documents.length === 0) throw new UserError(`${path} has no request in it`);
  return documents.map((document) =>
    Buffer.from(JSON.stringify(isWrapped(document) ? admissionRequest(document) : document)),
  );
}

/** What the policy gets for its settings, with what is said around them. */
interface SettingsBytes {
  bytes: Buffer;
  deployment?: Deployment | undefined;
}

/** The settings of a folder, or of the nearest folder above it that has some. */
function inheritedSettings(folder: string): SettingsBytes {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const path = findFile(at, "settings");
    if (path) return settingsIn(path);
    // A repository is its own world.
    if (existsSync(join(at, ".git")) || dirname(at) === at) break;
  }
  throw new UserError("there is no settings.yaml, here or in a folder above");
}

// What is not in a policy's manifest is settings, and what is wrong with them is for the policy to say.
function settingsIn(path: string): SettingsBytes {
  const text = readText(path, "settings");
  const document = path.endsWith(".json") ? parseJson(text) : parseText(text, path);
  const isManifest = isObject(document) && "kind" in document;
  if (isManifest) return inBytes(readSettingsIn(document, basename(path)));
  return {
    bytes: path.endsWith(".json") ? readFileSync(path) : Buffer.from(JSON.stringify(document)),
  };
}

function inBytes({ settings, deployment }: Settings): SettingsBytes {
  return { bytes: Buffer.from(JSON.stringify(settings)), deployment };
}
