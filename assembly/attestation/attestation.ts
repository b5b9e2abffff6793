import { Code, Failure } from "../failure";
import { Builder, Document, Kind, Text } from "../sdk";
import { plainReadingCost, tooMuchWork, Work } from "../work";
import { Condition } from "./condition";

/** Conditions that a message tells of; it counts the others. */
const SHOWN_CONDITIONS = 4;

/** Something that must have been said of an image: a predicate of this type that meets all conditions. */
export class Attestation {
  constructor(
    /** As it stands in the statement, byte for byte. */
    readonly predicateType: Text,
    /** None if it is enough that it was said. */
    readonly conditions: Array<Condition>,
  ) {}

  /** Why a predicate is not the one that is asked for, null if it is: the arguments are those of a condition. */
  failure(document: Document, predicate: i32, now: i64, work: Work): Failure | null {
    const isObject = document.kind(predicate) == Kind.Object;
    const bytes = isObject ? document.raw(predicate).length : 0;
    const details = new Builder();
    let unmet = 0;
    for (let i = 0; i < this.conditions.length; i++) {
      if (!work.spend(plainReadingCost(bytes + this.conditions[i].bytes))) return tooMuchWork();
      const failure = this.conditions[i].failure(document, predicate, now);
      if (!failure) continue;
      // That it cannot be read is true of all of it.
      if (!isObject || failure.code != Code.AttestationCondition) return failure;
      if (unmet++ >= SHOWN_CONDITIONS) continue;
      if (unmet > 1) details.ascii("; ");
      details.text(failure.detail);
    }
    if (unmet == 0) return null;
    if (unmet > SHOWN_CONDITIONS) {
      details
        .ascii("; and ")
        .int(unmet - SHOWN_CONDITIONS)
        .ascii(" more");
    }
    return new Failure(Code.AttestationCondition, details.view());
  }

  /** That nobody who counts has said anything of this type. */
  missing(): Failure {
    const detail = new Builder().ascii("no attestation of type ");
    detail.plain(this.predicateType, 128).ascii(" by the signer was found");
    return new Failure(Code.AttestationMissing, detail.view());
  }
}
