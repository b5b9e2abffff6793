/** Where a value stands in a JSON text: from its first byte up to but not including `end`. */
export interface Span {
  from: number;
  end: number;
}

/**
 * Finds values in the bytes of a JSON text that `JSON.parse` takes, by JSON pointer, without
 * parsing and printing them: tests about bytes need the bytes. Of two equal keys it finds the first.
 */
export function findSpan(text: Buffer, pointer: string): Span {
  let at = skipSpace(text, 0);
  for (const part of pointer.split("/").slice(1)) {
    const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
    at = childOf(text, at, name, pointer);
  }
  return { from: at, end: valueEnd(text, at) };
}

/** The bytes of the value at `pointer`. */
export function rawAt(text: Buffer, pointer: string): Buffer {
  const { from, end } = findSpan(text, pointer);
  return text.subarray(from, end);
}

function childOf(text: Buffer, container: number, name: string, pointer: string): number {
  const isArray = text[container] === 0x5b;
  let at = skipSpace(text, container + 1);
  for (let index = 0; text[at] !== 0x5d && text[at] !== 0x7d; index++) {
    let key = String(index);
    if (!isArray) {
      const end = valueEnd(text, at);
      key = JSON.parse(text.toString("utf8", at, end)) as string;
      at = skipSpace(text, skipSpace(text, end) + 1);
    }
    if (key === name) return at;
    at = skipSpace(text, valueEnd(text, at));
    if (text[at] === 0x2c) at = skipSpace(text, at + 1);
  }
  throw new Error(`nothing at ${pointer}`);
}

function valueEnd(text: Buffer, from: number): number {
  let depth = 0;
  let at = from;
  do {
    const byte = text[at];
    if (byte === 0x22) at = stringEnd(text, at);
    else if (byte === 0x7b || byte === 0x5b) {
      depth++;
      at++;
    } else if (byte === 0x7d || byte === 0x5d) {
      depth--;
      at++;
    } else if (depth > 0) at++;
    else while (at < text.length && !" \t\r\n,]}".includes(String.fromCharCode(text[at]!))) at++;
  } while (depth > 0);
  return at;
}

function stringEnd(text: Buffer, from: number): number {
  let at = from + 1;
  while (text[at] !== 0x22) at += text[at] === 0x5c ? 2 : 1;
  return at + 1;
}

function skipSpace(text: Buffer, from: number): number {
  let at = from;
  while (text[at] === 0x20 || text[at] === 0x09 || text[at] === 0x0a || text[at] === 0x0d) at++;
  return at;
}
