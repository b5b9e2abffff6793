import { Code, Failure } from "../failure";
import { Builder, Text } from "../sdk";
import { X509 } from "../x509/certificate";
import { DistinguishedName } from "../x509/distinguished-name";

/** Whom a rule trusts to sign (Notary Project, trust-store-trust-policy.md), at the level `strict`. */
export class TrustPolicy {
  constructor(
    /** DER of certificates: of CAs, or of signers who certified themselves. */
    readonly trustStore: Array<Text>,
    /** Attributes that a signer's name must have, those of one of these; empty for anybody with such a certificate. */
    readonly identities: Array<DistinguishedName>,
    /** Whether certificates are taken that say where to ask if they have been revoked: nobody asks there. */
    readonly skipsRevocation: bool,
  ) {}

  /** What it costs to compare a signer with all of it, in units of work. */
  get cost(): i32 {
    return 1 + ((this.trustStore.length + this.identities.length) >> 2);
  }

  /** Why the signer of this name is not trusted; null if it is, provided that the chain is in order. */
  failure(chain: Array<X509>, signer: DistinguishedName): Failure | null {
    if (!this.holdsOneOf(chain)) {
      const detail = "the certificate was not issued by a CA that is trusted here";
      return Failure.of(Code.CertificateUntrusted, detail);
    }
    if (this.identities.length > 0 && !this.names(signer)) return otherSigner(signer);
    if (this.skipsRevocation) return null;
    for (let i = 0; i < chain.length - 1; i++) {
      if (!chain[i].extensions.isRevocable) continue;
      const detail =
        "a certificate says where to ask if it has been revoked, and this policy cannot ask there";
      return Failure.of(Code.CertificateRevocable, detail);
    }
    return null;
  }

  private holdsOneOf(chain: Array<X509>): bool {
    for (let i = 0; i < chain.length; i++) {
      for (let k = 0; k < this.trustStore.length; k++) {
        if (chain[i].der.same(this.trustStore[k])) return true;
      }
    }
    return false;
  }

  private names(subject: DistinguishedName): bool {
    if (subject.problem.length > 0) return false;
    for (let i = 0; i < this.identities.length; i++) {
      if (this.identities[i].isIn(subject)) return true;
    }
    return false;
  }
}

/** Who the certificate says to have signed, which is not verified where nobody trusts it. */
function otherSigner(signer: DistinguishedName): Failure {
  const name = new Builder();
  if (signer.problem.length > 0) name.ascii("somebody whose name cannot be read");
  else signer.write(name);
  const detail = new Builder().ascii("its signature says that it is by ").plain(name.view(), 128);
  detail.ascii(", who is not among the trusted identities");
  return new Failure(Code.EnvelopeSigner, detail.view());
}
