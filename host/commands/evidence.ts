import type { Command } from "commander";
import { addCollectOptions, collectCommand, type CollectOptions } from "./evidence/collect.js";
import {
  addConfigMapOptions,
  configMapCommand,
  type SignatureFileOptions,
} from "./evidence/config-map.js";
import { addExportOptions, exportCommand, type ExportOptions } from "./evidence/export.js";
import { addPushOptions, pushCommand, type PushOptions } from "./evidence/push.js";
import { addVerifyOptions, verifyCommand, type VerifyOptions } from "./evidence/verify.js";

type Exit = (command: () => Promise<number>) => Promise<void>;

/**
 * Adds `evidence` and its subcommands.
 *
 * @param exit runs a command and makes its number the exit code
 */
export function addEvidenceCommands(program: Command, exit: Exit): void {
  const evidence = program
    .command("evidence")
    .summary("gather, carry and verify what is signed of an image")
    .description(
      "Gathers what is signed of an image, of any format, into one document, verifies it and carries it to where the " +
        "policy reads it. Without a subcommand it makes a ConfigMap of cosign's files: see `evidence config-map --help`.",
    );
  evidence.hook("preSubcommand", () => {
    const [name] = evidence.args;
    if (name === undefined) return evidence.help({ error: true });
    const known = name === "help" || evidence.commands.some((command) => command.name() === name);
    if (!known && !name.startsWith("-")) evidence.error(`error: unknown command '${name}'`);
  });
  addCollectOptions(
    evidence
      .command("collect")
      .summary("gather what there is for an image")
      .description(
        "Gathers what registries hold for an image: cosign's signatures and attestations at its tags, sigstore bundles and " +
          "Notation's envelopes that refer to it, the trust metadata of a Notary v1 server. Nothing is verified. The exit " +
          "code is 1 if there is nothing.",
      )
      .argument("<image>", "the image, by tag or digest")
      .action((image: string, options: CollectOptions) =>
        exit(() => collectCommand(image, options)),
      ),
  );
  addVerifyOptions(
    evidence
      .command("verify")
      .summary("show what each item proves")
      .description(
        "Asks the policy about each item by itself, and shows whom it proves to have signed the image. The exit code is 1 " +
          "if that is nobody.",
      )
      .argument("[image]", "the image, by tag or digest")
      .action((image: string | undefined, options: VerifyOptions) =>
        exit(() => verifyCommand(image, options)),
      ),
  );
  addPushOptions(
    evidence
      .command("push")
      .summary("put it beside the image")
      .description(
        "Puts the evidence for an image into its registry, as an artifact at the tag sha256-<hex>.evidence: beside what is " +
          "there already, and nothing is written if that has it all. What nobody who is trusted has signed is refused. The " +
          "exit code is 1 if nothing is left, or if the Notary server that was asked has no tag for the image.",
      )
      .argument("<image>", "the image, by tag or digest")
      .action((image: string, options: PushOptions) => exit(() => pushCommand(image, options))),
  );
  addExportOptions(
    evidence
      .command("export")
      .summary("write it to a ConfigMap or a file")
      .description(
        "Writes the evidence for an image to a ConfigMap, for rules with evidenceFrom, or to a file. Nothing is verified: " +
          "the policy does that.",
      )
      .argument("[image]", "the image, by tag or digest")
      .action((image: string | undefined, options: ExportOptions) =>
        exit(() => exportCommand(image, options)),
      ),
  );
  addConfigMapOptions(
    evidence
      .command("config-map", { isDefault: true })
      .summary("make a ConfigMap of cosign's files")
      .description(
        "Makes a ConfigMap of signatures, for rules with evidenceFrom: of those that cosign wrote to files, or of those " +
          "that an image's registry holds, to carry them into a network without it. The policy verifies each; what none of " +
          "the keys has signed is refused, and the exit code is 1 if nothing is left. Signatures of identities (keyless) " +
          "are carried by `evidence collect` and `evidence export`.",
      )
      .action((options: SignatureFileOptions) => exit(() => configMapCommand(options))),
  );
}
