import { Code, Failure } from "../failure";
import { CHAIN_CERTIFICATES } from "../limits";
import { Builder } from "../sdk";
import { CHECK, readingCost, tooMuchWork, Work } from "../work";
import { X509 } from "../x509/certificate";
import { Usage } from "../x509/extensions";
import { keyFailure } from "../x509/path";

const LEAF = "the certificate";
const CA = "a CA's certificate";

/**
 * Why a list of certificates does not lead from a signer to a root as the Notary Project has it (signature
 * specification, Certificate Requirements): each is issued by the next, the last by itself, and none is for something
 * else. A signer may also have certified itself. Null if it does; whether the root, or any, is trusted is another matter.
 */
export function verifyChain(chain: Array<X509>, work: Work): Failure | null {
  const last = chain.length - 1;
  for (let i = 0; i <= last; i++) {
    const certificate = chain[i];
    const issuer = chain[min(i + 1, last)];
    let failure = i == 0 ? leafFailure(certificate) : authorityFailure(certificate, i - 1);
    if (!failure && !issuer.subject.same(certificate.issuer)) failure = brokenChain();
    if (!failure) failure = keyFailure(issuer, last == 0 ? LEAF : CA);
    if (failure) return failure;
    const cost = issuer.key.cost * CHECK + readingCost(certificate.der.length);
    if (!work.spend(cost)) return tooMuchWork();
    if (!certificate.isSignedBy(issuer.key)) return brokenChain();
    // Behind a root is nothing that it needs.
    if (i < last && certificate.isSelfIssued) return brokenChain();
  }
  return null;
}

/** Why there are too few or too many certificates; null if there are not. */
export function countFailure(count: i32): Failure | null {
  if (count == 0) return brokenChain();
  if (count <= CHAIN_CERTIFICATES + 1) return null;
  const detail = "its signature comes with more than 9 certificates";
  return Failure.of(Code.TooManyCertificates, detail);
}

function leafFailure(leaf: X509): Failure | null {
  const extensions = leaf.extensions;
  let problem = "";
  if (extensions.isCa) problem = "is that of a CA, not of a signer";
  else if (!extensions.isForSigningOnly) {
    problem = "is not for signing alone: its keyUsage must be critical, and digitalSignature";
  } else if (extensions.isForOtherPurposes) {
    problem = "is for something else than signing code, by its extendedKeyUsage";
  }
  return problem.length > 0 ? fail(Code.CertificatePurpose, LEAF, problem) : null;
}

/** @param below how many CAs stand between it and the signer */
function authorityFailure(authority: X509, below: i32): Failure | null {
  const extensions = authority.extensions;
  if (!extensions.saysCa) {
    return fail(Code.CertificateNotCa, CA, "is not that of a CA, by critical basicConstraints");
  }
  if (!extensions.saysUsage || !extensions.allows(Usage.KeyCertSign)) {
    const problem = "may not issue any: its keyUsage must be critical, and keyCertSign";
    return fail(Code.CertificateNotCa, CA, problem);
  }
  if (extensions.pathLength < 0 || below <= extensions.pathLength) return null;
  return fail(Code.CertificatePathLength, CA, "does not allow that many CAs below it");
}

function brokenChain(): Failure {
  const detail =
    "its signature does not come with the certificates from the signer's to a root, in this order";
  return Failure.of(Code.EnvelopeChain, detail);
}

function fail(code: Code, role: string, problem: string): Failure {
  return new Failure(code, new Builder().ascii(role).byte(0x20).ascii(problem).view());
}
