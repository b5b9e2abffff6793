import { Builder, Document, Kind, NONE, Text } from "../sdk";
import { NO_INSTANT, parseTimestamp } from "../time/instant";
import { ExactNumber } from "./number";
import { Scalar } from "./scalar";

/** Bytes that a message shows of all the values that one may be. */
const SHOWN_VALUES = 160;

/** How far a signer's clock may be ahead of the host's, in seconds. */
const AHEAD: i64 = 300;

/** What one value must be. A value of another type is not, nor is null, which is neither there nor missing. */
export abstract class Demand {
  /** Bytes that a value may have to be compared with. */
  get bytes(): i32 {
    return 0;
  }

  /** Whether a value, or NONE, is as it must be at the moment `now`, or at NO_INSTANT if nobody knows the time. */
  abstract isMet(document: Document, value: i32, now: i64): bool;

  /** What must be, to go behind "must be ". */
  abstract write(to: Builder, now: i64): void;
}

/** `equals` and `in`: one of some strings, numbers and booleans. */
export class OneOf extends Demand {
  constructor(private readonly values: Array<Scalar>) {
    super();
  }

  get bytes(): i32 {
    let bytes = 0;
    for (let i = 0; i < this.values.length; i++) bytes += this.values[i].written.length;
    return bytes;
  }

  isMet(document: Document, value: i32, _now: i64): bool {
    const found = Scalar.read(document, value);
    for (let i = 0; found && i < this.values.length; i++) {
      if (this.values[i].same(found)) return true;
    }
    return false;
  }

  write(to: Builder, _now: i64): void {
    const all = new Builder();
    const last = this.values.length - 1;
    // Not more than are shown: there may be a quarter of a megabyte of them.
    for (let i = 0; i <= last && all.size <= SHOWN_VALUES; i++) {
      if (i > 0) all.ascii(i == last ? " or " : ", ");
      all.text(this.values[i].written);
    }
    to.plain(all.view(), SHOWN_VALUES);
  }
}

/** `atLeast` and `atMost`: a number, compared as it is written. */
export class Bound extends Demand {
  constructor(
    private readonly written: Text,
    private readonly bound: ExactNumber,
    private readonly isLower: bool,
  ) {
    super();
  }

  isMet(document: Document, value: i32, _now: i64): bool {
    const found = Scalar.read(document, value);
    const number = found ? found.number : null;
    if (!number) return false;
    const order = number.compare(this.bound);
    return this.isLower ? order >= 0 : order <= 0;
  }

  write(to: Builder, _now: i64): void {
    to.ascii(this.isLower ? "a number of at least " : "a number of at most ");
    to.plain(this.written, SHOWN_VALUES);
  }
}

/** `exists`: something other than null, or no such value at all. */
export class Existence extends Demand {
  constructor(private readonly isWanted: bool) {
    super();
  }

  isMet(document: Document, value: i32, _now: i64): bool {
    return this.isWanted ? document.kind(value) != Kind.Null : value == NONE;
  }

  write(to: Builder, _now: i64): void {
    to.ascii(this.isWanted ? "there" : "missing");
  }
}

/** `before` and `after` a moment: a time of RFC 3339, which that moment itself is not. */
export class Moment extends Demand {
  constructor(
    private readonly written: Text,
    private readonly moment: i64,
    private readonly isAfter: bool,
  ) {
    super();
  }

  isMet(document: Document, value: i32, _now: i64): bool {
    const time = timeOf(document, value);
    if (time == NO_INSTANT) return false;
    return this.isAfter ? time > this.moment : time < this.moment;
  }

  write(to: Builder, _now: i64): void {
    to.ascii(this.isAfter ? "a time after " : "a time before ").text(this.written);
  }
}

/**
 * `after` an age: a time of RFC 3339 no longer ago than that, and not in the future, but for five minutes that a clock may
 * be ahead. `before` an age: one longer ago. Neither is met if the host does not tell the time.
 */
export class Age extends Demand {
  constructor(
    private readonly written: Text,
    private readonly seconds: i64,
    private readonly isAfter: bool,
  ) {
    super();
  }

  isMet(document: Document, value: i32, now: i64): bool {
    const time = timeOf(document, value);
    if (time == NO_INSTANT || now == NO_INSTANT) return false;
    const age = now - time;
    return this.isAfter ? -AHEAD <= age && age <= this.seconds : age > this.seconds;
  }

  write(to: Builder, now: i64): void {
    to.ascii("a time ").ascii(this.isAfter ? "no older than " : "older than ");
    to.text(this.written);
    if (now == NO_INSTANT) to.ascii(", but the host does not tell the time");
  }
}

function timeOf(document: Document, value: i32): i64 {
  const found = Scalar.read(document, value);
  const text = found ? found.text : null;
  return text ? parseTimestamp(text) : NO_INSTANT;
}
