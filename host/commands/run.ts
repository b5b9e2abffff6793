import { writeFileSync } from "node:fs";
import { parseGrants } from "../capabilities/grants.js";
import { kubewarden, type Handler } from "../capabilities/index.js";
import { liveHandler } from "../capabilities/live.js";
import { readText, UserError } from "../document.js";
import type { JsonObject } from "../document.js";
import { Policy, readPolicy } from "../policy.js";
import { formatPretty, printable } from "../pretty.js";
import { RegistryClient } from "../registry/client.js";
import { dockerCredentials } from "../registry/credentials.js";
import { NO_SOURCES, readSources } from "../registry/sources.js";
import { Transport } from "../registry/transport.js";
import { readRequest } from "../request.js";
import { admissionResponse } from "../response.js";
import { formatSession, parseSession, recording, replaying, type Exchange } from "../session.js";
import { readSettings, writeError, type SettingsOptions } from "./options.js";

export interface RunOptions extends SettingsOptions {
  requestPath: string;
  sourcesPath?: string;
  dockerConfigJsonPath?: string;
  /** `true` is the option without a value: nothing is granted. */
  allowedHostCapabilities: string[] | true;
  recordHostCapabilitiesInteractions?: string;
  replayHostCapabilitiesInteractions?: string;
  pretty?: boolean;
}

/** `trusted-images run`: decides a request; returns the exit code. */
export async function runCommand(
  policyPath: string | undefined,
  options: RunOptions,
): Promise<number> {
  const { recordHostCapabilitiesInteractions: record, pretty = false } = options;
  if (options.requestPath === "-" && options.settingsPath === "-") {
    throw new UserError("standard input is the request or the settings, not both");
  }
  const settings = readSettings(options);
  const request = readRequest(options.requestPath);
  const module = await readPolicy(policyPath);
  const exchanges: Exchange[] = [];
  const handler = recording(answering(options), exchanges);
  const { allowedHostCapabilities: allowed } = options;
  const grants = parseGrants(allowed === true ? [] : allowed);
  const capabilities = kubewarden({ handler, grants, writeLine: writeError });
  const policy = new Policy(module, capabilities, writeError);
  try {
    return await decide(policy, settings, request, pretty);
  } finally {
    if (record !== undefined) writeSession(record, exchanges);
  }
}

/**
 * Validates the settings, decides the request and prints the answer: kwctl's single line of JSON, or
 * `pretty` for people.
 */
export async function decide(
  policy: Policy,
  settings: JsonObject,
  request: JsonObject,
  pretty: boolean,
): Promise<number> {
  const problems = await policy.validateSettings(settings);
  if (problems.length > 0) {
    writeError(["Provided settings are not valid:", ...problems.map(printable)].join("\n  "));
    return 1;
  }
  const response = admissionResponse(request, await policy.validate(request, settings));
  console.log(pretty ? formatPretty(request, response) : JSON.stringify(response));
  return 0;
}

function answering(options: RunOptions): Handler {
  const { replayHostCapabilitiesInteractions: replay, recordHostCapabilitiesInteractions } =
    options;
  if (replay !== undefined && recordHostCapabilitiesInteractions !== undefined) {
    throw new UserError("a session is either recorded or replayed, not both");
  }
  if (replay !== undefined) return replaying(parseSession(readText(replay, "session")));
  const { sourcesPath, dockerConfigJsonPath } = options;
  const sources = sourcesPath === undefined ? NO_SOURCES : readSources(sourcesPath);
  const credentials = dockerCredentials(dockerConfigJsonPath);
  return liveHandler({ client: new RegistryClient(new Transport(sources), credentials) });
}

function writeSession(path: string, exchanges: Exchange[]): void {
  try {
    writeFileSync(path, formatSession(exchanges));
  } catch (error) {
    throw new UserError(`cannot write the session: ${(error as Error).message}`);
  }
}
