import { Code, Failure } from "./failure";
import { HOST_CALLS, SIGNATURE_CHECKS } from "./limits";

/** Units of work in the verification of one P-256 signature: each is about 2.5 µs. */
export const CHECK: i32 = 64;

/** What it costs to read so many bytes that others wrote, however they are nested and escaped. */
export function readingCost(bytes: i32): i32 {
  return 1 + (bytes >> 7);
}

/** What it costs to go through so many bytes once more, or for the first time if a host has written them. */
export function plainReadingCost(bytes: i32): i32 {
  return 1 + (bytes >> 9);
}

/** The work that is done for one request: no registry and no signer can have it take seconds, or fill the memory. */
export class Work {
  private left: i32 = SIGNATURE_CHECKS * CHECK;
  private calls: i32 = 0;

  /** Whether no more work is to be done: what came to nothing may have done so for that. */
  get isOver(): bool {
    return this.left == 0;
  }

  /** Counts a call that is about to be made; a failure if it is one too many. */
  countCall(): Failure | null {
    if (this.calls++ < HOST_CALLS) return null;
    return Failure.of(Code.TooManyCalls, "needs more than the 512 calls that a request may cost");
  }

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
