import type { Command } from "commander";
import { readDocument, UserError } from "../../document.js";
import { signersOfKeys, signersOfSettings, type Signer } from "../../evidence/signer.js";
import { validateSigners } from "../../evidence/verify.js";
import { readSettingsIn } from "../../settings.js";
import { clockOption, collectValues, type ClockOptions } from "../options.js";

/** Who is trusted to sign. */
export interface TrustOptions extends ClockOptions {
  key?: string[];
  settingsPath?: string;
}

/** Gives a command the options that say who is trusted to sign. */
export function addTrustOptions(command: Command): Command {
  return command
    .option("--key <file>", "a public key of those who sign; may be repeated", collectValues)
    .option(
      "-s, --settings-path <file>",
      "a policy's settings, in YAML or JSON: the signers of all its rules; - is standard input",
    )
    .addOption(clockOption());
}

/** The signers that the options name; at least one. */
export async function signersOf(
  module: WebAssembly.Module,
  { key = [], settingsPath }: TrustOptions,
): Promise<Signer[]> {
  const signers = signersOfKeys(key);
  if (settingsPath !== undefined) {
    const { settings } = readSettingsIn(readDocument(settingsPath, "settings"), settingsPath);
    signers.push(...signersOfSettings(settings));
  }
  if (signers.length === 0) throw new UserError("say who is trusted to sign: --key or -s");
  await validateSigners(module, signers);
  return signers;
}
