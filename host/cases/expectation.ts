import { isObject, own, UserError, type Json } from "../document.js";
import { codesOf, type ValidationResponse } from "../response.js";
import { pinnedImages } from "./images.js";

/** What must come of a request. Only the fields that are there are compared. */
export interface Expectation {
  accepted?: boolean;
  /** The codes of the rejection, in the order of its lines. */
  codes?: string[];
  /** The images that are pinned, by JSON pointer in the object or by the container's name. */
  images?: Record<string, string>;
  /** The codes of the warnings. */
  warnings?: string[];
  /** All the audit annotations. */
  audit?: Record<string, string>;
  /** How often the policy asks its host. */
  calls?: number;
}

/** What came of a request. */
export interface Outcome {
  object: Json;
  answer: ValidationResponse;
  calls: number;
}

const isString = (value: Json) => typeof value === "string";
const isStrings = (value: Json) => Array.isArray(value) && value.every(isString);
const isMap = (value: Json) => isObject(value) && Object.values(value).every(isString);

const FIELDS: Record<keyof Expectation, { called: string; test: (value: Json) => boolean }> = {
  accepted: { called: "true or false", test: (value) => typeof value === "boolean" },
  codes: { called: "a list of codes", test: isStrings },
  images: { called: "a map of containers, or JSON pointers, to images", test: isMap },
  warnings: { called: "a list of codes", test: isStrings },
  audit: { called: "a map of texts", test: isMap },
  calls: { called: "a number", test: (value) => Number.isInteger(value) },
};

/** Decodes an expectation. */
export function decodeExpectation(value: Json): Expectation {
  const known = Object.keys(FIELDS).join(", ");
  if (!isObject(value) || Object.keys(value).length === 0) {
    throw new UserError(`an expectation must be a map of some of ${known}`);
  }
  for (const [name, field] of Object.entries(value)) {
    const type = own<{ called: string; test: (value: Json) => boolean }>(FIELDS, name);
    if (!type) throw new UserError(`an expectation has no field ${name}, only ${known}`);
    if (!type.test(field)) throw new UserError(`${name} must be ${type.called}`);
  }
  return value as Expectation;
}

/** The outcome in the form of an expectation, with the fields that the given one has. */
export function actual(expected: Expectation, outcome: Outcome): Expectation {
  const { object, answer, calls } = outcome;
  const values: Required<Expectation> = {
    accepted: answer.accepted,
    codes: codesOf(answer.message?.split("\n") ?? []),
    images: pinnedImages(object, answer.mutated_object ?? null, expected.images),
    warnings: codesOf(answer.warnings ?? []),
    audit: answer.audit_annotations ?? {},
    calls,
  };
  const given = Object.keys(expected) as (keyof Expectation)[];
  return Object.fromEntries(given.map((name) => [name, values[name]]));
}

/** The expectation that an outcome meets: what an administrator wants to know of it. */
export function expectationOf(outcome: Outcome): Expectation {
  const all = actual({ accepted: true, codes: [], images: {}, warnings: [] }, outcome);
  const told = Object.entries(all).filter(
    ([, value]) => typeof value !== "object" || Object.keys(value).length > 0,
  );
  return Object.fromEntries(told);
}
