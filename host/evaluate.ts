import { Guest, Unwind, wallClock, type HostCall } from "./wapc.js";

/** What a guest can ask for. An answer that is at hand is returned as it is, any other as a promise. */
export interface Capabilities {
  call(call: HostCall): Uint8Array | Promise<Uint8Array>;
}

/** A call and what came of it. */
interface Answered {
  call: HostCall;
  outcome: { bytes: Uint8Array } | { error: Error };
}

/** Leaves the guest because the answer to `call` has yet to come. */
class Pending extends Unwind {
  constructor(
    readonly call: HostCall,
    readonly answer: Promise<Uint8Array>,
  ) {
    super("waiting for the host");
  }
}

/** What surrounds an evaluation, beside the answers. */
export interface Surroundings {
  /** Receives what the guest logs. */
  log?: (text: string) => void;
  /** The time that the guest sees, in nanoseconds since 1970. Default: the clock's. */
  now?: bigint;
}

/** More host calls than any evaluation has use for. */
const MAX_HOST_CALLS = 1024;

/**
 * Runs one operation of the guest in a fresh instance and returns its response.
 *
 * A waPC host call is synchronous, a registry is not. Instead of a thread that blocks, the guest is
 * run again: a call whose answer is not at hand abandons the instance, the answer is awaited and
 * remembered, and a new instance starts over and finds it. That is sound because a guest is a pure
 * function of its payload and its answers: the second run makes the same calls in the same order up
 * to the first unanswered one, and any that does not is an error here. It is cheap because instances
 * cost microseconds, and it leaves each capability asked exactly once per call: logs are written
 * once, and sessions record an exchange once.
 *
 * @throws GuestError when the guest reports an error or traps
 */
export async function evaluate(
  module: WebAssembly.Module,
  operation: string,
  payload: Uint8Array,
  capabilities: Capabilities,
  { log = () => {}, now = wallClock() }: Surroundings = {},
): Promise<Uint8Array> {
  const answered: Answered[] = [];
  let logged = 0;
  for (;;) {
    let position = 0;
    let line = 0;
    const hostCall = (call: HostCall): Uint8Array => {
      const index = position++;
      if (index >= MAX_HOST_CALLS) throw new Error(`more than ${MAX_HOST_CALLS} host calls`);
      const known = (answered[index] ??= ask(capabilities, call));
      if (!sameCall(known.call, call)) {
        throw new Unwind(
          `the policy is not deterministic: host call ${index + 1} was ${describe(known.call)}, ` +
            `and when run again ${describe(call)}`,
        );
      }
      if ("error" in known.outcome) throw known.outcome.error;
      return known.outcome.bytes;
    };
    try {
      const guest = Guest.load(module, {
        hostCall,
        now,
        log: (text) => {
          if (line++ < logged) return;
          logged++;
          log(text);
        },
      });
      return guest.call(operation, payload);
    } catch (error) {
      if (!(error instanceof Pending)) throw error;
      answered.push({ call: error.call, outcome: await settle(error.answer) });
    }
  }
}

function ask(capabilities: Capabilities, call: HostCall): Answered {
  let answer;
  try {
    answer = capabilities.call(call);
  } catch (error) {
    return { call, outcome: { error: asError(error) } };
  }
  if (answer instanceof Uint8Array) return { call, outcome: { bytes: answer } };
  throw new Pending(call, answer);
}

async function settle(answer: Promise<Uint8Array>): Promise<Answered["outcome"]> {
  try {
    return { bytes: await answer };
  } catch (error) {
    return { error: asError(error) };
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function sameCall(a: HostCall, b: HostCall): boolean {
  return describe(a) === describe(b) && Buffer.compare(a.payload, b.payload) === 0;
}

function describe(call: HostCall): string {
  return `${call.binding}:${call.namespace}/${call.operation}`;
}
