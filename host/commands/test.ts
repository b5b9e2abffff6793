import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import type { Handler, Permissions } from "../capabilities/index.js";
import { expectationOf, type Expectation } from "../cases/expectation.js";
import { findCases, findFile, readCase, readExpectations, type Case } from "../cases/folder.js";
import { formatResult, passed, type Result } from "../cases/report.js";
import { mismatches, runCase, type Decided } from "../cases/run.js";
import { UserError } from "../document.js";
import { readPolicy } from "../policy.js";
import { formatSummary, printable } from "../pretty.js";
import { Progress } from "../progress.js";
import { grantResources } from "../capabilities/resources.js";
import type { Settings } from "../settings.js";
import { GuestError } from "../wapc.js";
import { answering, granted, type AnswerOptions } from "./answers.js";
import { readSettings, writeError, type ClockOptions, type SettingsOptions } from "./options.js";
import { writeSession } from "./replay.js";

export interface TestOptions extends SettingsOptions, AnswerOptions, ClockOptions {
  policy?: string;
  /** Write the expectations that are not met anew. */
  update?: boolean;
  /** Ask as if there were no sessions, and keep the answers in them. */
  record?: boolean;
}

/** What all cases are run with. */
interface Bench {
  module: WebAssembly.Module;
  live: Handler;
  permissions: Permissions;
  settings: Settings | undefined;
  /** What has been said of the manifests that cases have their settings in. */
  warned: Set<string>;
  options: TestOptions;
}

/** `trusted-images test`: runs case folders; returns 1 if there is one that is not met. */
export async function testCommand(folders: string[], options: TestOptions): Promise<number> {
  const given = options.settingsPath ?? options.settingsJson;
  const settings = given === undefined ? undefined : readSettings(options);
  const module = await readPolicy(options.policy);
  const bench: Bench = {
    module,
    live: await answering(options),
    // A case is about the policy as its metadata has it deployed.
    permissions: granted(
      { ...options, allowContextAware: true },
      module,
      options.policy,
      settings?.deployment,
    ),
    settings,
    warned: new Set(),
    options,
  };
  const cases = [...new Set(folders.flatMap(findCases))];
  if (cases.length === 0) {
    throw new UserError(
      `there is no case in ${folders.join(", ")}: a case is a folder with a request.yaml and an expect.yaml`,
    );
  }
  const progress = new Progress(cases.length);
  const counts = { passed: 0, failed: 0 };
  for (const folder of cases) {
    progress.next(folder);
    const result = await testCase(folder, bench);
    progress.clear();
    counts[passed(result) ? "passed" : "failed"]++;
    console.log(formatResult(result));
  }
  progress.end();
  console.log(`\n${formatSummary(counts)}`);
  return counts.failed > 0 ? 1 : 0;
}

async function testCase(folder: string, bench: Bench): Promise<Result> {
  const result: Result = { name: folder, requests: 1, mismatches: [] };
  try {
    const { settings, options } = bench;
    const read = readCase(folder, settings);
    result.requests = read.payloads.length;
    const isNew = options.update && !findFile(folder, "expect");
    const expectations = isNew ? [] : readExpectations(folder, result.requests);
    const decided = await decideCase(read, bench);
    if (!isNew) result.mismatches = mismatches(expectations, decided);
    if (isNew || (options.update && result.mismatches.length > 0)) {
      const updated = decided.map(expectationOf);
      writeExpectations(folder, updated);
      return { ...result, mismatches: [], updated };
    }
    return result;
  } catch (error) {
    if (!(error instanceof UserError || error instanceof GuestError)) throw error;
    return { ...result, error: error.message };
  }
}

async function decideCase(read: Case, bench: Bench) {
  const { module, live, options } = bench;
  const permissions = permissionsOf(read, bench);
  const unanswered = options.record ? { ...read, session: undefined } : read;
  const { decided, asked } = await runCase(module, unanswered, live, permissions, options);
  if (options.record || options.update) refuseAccidents(decided);
  if (options.record) writeSession(join(read.folder, "session.yml"), asked);
  return decided;
}

/** In a policy's manifest the grants are those of the cluster. */
function permissionsOf({ deployment }: Case, { permissions, settings, warned }: Bench) {
  if (!deployment) return permissions;
  for (const warning of settings ? [] : deployment.warnings) {
    if (!warned.has(warning)) writeError(printable(warning));
    warned.add(warning);
  }
  return { ...permissions, resources: grantResources(deployment.resources) };
}

/** Codes that tell of what the case is run with, and nothing of its images. */
const ACCIDENTS = ["settings-invalid", "host-failed", "capability-denied"];

/** What came about by accident is not to be written down as what must come. */
function refuseAccidents(decided: Decided[]): void {
  for (const { answer } of decided) {
    const line = (answer.message ?? "")
      .split("\n")
      .find((line) => ACCIDENTS.some((code) => line.endsWith(`[${code}]`)));
    if (line)
      throw new UserError(`nothing is written, for this says nothing of the images: ${line}`);
  }
}

function writeExpectations(folder: string, expectations: Expectation[]): void {
  const path = findFile(folder, "expect") ?? join(folder, "expect.yaml");
  const value = expectations.length === 1 ? expectations[0] : expectations;
  const text = path.endsWith(".json") ? `${JSON.stringify(value, null, 2)}\n` : stringify(value);
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new UserError(`cannot write the expectation: ${(error as Error).message}`);
  }
}
