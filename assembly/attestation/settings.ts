import { PER_RULE } from "../limits";
import { SIGNATURE_TYPE } from "../sigstore/statement";
import { Builder, Fields, Kind, NONE, Path, readText, Text } from "../sdk";
import { items } from "../settings/items";
import { digits, NO_INSTANT, parseInstant } from "../time/instant";
import { Attestation } from "./attestation";
import { Condition } from "./condition";
import { Age, Bound, Demand, Existence, Moment, OneOf } from "./demand";
import { ExactNumber } from "./number";
import { Pointer } from "./pointer";
import { Scalar } from "./scalar";

const enum Operator {
  Equals,
  In,
  AtLeast,
  AtMost,
  Exists,
  Before,
  After,
}

/** As they are written, in the order of the enumeration. */
const OPERATORS: StaticArray<string> = [
  "equals",
  "in",
  "atLeast",
  "atMost",
  "exists",
  "before",
  "after",
];

/**
 * Reads `attestations` of a rule; none if it is absent:
 *
 *     [{predicateType: URI, conditions: [{path: JSON pointer, and one of
 *         equals: string, number or boolean    in: [the same, …]
 *         atLeast: number    atMost: number    a number as it is, or in quotes: some hosts round those that are not
 *         exists: boolean
 *         before, after: a moment, 2026-11-22T08:00:00Z or 2026-11-22, or an age, 30d or 12h, counted back from now
 *     }, …]}, …]
 *
 * Unlike in other lists, an item that nobody filled in is a problem and not left out, for without it less would be asked:
 * unless nothing in the whole list is filled in, as forms send it.
 */
export function decodeAttestations(rule: Fields): Array<Attestation> {
  const attestations: Array<Attestation> = [];
  const list = items(rule, "attestations");
  const path = rule.path.field("attestations");
  let conditions = 0;
  for (let i = 0; i < list.length; i++) {
    const fields = Fields.of(rule.document, list[i], path.at(i), rule.problems);
    const attestation = fields ? decodeAttestation(fields) : null;
    if (!attestation) continue;
    conditions += attestation.conditions.length;
    attestations.push(attestation);
  }
  if (conditions > PER_RULE) rule.problems.add(path, "has more than 64 conditions in all");
  return attestations;
}

function decodeAttestation(fields: Fields): Attestation | null {
  const predicateType = fields.requiredText("predicateType");
  if (predicateType && predicateType.indexOf(0x3a) < 0) {
    fields.problems.add(
      fields.path.field("predicateType"),
      "must be a URI such as https://slsa.dev/provenance/v1",
    );
  } else if (predicateType && predicateType.is(SIGNATURE_TYPE)) {
    fields.problems.add(
      fields.path.field("predicateType"),
      "is that of signatures: they are what a rule without attestations asks for",
    );
  }
  const conditions: Array<Condition> = [];
  const list = boundedList(fields, "conditions");
  for (let i = 0; i < list.length; i++) {
    const path = fields.path.field("conditions").at(i);
    const item = Fields.of(fields.document, list[i], path, fields.problems);
    const condition = item ? decodeCondition(item) : null;
    if (condition) conditions.push(condition);
  }
  fields.end();
  return predicateType ? new Attestation(predicateType, conditions) : null;
}

function decodeCondition(fields: Fields): Condition | null {
  const path = fields.requiredText("path");
  const pointer = path ? Pointer.parse(path) : null;
  if (pointer && pointer.problem.length > 0) {
    fields.problems.add(fields.path.field("path"), pointer.problem);
  }
  const demand = decodeDemand(fields);
  fields.end();
  return pointer && demand ? new Condition(pointer, demand) : null;
}

/** The one operator of a condition; null, and a problem, if it has none or more than one. */
function decodeDemand(fields: Fields): Demand | null {
  let demand: Demand | null = null;
  let count = 0;
  for (let i = 0; i < OPERATORS.length; i++) {
    const value = fields.value(OPERATORS[i]);
    if (value == NONE) continue;
    demand = decodeOperator(fields, <Operator>i, value);
    count++;
  }
  if (count == 1) return demand;
  const line = new Builder().ascii(count == 0 ? "must have one of " : "must have only one of ");
  for (let i = 0; i < OPERATORS.length; i++) {
    if (i > 0) line.ascii(", ");
    line.ascii(OPERATORS[i]);
  }
  fields.problems.addLine(fields.path, line);
  return null;
}

function decodeOperator(fields: Fields, operator: Operator, value: i32): Demand | null {
  const name = OPERATORS[operator];
  const path = fields.path.field(name);
  switch (operator) {
    case Operator.Equals:
      return decodeValues(fields, [value], path, false);
    case Operator.In: {
      const list = boundedList(fields, name);
      if (list.length > 0) return decodeValues(fields, list, path, true);
      if (fields.document.kind(value) == Kind.Array) fields.problems.add(path, "has no items");
      return null;
    }
    case Operator.AtLeast:
    case Operator.AtMost:
      return decodeBound(fields, value, path, operator == Operator.AtLeast);
    case Operator.Exists:
      return new Existence(fields.bool(name, false));
    default:
      return decodeTime(fields, value, path, operator == Operator.After);
  }
}

function decodeValues(fields: Fields, values: Array<i32>, path: Path, isList: bool): OneOf | null {
  const scalars: Array<Scalar> = [];
  for (let i = 0; i < values.length; i++) {
    const scalar = Scalar.read(fields.document, values[i]);
    if (scalar && !fields.isAbsent(values[i])) scalars.push(scalar);
    else {
      fields.problems.add(
        isList ? path.at(i) : path,
        "must be a number, a string that is not empty, true or false, and at most 4096 bytes as it is written",
      );
    }
  }
  return scalars.length == values.length ? new OneOf(scalars) : null;
}

function decodeBound(fields: Fields, value: i32, path: Path, isLower: bool): Bound | null {
  const scalar = Scalar.read(fields.document, value);
  if (scalar) {
    const text = scalar.text;
    const written: Text = text ? text : scalar.written;
    const number = ExactNumber.read(written);
    if (number) return new Bound(written, number, isLower);
  }
  fields.problems.add(path, "must be a number");
  return null;
}

function decodeTime(fields: Fields, value: i32, path: Path, isAfter: bool): Demand | null {
  const text = readText(fields.document, value, path, fields.problems);
  if (!text) return null;
  const moment = parseInstant(text);
  if (moment != NO_INSTANT) return new Moment(text, moment, isAfter);
  const age = parseAge(text);
  if (age >= 0) return new Age(text, age, isAfter);
  fields.problems.add(
    path,
    "must be a time in UTC such as 2026-11-22T08:00:00Z, a date, or an age such as 30d or 12h",
  );
  return null;
}

/** Seconds of an age, from one to five digits and `d` or `h`; -1 if it is none. */
function parseAge(text: Text): i64 {
  const last = text.length - 1;
  const unit = text.at(last);
  if (last < 1 || last > 5 || (unit != 0x64 && unit != 0x68)) return -1;
  const count: i64 = digits(text, 0, last);
  return count < 0 ? -1 : count * (unit == 0x64 ? 86_400 : 3600);
}

/** A list's elements, at most as many as a rule may have; none if it is absent. */
function boundedList(fields: Fields, name: string): Array<i32> {
  const list = fields.list(name);
  if (!list) return [];
  if (list.length <= PER_RULE) return list;
  fields.problems.add(fields.path.field(name), "has more than 64 items");
  return list.slice(0, PER_RULE);
}
