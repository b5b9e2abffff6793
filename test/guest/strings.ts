import { Text } from "../../assembly/sdk";

// Strings that are made at run time are in UTF-16, and not as the literals of the source are.

/** A string of the run time as bytes. */
export function textOf(string: string): Text {
  const bytes = String.UTF8.encode(string);
  return new Text(changetype<usize>(bytes), bytes.byteLength);
}

/** Bytes as a literal of the source would be compiled: in half of the room that its length speaks of. */
export function literalOf(text: Text): string {
  const size = text.length << 1;
  const units = heap.alloc(size);
  memory.copy(units, text.start, text.length);
  return String.UTF16.decodeUnsafe(units, size);
}
