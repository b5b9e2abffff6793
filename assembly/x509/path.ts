import { Code, Failure } from "../failure";
import { Builder } from "../sdk";
import { CHECK, readingCost, tooMuchWork, Work } from "../work";
import { X509 } from "./certificate";
import { Purpose, Usage } from "./extensions";

/** Certificates between the holder's and the root: with these two a path has ten. */
const INTERMEDIATES = 8;

/** Signatures of certificates that are verified for one path; real ones need two or three. */
const SIGNATURES = 16;

const NOT_FOR_CODE = "is not for signing code: its extendedKeyUsage has no codeSigning";
const NOT_FOR_TIME = "is not for timestamps: its extendedKeyUsage has no timeStamping";
const NOT_FOR_SIGNING = "is not for signing: its keyUsage has no digitalSignature";

/**
 * Verifies that `leaf` may sign code, or what else the purpose is, and was issued by one of the `roots`, be it through `intermediates`, at a time
 * in seconds since 1970 (RFC 5280 §6.1); gives the most telling reason why not, or null.
 *
 * Every certificate must be valid then, the root too. Roots are trusted as they are: their own signatures are not
 * looked at. A CA's certificate is no holder's, so that no root vouches for itself.
 */
export function verifyPath(
  leaf: X509,
  intermediates: Array<X509>,
  roots: Array<X509>,
  at: i64,
  work: Work,
  purpose: Purpose = Purpose.CodeSigning,
): Failure | null {
  if (intermediates.length > INTERMEDIATES) {
    const detail = "it comes with more than 8 intermediate certificates: a path has 10 at most";
    return Failure.of(Code.TooManyCertificates, detail);
  }
  const failure = verifyHolder(leaf, at, purpose);
  return failure ? failure : new Search(intermediates, roots, at, work, purpose).from(leaf);
}

/**
 * The way from a certificate to a root, shortest paths first. Each intermediate is reached once, on a shortest path
 * to it, where its limit on the CAs below is the most easily met: so no other path to it need be tried, and the
 * work is bounded by the product of the numbers of certificates, and by the limit on signatures.
 */
class Search {
  private failure: Failure | null = null;
  private signatures: i32 = 0;
  /** Whether a CA of the right name was not the one that signed. */
  private isForeign: bool = false;
  private isTooMuch: bool = false;

  constructor(
    private readonly intermediates: Array<X509>,
    private readonly roots: Array<X509>,
    private readonly at: i64,
    private readonly work: Work,
    private readonly purpose: Purpose,
  ) {}

  from(leaf: X509): Failure | null {
    const reached: Array<X509> = [leaf];
    // How many CAs stand between each of them and the leaf, itself included.
    const depths: Array<i32> = [0];
    for (let i = 0; i < reached.length; i++) {
      for (let k = 0; k < this.roots.length; k++) {
        if (this.isIssuer(this.roots[k], reached[i], depths[i], "the root certificate")) {
          return null;
        }
      }
      for (let k = 0; k < this.intermediates.length; k++) {
        const issuer = this.intermediates[k];
        if (reached.includes(issuer)) continue;
        if (this.isIssuer(issuer, reached[i], depths[i], "an intermediate certificate")) {
          reached.push(issuer);
          depths.push(depths[i] + 1);
        }
      }
    }
    if (this.isTooMuch) return tooMuchWork();
    if (this.signatures > SIGNATURES) {
      const detail = "its certificates are too many of the same name: 16 signatures were verified";
      return Failure.of(Code.TooManyCertificates, detail);
    }
    const failure = this.failure;
    if (failure) return failure;
    const detail = new Builder().ascii(
      "the certificate was not issued by a CA that is trusted here",
    );
    if (this.isForeign) detail.ascii(": the one of that name has another key");
    return new Failure(Code.CertificateUntrusted, detail.view());
  }

  /** Whether `issuer` issued `child` and might do so, with so many CAs below it. */
  private isIssuer(issuer: X509, child: X509, below: i32, role: string): bool {
    if (!issuer.subject.same(child.issuer)) return false;
    let failure = keyFailure(issuer, role);
    if (!failure) {
      if (++this.signatures > SIGNATURES) return false;
      const cost = issuer.key.cost * CHECK + readingCost(child.der.length);
      if (!this.work.spend(cost)) {
        this.isTooMuch = true;
        return false;
      }
      if (!child.isSignedBy(issuer.key)) {
        this.isForeign = true;
        return false;
      }
      failure = issuerFailure(issuer, below, role, this.purpose);
    }
    if (!failure) failure = validityFailure(issuer, this.at, role);
    if (!this.failure) this.failure = failure;
    return failure == null;
  }
}

/** Verifies that a certificate is that of somebody who signs code, or what else, valid at this time; gives why not, or null. */
export function verifyHolder(
  leaf: X509,
  at: i64,
  purpose: Purpose = Purpose.CodeSigning,
): Failure | null {
  const role = "the certificate";
  const extensions = leaf.extensions;
  let problem = "";
  if (extensions.isCa) problem = "is that of a CA, not of a signer";
  else if (!extensions.isFor(purpose)) problem = unfit(purpose);
  else if (!extensions.allows(Usage.DigitalSignature)) problem = NOT_FOR_SIGNING;
  if (problem.length > 0) return fail(Code.CertificatePurpose, role, problem);
  const failure = keyFailure(leaf, role);
  return failure ? failure : validityFailure(leaf, at, role);
}

/** Why no certificate can be issued with this one, with so many CAs below it; null if one can. */
function issuerFailure(issuer: X509, below: i32, role: string, purpose: Purpose): Failure | null {
  const extensions = issuer.extensions;
  if (!extensions.isCa) return fail(Code.CertificateNotCa, role, "is not that of a CA");
  if (!extensions.allows(Usage.KeyCertSign)) {
    return fail(Code.CertificateNotCa, role, "may not issue any: its keyUsage has no keyCertSign");
  }
  if (!extensions.mayIssueFor(purpose)) {
    return fail(Code.CertificatePurpose, role, unfit(purpose));
  }
  if (extensions.pathLength >= 0 && below > extensions.pathLength) {
    return fail(Code.CertificatePathLength, role, "does not allow that many CAs below it");
  }
  return null;
}

function unfit(purpose: Purpose): string {
  return purpose == Purpose.CodeSigning ? NOT_FOR_CODE : NOT_FOR_TIME;
}

/** Why nothing can be verified with the key of a certificate; null if it can. */
export function keyFailure(certificate: X509, role: string): Failure | null {
  const key = certificate.key;
  return key.isUsable() ? null : fail(Code.CertificateKey, role, key.problem);
}

/** `the certificate was valid until …, 55 minutes before …` */
export function validityFailure(certificate: X509, at: i64, role: string): Failure | null {
  const validity = certificate.validity;
  if (validity.holds(at)) return null;
  const detail = new Builder().ascii(role).byte(0x20);
  validity.writeMiss(detail, at);
  const code = validity.from > at ? Code.CertificateNotYetValid : Code.CertificateExpired;
  return new Failure(code, detail.view());
}

function fail(code: Code, role: string, problem: string): Failure {
  return new Failure(code, new Builder().ascii(role).byte(0x20).ascii(problem).view());
}
