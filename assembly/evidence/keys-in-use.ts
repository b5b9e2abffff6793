import { Code, Failure } from "../failure";
import { Builder, Text } from "../sdk";
import { PublicKey, PublicKeys } from "../settings/signers";
import { NO_INSTANT } from "../time/instant";
import { Inquiry } from "./inquiry";
import { nameOfKey } from "./signer-names";

/** The keys of a rule that can vouch for an image now, and how many of them must. */
export class KeysInUse {
  readonly keys: Array<PublicKey> = [];
  readonly needed: i32;
  /** Which are left out, and by how much each misses its time; empty if none is. */
  left: Text = new Text(0, 0);
  /** Why too few are left; null if there are enough. */
  refusal: Failure | null = null;

  /**
   * A key out of its time is left out, so that one which has expired beside a new one is no outage. Where a log proves
   * when each signed, that time decides instead: if the rule says how many keys it needs, or none is left otherwise.
   */
  constructor(signers: PublicKeys, inquiry: Inquiry) {
    const all = signers.keys;
    const now = signers.haveWindows ? inquiry.now() : NO_INSTANT;
    const provenLater =
      signers.log != null && (signers.threshold > 0 || !hasOpenOne(signers.keys, now));
    const out = new Builder();
    let outside = 0;
    for (let i = 0; i < all.length; i++) {
      if (provenLater || all[i].window.holds(now)) this.keys.push(all[i]);
      else {
        out
          .ascii(outside++ > 0 ? "; " : "")
          .text(nameOfKey(all[i]))
          .byte(0x20);
        all[i].window.writeMiss(out, now);
      }
    }
    this.needed = signers.threshold > 0 ? signers.threshold : this.keys.length;
    // Without a clock there is no telling which keys are left to be asked for.
    const isTimeless = signers.haveWindows && now == NO_INSTANT;
    this.left = out.view();
    if (isTimeless || this.keys.length == 0 || this.keys.length < this.needed) {
      this.refusal = new Failure(Code.KeyOutsideWindow, this.left);
    }
  }
}

function hasOpenOne(keys: Array<PublicKey>, now: i64): bool {
  for (let i = 0; i < keys.length; i++) if (keys[i].window.holds(now)) return true;
  return false;
}
