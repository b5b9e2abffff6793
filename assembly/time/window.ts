import { Builder } from "../sdk";
import { NO_INSTANT, writeInstant, writeSpan } from "./instant";

/** The time in which something may be used: both ends belong to it. */
export class Window {
  constructor(
    readonly from: i64 = i64.MIN_VALUE,
    readonly until: i64 = i64.MAX_VALUE,
  ) {}

  /** Whether it has an end at all. */
  get isBounded(): bool {
    return this.from != i64.MIN_VALUE || this.until != i64.MAX_VALUE;
  }

  /** The time that is in both. */
  and(other: Window): Window {
    return new Window(max(this.from, other.from), min(this.until, other.until));
  }

  /** From the earlier beginning to the later end. */
  spanning(other: Window): Window {
    return new Window(min(this.from, other.from), max(this.until, other.until));
  }

  /** Whether a moment is within; of NO_INSTANT it only knows if it has no ends. */
  holds(instant: i64): bool {
    if (instant == NO_INSTANT) return !this.isBounded;
    return this.from <= instant && instant <= this.until;
  }

  /** By how much a moment misses it: `was valid until 2026-06-01T00:00:00Z, 12 days before 2026-06-13T00:00:00Z`. */
  writeMiss(to: Builder, instant: i64): void {
    if (instant == NO_INSTANT) {
      to.ascii("is valid at certain times only, and the host does not tell the time");
      return;
    }
    const early = instant < this.from;
    const end = early ? this.from : this.until;
    to.ascii(early ? "is valid from " : "was valid until ");
    writeInstant(to, end);
    to.ascii(", ");
    writeSpan(to, early ? end - instant : instant - end);
    to.ascii(early ? " after " : " before ");
    writeInstant(to, instant);
  }
}
