import { isObject, parseJson, type Json, type JsonObject } from "../document.js";
import { parseUniqueJson } from "../json.js";
import type { Item } from "./item.js";
import { ANNOTATIONS } from "../sigstore/layers.js";

/** The predicate type of cosign's signatures, which are no attestations. */
const SIGNATURE = "https://sigstore.dev/cosign/sign/v1";

export const DSSE_ENVELOPE = "application/vnd.dsse.envelope.v1+json";

// The version whose entries have the log's promise, as cosign's annotations do, and whose certificates are a chain.
const BUNDLE = "application/vnd.dev.sigstore.bundle+json;version=0.1";

/**
 * Writes an attestation as cosign keeps it, a DSSE envelope with the rest in its layer's annotations, as a sigstore
 * bundle of version 0.1 (docs/evidence.md, Attestations). Nothing that is signed is changed; throws what cannot be
 * said in a bundle.
 */
export function toBundle(envelope: string, annotations: Record<string, string>): JsonObject {
  const { payload, payloadType, signatures } = object(
    parseUniqueJson(envelope) as Json,
    "the envelope",
  );
  if (!Array.isArray(signatures) || signatures.length !== 1) {
    throw new Error("a bundle has one signature in its envelope, and this one has not");
  }
  const { sig, keyid } = object(signatures[0], "its signature");
  const certificate = annotations[ANNOTATIONS.certificate];
  const entry = annotations[ANNOTATIONS.bundle];
  const timestamp = annotations[ANNOTATIONS.timestamp];
  const pem = certificate && `${certificate}\n${annotations[ANNOTATIONS.chain] ?? ""}`;
  return {
    mediaType: BUNDLE,
    verificationMaterial: {
      ...(pem
        ? { x509CertificateChain: { certificates: certificates(pem) } }
        : { publicKey: { hint: "" } }),
      ...(entry && { tlogEntries: [logEntry(entry)] }),
      ...(timestamp && {
        timestampVerificationData: { rfc3161Timestamps: [signedTimestamp(timestamp)] },
      }),
    },
    dsseEnvelope: {
      payload: base64(payload, "the payload"),
      payloadType: text(payloadType, "payloadType"),
      signatures: [
        {
          sig: base64(sig, "the signature"),
          ...(keyid !== undefined && keyid !== "" && { keyid: text(keyid, "keyid") }),
        },
      ],
    },
  };
}

/** The predicate type of the attestation in an item; undefined if it is a signature, or cannot be read. */
export function attestedType(item: Item): string | undefined {
  if (item.type !== "sigstore-bundle") return undefined;
  try {
    const { dsseEnvelope } = decode(item.bundle);
    const { payload } = object(dsseEnvelope, "the envelope");
    const { predicateType } = decode(text(payload, "the payload"));
    return typeof predicateType === "string" && predicateType !== SIGNATURE
      ? predicateType
      : undefined;
  } catch {
    return undefined;
  }
}

function decode(base64: string): JsonObject {
  return object(parseJson(Buffer.from(base64, "base64").toString()), "what is in base64");
}

function certificates(pem: string): JsonObject[] {
  const blocks = [
    ...pem.matchAll(/-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/g),
  ].map(([, body]) => ({ rawBytes: base64(body!.replace(/\s/g, ""), "a certificate") }));
  if (blocks.length === 0) throw new Error("its certificate is not PEM");
  return blocks;
}

/** Rekor's entry, which an annotation has in the words of its API, in those of a bundle. */
function logEntry(annotation: string): JsonObject {
  const { SignedEntryTimestamp: promise, Payload } = object(
    parseJson(annotation),
    "the log's entry",
  );
  const { body, integratedTime, logIndex, logID } = object(Payload, "the log's entry");
  const canonicalizedBody = base64(body, "the entry's body");
  const { kind, apiVersion } = object(
    parseJson(Buffer.from(canonicalizedBody, "base64").toString("utf8")),
    "the entry's body",
  );
  if (typeof logID !== "string" || !/^(?:[0-9a-f]{2})+$/.test(logID)) {
    throw new Error("the log's entry has no log");
  }
  return {
    logIndex: whole(logIndex, "logIndex"),
    logId: { keyId: Buffer.from(logID, "hex").toString("base64") },
    kindVersion: { kind: text(kind, "kind"), version: text(apiVersion, "apiVersion") },
    integratedTime: whole(integratedTime, "integratedTime"),
    inclusionPromise: { signedEntryTimestamp: base64(promise, "the log's promise") },
    canonicalizedBody,
  };
}

function signedTimestamp(annotation: string): JsonObject {
  const { SignedRFC3161Timestamp } = object(parseJson(annotation), "the timestamp");
  return { signedTimestamp: base64(SignedRFC3161Timestamp, "the timestamp") };
}

function object(value: Json | undefined, what: string): JsonObject {
  if (isObject(value)) return value;
  throw new Error(`${what} is no JSON object`);
}

function text(value: Json | undefined, what: string): string {
  if (typeof value === "string" && value !== "") return value;
  throw new Error(`it has no ${what}`);
}

/** Base64, which the JSON of protobuf has with padding and by the first alphabet. */
function base64(value: Json | undefined, what: string): string {
  const written = text(value, what);
  const read = Buffer.from(written, "base64").toString("base64");
  if (read === written || read.replace(/\+/g, "-").replace(/\//g, "_") === written) return read;
  throw new Error(`${what} is not base64`);
}

/** Numbers of 64 bits are strings in the JSON of protobuf. */
function whole(value: Json | undefined, what: string): string {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return String(value);
  throw new Error(`the log's entry has no ${what}`);
}
