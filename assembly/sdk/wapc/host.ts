import { hostCall, hostError, hostErrorLength, hostResponse, hostResponseLength } from "./imports";
import { PADDING } from "./guest";
import { lengthOf, Text } from "../text/text";

/** Longest answer that is fetched: manifests, the longest of them, have at most 4 MiB in a registry. */
const LONGEST_ANSWER = 16 << 20;

/** Longest error that is fetched: its words may be a registry's. */
const LONGEST_ERROR = 64 << 10;

/** How much of an error is looked at: more of a line says no more. */
const LONGEST_LINE = 4 << 10;

/** What policy-server puts before the words of a capability that failed. */
const PREFIX = "Callback evaluation failure: ";

/** What the host answered: a response, or the words of its error. */
export class HostAnswer {
  constructor(
    readonly ok: bool,
    readonly bytes: Text,
  ) {}

  /** What to show of an error: it may run over many lines, and hold keys, be they on the first line. */
  firstLine(): Text {
    const words = this.bytes;
    const start = words.startsWith(PREFIX) ? lengthOf(PREFIX) : 0;
    const text = words.slice(start, min(words.length, LONGEST_LINE));
    const end = text.indexOf(0x0a);
    const line = end < 0 ? text : text.slice(0, end);
    const key = line.find("-----BEGIN ");
    return key < 0 ? line : line.slice(0, key);
  }
}

/**
 * Asks the host. The names are the addresses of zero-terminated UTF-8, made with `memory.data`, and not
 * JavaScript literals: tools find out what a policy may ask by looking for these bytes in the module.
 */
export function callHost(
  binding: usize,
  namespace: usize,
  operation: usize,
  payload: Text,
): HostAnswer {
  const ok = hostCall(
    binding,
    bytesOf(binding),
    namespace,
    bytesOf(namespace),
    operation,
    bytesOf(operation),
    payload.start,
    payload.length,
  );
  const length = ok ? hostResponseLength() : hostErrorLength();
  if (<u32>length > <u32>(ok ? LONGEST_ANSWER : LONGEST_ERROR)) {
    const words = ok
      ? "the host's answer has more than 16 MiB"
      : "the host's error has more than 64 KiB";
    return new HostAnswer(false, Text.of(words));
  }
  const start = heap.alloc(length + PADDING);
  memory.fill(start + length, 0, PADDING);
  if (ok) hostResponse(start);
  else hostError(start);
  return new HostAnswer(ok != 0, new Text(start, length));
}

function bytesOf(name: usize): i32 {
  let length = 0;
  while (load<u8>(name + length)) length++;
  return length;
}
