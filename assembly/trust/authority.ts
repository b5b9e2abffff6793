import { Text } from "../sdk";
import { Window } from "../time/window";

/** A certificate authority that certificates of signers may come from. */
export class Authority {
  constructor(
    /** DER of its root or roots, and of intermediates. */
    readonly certificates: Array<Text>,
    /** When what it certified is believed. */
    readonly window: Window,
  ) {}
}
