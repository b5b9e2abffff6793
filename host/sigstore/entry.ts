import { createHash } from "node:crypto";
import { isObject, type Json, type JsonObject } from "../document.js";
import { parseUniqueJson } from "../json.js";
import { decodePem } from "./key.js";
import type { SignatureLayer } from "./layers.js";

/** The entry of a transparency log that a layer carries, as yet verified by nobody. */
export interface LogEntry {
  /** When the log says that it took the entry in. */
  time: Date;
  /** The SHA-256 of what the layer says was signed, in base64. */
  digest: string;
  /** The entry in the form of a Sigstore bundle. */
  serialized: JsonObject;
  /** Is this the key, or the certificate, that the entry says the signature is by? Both in DER. */
  names(signer: Buffer): boolean;
}

/** Decodes a layer's log entry from the form in which cosign attaches it: `{SignedEntryTimestamp, Payload}`. */
export function logEntry({ bundle, bytes }: SignatureLayer): LogEntry {
  if (bundle === undefined) throw new Error("no log entry");
  const { SignedEntryTimestamp: promise, Payload: payload } = object(parseUniqueJson(bundle));
  const { body, integratedTime, logIndex, logID } = object(payload);
  if (typeof promise !== "string" || typeof body !== "string" || typeof logID !== "string") {
    throw new Error("malformed log entry");
  }
  if (!Number.isSafeInteger(integratedTime) || !Number.isSafeInteger(logIndex)) {
    throw new Error("malformed time or index of a log entry");
  }
  const { kind, apiVersion, spec } = object(parseUniqueJson(decodeBase64(body).toString("utf8")));
  const { signature } = object(spec);
  const { publicKey } = object(signature);
  const signer = decodePem(decodeBase64(object(publicKey)["content"]).toString("utf8"));
  return {
    time: new Date(Number(integratedTime) * 1000),
    digest: createHash("sha256").update(bytes).digest("base64"),
    names: (other) => signer.equals(other),
    serialized: {
      logIndex: String(logIndex),
      logId: { keyId: Buffer.from(logID, "hex").toString("base64") },
      kindVersion: { kind: String(kind), version: String(apiVersion) },
      integratedTime: String(integratedTime),
      inclusionPromise: { signedEntryTimestamp: promise },
      canonicalizedBody: body,
    },
  };
}

function object(value: unknown): JsonObject {
  if (!isObject(value as Json)) throw new Error("malformed log entry");
  return value as JsonObject;
}

function decodeBase64(value: unknown): Buffer {
  if (typeof value !== "string") throw new Error("malformed log entry");
  const bytes = Buffer.from(value, "base64");
  if (bytes.toString("base64") !== value) throw new Error("malformed base64 in a log entry");
  return bytes;
}
