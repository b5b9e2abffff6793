import { Fields, Text } from "../sdk";
import { decodeLogKeys } from "./trust-roots";

/** The transparency log that signatures by keys are looked up in. */
export class TransparencyLog {
  constructor(
    /** SubjectPublicKeyInfo of each key that a log may sign with; empty for those of the trust roots. */
    readonly keys: Array<Text>,
    /** Whether a signature must be in it; if not, it still must be no other's entry that it has. */
    readonly required: bool,
  ) {}
}

/** `transparencyLog`; null if it is absent or nothing in it is filled in. */
export function decodeTransparencyLog(rule: Fields): TransparencyLog | null {
  const fields = rule.object("transparencyLog");
  if (!fields || rule.isBlank(rule.value("transparencyLog"))) return null;
  const keys = decodeLogKeys(fields, "keys");
  const required = fields.bool("required", true);
  fields.end();
  return new TransparencyLog(keys, required);
}
