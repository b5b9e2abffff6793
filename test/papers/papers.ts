import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { kubewarden, type Handler } from "../../host/capabilities/index.js";
import type { Json, JsonObject } from "../../host/document.js";
import { Policy, readPolicy } from "../../host/policy.js";
import type { ValidationResponse } from "../../host/response.js";

/** The folder of the project. */
export const root = join(import.meta.dirname, "../..");

/** The text of one of the project's files. */
export function read(...path: string[]): string {
  return readFileSync(join(root, ...path), "utf8");
}

/** The content of one of the project's YAML files. */
export function readYaml(...path: string[]): Json {
  return parse(read(...path)) as Json;
}

const module = await readPolicy();

/** What the policy finds wrong with settings; nobody is asked. */
export async function settingsProblems(settings: JsonObject): Promise<string[]> {
  const handler = async () => {
    throw new Error("settings are validated without asking anybody");
  };
  return new Policy(module, kubewarden({ handler })).validateSettings(settings);
}

/** The policy's verdict, with `handler` for its host. */
export async function verdict(
  request: JsonObject,
  settings: JsonObject,
  handler: Handler,
): Promise<ValidationResponse> {
  return new Policy(module, kubewarden({ handler })).validate(request, settings);
}
