import { Code, Failure } from "../failure";
import { TrustSettings } from "../settings/trust-roots";
import { Window } from "../time/window";
import { Authority } from "../trust/authority";
import { LogKey } from "../trust/log-key";
import { TrustRoots } from "../trust/roots";
import { parseAll, X509 } from "../x509/certificate";
import { verifyPath } from "../x509/path";
import { Work } from "../work";

/** The certificates of an authority, read. */
class Issuers {
  readonly roots: Array<X509> = [];
  readonly intermediates: Array<X509> = [];
  readonly window: Window;
  failure: Failure | null = null;

  constructor(authority: Authority) {
    this.window = authority.window;
    const parsed = parseAll(authority.certificates);
    this.failure = parsed.failure;
    const read = parsed.value;
    const all = read ? read : [];
    for (let i = 0; i < all.length; i++) {
      if (all[i].isSelfIssued) this.roots.push(all[i]);
      else this.intermediates.push(all[i]);
    }
  }

  verify(holder: X509, chain: Array<X509>, at: i64, work: Work): Failure | null {
    if (this.failure) return this.failure;
    return verifyPath(holder, chain.concat(this.intermediates), this.roots, at, work);
  }
}

/** Whom the images of a rule may rely on for who signed, and when. */
export class Trust {
  readonly logs: Array<LogKey>;
  private readonly authorities: Array<Authority>;
  private issuers: Array<Issuers> | null = null;

  constructor(readonly settings: TrustSettings) {
    const roots = TrustRoots.of(settings.authorities, settings.logs);
    this.logs = roots.logs;
    this.authorities = roots.authorities;
  }

  /**
   * Why no authority that was trusted at the time, in seconds since 1970, has certified this holder; null if one has.
   *
   * @param chain certificates that may be between the two, as they came with the signature
   */
  verify(holder: X509, chain: Array<X509>, at: i64, work: Work): Failure | null {
    const issuers = this.parsedIssuers();
    let failure: Failure | null = null;
    for (let i = 0; i < issuers.length; i++) {
      if (!issuers[i].window.holds(at)) continue;
      failure = issuers[i].verify(holder, chain, at, work);
      if (!failure || failure.code == Code.TooManyChecks) return failure;
    }
    return failure
      ? failure
      : Failure.of(
          Code.CertificateUntrusted,
          "no authority was trusted at the time that its log entry proves",
        );
  }

  private parsedIssuers(): Array<Issuers> {
    let issuers = this.issuers;
    if (issuers) return issuers;
    issuers = [];
    for (let i = 0; i < this.authorities.length; i++) {
      issuers.push(new Issuers(this.authorities[i]));
    }
    this.issuers = issuers;
    return issuers;
  }
}
