import { stringify } from "yaml";
import type { RegistryClient } from "../registry/client.js";
import { parseCertificate } from "./certificate.js";
import { parsePublicKey, verifySignature, type VerificationKey } from "./key.js";
import { fetchSignatures, type SignatureLayer } from "./layers.js";
import { carriesAnnotations } from "./payload.js";

/** The answer to a `v2/verify` that succeeded; one that did not is an error. */
export interface Verified {
  is_trusted: true;
  digest: string;
}

export type Annotations = Record<string, string> | null;

/**
 * Verifies that every one of the keys signed the image, each with all the annotations on the layer
 * that it signed. Without a trust root, as here, the real host does not look at Rekor entries.
 */
export async function verifyPublicKeys(
  client: RegistryClient,
  image: string,
  keys: string[],
  annotations: Annotations,
): Promise<Verified> {
  if (keys.length === 0) throw new Error("Must provide at least one pub key");
  const { digest, layers } = await fetchSignatures(client, image);
  const missing = keys.filter(
    (key) =>
      !layers.some(
        (layer) =>
          isSignedByPem(layer, key) && carriesAnnotations(layer.payload, annotations ?? {}),
      ),
  );
  if (missing.length > 0) throw new Error(describeMissing(missing, annotations));
  return { is_trusted: true, digest };
}

/**
 * Verifies that the certificate's key signed the image. The annotations may be on another layer,
 * as for the real host.
 */
export async function verifyCertificate(
  client: RegistryClient,
  image: string,
  certificate: Buffer,
  chain: Buffer[] | null,
  requireRekorBundle: boolean,
  annotations: Annotations,
): Promise<Verified> {
  const { digest, layers } = await fetchSignatures(client, image);
  const key = parseCertificate(certificate, chain);
  if (requireRekorBundle) {
    throw new Error(
      "verification failed: a Rekor bundle is required, and this host has no trust root to verify one with",
    );
  }
  const signed = layers.some((layer) => isSigned(layer, key));
  const annotated = layers.some(({ payload }) => carriesAnnotations(payload, annotations ?? {}));
  if (!signed || !annotated) {
    throw new Error("verification failed: Several Signature Layers failed verification");
  }
  return { is_trusted: true, digest };
}

function isSignedByPem(layer: SignatureLayer, pem: string): boolean {
  try {
    return isSigned(layer, parsePublicKey(pem));
  } catch {
    // To the real host a key that it cannot use is a key that did not sign.
    return false;
  }
}

function isSigned({ signature, bytes }: SignatureLayer, key: VerificationKey): boolean {
  return verifySignature(key, signature, bytes);
}

function describeMissing(keys: string[], annotations: Annotations): string {
  const constraints = keys.map((key) =>
    stringify({ kind: "pubKey", owner: null, key, annotations }, { lineWidth: 0 }),
  );
  return (
    "Image verification failed: missing signatures\n" +
    `The following constraints were not satisfied:\n${constraints.join("")}`
  );
}
