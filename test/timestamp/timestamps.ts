import { readFileSync } from "node:fs";
import { callJson } from "../sdk/units.js";

/** Answers of a real authority of time; all base64. */
export const recorded = JSON.parse(
  readFileSync(new URL("../fixtures/timestamps.json", import.meta.url), "utf8"),
) as {
  signature: string;
  certificates: Record<string, string>;
  answers: Record<string, string>;
};

/** `read` if it could not be read; else what `verify` said, null for nothing wrong. */
export interface Answer {
  read?: string;
  time?: number;
  verify?: string | null;
}

export interface Question {
  /** The authority's own certificate first, that of its root last. */
  chain: string[];
  signature?: string;
  from?: number;
  until?: number;
}

/** Whether an answer is the authority's, about the signature. */
export const ask = (der: Uint8Array | string, question: Question) =>
  callJson<Answer>("timestamp", {
    der: typeof der === "string" ? der : Buffer.from(der).toString("base64"),
    signature: recorded.signature,
    from: 0,
    until: 9_999_999_999,
    ...question,
  });

/** The certificates from one of the recorded authorities to the root. */
export function chainOf(authority: string): string[] {
  const { certificates } = recorded;
  return [certificates[authority]!, certificates["inter"]!, certificates["root"]!];
}

export const failureOf = ({ read, verify }: Answer) => read ?? verify ?? null;
