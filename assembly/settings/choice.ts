import { Builder, Fields } from "../sdk";

/** The index of a field's value among `choices`, the first of which is what its absence means. */
export function decodeChoice(fields: Fields, name: string, choices: Array<string>): i32 {
  const text = fields.text(name);
  if (!text) return 0;
  for (let i = 0; i < choices.length; i++) if (text.is(choices[i])) return i;
  const line = new Builder().ascii("must be ");
  for (let i = 0; i < choices.length; i++) {
    if (i > 0) line.ascii(i == choices.length - 1 ? " or " : ", ");
    line.ascii(choices[i]);
  }
  fields.problems.addLine(fields.path.field(name), line);
  return 0;
}
