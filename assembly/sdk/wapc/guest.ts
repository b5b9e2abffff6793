// For its effect on the build: `--use abort=…` finds the function only in a file that is part of the program.
import "./abort";
import { guestError, guestRequest, guestResponse } from "./imports";
import { Text } from "../text/text";

/**
 * How many zero bytes stand behind a payload in memory, so that a reader may look ahead, and load whole vectors,
 * without asking where the end is.
 */
export const PADDING = 32;

/** Longest payload that is fetched at all. A policy's own limit, which it words itself, should be well below. */
const LONGEST_PAYLOAD = 64 << 20;

/** One call of a host: which operation, with what payload. */
export class GuestCall {
  private constructor(
    readonly operation: Text,
    readonly payload: Text,
  ) {}

  /**
   * Fetches the call that the host announced through `__guest_call`; the arguments are that export's. Null if there
   * is no room for it, which the host has then been told: `__guest_call` is to return 0. Empties the heap first:
   * nothing outlives a call, and memory does not grow from one to the next. Globals must therefore hold no objects.
   */
  static receive(operationLength: i32, payloadLength: i32): GuestCall | null {
    // @ts-ignore: of the stub runtime, which the declarations do not know
    heap.reset();
    if (<u32>operationLength > <u32>LONGEST_PAYLOAD || <u32>payloadLength > <u32>LONGEST_PAYLOAD) {
      const reason = Text.of("the payload has more than 64 MiB");
      guestError(reason.start, reason.length);
      return null;
    }
    const operation = heap.alloc(operationLength);
    const payload = heap.alloc(payloadLength + PADDING);
    memory.fill(payload + payloadLength, 0, PADDING);
    guestRequest(operation, payload);
    return new GuestCall(new Text(operation, operationLength), new Text(payload, payloadLength));
  }

  /** Ends the call with an answer; the value is what `__guest_call` returns. */
  respond(answer: Text): i32 {
    guestResponse(answer.start, answer.length);
    return 1;
  }

  /** Ends the call with an error, in words; the value is what `__guest_call` returns. */
  refuse(reason: Text): i32 {
    guestError(reason.start, reason.length);
    return 0;
  }
}
