import { Fields } from "../sdk";
import { NO_INSTANT, parseInstant } from "../time/instant";
import { Window } from "../time/window";

/** `notBefore` and `notAfter`; open where they are absent. */
export function decodeWindow(fields: Fields): Window {
  const from = decodeInstant(fields, "notBefore", i64.MIN_VALUE);
  const until = decodeInstant(fields, "notAfter", i64.MAX_VALUE);
  if (from > until) fields.problems.add(fields.path.field("notAfter"), "is before notBefore");
  return new Window(from, until);
}

function decodeInstant(fields: Fields, name: string, absent: i64): i64 {
  const text = fields.text(name);
  if (!text) return absent;
  const instant = parseInstant(text);
  if (instant != NO_INSTANT) return instant;
  fields.problems.add(
    fields.path.field(name),
    "must be a time in UTC such as 2026-11-22T08:00:00Z, or a date",
  );
  return absent;
}
