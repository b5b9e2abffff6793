#!/usr/bin/env node
import { Command, Option } from "commander";
import { annotateCommand, type AnnotateOptions } from "./commands/annotate.js";
import { addAnswerOptions } from "./commands/answers.js";
import { benchCommand, parseSamples, type BenchOptions } from "./commands/bench.js";
import { addEvidenceCommands } from "./commands/evidence.js";
import {
  addFromCosignWebhookOptions,
  fromCosignWebhookCommand,
  type FromCosignWebhookOptions,
} from "./commands/from-cosign-webhook.js";
import { inspectCommand, type InspectOptions } from "./commands/inspect.js";
import { addReplayOptions } from "./commands/replay.js";
import { runCommand, type RunOptions } from "./commands/run.js";
import { settingsCommand } from "./commands/settings.js";
import { testCommand, type TestOptions } from "./commands/test.js";
import { clockOption, writeError, type SettingsOptions } from "./commands/options.js";
import { demo } from "./demo.js";
import { UserError } from "./document.js";
import { Witness } from "./explain/witness.js";
import { packageVersion } from "./package.js";
import { printable } from "./pretty.js";
import { GuestError } from "./wapc.js";

const policyArgument = "the policy's module; default: policy.wasm of this package";

const settingsPath = () =>
  new Option(
    "-s, --settings-path <file>",
    "settings, or a policy's manifest with them, in YAML or JSON; - is standard input",
  );
const settingsJson = () =>
  new Option("--settings-json <json>", "settings, as text").conflicts("settingsPath");

const program = new Command("trusted-images")
  .description("Runs the trusted-images policy on this machine, without a cluster.")
  .version(packageVersion())
  .showHelpAfterError("(--help says more)");

const requestPath = () =>
  new Option(
    "-r, --request-path <file>",
    "an AdmissionReview, its request alone, or manifests like a Deployment's, in YAML or JSON; " +
      "a folder of such files; - is standard input",
  ).makeOptionMandatory();

const run = program
  .command("run")
  .summary("decide admission requests")
  .description(
    "Decides admission requests as a Kubewarden policy server would, and prints each " +
      "AdmissionResponse as a line of JSON. The exit code is 0 when every request has a verdict, to " +
      "accept or to reject, and 1 when one has none.",
  )
  .argument("[policy.wasm]", policyArgument)
  .addOption(requestPath())
  .addOption(settingsPath())
  .addOption(settingsJson())
  .addOption(clockOption())
  .option("--pretty", "print the verdicts, their reasons and the changes for people")
  .option(
    "--explain",
    "print for people how each verdict was made: what was found, asked and answered, step by step",
  )
  .action((policy: string | undefined, options: RunOptions) =>
    exit(() => runCommand(policy, options)),
  );
addReplayOptions(addAnswerOptions(run));

const test = program
  .command("test")
  .summary("run cases: requests and what must come of them")
  .description(
    "Runs cases: folders with a request.yaml, an expect.yaml, settings.yaml there or in a folder " +
      "above, and the host's answers in session.yml, without which registries are asked. The exit " +
      "code is 1 when a case is not met.",
  )
  .argument("<folder...>", "folders that are cases or have some below them")
  .option("--policy <file>", policyArgument)
  .addOption(settingsPath())
  .addOption(settingsJson())
  .addOption(clockOption())
  .option("--update", "write the expectations of cases that are not met, or have none")
  .option("--record", "ask anew, and write the answers to the cases' sessions")
  .action((folders: string[], options: TestOptions) => exit(() => testCommand(folders, options)));
addAnswerOptions(test);

const bench = program
  .command("bench")
  .summary("time policies")
  .description(
    "Times policies side by side on one request in Node's engine, with the host's answers at hand: " +
      "in a fresh instance for every request, as a policy server runs them, and in one that is kept.",
  )
  .argument("[policy.wasm...]", `modules; ${policyArgument.split("; ")[1]}`)
  .addOption(requestPath())
  .addOption(settingsPath())
  .addOption(settingsJson())
  .option("-n, --samples <number>", "how many samples of each", parseSamples, 40)
  .option(
    "--replay-host-capabilities-interactions <file>",
    "take the host's answers from a session, this one's or kwctl's",
  )
  .action((policies: string[], options: BenchOptions) =>
    exit(() => benchCommand(policies, options)),
  );
addAnswerOptions(bench);

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

addEvidenceCommands(program, exit);

addFromCosignWebhookOptions(
  program
    .command("from-cosign-webhook")
    .summary("make a policy of cosign-webhook's objects")
    .description(
      "Makes a ClusterAdmissionPolicy that asks for what cosign-webhook asks for, of the namespaces with its label and " +
        "of its CosignKeys; what of them means nothing, or that nothing can run, is said on standard error.",
    )
    .action((paths: string[], options: FromCosignWebhookOptions) =>
      exit(() => fromCosignWebhookCommand(paths, options)),
    ),
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
  .option("--explain", "print how each verdict was made")
  .action((policy: string | undefined, { explain }: { explain?: boolean }) =>
    exit(() => demo(policy, explain ? new Witness() : undefined)),
  );

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
      error instanceof RangeError
        ? "what was given is nested too deeply"
        : expected || !(error instanceof Error)
          ? String((error as Error).message)
          : error.stack;
    for (const line of (text ?? "").split("\n")) writeError(printable(line));
    process.exitCode = 1;
  }
}
