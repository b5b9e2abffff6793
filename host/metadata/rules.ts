import { isObject, type Json } from "../document.js";
import type { Findings } from "./metadata.js";

/** Which requests a policy wants to see; as in a webhook's configuration. */
export interface Rule {
  apiGroups: string[];
  apiVersions: string[];
  resources: string[];
  operations: string[];
}

const LISTS = ["apiGroups", "apiVersions", "resources", "operations"] as const;
const OPERATIONS = ["CREATE", "UPDATE", "DELETE", "CONNECT", "*"];

/** Reads the rules; all that Kubernetes would refuse goes to `findings`. */
export function checkRules(value: Json | undefined, findings: Findings): Rule[] {
  if (!Array.isArray(value)) {
    findings.fail("rules", value === undefined ? "is required" : "must be a list");
    return [];
  }
  return value.map((item, index) => checkRule(item, `rules[${index}]`, findings));
}

function checkRule(item: Json, path: string, findings: Findings): Rule {
  const given = isObject(item) ? item : {};
  const rule: Rule = { apiGroups: [], apiVersions: [], resources: [], operations: [] };
  for (const name of LISTS) {
    const list = given[name];
    if (
      !Array.isArray(list) ||
      list.length === 0 ||
      list.some((text) => typeof text !== "string")
    ) {
      findings.fail(`${path}.${name}`, "must be a list of strings that is not empty");
      continue;
    }
    rule[name] = list as string[];
    const alone = name !== "resources" && list.length > 1 && list.includes("*");
    if (alone) findings.fail(`${path}.${name}`, "must have nothing beside *");
  }
  for (const [index, operation] of rule.operations.entries()) {
    if (OPERATIONS.includes(operation)) continue;
    findings.fail(`${path}.operations[${index}]`, `must be one of ${OPERATIONS.join(", ")}`);
  }
  checkResources(rule.resources, `${path}.resources`, findings);
  return rule;
}

/** Kubernetes refuses a resource that another one of the list, with a wildcard, has already named. */
function checkResources(resources: string[], path: string, findings: Findings): void {
  for (const [index, resource] of resources.entries()) {
    const at = `${path}[${index}]`;
    if (resource === "") findings.fail(at, "must not be empty");
    const wider = resources.find((other, i) => i !== index && covers(other, resource));
    if (wider !== undefined) findings.fail(at, `is already meant by ${wider}`);
  }
}

function covers(wildcard: string, resource: string): boolean {
  if (wildcard === "*/*") return true;
  const [name, subresource] = resource.split("/", 2);
  if (subresource === undefined) return wildcard === "*" && resource !== "*";
  return wildcard === `${name}/*` || wildcard === `*/${subresource}`;
}
