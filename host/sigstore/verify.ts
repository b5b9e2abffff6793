import { stringify } from "yaml";
import type { RegistryClient } from "../registry/client.js";
import { parseCertificate } from "./certificate.js";
import { parsePublicKey, verifySignature, type VerificationKey } from "./key.js";
import { fetchSignatures, type SignatureLayer } from "./layers.js";
import { carriesAnnotations } from "./payload.js";
import type { TrustRoot } from "./trust.js";

/** The answer to a `v2/verify` that succeeded; one that did not is an error. */
export interface Verified {
  is_trusted: true;
  digest: string;
}

export type Annotations = Record<string, string> | null;

/**
 * Verifies that every one of the keys signed the image, each with all the annotations on the layer
 * that it signed. Log entries count only where there is a trust root to verify them with; then a
 * layer whose entry does not verify is passed over.
 */
export async function verifyPublicKeys(
  client: RegistryClient,
  image: string,
  keys: string[],
  annotations: Annotations,
  root?: TrustRoot,
): Promise<Verified> {
  if (keys.length === 0) throw new Error("Must provide at least one pub key");
  const { digest, layers } = await fetchSignatures(client, image);
  const missing = keys.filter(
    (key) =>
      !layers.some(
        (layer) =>
          isSignedByPem(layer, key, root) && carriesAnnotations(layer.payload, annotations ?? {}),
      ),
  );
  if (missing.length > 0) {
    throw new Error(
      describeMissing(missing.map((key) => ({ kind: "pubKey", owner: null, key, annotations }))),
    );
  }
  return { is_trusted: true, digest };
}

/**
 * Verifies that the certificate's key signed the image, while the certificate was valid where a log
 * entry says when. As for policy-server's host, the annotations may be on another layer.
 */
export async function verifyCertificate(
  client: RegistryClient,
  image: string,
  pem: Buffer,
  chain: Buffer[] | null,
  requireRekorBundle: boolean,
  annotations: Annotations,
  root?: TrustRoot,
): Promise<Verified> {
  const { digest, layers } = await fetchSignatures(client, image);
  const certificate = parseCertificate(pem, chain);
  if (requireRekorBundle && !root) {
    throw new Error(
      "verification failed: a Rekor bundle is required, and this host has no trust root to verify " +
        "one with; give one with --sigstore-trust-config",
    );
  }
  const signed = layers.some((layer) => {
    if (!isSigned(layer, certificate.key)) return false;
    if (!root || layer.bundle === undefined) return !requireRekorBundle;
    const time = entryTime(layer, certificate.key, root, certificate.der);
    return time !== undefined && certificate.isValidAt(time);
  });
  const annotated = layers.some(({ payload }) => carriesAnnotations(payload, annotations ?? {}));
  if (!signed || !annotated) {
    throw new Error("verification failed: Several Signature Layers failed verification");
  }
  return { is_trusted: true, digest };
}

/** Says in the words of policy-server's host which signers are missing. */
export function describeMissing(constraints: object[]): string {
  const described = constraints.map((constraint) => stringify(constraint, { lineWidth: 0 }));
  return (
    "Image verification failed: missing signatures\n" +
    `The following constraints were not satisfied:\n${described.join("")}`
  );
}

function isSignedByPem(layer: SignatureLayer, pem: string, root?: TrustRoot): boolean {
  try {
    const key = parsePublicKey(pem);
    if (!isSigned(layer, key)) return false;
    if (!root || layer.bundle === undefined) return true;
    return entryTime(layer, key, root) !== undefined;
  } catch {
    // For policy-server's host a key that it cannot use is a key that did not sign.
    return false;
  }
}

function isSigned({ signature, bytes }: SignatureLayer, key: VerificationKey): boolean {
  return verifySignature(key, signature, bytes);
}

/** When the layer's signature was logged; undefined if nothing proves that it was. */
function entryTime(
  layer: SignatureLayer,
  { key }: VerificationKey,
  root: TrustRoot,
  certificate?: Buffer,
): Date | undefined {
  try {
    return root.verifyEntry(layer, key, certificate);
  } catch {
    return undefined;
  }
}
