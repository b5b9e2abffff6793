import { isObject, parseJson, type JsonObject } from "../document.js";
import type { Capabilities } from "../evaluate.js";
import type { HostCall } from "../wapc.js";
import type { Pull } from "./watched-client.js";

/** A step that the policy tells of itself; see `assembly/explanation.ts` for the members of each. */
export type Step = JsonObject & { step: string };

/** A host call, what this host pulled from registries to answer it, and the answer or the words of an error. */
export interface Asked {
  call: HostCall;
  pulls: Pull[];
  answer: { bytes: Uint8Array } | { error: string };
}

export type Event = { told: Step } | { asked: Asked };

/** Sees what happens on the way from a request to its verdict, and keeps it in its order. */
export class Witness {
  private events: Event[] = [];
  private pulls: Pull[] = [];

  /** Where a registry client tells what it pulls. */
  readonly pulled = (pull: Pull): void => {
    this.pulls.push(pull);
  };

  /** @param log receives what the policy writes that is no step */
  constructor(private readonly log: (text: string) => void = () => {}) {}

  /** Where the policy writes on its console. */
  readonly hear = (text: string): void => {
    const value = parseJson(text);
    if (isObject(value) && typeof value["step"] === "string")
      this.events.push({ told: value as Step });
    else this.log(text);
  };

  /** The same capabilities, with every call seen. */
  watch(capabilities: Capabilities): Capabilities {
    return {
      call: (call) => {
        try {
          const answer = capabilities.call(call);
          if (answer instanceof Uint8Array) return this.seen(call, answer);
          return answer.then(
            (bytes) => this.seen(call, bytes),
            (error: unknown) => this.failed(call, error),
          );
        } catch (error) {
          return this.failed(call, error);
        }
      },
    };
  }

  /** Gives out what was seen, and forgets it. */
  take(): Event[] {
    const events = this.events;
    this.events = [];
    this.pulls = [];
    return events;
  }

  private seen(call: HostCall, bytes: Uint8Array): Uint8Array {
    this.keep(call, { bytes });
    return bytes;
  }

  private failed(call: HostCall, error: unknown): never {
    this.keep(call, { error: error instanceof Error ? error.message : String(error) });
    throw error;
  }

  private keep(call: HostCall, answer: Asked["answer"]): void {
    this.events.push({ asked: { call, pulls: this.pulls, answer } });
    this.pulls = [];
  }
}
