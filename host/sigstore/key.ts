import { createPublicKey, verify, type KeyObject } from "node:crypto";

/** A public key together with the one scheme that it is used with. */
export interface VerificationKey {
  key: KeyObject;
  /** undefined where the scheme hashes by itself. */
  hash: string | undefined;
}

const CURVE_HASH: Record<string, string> = {
  prime256v1: "sha256",
  secp384r1: "sha384",
  secp521r1: "sha512",
};

/** Parses a PEM public key; what its label says does not count, only what it holds. */
export function parsePublicKey(pem: string): VerificationKey {
  return keyFromSpki(decodePem(pem));
}

/** Takes a key from the DER of its SubjectPublicKeyInfo. */
export function keyFromSpki(der: Buffer): VerificationKey {
  const key = createPublicKey({ key: der, format: "der", type: "spki" });
  // One key, one encoding: nothing may follow the structure.
  if (!key.export({ format: "der", type: "spki" }).equals(der))
    throw new Error("not a canonical key");
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type === "ed25519") return { key, hash: undefined };
  const bits = details?.modulusLength ?? 0;
  if (type === "rsa" && bits >= 2048 && bits <= 8192) return { key, hash: "sha256" };
  const hash = CURVE_HASH[details?.namedCurve ?? ""];
  if (type === "ec" && hash) return { key, hash };
  throw new Error(`unsupported key: ${type}`);
}

/**
 * Does `signature`, in base64, sign `message`? ECDSA signatures are strict DER (OpenSSL compares
 * them with their own encoding), RSA is PKCS #1 v1.5, and the base64 is the canonical one.
 */
export function verifySignature(
  { key, hash }: VerificationKey,
  signature: string,
  message: Uint8Array,
): boolean {
  const bytes = Buffer.from(signature, "base64");
  return bytes.toString("base64") === signature && verify(hash, message, key, bytes);
}

/** The bytes in the first PEM block of a text. */
export function decodePem(text: string): Buffer<ArrayBuffer> {
  const match = /-----BEGIN ([^-]+)-----([A-Za-z0-9+/=\s]+)-----END \1-----/.exec(text);
  if (!match) throw new Error("malformed framing: not a PEM");
  const body = match[2]!.replace(/\s/g, "");
  const bytes = Buffer.from(body, "base64");
  if (bytes.toString("base64") !== body) throw new Error("malformed base64 in a PEM");
  return bytes;
}
