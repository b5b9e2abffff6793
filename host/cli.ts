#!/usr/bin/env node
import { Command, Option } from "commander";
import { annotateCommand, type AnnotateOptions } from "./commands/annotate.js";
import { inspectCommand, type InspectOptions } from "./commands/inspect.js";
import { runCommand, type RunOptions } from "./commands/run.js";
import { settingsCommand } from "./commands/settings.js";
import { writeError, type SettingsOptions } from "./commands/options.js";
import { demo } from "./demo.js";
import { UserError } from "./document.js";
import { packageVersion } from "./package.js";
import { printable } from "./pretty.js";
import { GuestError } from "./wapc.js";

const policyArgument = "the policy's module; default: policy.wasm of this package";

const settingsPath = () =>
  new Option("-s, --settings-path <file>", "settings, in YAML or JSON; - is standard input");
const settingsJson = () =>
  new Option("--settings-json <json>", "settings, as text").conflicts("settingsPath");

const program = new Command("trusted-images")
  .description("Runs the trusted-images policy on this machine, without a cluster.")
  .version(packageVersion())
  .showHelpAfterError("(--help says more)");

program
  .command("run")
  .summary("decide an admission request")
  .description(
    "Decides an admission request as a Kubewarden policy server would, and prints the " +
      "AdmissionResponse as a line of JSON. The exit code is 0 when there is a verdict, to accept " +
      "or to reject, and 1 when there is none.",
  )
  .argument("[policy.wasm]", policyArgument)
  .addOption(
    new Option(
      "-r, --request-path <file>",
      "an AdmissionReview, its request alone, or a manifest like a Deployment's, in YAML or JSON; - is standard input",
    ).makeOptionMandatory(),
  )
  .addOption(settingsPath())
  .addOption(settingsJson())
  .option("--sources-path <file>", "insecure registries and own CAs, as kwctl's sources.yaml")
  .option(
    "--docker-config-json-path <directory>",
    "where docker's config.json with the registries' credentials is; default: $DOCKER_CONFIG or ~/.docker",
  )
  .option(
    "--allowed-host-capabilities [patterns...]",
    "what the policy may ask its host: *, oci/*, oci/v2/verify, …; without a value nothing",
    ["*"],
  )
  .option("--record-host-capabilities-interactions <file>", "write the host's answers to a session")
  .addOption(
    new Option(
      "--replay-host-capabilities-interactions <file>",
      "take the host's answers from a session, this one's or kwctl's",
    ).conflicts("recordHostCapabilitiesInteractions"),
  )
  .option("--pretty", "print the verdict, its reasons and the changes for people")
  .action((policy: string | undefined, options: RunOptions) =>
    exit(() => runCommand(policy, options)),
  );

program
  .command("settings")
  .summary("validate settings")
  .description("Validates settings and prints what is wrong with them, a problem a line.")
  .argument("[policy.wasm]", policyArgument)
  .addOption(settingsPath())
  .addOption(settingsJson())
  .action((policy: string | undefined, options: SettingsOptions) =>
    exit(() => settingsCommand(policy, options)),
  );

program
  .command("annotate")
  .summary("put metadata into a policy's module")
  .description(
    "Puts metadata into a policy's module, as kwctl annotate does, so that it can be pushed to a registry.",
  )
  .argument("[policy.wasm]", policyArgument)
  .requiredOption("-m, --metadata-path <file>", "the metadata, in YAML")
  .option("-u, --usage-path <file>", "the policy's manual, in Markdown")
  .requiredOption("-o, --output-path <file>", "where the annotated module goes")
  .action((policy: string | undefined, options: AnnotateOptions) =>
    exit(() => annotateCommand(policy, options)),
  );

program
  .command("inspect")
  .summary("show what is in a policy's module")
  .description(
    "Shows any policy's metadata, and its module's size, sections, imports and exports. " +
      "The exit code is 1 if it has no metadata.",
  )
  .argument("<policy.wasm>", "the policy's module")
  .addOption(new Option("-o, --output <format>", "the metadata alone").choices(["yaml"]))
  .action((policy: string, options: InspectOptions) => exit(() => inspectCommand(policy, options)));

program
  .command("demo", { hidden: true })
  .description("Decides two Deployments, one of a signed and one of an unsigned image.")
  .argument("[policy.wasm]", policyArgument)
  .action((policy: string | undefined) => exit(() => demo(policy)));

// A reader that has seen enough, like `head`, is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

await program.parseAsync();

/** Runs a command; what goes wrong is said in a line, or with its stack if it is a bug. */
async function exit(command: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await command();
  } catch (error) {
    const expected = error instanceof UserError || error instanceof GuestError;
    const text =
      expected || !(error instanceof Error) ? String((error as Error).message) : error.stack;
    for (const line of (text ?? "").split("\n")) writeError(printable(line));
    process.exitCode = 1;
  }
}
