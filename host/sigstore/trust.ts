import type { KeyObject } from "node:crypto";
import { bundleFromJSON, type SerializedBundle } from "@sigstore/bundle";
import { TrustedRoot } from "@sigstore/protobuf-specs";
import { toSignedEntity, toTrustMaterial, Verifier } from "@sigstore/verify";
import { isObject, readDocument, UserError, type Json, type JsonObject } from "../document.js";
import { logEntry, type LogEntry } from "./entry.js";
import type { SignatureLayer } from "./layers.js";

/** A Sigstore instance whose certificates and log entries are believed. */
export class TrustRoot {
  constructor(private readonly root: TrustedRoot) {}

  /**
   * Verifies a layer that was signed with a certificate of this instance's CA: the certificate's
   * chain at the time of the log entry, the entry, that it is about this very signature and
   * certificate, and the signature.
   */
  verifyCertificate(layer: SignatureLayer, certificate: Buffer): void {
    const entry = logEntry(layer);
    if (!entry.names(certificate)) throw new Error("the log entry is about another certificate");
    const rawBytes = certificate.toString("base64");
    const x509CertificateChain = { certificates: [{ rawBytes }] };
    this.verify(layer, entry, { x509CertificateChain });
  }

  /** Verifies a layer's log entry, and that it is about the layer's signature by `key`; returns when. */
  verifyEntry(layer: SignatureLayer, key: KeyObject, certificate?: Buffer): Date {
    const entry = logEntry(layer);
    const spki = key.export({ format: "der", type: "spki" });
    if (!entry.names(spki) && !(certificate && entry.names(certificate))) {
      throw new Error("the log entry is about another key");
    }
    this.verify(layer, entry, { publicKey: { hint: "" } }, key);
    return entry.time;
  }

  private verify(
    layer: SignatureLayer,
    entry: LogEntry,
    signer: JsonObject,
    publicKey?: KeyObject,
  ): void {
    const bundle = bundleFromJSON({
      mediaType: "application/vnd.dev.sigstore.bundle+json;version=0.1",
      verificationMaterial: { ...signer, tlogEntries: [entry.serialized] },
      messageSignature: {
        messageDigest: { algorithm: "SHA2_256", digest: entry.digest },
        signature: layer.signature,
      },
    } as unknown as SerializedBundle);
    const material = toTrustMaterial(this.root, () => {
      if (!publicKey) throw new Error("no key");
      return { publicKey, validFor: () => true };
    });
    // An instance without a certificate log has no proofs that one could ask for.
    const ctlogThreshold = Math.min(this.root.ctlogs.length, 1);
    new Verifier(material, { ctlogThreshold }).verify(toSignedEntity(bundle, layer.bytes));
  }
}

/** Reads a trust root: Sigstore's ClientTrustConfig, as kwctl takes it, or the trusted root within. */
export function readTrustRoot(path: string): TrustRoot {
  return parseTrustRoot(readDocument(path, "Sigstore trust configuration"));
}

/** Decodes a ClientTrustConfig or a TrustedRoot. */
export function parseTrustRoot(document: Json): TrustRoot {
  const inner = isObject(document) ? (document["trustedRoot"] ?? document) : {};
  try {
    const root = TrustedRoot.fromJSON(inner);
    if (root.tlogs.length > 0 && root.certificateAuthorities.length > 0) {
      toTrustMaterial(root);
      return new TrustRoot(root);
    }
  } catch (error) {
    throw new UserError(
      `the Sigstore trust configuration is malformed: ${(error as Error).message}`,
    );
  }
  throw new UserError(
    "the Sigstore trust configuration names no transparency log or no certificate authority: " +
      "give a ClientTrustConfig, or a trusted_root.json with tlogs and certificateAuthorities",
  );
}
