import { X509Certificate } from "node:crypto";
import { rootCertificates } from "node:tls";
import { isIssuedBy } from "../sigstore/certificate.js";
import { decodePem } from "../sigstore/key.js";

export interface EncodedCertificate {
  encoding: "Pem" | "Der";
  data: number[];
}

export interface CertificateRequest {
  cert: EncodedCertificate;
  /** From the issuer up; the last one is the root. Without it, the roots that browsers trust. */
  cert_chain: EncodedCertificate[] | null;
  /** RFC 3339: the time to verify for, by default now. */
  not_after: string | null;
}

export interface CertificateAnswer {
  trusted: boolean;
  reason: string;
}

const EXPIRED = "Certificate is being used after its expiration date";
const TOO_EARLY = "Certificate is being used before its validity date";
const UNKNOWN_ISSUER = "Certificate is not trusted by the provided cert chain";

const MAX_DEPTH = 6;
const RFC3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;

/**
 * Verifies a certificate for any purpose, up to a root. As for policy-server's host, everything below
 * the root must be valid at the time, and the root is trusted whatever its own dates say.
 */
export function isCertificateTrusted(request: CertificateRequest): CertificateAnswer {
  const leaf = decode(request.cert);
  const chain = request.cert_chain?.map(decode);
  const at = time(request.not_after);
  const roots = chain ? chain.slice(-1) : rootCertificates.map((pem) => new X509Certificate(pem));
  const intermediates = chain?.slice(0, -1) ?? [];
  if (leaf.ca) return { trusted: false, reason: "Certificate not trusted: CaUsedAsEndEntity" };
  const reason = findPath(leaf, roots, intermediates, at, MAX_DEPTH);
  return { trusted: reason === undefined, reason: reason ?? "" };
}

/** Looks for a way up to a root; returns why there is none. */
function findPath(
  certificate: X509Certificate,
  roots: X509Certificate[],
  intermediates: X509Certificate[],
  at: number,
  depth: number,
): string | undefined {
  if (at > Date.parse(certificate.validTo)) return EXPIRED;
  if (at < Date.parse(certificate.validFrom)) return TOO_EARLY;
  if (roots.some((root) => isIssuedBy(certificate, root))) return undefined;
  let reason = UNKNOWN_ISSUER;
  for (const issuer of depth > 0 ? intermediates : []) {
    if (!issuer.ca || !isIssuedBy(certificate, issuer)) continue;
    const rest = intermediates.filter((other) => other !== issuer);
    const above = findPath(issuer, roots, rest, at, depth - 1);
    if (above === undefined) return undefined;
    reason = above;
  }
  return reason;
}

function decode({ encoding, data }: EncodedCertificate): X509Certificate {
  const bytes = Buffer.from(data);
  try {
    return new X509Certificate(encoding === "Pem" ? decodePem(bytes.toString("utf8")) : bytes);
  } catch (error) {
    throw new Error(
      `Certificate ${encoding.toUpperCase()} data is not valid: ${(error as Error).message}`,
    );
  }
}

function time(notAfter: string | null): number {
  if (notAfter === null) return Date.now();
  const at = RFC3339.test(notAfter) ? Date.parse(notAfter) : NaN;
  if (Number.isNaN(at)) throw new Error("Timestamp not_after is not in RFC3339 format");
  return at;
}
