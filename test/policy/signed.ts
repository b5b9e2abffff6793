import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  sign,
  type KeyObject,
} from "node:crypto";
import type { JsonObject } from "../../host/document.js";
import { trusted, type Oracle } from "./guest.js";

const SIMPLE_SIGNING = "application/vnd.dev.cosign.simplesigning.v1+json";

/** A key pair: its private half, and its public one as settings have it. */
export interface Signer {
  secret: KeyObject;
  pem: string;
}

export function signerOf(secret: KeyObject): Signer {
  const pem = createPublicKey(secret).export({ type: "spki", format: "pem" }) as string;
  return { secret, pem };
}

export const newSigner = (namedCurve = "P-256") =>
  signerOf(generateKeyPairSync("ec", { namedCurve }).privateKey);

/** What cosign signs for an image. */
export function payloadFor(name: string, digest: string, annotations?: JsonObject): string {
  return JSON.stringify({
    critical: {
      identity: { "docker-reference": name },
      image: { "docker-manifest-digest": digest },
      type: "cosign container image signature",
    },
    optional: annotations ?? null,
  });
}

const sha256 = (data: string | Buffer) => createHash("sha256").update(data).digest("hex");

/** A layer of a `.sig` manifest: the payload's digest, and all else in annotations. */
export function layer(payload: string, { secret }: Signer, more: JsonObject = {}): JsonObject {
  const signature = sign("sha256", Buffer.from(payload), secret).toString("base64");
  return {
    mediaType: SIMPLE_SIGNING,
    digest: `sha256:${sha256(payload)}`,
    size: payload.length,
    annotations: { "dev.cosignproject.cosign/signature": signature, ...more },
  };
}

export const PEM = (der: Buffer) =>
  `-----BEGIN CERTIFICATE-----\n${der.toString("base64")}\n-----END CERTIFICATE-----\n`;

export interface Entry {
  digest: string;
  signature: string;
  /** The signer's key or certificate, in PEM. */
  key: string;
  /** In seconds since 1970. */
  time?: number;
  kind?: string;
}

/** The annotation that says that a log has had a signature since some time. */
export function bundle(
  log: Signer,
  { digest, signature, key, time = 1_780_000_000, kind = "hashedrekord" }: Entry,
): JsonObject {
  const body = JSON.stringify({
    apiVersion: "0.0.1",
    kind,
    spec: {
      data: { hash: { algorithm: "sha256", value: digest.replace("sha256:", "") } },
      signature: {
        content: signature,
        publicKey: { content: Buffer.from(key).toString("base64") },
      },
    },
  });
  // In the order of RFC 8785, as it is signed.
  const Payload = {
    body: Buffer.from(body).toString("base64"),
    integratedTime: time,
    logID: logId(log.pem),
    logIndex: 7,
  };
  const set = sign("sha256", Buffer.from(JSON.stringify(Payload)), log.secret).toString("base64");
  return { "dev.sigstore.cosign/bundle": JSON.stringify({ SignedEntryTimestamp: set, Payload }) };
}

/** What a log is known by: the SHA-256 of its key. */
export function logId(pem: string): string {
  return sha256(createPublicKey(pem).export({ type: "spki", format: "der" }));
}

export const manifestOf = (layers: JsonObject[]) => JSON.stringify({ schemaVersion: 2, layers });

/** A host whose registry has one image, and these signatures of it. */
export function registry(digest: string, manifest: string | Uint8Array, verified = digest): Oracle {
  return (_, { operation }) => {
    if (operation === "v1/manifest_digest") return JSON.stringify({ digest });
    return operation === "v1/oci_manifest" ? manifest : trusted(verified);
  };
}
