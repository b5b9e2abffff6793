import { Failure } from "../failure";

/** How far a candidate came, the furthest last. */
export const enum Step {
  Source,
  Signer,
  Signature,
  Proof,
  Payload,
}

/** Of the failures of many candidates, that of the one that came furthest: it is the most telling. */
export class Closest {
  private step: Step = Step.Source;

  /** @param failure what there is to say if no candidate comes further than to be there; null if nothing is yet */
  constructor(public failure: Failure | null = null) {}

  note(step: Step, failure: Failure): void {
    if (this.failure && step <= this.step) return;
    this.step = step;
    this.failure = failure;
  }

  /** Whether no candidate came further than this. */
  isAt(step: Step): bool {
    return this.step == step;
  }
}
