import { createHash, X509Certificate } from "node:crypto";
import type { JsonObject } from "../../host/document.js";
import { contentBytes, type Fixture } from "../../host/registry/fixture.js";
import { decodePem } from "../../host/sigstore/key.js";

export interface TrustedRootOptions {
  /** Name the log as one of certificates too. */
  ctlogs?: boolean;
  logEnd?: string;
  caStart?: string;
  /** How many of the CA's certificates, from the root on. */
  chain?: number;
}

/** Makes the trusted root of the private CA and log in a fixture's files, for which there is no log of certificates. */
export function trustedRoot(
  { files }: Fixture,
  { ctlogs = false, logEnd, caStart = "2024-01-01T00:00:00Z", chain = 9 }: TrustedRootOptions = {},
): JsonObject {
  const key = decodePem(contentBytes(files["keys/rekor.pub"]!).toString());
  const pems = contentBytes(files["keys/fulcio-chain.pem"]!)
    .toString()
    .match(/-----BEGIN[^]+?END.*/g);
  const certificates = pems!
    .slice(-chain)
    .map((pem) => ({ rawBytes: new X509Certificate(pem).raw.toString("base64") }));
  const log = {
    baseUrl: "https://rekor.demo.example",
    hashAlgorithm: "SHA2_256",
    publicKey: {
      rawBytes: key.toString("base64"),
      keyDetails: "PKIX_ECDSA_P256_SHA_256",
      validFor: { start: "2024-01-01T00:00:00Z", ...(logEnd && { end: logEnd }) },
    },
    logId: { keyId: createHash("sha256").update(key).digest("base64") },
  };
  return {
    mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
    tlogs: [log],
    certificateAuthorities: [
      {
        subject: { organization: "demo", commonName: "demo" },
        uri: "https://fulcio.demo.example",
        certChain: { certificates },
        validFor: { start: caStart },
      },
    ],
    ctlogs: ctlogs ? [log] : [],
    timestampAuthorities: [],
  };
}
