import { kubewarden } from "../capabilities/index.js";
import { UserError } from "../document.js";
import type { JsonObject } from "../document.js";
import { formatExplanation } from "../explain/format.js";
import { Witness } from "../explain/witness.js";
import { Policy, readPolicy } from "../policy.js";
import { describeRequest, formatPretty, formatSummary, printable } from "../pretty.js";
import { Progress } from "../progress.js";
import { readRequests } from "../request.js";
import { admissionResponse } from "../response.js";
import { GuestError } from "../wapc.js";
import { granted, warningOf } from "./answers.js";
import { readSettings, writeError, type ClockOptions, type SettingsOptions } from "./options.js";
import { withSession, type ReplayOptions } from "./replay.js";

export interface RunOptions extends SettingsOptions, ReplayOptions, ClockOptions {
  requestPath: string;
  pretty?: boolean;
  explain?: boolean;
}

/** `trusted-images run`: decides requests; returns the exit code. */
export async function runCommand(
  policyPath: string | undefined,
  options: RunOptions,
): Promise<number> {
  if (options.requestPath === "-" && options.settingsPath === "-") {
    throw new UserError("standard input is the request or the settings, not both");
  }
  const { settings, deployment } = readSettings(options);
  const requests = readRequests(options.requestPath);
  const module = await readPolicy(policyPath);
  const permissions = granted(options, module, policyPath, deployment);
  const warning = deployment ? undefined : warningOf(options, module);
  if (warning) writeError(printable(warning));
  const witness = options.explain ? new Witness(writeError) : undefined;
  return withSession(
    options,
    (handler) => {
      const capabilities = kubewarden({ handler, ...permissions, writeLine: writeError });
      const policy = new Policy(module, witness?.watch(capabilities) ?? capabilities, {
        log: witness?.hear ?? writeError,
        now: options.now,
      });
      return decide(policy, settings, requests, options.pretty ?? false, witness);
    },
    witness?.pulled,
  );
}

/**
 * Validates the settings, decides the requests and prints an answer to each: kwctl's line of JSON, or
 * a section for people and, of several, a summary. Returns 1 if there is one without a verdict.
 *
 * @param witness of all that the policy does: then each is explained
 */
export async function decide(
  policy: Policy,
  settings: JsonObject,
  requests: JsonObject[],
  pretty: boolean,
  witness?: Witness,
): Promise<number> {
  const problems = await policy.validateSettings(settings);
  if (problems.length > 0) {
    writeError(["Provided settings are not valid:", ...problems.map(printable)].join("\n  "));
    if (Object.keys(settings).length === 0)
      writeError("There are none: give a file that has some with --settings-path.");
    return 1;
  }
  const several = requests.length > 1;
  const forPeople = pretty || witness !== undefined;
  const progress = new Progress(requests.length);
  const counts = { accepted: 0, rejected: 0, undecided: 0 };
  for (const request of requests) {
    progress.next(describeRequest(request));
    const answer = await answerTo(policy, settings, request, witness !== undefined);
    progress.clear();
    if (witness) {
      const response = answer instanceof GuestError ? undefined : answer;
      console.log(formatExplanation({ request, settings, events: witness.take(), response }));
    }
    if (answer instanceof GuestError) {
      counts.undecided++;
      const what = several ? `${describeRequest(request)}: ` : "";
      for (const line of answer.message.split("\n")) writeError(printable(what + line));
      continue;
    }
    counts[answer.allowed ? "accepted" : "rejected"]++;
    if (!witness) console.log(pretty ? formatPretty(request, answer) : JSON.stringify(answer));
    if (forPeople && several) console.log();
  }
  progress.end();
  if (forPeople && several) console.log(formatSummary(counts));
  return counts.undecided > 0 ? 1 : 0;
}

async function answerTo(
  policy: Policy,
  settings: JsonObject,
  request: JsonObject,
  explained: boolean,
) {
  try {
    const answer = explained
      ? policy.explain(request, settings)
      : policy.validate(request, settings);
    return admissionResponse(request, await answer);
  } catch (error) {
    if (error instanceof GuestError) return error;
    throw error;
  }
}
