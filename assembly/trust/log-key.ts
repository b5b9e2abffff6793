import { sha256 } from "../crypto/sha256";
import { Text } from "../sdk";
import { Window } from "../time/window";

/** A key that a transparency log signs its entries with. */
export class LogKey {
  /** What entries call the log (RFC 6962 §3.2): the SHA-256 of the key's DER, 32 bytes. */
  readonly id: Text;

  constructor(
    /** DER of the SubjectPublicKeyInfo. */
    readonly spki: Text,
    /** When the log signed with it. */
    readonly window: Window,
  ) {
    this.id = sha256(spki);
  }
}
