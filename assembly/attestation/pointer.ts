import { POINTER_BYTES } from "../limits";
import { Builder, Document, Kind, NONE, Text } from "../sdk";

/** Digits of an index that some array may have. */
const INDEX_DIGITS = 9;

/** A JSON pointer (RFC 6901): which value of a document is meant. Not the whole document, whose pointer is empty. */
export class Pointer {
  private constructor(
    readonly written: Text,
    private readonly tokens: Array<Text>,
    /** What is wrong with it, in words; empty if nothing is. */
    readonly problem: string,
  ) {}

  static parse(text: Text): Pointer {
    const tokens: Array<Text> = [];
    const problem = pointerProblem(text);
    if (problem.length > 0) return new Pointer(text, tokens, problem);
    for (let at = 0; at < text.length;) {
      const slash = text.indexOf(0x2f, at + 1);
      const end = slash < 0 ? text.length : slash;
      tokens.push(unescapeToken(text.slice(at + 1, end)));
      at = end;
    }
    return new Pointer(text, tokens, problem);
  }

  /** The value within `root`, or NONE. A key on the way that stands twice is noted in the document's `twice`. */
  find(document: Document, root: i32): i32 {
    let at = root;
    for (let i = 0; i < this.tokens.length && at != NONE; i++) {
      const token = this.tokens[i];
      const isArray = document.kind(at) == Kind.Array;
      at = isArray ? elementOf(document, at, token) : document.fieldOf(at, token);
    }
    return at;
  }
}

function pointerProblem(text: Text): string {
  if (text.at(0) != 0x2f) return "must be a JSON pointer such as /builder/id (RFC 6901)";
  if (text.length > POINTER_BYTES) return "has more than 512 bytes";
  for (let at = text.indexOf(0x7e); at >= 0; at = text.indexOf(0x7e, at + 1)) {
    const next = text.at(at + 1);
    if (next != 0x30 && next != 0x31) return "has a ~ that is neither ~0, for ~, nor ~1, for /";
  }
  return "";
}

/** `~1` is a slash and `~0` a tilde, each read once: `~01` is `~1` (RFC 6901 §4). */
function unescapeToken(token: Text): Text {
  if (token.indexOf(0x7e) < 0) return token;
  const text = new Builder(token.length);
  for (let i = 0; i < token.length; i++) {
    if (token.at(i) != 0x7e) text.byte(token.at(i));
    else text.byte(token.at(++i) == 0x31 ? 0x2f : 0x7e);
  }
  return text.view();
}

/** An element by its index, from 0 and without leading zeros; else NONE, as for `-`, which is behind the last one. */
function elementOf(document: Document, array: i32, token: Text): i32 {
  if (token.length == 0 || token.length > INDEX_DIGITS) return NONE;
  if (token.at(0) == 0x30 && token.length > 1) return NONE;
  let index = 0;
  for (let i = 0; i < token.length; i++) {
    const digit = token.at(i) - 0x30;
    if (<u32>digit > 9) return NONE;
    index = index * 10 + digit;
  }
  for (let at = array + 1; !document.ends(at); at = document.next(at)) {
    if (index-- == 0) return at;
  }
  return NONE;
}
