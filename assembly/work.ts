import { Code, Failure } from "./failure";
import { SIGNATURE_CHECKS } from "./limits";

/** Units of work in the verification of one P-256 signature: each is about 2.5 µs. */
export const CHECK: i32 = 64;

/** What it costs to read so many bytes that others wrote, however they are nested and escaped. */
export function readingCost(bytes: i32): i32 {
  return 1 + (bytes >> 7);
}

/** What it costs to hash so many bytes. */
export function hashingCost(bytes: i32): i32 {
  return 1 + (bytes >> 9);
}

/** The work that is done for one request: no registry and no signer can have it take seconds, or fill the memory. */
export class Work {
  private left: i32 = SIGNATURE_CHECKS * CHECK;

  /** Counts work that is about to be done. False if it is too much: then it is not to be done, and nothing more is. */
  spend(units: i32): bool {
    if (units > this.left) {
      this.left = 0;
      return false;
    }
    this.left -= units;
    return true;
  }
}

/** Why work was not done. */
export function tooMuchWork(): Failure {
  return Failure.of(
    Code.TooManyChecks,
    "is more work than a request may cost: that of 600 signatures",
  );
}
