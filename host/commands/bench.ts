import { statSync } from "node:fs";
import { basename } from "node:path";
import { InvalidArgumentError } from "commander";
import { timeTogether, type Timing } from "../../bench/timing.js";
import { kubewarden, type Handler } from "../capabilities/index.js";
import { isObject, readText, UserError, type JsonObject } from "../document.js";
import { evaluate, type Capabilities } from "../evaluate.js";
import { packageFile } from "../package.js";
import { readPolicy } from "../policy.js";
import { printable } from "../pretty.js";
import { readRequests } from "../request.js";
import { decodeValidation } from "../response.js";
import { parseSession, replaying } from "../session.js";
import type { Deployment } from "../settings.js";
import { formatTable } from "../table.js";
import { Guest, type HostCall } from "../wapc.js";
import { answering, granted } from "./answers.js";
import { readSettings, type SettingsOptions } from "./options.js";
import type { ReplayOptions } from "./replay.js";

export interface BenchOptions extends SettingsOptions, ReplayOptions {
  requestPath: string;
  samples: number;
}

/** A policy that has its answers at hand. */
interface Subject {
  name: string;
  bytes: number;
  verdict: string;
  calls: number;
  instantiate: () => Guest;
}

/** `trusted-images bench`: times policies side by side on one request; returns the exit code. */
export async function benchCommand(paths: string[], options: BenchOptions): Promise<number> {
  const { settings, deployment } = readSettings(options);
  const [request, ...more] = readRequests(options.requestPath);
  if (more.length > 0) throw new UserError("bench takes one request");
  const payload = new TextEncoder().encode(JSON.stringify({ request, settings } as JsonObject));
  const subjects: Subject[] = [];
  for (const path of paths.length > 0 ? paths : [undefined]) {
    subjects.push(await prepare(path, payload, options, deployment));
  }
  const timings = timeTogether(
    subjects.flatMap(({ instantiate }) => {
      const warm = instantiate();
      return [
        () => instantiate(),
        () => instantiate().call("validate", payload),
        () => warm.call("validate", payload),
      ];
    }),
    options.samples,
  );
  console.log(
    `${payload.length} bytes of request and settings, ${options.samples} samples; µs: least (median)\n`,
  );
  const rows = subjects.map((subject, index) =>
    row(subject, timings.slice(3 * index, 3 * index + 3)),
  );
  console.log(formatTable([HEAD, ...rows]));
  return 0;
}

/** Parses the number of samples. */
export function parseSamples(text: string): number {
  const samples = Number(text);
  if (Number.isInteger(samples) && samples > 0 && samples <= 10_000) return samples;
  throw new InvalidArgumentError("It must be a whole number from 1 to 10000.");
}

const HEAD = [
  "policy",
  "bytes",
  "verdict",
  "calls",
  "instance",
  "fresh",
  "fresh/s",
  "warm",
  "warm/s",
];

function row({ name, bytes, verdict, calls }: Subject, timings: Timing[]): string[] {
  const [instance, fresh, warm] = timings as [Timing, Timing, Timing];
  const micros = ({ least, median }: Timing) => `${least.toFixed(1)} (${median.toFixed(1)})`;
  const rate = ({ median }: Timing) => Math.round(1_000_000 / median).toString();
  const times = [micros(instance), micros(fresh), rate(fresh), micros(warm), rate(warm)];
  return [printable(name), String(bytes), verdict, String(calls), ...times];
}

/** Runs a policy once and keeps what it was answered, so that it can be run again without waiting. */
async function prepare(
  given: string | undefined,
  payload: Uint8Array,
  options: BenchOptions,
  deployment: Deployment | undefined,
): Promise<Subject> {
  const path = given ?? packageFile("policy.wasm");
  const module = await readPolicy(path);
  const answers = new Map<string, Uint8Array | Error>();
  const handler = await answerer(options);
  const permissions = granted(options, module, given, deployment);
  const capabilities = keeping(kubewarden({ handler, ...permissions }), answers);
  const { accepted, mutated_object } = decodeValidation(
    await evaluate(module, "validate", payload, capabilities),
  );
  const hostCall = (call: HostCall) => {
    const answer = answers.get(identify(call));
    if (answer instanceof Uint8Array) return answer;
    throw answer ?? new Error("the policy asks another thing each time");
  };
  return {
    name: basename(path),
    bytes: statSync(path).size,
    verdict: !accepted ? "rejected" : isObject(mutated_object) ? "mutated" : "accepted",
    calls: answers.size,
    instantiate: () => Guest.load(module, { hostCall }),
  };
}

async function answerer(options: BenchOptions): Promise<Handler> {
  const { replayHostCapabilitiesInteractions: replay } = options;
  return replay === undefined
    ? answering(options)
    : replaying(parseSession(readText(replay, "session")));
}

/** Keeps every answer, by what was asked. */
function keeping(
  capabilities: Capabilities,
  answers: Map<string, Uint8Array | Error>,
): Capabilities {
  return {
    async call(call: HostCall): Promise<Uint8Array> {
      try {
        const answer = await capabilities.call(call);
        answers.set(identify(call), answer);
        return answer;
      } catch (error) {
        answers.set(identify(call), error as Error);
        throw error;
      }
    },
  };
}

function identify({ namespace, operation, payload }: HostCall): string {
  return `${namespace}/${operation} ${Buffer.from(payload).toString("latin1")}`;
}
