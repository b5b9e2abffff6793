import { createHash } from "node:crypto";
import type { JsonObject } from "../../host/document.js";
import { companionManifest } from "../../host/evidence/companion.js";
import { formatEvidence, type EvidenceDocument } from "../../host/evidence/document.js";
import type { Item } from "../../host/evidence/item.js";
import { decodeValidation } from "../../host/response.js";
import { codes, pod, validate, type Answer, type Oracle } from "../policy/guest.js";
import { recording, writeCase } from "./oracle-case.js";

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");

/** An item of Notation's. */
export const notationItem = (mediaType: string, envelope: Uint8Array): Item => ({
  type: "notation",
  mediaType,
  envelope: base64(envelope),
});

/** An item of Notary's, of metadata by role. */
export const notaryItem = (gun: string, files: Record<string, Uint8Array>): Item => ({
  type: "notary-v1",
  gun,
  metadata: Object.fromEntries(Object.entries(files).map(([role, it]) => [role, base64(it)])),
});

/** A document for an image. */
export const documentOf = (image: string, ...items: Item[]) => formatEvidence({ image, items });

/** What a host answers of an artifact with this document. */
export function artifactOf(document: string): string {
  const manifest = companionManifest(JSON.parse(document) as EvidenceDocument, undefined);
  const digest = `sha256:${createHash("sha256").update(manifest).digest("hex")}`;
  return `{"manifest":${manifest.toString()},"digest":"${digest}","config":${document}}`;
}

/** A registry in which every tag means this image, and a document lies beside it; without one, there is none. */
export function beside(digest: string, document?: string): Oracle {
  return (_, { operation }) => {
    if (operation === "v1/manifest_digest") return JSON.stringify({ digest });
    if (operation !== "v1/oci_manifest_config") throw new Error(`${operation} is not expected`);
    return document === undefined ? new Error("code: 404") : artifactOf(document);
  };
}

/** What the policy says of an image under one rule at a time. */
export function decide(image: string, rule: JsonObject, host: Oracle, at: string): Answer {
  return validate(pod(image), { signatures: [{ image: "*", ...rule }] }, host, at);
}

/** The same, as a case of this name too: of what is said whenever it is asked, for a case has no time. */
export function decideCase(
  name: string,
  image: string,
  rule: JsonObject,
  host: Oracle,
  at: string,
): Answer {
  const answer = decide(image, rule, host, at);
  const settings = { signatures: [{ image: "*", ...rule }] };
  const { oracle, exchanges } = recording(host);
  const now = validate(pod(image), settings, oracle);
  const isSame = now.accepted === answer.accepted && now.message === answer.message;
  if (isSame) writeCase(name, pod(image), settings, exchanges, decodeValidation(now.bytes));
  return answer;
}

/** `ok`, or the codes of a rejection. */
export const outcome = (answer: Answer) => (answer.accepted ? "ok" : codes(answer).join(" "));
