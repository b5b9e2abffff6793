import { isObject, readText, UserError, type Json } from "../document.js";
import { parseUniqueJson } from "../json.js";
import { isKnown, parseItem, type Item, type UnknownItem } from "./item.js";

/** The media type of the document, and with it its version (docs/evidence.md). */
export const EVIDENCE = "application/vnd.trusted-images.evidence.v1+json";

/** What there is to say for one image, verified by nobody. */
export interface EvidenceDocument {
  /** The image's digest, `sha256:<hex>`. */
  image: string;
  items: (Item | UnknownItem)[];
}

const MAX_BYTES = 4 << 20;
const MAX_ITEMS = 64;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
const KEYS = ["mediaType", "image", "items"];

/** Reads a document's file; `-` is standard input. */
export function readEvidence(path: string): EvidenceDocument {
  return parseEvidence(readText(path, "evidence"), `evidence ${path}`);
}

/**
 * Parses and validates a document.
 *
 * @param what how to call it in messages
 */
export function parseEvidence(text: string, what: string): EvidenceDocument {
  try {
    if (Buffer.byteLength(text) > MAX_BYTES) throw new Error("it has more than 4 MiB");
    return decode(parseUniqueJson(text) as Json);
  } catch (error) {
    throw new UserError(`the ${what} is no evidence document: ${(error as Error).message}`);
  }
}

/**
 * The document as text. Items are sorted and equal ones are there once, so the same items give the same bytes.
 */
export function formatEvidence({ image, items }: EvidenceDocument): string {
  const sorted = distinct(items);
  if (sorted.length > MAX_ITEMS) {
    throw new UserError(
      `there are ${sorted.length} items, and a document has ${MAX_ITEMS} at most: ` +
        "keep fewer signatures beside the image, or only those that are verified",
    );
  }
  const text = JSON.stringify(sortKeys({ mediaType: EVIDENCE, image, items: sorted }));
  if (Buffer.byteLength(text) > MAX_BYTES) {
    throw new UserError("the evidence has more than 4 MiB, which is the most that a document has");
  }
  return text;
}

/**
 * Puts what is new to what there was. An image has one state in a Notary repository, so there the new one takes
 * the old one's place.
 */
export function mergeEvidence(before: EvidenceDocument, added: Item[]): EvidenceDocument {
  const repositories = added.flatMap((item) => (item.type === "notary-v1" ? [item.gun] : []));
  const kept = before.items.filter(
    (item) => !(isKnown(item) && item.type === "notary-v1" && repositories.includes(item.gun)),
  );
  return { image: before.image, items: distinct([...kept, ...added]) };
}

/** The items in their order, each once. */
export function distinct<T extends Item | UnknownItem>(items: T[]): T[] {
  const byText = new Map(items.map((item) => [`${item.type}\n${canonical(item)}`, item]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}

function decode(value: Json): EvidenceDocument {
  if (!isObject(value)) throw new Error("it is no JSON object");
  const { mediaType, image, items } = value;
  if (mediaType !== EVIDENCE) throw new Error(`its mediaType must be ${EVIDENCE}`);
  const unknown = Object.keys(value).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) throw new Error(`a document has no field ${unknown}`);
  if (typeof image !== "string" || !DIGEST.test(image)) {
    throw new Error("image must be a digest, sha256: and 64 hexadecimal digits in lower case");
  }
  if (!Array.isArray(items)) throw new Error("items must be a list");
  if (items.length > MAX_ITEMS) throw new Error(`it has more than ${MAX_ITEMS} items`);
  return { image, items: items.map((item, index) => parseItem(item, `items[${index}]`)) };
}

/** An item as text: the same for the same item. */
export function canonical(item: Item | UnknownItem): string {
  return JSON.stringify(sortKeys(item));
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortKeys(inner)]));
}
