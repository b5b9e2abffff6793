import { X509Certificate } from "node:crypto";
import { AsnConvert } from "@peculiar/asn1-schema";
import {
  Certificate,
  ExtendedKeyUsage,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_subjectAltName,
  id_kp_codeSigning,
  KeyUsage,
  KeyUsageFlags,
} from "@peculiar/asn1-x509";
import { decodePem, keyFromSpki, type VerificationKey } from "./key.js";

/** A certificate that may sign code. */
export interface SigningCertificate {
  der: Buffer;
  key: VerificationKey;
  isValidAt: (time: Date) => boolean;
}

/**
 * Takes the key from a certificate that may sign code.
 *
 * By the rules of policy-server's host. A certificate without a chain is trusted for ever: only that
 * it is already valid is looked at, for it is the signature that must have been made while it was,
 * and what proves that is its log entry. With a chain it must be valid now, and issued by one of the chain's certificates,
 * each of which is trusted as a root.
 */
export function parseCertificate(pem: Buffer, chain: Buffer[] | null): SigningCertificate {
  const der = decodePem(pem.toString("utf8"));
  const certificate = new X509Certificate(der);
  verifyPurpose(der);
  if (Date.parse(certificate.validFrom) > Date.now()) {
    throw new Error(
      `Certificate validity check failed: cannot be used before ${certificate.validFrom}`,
    );
  }
  if (chain) verifyIssuer(certificate, chain);
  const key = keyFromSpki(certificate.publicKey.export({ format: "der", type: "spki" }));
  const [from, to] = [new Date(certificate.validFrom), new Date(certificate.validTo)];
  return { der, key, isValidAt: (time) => from <= time && time <= to };
}

/** Checks that a certificate may sign code, and says whose it is. */
export function verifyPurpose(der: Buffer): void {
  // Node does not tell a certificate's key usage, so its extensions are decoded here.
  const { extensions = [] } = AsnConvert.parse(der, Certificate).tbsCertificate;
  const value = (id: string) => extensions.find(({ extnID }) => extnID === id)?.extnValue;
  const usage = value(id_ce_keyUsage);
  if (!usage || !(AsnConvert.parse(usage, KeyUsage).toNumber() & KeyUsageFlags.digitalSignature)) {
    throw new Error("Bundled certificate does not have digital signature key usage");
  }
  const purposes = value(id_ce_extKeyUsage);
  if (!purposes || !AsnConvert.parse(purposes, ExtendedKeyUsage).includes(id_kp_codeSigning)) {
    throw new Error("Bundled certificate does not have code signing extended key usage");
  }
  if (!value(id_ce_subjectAltName)) {
    throw new Error("Certificate without Subject Alternative Name");
  }
}

function verifyIssuer(leaf: X509Certificate, chain: Buffer[]): void {
  if (Date.parse(leaf.validTo) < Date.now()) {
    throw new Error(`Certificate validity check failed: expired at ${leaf.validTo}`);
  }
  if (leaf.ca) throw new Error("Certificate pool error: a CA's certificate is not a signer's");
  const anchors = chain.map((pem) => new X509Certificate(decodePem(pem.toString("utf8"))));
  if (!anchors.some((anchor) => isIssuedBy(leaf, anchor))) {
    throw new Error("Certificate pool error: UnknownIssuer");
  }
}

/** Does the issuer's name fit, and did its key sign the certificate? */
export function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}
