import { own } from "../document.js";

/** Says whether fields are what a selector asks for. */
export type FieldSelector = (fields: Record<string, string>) => boolean;

const FIELDS = ["metadata.name", "metadata.namespace"];
const TERM = /^(.*?)(!=|==|=)(.*)$/s;

/**
 * Parses a field selector, `metadata.name=a,metadata.namespace!=b`: the two fields that objects of every kind can be
 * selected by; all the terms must hold. What is said of any other text is what the API server says, and that is not the
 * same for every kind.
 */
export function parseFieldSelector(text: string, ofBuiltInKind = true): FieldSelector {
  // A comma behind a backslash is part of a value.
  const terms = text.match(/(?:\\.|[^,\\]|\\$)+/gs) ?? [];
  const selectors = terms.map((term) => {
    const [, name, operator, escaped = ""] = TERM.exec(term) ?? [];
    if (name === undefined) {
      throw new Error(`invalid selector: '${text}'; can't understand '${term}'`);
    }
    const value = unescape(escaped);
    if (!FIELDS.includes(name)) throw unknownField(name, ofBuiltInKind);
    const wanted = operator !== "!=";
    // A field that an object does not have is the empty text.
    return (fields: Record<string, string>) => ((own(fields, name) ?? "") === value) === wanted;
  });
  return (fields) => selectors.every((holds) => holds(fields));
}

function unknownField(name: string, ofBuiltInKind: boolean): Error {
  if (!ofBuiltInKind) return new Error(`field label not supported: ${name}`);
  const known = FIELDS.map((field) => JSON.stringify(field)).join(", ");
  return new Error(`${JSON.stringify(name)} is not a known field selector: only ${known}`);
}

function unescape(value: string): string {
  return value.replace(/\\(.?)|[,=]/gs, (found, escaped: string | undefined) => {
    if (escaped === undefined) {
      throw new Error(
        `invalid field selector: unescaped character in value: ${found.codePointAt(0)}`,
      );
    }
    if (!["\\", ",", "="].includes(escaped)) {
      throw new Error(`invalid field selector: invalid escape sequence: ${found}`);
    }
    return escaped;
  });
}
