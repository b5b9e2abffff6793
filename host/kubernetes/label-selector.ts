import { own } from "../document.js";
import { problemOfLabelName, problemOfLabelValue } from "./label-name.js";
import { LabelTokens } from "./label-tokens.js";

/** Says whether labels are what a selector asks for. */
export type LabelSelector = (labels: Record<string, string>) => boolean;

const OPERATORS = ["in", "notin", "=", "==", "!=", ">", "<"];

/**
 * Parses a label selector: `app=web`, `app==web`, `tier!=db`, `env in (a, b)`, `env notin (a)`, `app`, `!app`, `n>1`,
 * `n<5`; all the parts must hold. The grammar, and what is said of a text that is not of it, are the API server's.
 */
export function parseLabelSelector(text: string): LabelSelector {
  const tokens = new LabelTokens(text);
  const requirements: LabelSelector[] = [];
  while (tokens.peek().kind !== "end") {
    if (!startsRequirement(tokens)) {
      throw unexpected(tokens, ", expected: !, identifier, or 'end of string'");
    }
    try {
      requirements.push(parseRequirement(tokens));
    } catch (error) {
      throw new Error(`unable to parse requirement: ${(error as Error).message}`);
    }
    if (tokens.take(",")) {
      if (!startsRequirement(tokens)) throw unexpected(tokens, ", expected: identifier after ','");
    } else if (!tokens.atEnd) throw unexpected(tokens, ", expected: ',' or 'end of string'");
  }
  return (labels) => requirements.every((holds) => holds(labels));
}

function startsRequirement(tokens: LabelTokens): boolean {
  const { kind, text } = tokens.peek();
  return kind === "word" || text === "!";
}

function parseRequirement(tokens: LabelTokens): LabelSelector {
  const negated = tokens.take("!");
  if (tokens.peek().kind !== "word") throw unexpected(tokens, ", expected: identifier");
  const name = tokens.next().text;
  refuse("<nil>", name, problemOfLabelName(name));
  if (negated || tokens.atEnd) return (labels) => (own(labels, name) !== undefined) !== negated;
  const operator = parseOperator(tokens);
  const isSet = operator === "in" || operator === "notin";
  const values = isSet ? parseValues(tokens) : [parseValue(tokens)];
  if (operator === ">" || operator === "<") return comparing(name, operator, values[0]!);
  for (const [index, value] of values.entries()) refuseValue(name, value, index);
  // As in Kubernetes, what has no such label is not equal to anything, and in no set.
  const wanted = operator !== "notin" && operator !== "!=";
  return (labels) => {
    const value = own(labels, name);
    return (value !== undefined && values.includes(value)) === wanted;
  };
}

function parseOperator(tokens: LabelTokens): string {
  if (!OPERATORS.includes(tokens.peek().text)) {
    throw unexpected(tokens, ", expected: in, notin, =, ==, !=, gt, lt");
  }
  return tokens.next().text;
}

function parseValue(tokens: LabelTokens): string {
  if (tokens.atEnd) return "";
  if (tokens.peek().kind !== "word") throw unexpected(tokens, ", expected: identifier");
  return tokens.next().text;
}

/** Values in parentheses; one that is not there is the empty one. */
function parseValues(tokens: LabelTokens): string[] {
  if (!tokens.take("(")) throw unexpected(tokens, " expected: '('");
  const values = new Set<string>();
  for (;;) {
    values.add(tokens.peek().kind === "word" ? tokens.next().text : "");
    if (tokens.take(")")) return [...values].sort();
    if (!tokens.take(",")) throw unexpected(tokens, ", expected: ',' or ')'");
  }
}

const INTEGER = /^\d+$/;

function comparing(name: string, operator: string, bound: string): LabelSelector {
  if (!INTEGER.test(bound)) {
    refuse("values[0]", bound, "for 'Gt', 'Lt' operators, the value must be an integer");
  }
  refuseValue(name, bound, 0);
  return (labels) => {
    const value = own(labels, name) ?? "";
    if (!INTEGER.test(value)) return false;
    return operator === ">" ? BigInt(value) > BigInt(bound) : BigInt(value) < BigInt(bound);
  };
}

function refuseValue(name: string, value: string, index: number): void {
  refuse(`values[${index}][${name}]`, value, problemOfLabelValue(value));
}

function refuse(path: string, text: string, problem: string): void {
  if (problem) throw new Error(`${path}: Invalid value: ${JSON.stringify(text)}: ${problem}`);
}

function unexpected(tokens: LabelTokens, expected: string): Error {
  return new Error(`found '${tokens.peek().text}'${expected}`);
}
