import { createHash } from "node:crypto";
import type { JsonObject } from "../../host/document.js";
import type { Item } from "../../host/evidence/item.js";
import { EVIDENCE } from "../../host/evidence/document.js";

/** Certificates and metadata here are good from 2025 on, whenever the requests are decided. */
export const FROM = "2025-01-01T00:00:00Z";
export const UNTIL = "2099-12-31T23:59:59Z";

/** Images of one workload, and rules, as many as there may be. */
export const IMAGES = 256;
export const RULES = 256;

/** Bytes that a field of an item may hold, and those of a document. */
export const FIELD = 768 << 10;
export const DOCUMENT = 4 << 20;

export const REPOSITORY = "registry.example.com/shop/web";
export const DIGEST = `sha256:${createHash("sha256").update("an image").digest("hex")}`;

/** A request that is as costly as the limits allow, and what the host answers: with one document, or ConfigMaps. */
export interface Costly {
  name: string;
  images: string[];
  rules: JsonObject[];
  /** The evidence document beside every image. */
  document?: string;
  /** Texts of ConfigMaps, each one `evidence.json`. */
  configMaps?: string[];
  /** What the cluster answers instead. */
  answer?: string;
  /** What must come of it. */
  code: string;
}

/** Images of so many repositories that are one image, so that one document is about them all. */
export const sameImage = (count: number) => times(count, (i) => `${REPOSITORY}-${i}@${DIGEST}`);

export const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

/** A rule for all images here. */
export const rule = (signers: JsonObject, more: JsonObject = {}): JsonObject => ({
  image: "registry.example.com/*",
  ...signers,
  ...more,
});

/** The rule with artifacts for a source, as rules have it whose signers may be elsewhere too. */
export const fromArtifacts = (signers: JsonObject): JsonObject =>
  rule(signers, { verifier: "policy", evidenceFrom: [{ artifact: true }] });

/** What fills so many bytes, by the unit. */
export const fill = (unit: string, bytes: number) => unit.repeat(Math.floor(bytes / unit.length));

/** A document for the image, of items as JSON. */
export const documentWith = (...items: (string | object)[]) => {
  const texts = items.map((it) => (typeof it === "string" ? it : JSON.stringify(it)));
  return `{"mediaType":"${EVIDENCE}","image":"${DIGEST}","items":[${texts.join()}]}`;
};

export const bundleItem = (json: string | object): Item => ({
  type: "sigstore-bundle",
  bundle: Buffer.from(typeof json === "string" ? json : JSON.stringify(json)).toString("base64"),
});

/** The payload of `validate`. */
export function payloadOf({ images, rules }: Costly): Buffer {
  const request = {
    uid: "1299d386-525b-4032-98ae-1949f69f9cfc",
    kind: { group: "", version: "v1", kind: "Pod" },
    operation: "CREATE",
    namespace: "shop",
    object: {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "web", namespace: "shop" },
      spec: { containers: images.map((image, i) => ({ name: `web-${i}`, image })) },
    },
  };
  return Buffer.from(JSON.stringify({ request, settings: { signatures: rules } }));
}

/** What the host answers to each operation; a text that is missing is an error. */
export function answersOf({ document, configMaps, answer }: Costly): Record<string, string> {
  const items = configMaps?.map((text, i) => ({
    metadata: { name: `signatures-${i}`, namespace: "shop" },
    data: { "evidence.json": text },
  }));
  return {
    "v1/manifest_digest": JSON.stringify({ digest: DIGEST }),
    ...(document !== undefined && {
      "v1/oci_manifest_config": `{"manifest":{"config":{"mediaType":"${EVIDENCE}"}},"digest":"${DIGEST}","config":${document}}`,
    }),
    ...(answer !== undefined && { list_resources_by_namespace: answer }),
    ...(items && { list_resources_by_namespace: JSON.stringify({ items }) }),
  };
}
