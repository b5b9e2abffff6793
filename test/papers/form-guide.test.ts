import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { packageFile } from "../../host/package.js";
import { questions, type Question } from "./form-ui.js";

// The guide to Rancher explains each field of the form, by the label that the form shows.

const guide = readFileSync(packageFile("docs/guides/rancher.md"), "utf8");

/** Fields with something to fill in: a group that only holds others, or words alone, need no explanation. */
function fieldsOf(question: Question & { hide_input?: boolean }): Question[] {
  const { subquestions = [], sequence_questions = [] } = question;
  const below = [...subquestions, ...sequence_questions].flatMap(fieldsOf);
  return question.hide_input ? below : [question, ...below];
}

const fields = questions.flatMap(fieldsOf);

test.each(fields.map(({ label, variable }) => [label, variable]))("%s (%s)", (label, variable) => {
  expect(guide).toContain(`\n| ${label} | \`${variable}\` |`);
});
