import { Text } from "../sdk";
import { Window } from "../time/window";
import { Authority } from "./authority";
import { LogKey } from "./log-key";
import { sigstoreAuthorities, sigstoreLogs } from "./sigstore";

/** Who may certify signers, and which logs may tell when they signed. */
export class TrustRoots {
  constructor(
    readonly authorities: Array<Authority>,
    readonly logs: Array<LogKey>,
  ) {}

  get isEmpty(): bool {
    return this.authorities.length == 0 && this.logs.length == 0;
  }

  /** How many logs, authorities and certificates there are. */
  get count(): i32 {
    let count = this.logs.length + this.authorities.length;
    for (let i = 0; i < this.authorities.length; i++) {
      count += this.authorities[i].certificates.length;
    }
    return count;
  }

  /** Sigstore's public instances: Fulcio and Rekor. */
  static sigstore(): TrustRoots {
    return new TrustRoots(sigstoreAuthorities(), sigstoreLogs());
  }

  /**
   * Instances of one's own, trusted at any time: one authority's certificates, roots and intermediates, and the public
   * keys of logs, all in DER.
   */
  static of(certificates: Array<Text>, keys: Array<Text>): TrustRoots {
    const always = new Window();
    const logs: Array<LogKey> = [];
    for (let i = 0; i < keys.length; i++) logs.push(new LogKey(keys[i], always));
    return new TrustRoots(
      certificates.length > 0 ? [new Authority(certificates, always)] : [],
      logs,
    );
  }

  /** Where these say nothing, of authorities or of logs, what others say. */
  or(others: TrustRoots): TrustRoots {
    return new TrustRoots(
      this.authorities.length > 0 ? this.authorities : others.authorities,
      this.logs.length > 0 ? this.logs : others.logs,
    );
  }
}
