import { Code, Failure } from "../failure";
import { Builder, Document, Kind, NONE } from "../sdk";
import { Demand } from "./demand";
import { Pointer } from "./pointer";

/** Bytes that a message shows of a path, and of what is there. */
const SHOWN_PATH = 128;
const SHOWN_VALUE = 64;

/** What one value of a predicate must be. */
export class Condition {
  constructor(
    private readonly pointer: Pointer,
    private readonly demand: Demand,
  ) {}

  /** Bytes that a value may have to be compared with. */
  get bytes(): i32 {
    return this.demand.bytes;
  }

  /**
   * Why a predicate does not meet the condition, null if it does: `predicate` is its token, or NONE; `now` is in seconds
   * since 1970, or NO_INSTANT of `time/instant`. A predicate that is no object meets none, and a key on the way that stands twice is a
   * failure of its own.
   */
  failure(document: Document, predicate: i32, now: i64): Failure | null {
    if (document.kind(predicate) != Kind.Object) {
      return Failure.of(Code.AttestationCondition, "its predicate is no object");
    }
    const value = this.pointer.find(document, predicate);
    if (document.twice != NONE) {
      return Failure.of(Code.PayloadMalformed, "its payload has a key twice");
    }
    if (this.demand.isMet(document, value, now)) return null;
    const detail = new Builder().plain(this.pointer.written, SHOWN_PATH);
    detail.ascii(" of its predicate is ");
    writeFound(document, value, detail);
    this.demand.write(detail.ascii(", and must be "), now);
    return new Failure(Code.AttestationCondition, detail.view());
  }
}

function writeFound(document: Document, value: i32, to: Builder): void {
  const kind = document.kind(value);
  if (value == NONE) to.ascii("missing");
  else if (kind == Kind.Object) to.ascii("an object");
  else if (kind == Kind.Array) to.ascii("a list");
  else to.plain(document.raw(value), SHOWN_VALUE);
}
