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

  /**
   * Instances of one's own, trusted at any time: one authority's certificates, roots and intermediates, and the public
   * keys of logs, all in DER. An empty list stands for those of Sigstore's public instances, Fulcio and Rekor; and with
   * their Rekor goes their authority of time.
   */
  static of(certificates: Array<Text>, keys: Array<Text>): TrustRoots {
    const always = new Window();
    const logs: Array<LogKey> = [];
    for (let i = 0; i < keys.length; i++) logs.push(new LogKey(keys[i], always));
    return new TrustRoots(
      certificates.length > 0 ? [new Authority(certificates, always)] : sigstoreAuthorities(),
      keys.length > 0 ? logs : sigstoreLogs(),
      keys.length > 0 ? [] : sigstoreTimestampAuthorities(),
    );
  }
}
