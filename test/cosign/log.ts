import { callJson } from "../sdk/units.js";

/** Rekor's bundle, as cosign keeps it. */
export interface Bundle {
  SignedEntryTimestamp: string;
  Payload: { body: string; integratedTime: number; logIndex: number; logID: string };
}

/** What an entry is asked about; keys, signature and key are base64. */
export interface Question {
  bundle: string;
  keys: string[];
  from?: number;
  until?: number;
  digest: string;
  signature: string;
  key: string;
}

/** `read` if it could not be read; else what `verify` and `names` said, null for nothing wrong. */
export interface Answer {
  read?: string;
  time?: number;
  verify?: string | null;
  names?: string | null;
}

/** Has an entry verified, and asks what it names; the log's keys are always valid unless the question says else. */
export const ask = (question: Question) =>
  callJson<Answer>("log_entry", { from: 0, until: 9_999_999_999, ...question });
