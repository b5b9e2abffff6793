import { kubewarden } from "../capabilities/index.js";
import { Policy, readPolicy } from "../policy.js";
import { printable } from "../pretty.js";
import { readSettings, writeError, type SettingsOptions } from "./options.js";

/** `trusted-images settings`: validates settings; returns the exit code. */
export async function settingsCommand(
  policyPath: string | undefined,
  options: SettingsOptions,
): Promise<number> {
  const { settings } = readSettings(options);
  const handler = async () => {
    throw new Error("settings are validated without asking anybody");
  };
  const capabilities = kubewarden({ handler, writeLine: writeError });
  const policy = new Policy(await readPolicy(policyPath), capabilities, {
    log: writeError,
  });
  const problems = await policy.validateSettings(settings);
  for (const problem of problems) console.log(printable(problem));
  if (problems.length === 0) console.log("settings are valid");
  return problems.length === 0 ? 0 : 1;
}
