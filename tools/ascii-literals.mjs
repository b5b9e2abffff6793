import { Node, NodeKind } from "assemblyscript";
import { Transform } from "assemblyscript/transform";

// An asc transform: string literals of the policy take a byte a character. AssemblyScript keeps strings in UTF-16, and a policy is
// full of words: two characters are put into each unit, low byte first, with a zero behind an odd one. What reads literals
// (assembly/sdk/text/text.ts) knows. docs/decisions/0007-literals-in-ascii.md

/** Nodes in which strings are for the compiler. */
const LEFT = [NodeKind.Import, NodeKind.Export, NodeKind.Decorator];

export default class AsciiLiterals extends Transform {
  afterParse(parser) {
    for (const source of parser.sources) {
      if (!source.isLibrary) source.statements.forEach(pack);
    }
  }
}

function pack(node) {
  if (Array.isArray(node)) node.forEach(pack);
  if (!(node instanceof Node) || LEFT.includes(node.kind)) return;
  if (typeof node.value === "string" && "literalKind" in node) node.value = packed(node.value);
  for (const [name, inner] of Object.entries(node)) if (name !== "range") pack(inner);
}

function packed(text) {
  if (!/^[\x01-\x7f]*$/.test(text)) throw new Error(`a literal is not ASCII: ${text}`);
  return text.replace(/[^]{1,2}/g, (pair) =>
    String.fromCharCode(pair.charCodeAt(0) | ((pair.charCodeAt(1) || 0) << 8)),
  );
}
