import { Text } from "../sdk";
import { Window } from "../time/window";
import { Authority } from "./authority";
import { LogKey } from "./log-key";
import { sigstoreAuthorities, sigstoreLogs, sigstoreTimestampAuthorities } from "./sigstore";

/** Who may certify signers, and which logs and authorities of time may tell when they signed. */
export class TrustRoots {
  constructor(
    readonly authorities: Array<Authority>,
    readonly logs: Array<LogKey>,
    /** The certificate of each comes first, that of its root last. */
    readonly timestampAuthorities: Array<Authority> = [],
  ) {}

  get isEmpty(): bool {
    return this.count == 0;
  }

  /** How many logs, authorities and certificates there are. */
  get count(): i32 {
    return this.logs.length + countOf(this.authorities) + countOf(this.timestampAuthorities);
  }

  /** Sigstore's public instances: Fulcio, Rekor and its authority of time. */
  static sigstore(): TrustRoots {
    return new TrustRoots(sigstoreAuthorities(), sigstoreLogs(), sigstoreTimestampAuthorities());
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

  /**
   * Where these say nothing, of authorities or of logs, what others say. Authorities of time go with the logs: who has
   * logs of their own does not rely on the others'.
   */
  or(others: TrustRoots): TrustRoots {
    const times = this.timestampAuthorities;
    const tellTime = this.logs.length > 0 || times.length > 0;
    return new TrustRoots(
      this.authorities.length > 0 ? this.authorities : others.authorities,
      this.logs.length > 0 ? this.logs : others.logs,
      tellTime ? times : others.timestampAuthorities,
    );
  }
}

/** How many authorities and certificates there are. */
function countOf(authorities: Array<Authority>): i32 {
  let count = authorities.length;
  for (let i = 0; i < authorities.length; i++) count += authorities[i].certificates.length;
  return count;
}
