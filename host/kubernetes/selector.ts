import { own } from "../document.js";

/** Says whether labels, or fields, are what a selector asks for. */
export type Selector = (values: Record<string, string | undefined>) => boolean;

const NAME = "[^\\s,=!()]+";
const COMPARISON = new RegExp(`^(${NAME})\\s*(==|=|!=)\\s*([^\\s,=!()]*)$`);
const MEMBERSHIP = new RegExp(`^(${NAME})\\s+(in|notin)\\s*\\(([^()]*)\\)$`);
const EXISTENCE = new RegExp(`^(!?)\\s*(${NAME})$`);

/**
 * Parses a label selector as kubectl takes it: `app=web`, `tier!=db`, `env in (a, b)`,
 * `env notin (a)`, `app`, `!app`; all the parts must hold.
 */
export function parseLabelSelector(text: string): Selector {
  // A comma in parentheses is not between parts.
  const parts = text.split(/,(?![^(]*\))/).map((part) => part.trim());
  const selectors = parts.filter((part) => part !== "").map(parseRequirement);
  return (labels) => selectors.every((selector) => selector(labels));
}

const FIELDS = ["metadata.name", "metadata.namespace"];

/** Parses a field selector: the two fields that objects of every kind can be selected by. */
export function parseFieldSelector(text: string): Selector {
  const parts = text.split(",").filter((part) => part.trim() !== "");
  const selectors = parts.map((part) => {
    const [, name = "", operator, value = ""] = COMPARISON.exec(part.trim()) ?? [];
    if (!operator) throw new Error(`unable to parse field selector: ${part}`);
    if (!FIELDS.includes(name)) {
      throw new Error(`field label not supported: ${name}; supported are ${FIELDS.join(", ")}`);
    }
    return compare(name, operator, value);
  });
  return (fields) => selectors.every((selector) => selector(fields));
}

function parseRequirement(part: string): Selector {
  const comparison = COMPARISON.exec(part);
  if (comparison) return compare(comparison[1]!, comparison[2]!, comparison[3]!);
  const membership = MEMBERSHIP.exec(part);
  if (membership) {
    const [, name = "", operator, list = ""] = membership;
    const values = list.split(",").map((value) => value.trim());
    // As in Kubernetes, what has no such label is not in any list.
    return (labels) => {
      const value = own(labels, name);
      return (value !== undefined && values.includes(value)) === (operator === "in");
    };
  }
  const existence = EXISTENCE.exec(part);
  if (!existence) throw new Error(`unable to parse label selector: ${part}`);
  const [, not, name = ""] = existence;
  return (labels) => (own(labels, name) !== undefined) === (not === "");
}

function compare(name: string, operator: string, value: string): Selector {
  return (values) => (own(values, name) === value) === (operator !== "!=");
}
