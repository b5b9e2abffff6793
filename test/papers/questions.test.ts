import { describe, expect, test } from "vitest";
import type { Json } from "../../host/document.js";
import { isEditor, questions, rowQuestions, type Question } from "./form-ui.js";
import { read } from "./papers.js";

// Rancher's question types, and the keys that its forms know.
const TYPES =
  /^(string|hostname|multiline|password|boolean|enum|int|float|questionMap|array\[|map\[|sequence\[)$/;
const KEYS =
  /^(variable|type|default|label|group|required|description|hide_input|show_if|options|subquestions|sequence_questions|value_multiline|placeholder)$/;

interface Property {
  default?: Json;
  enum?: Json[];
}
interface Schema {
  properties: Record<string, Property>;
  definitions: Record<string, Schema>;
}
const schema = JSON.parse(read("docs/settings.schema.json")) as Schema;

function nested(question: Question): Question[] {
  const below = [...(question.subquestions ?? []), ...(question.sequence_questions ?? [])];
  return [question, ...below.flatMap(nested)];
}

describe("the form", () => {
  test.each(questions.flatMap(nested).map((question) => [question.variable, question] as const))(
    "%s is of a known type, explained and empty by default",
    (_, question) => {
      expect(question.type).toMatch(TYPES);
      for (const key of Object.keys(question)) expect(key).toMatch(KEYS);
      expect(question.label.length).toBeGreaterThan(2);
      expect(question.description.length).toBeGreaterThan(20);
      // Without one, a sequence cannot be added to and a cleared field is undefined.
      expect(question.default).toBeDefined();
      if (question.options) expect(question.options).toContain(question.default);
    },
  );

  test.each([
    ["settings", questions, schema],
    ["a rule", rowQuestions("signatures"), schema.definitions["rule"]!],
    ["a workload", rowQuestions("workloads"), schema.definitions["workload"]!],
  ] as const)("reaches every field of %s, once, with the policy's own default", (_, list, part) => {
    const helpers = part === schema ? ["rule"] : ["description"];
    const variables = list.map(({ variable }) => variable);
    const fields = Object.keys(part.properties).filter((name) => !helpers.includes(name));
    expect(variables.sort()).toEqual(fields.sort());
    for (const { variable, default: value, options = [] } of list) {
      const property = part.properties[variable]!;
      if (property.default !== undefined) expect(value, variable).toEqual(property.default);
      for (const option of options) if (property.enum) expect(property.enum).toContain(option);
    }
  });

  test("what it cannot express has its YAML explained", () => {
    const description = (variable: string) =>
      rowQuestions("signatures").find((question) => question.variable === variable)!.description;
    expect(description("pubKeys")).toMatch(/YAML.* name and key.* notBefore and notAfter/);
    for (const question of rowQuestions("signatures").filter(isEditor)) {
      expect(question.description).toContain(`keep the line ${question.variable}:`);
    }
  });
});
