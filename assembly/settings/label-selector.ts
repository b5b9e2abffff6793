import { LabelSelector, Operator, OPERATORS, Requirement } from "../cluster/label-selector";
import { PER_RULE } from "../limits";
import { Fields, Kind, Path, Problems, Text } from "../sdk";
import { decodeChoice } from "./choice";
import { items } from "./items";
import { isLabelName } from "./label-syntax";

/** A label selector as Kubernetes has it, in a field; null if nothing in it is filled in. */
export function decodeLabelSelector(owner: Fields, name: string): LabelSelector | null {
  const fields = owner.object(name);
  if (!fields) return null;
  const requirements: Array<Requirement> = [];
  decodeLabels(fields, requirements);
  const list = items(fields, "matchExpressions");
  for (let i = 0; i < list.length; i++) {
    decodeExpression(fields, list[i], fields.path.field("matchExpressions").at(i), requirements);
  }
  fields.end();
  // A label may have an empty value: that is not one that nobody filled in.
  return requirements.length > 0 ? new LabelSelector(requirements) : null;
}

function decodeLabels(selector: Fields, requirements: Array<Requirement>): void {
  const labels = selector.object("matchLabels");
  if (!labels) return;
  const document = selector.document;
  for (let key = labels.first; !document.ends(key); key = document.next(key + 1)) {
    const name = document.text(key);
    const path = labels.path.fieldOf(name);
    refuseBadName(name, path, labels.problems);
    const value = readValue(labels, key + 1, path);
    if (requirements.length == PER_RULE) {
      labels.problems.add(labels.path, "has more than 64 items");
      return;
    }
    if (value) requirements.push(new Requirement(name, Operator.In, [value]));
  }
}

/** `{key, operator, values}` */
function decodeExpression(
  selector: Fields,
  value: i32,
  path: Path,
  requirements: Array<Requirement>,
): void {
  const fields = Fields.of(selector.document, value, path, selector.problems);
  if (!fields) return;
  const key = fields.requiredText("key");
  if (key) refuseBadName(key, path.field("key"), fields.problems);
  const isGiven = fields.requiredText("operator") != null;
  const operator = isGiven ? <Operator>decodeChoice(fields, "operator", OPERATORS) : Operator.In;
  const list = items(fields, "values");
  const values: Array<Text> = [];
  for (let i = 0; i < list.length; i++) {
    const text = readValue(fields, list[i], path.field("values").at(i));
    if (text) values.push(text);
  }
  const wantsValues = operator == Operator.In || operator == Operator.NotIn;
  if (isGiven && wantsValues != list.length > 0) {
    fields.problems.add(
      path.field("values"),
      wantsValues ? "is required" : "goes with In and NotIn only",
    );
  }
  fields.end();
  if (key) requirements.push(new Requirement(key, operator, values));
}

/** Unlike elsewhere, an empty string is a value: labels may be empty. */
function readValue(fields: Fields, value: i32, path: Path): Text | null {
  if (fields.document.kind(value) == Kind.String) return fields.document.text(value);
  fields.problems.add(path, "must be a string");
  return null;
}

/** What is no name of a label is on no object: a selector with it would not mean what its author thinks. */
function refuseBadName(name: Text, path: Path, problems: Problems): void {
  if (!isLabelName(name)) problems.add(path, "must be the name of a label");
}
