import { createHash, createPublicKey, X509Certificate } from "node:crypto";
import { certificateIdentity } from "../sigstore/identity.js";
import type { JsonObject } from "../document.js";

const CURVES: Record<string, string> = {
  prime256v1: "P-256",
  secp384r1: "P-384",
  secp521r1: "P-521",
};

/** What a PEM block is, in words and figures for people; nothing of it is verified. */
export function describePem(label: string, base64: string): string | JsonObject {
  const der = Buffer.from(base64, "base64");
  try {
    if (label === "PUBLIC KEY") return `${keyKind(der)} public key ${fingerprint(der)}`;
    if (label === "CERTIFICATE") return describeCertificate(der);
  } catch {
    // It is shown for what it claims to be.
  }
  return `${label} of ${der.length} bytes that cannot be read`;
}

/** The same of base64 without the lines around it, as bundles, envelopes and Notary's metadata have it; nothing if it is neither. */
export function describeDer(base64: string): string | JsonObject | undefined {
  const der = Buffer.from(base64, "base64");
  try {
    return describeCertificate(der);
  } catch {
    // It may be a key.
  }
  try {
    return `${keyKind(der)} public key ${fingerprint(der)}`;
  } catch {
    return undefined;
  }
}

/** The name that the policy's messages give a key or certificate which has none: see `crypto/fingerprint.ts`. */
export function fingerprint(der: Uint8Array): string {
  return `SHA256:${createHash("sha256").update(der).digest("hex").slice(0, 16)}`;
}

function describeCertificate(der: Buffer): JsonObject {
  const certificate = new X509Certificate(der);
  const time = (text: string) => new Date(text).toISOString().replace(".000Z", "Z");
  return {
    certificate: fingerprint(der),
    ...identityIn(der),
    ...(certificate.subject && { subject: oneLine(certificate.subject) }),
    issuer: oneLine(certificate.issuer),
    valid: `${time(certificate.validFrom)} to ${time(certificate.validTo)}`,
    key: keyKind(certificate.publicKey.export({ format: "der", type: "spki" })),
  };
}

/** Whom it is for, if it is one of Fulcio's. */
function identityIn(der: Buffer): JsonObject {
  try {
    const { subject, issuer } = certificateIdentity(der);
    return issuer === undefined ? {} : { identity: subject, "vouched for by": issuer };
  } catch {
    return {};
  }
}

function keyKind(der: Buffer): string {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = createPublicKey({
    key: der,
    format: "der",
    type: "spki",
  });
  if (type === "rsa") return `RSA ${details?.modulusLength ?? ""}`;
  const curve = details?.namedCurve;
  return curve === undefined ? String(type) : `ECDSA ${CURVES[curve] ?? curve}`;
}

// Node puts each attribute of a name on a line of its own.
function oneLine(name: string): string {
  return name.split("\n").join(", ");
}
