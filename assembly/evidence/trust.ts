import { ClusterKind } from "../cluster/kind";
import { Code, Failure, Result } from "../failure";
import { TrustSettings } from "../settings/trust-roots";
import { Window } from "../time/window";
import { Authority } from "../trust/authority";
import { TimestampAuthority } from "../timestamp/timestamp-authority";
import { TrustedWitnesses } from "../sigstore/witnesses";
import { TrustRoots } from "../trust/roots";
import { parseAll, X509 } from "../x509/certificate";
import { verifyPath } from "../x509/path";
import { Work } from "../work";
import { Inquiry } from "./inquiry";

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
  private issuers: Array<Issuers> | null = null;

  private constructor(
    readonly settings: TrustSettings,
    readonly witnesses: TrustedWitnesses,
    private readonly authorities: Array<Authority>,
  ) {}

  /** What settings say; where they say nothing, what those do that stand behind them, and Sigstore's own at last. */
  static of(settings: TrustSettings, inquiry: Inquiry): Result<Trust> {
    let roots = new TrustRoots([], []);
    for (let level: TrustSettings | null = settings; level; level = level.base) {
      const said = rootsOf(level, inquiry);
      if (said.failure) return Result.failure<Trust>(said.failure!);
      roots = roots.or(said.value!);
    }
    roots = roots.or(TrustRoots.sigstore());
    return Result.ok(new Trust(settings, witnessesOf(roots), roots.authorities));
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

function witnessesOf(roots: TrustRoots): TrustedWitnesses {
  const authorities: Array<TimestampAuthority> = [];
  for (let i = 0; i < roots.timestampAuthorities.length; i++) {
    authorities.push(new TimestampAuthority(roots.timestampAuthorities[i]));
  }
  return new TrustedWitnesses(roots.logs, authorities);
}

/** What one level of settings says, be it in the cluster. */
function rootsOf(settings: TrustSettings, inquiry: Inquiry): Result<TrustRoots> {
  const source = settings.source;
  if (settings.root) return Result.ok(settings.root!);
  if (!source) return Result.ok(TrustRoots.of(settings.authorities, settings.logs));
  const read = inquiry.cluster.objects(ClusterKind.configMap(), source);
  return read.value ? inquiry.roots(read.value!) : Result.failure<TrustRoots>(read.failure!);
}
