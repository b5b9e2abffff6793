import { callJson } from "../sdk/units.js";

/** Sunday, 22 November 2026, 08:00 in UTC; in seconds. */
export const NOW = Date.parse("2026-11-22T08:00:00Z") / 1000;

export interface Why {
  code: string;
  detail: string;
}

export interface Wanted {
  predicateType: string;
  conditions?: object[];
}

/** A statement about no image in particular; `predicate` is JSON, and missing if it is null. */
export function statementOf(predicateType: string, predicate: string | null): string {
  const type = '"_type":"https://in-toto.io/Statement/v1"';
  const said = predicate === null ? "" : `,"predicate":${predicate}`;
  return `{${type},"subject":[],"predicateType":${JSON.stringify(predicateType)}${said}}`;
}

/** Why the statement is not one of the attestations, for each; null if it is. Without a time, nobody tells it. */
export function failures(
  attestations: Wanted[],
  statement: string,
  now: number | null = NOW,
  spent = 0,
): (Why | null)[] {
  return callJson("attestation", { attestations, statement, spent, ...(now !== null && { now }) });
}

/** Why a predicate, in JSON, does not meet conditions; null if it does. */
export function failureOf(
  conditions: object[],
  predicate: string | null,
  now: number | null = NOW,
  spent = 0,
): Why | null {
  const predicateType = "https://example.com/predicate/v1";
  const statement = statementOf(predicateType, predicate);
  return failures([{ predicateType, conditions }], statement, now, spent)[0]!;
}
