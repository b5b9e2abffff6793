import { Document, Text } from "../sdk";

/** Reads JSON that stood in a string or in base64: it is copied, for the scanner needs 16 zeros behind its text. */
export function readEmbedded(text: Text): Document {
  const start = heap.alloc(text.length + 16);
  memory.copy(start, text.start, text.length);
  memory.fill(start + text.length, 0, 16);
  return Document.read(new Text(start, text.length));
}
