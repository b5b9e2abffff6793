import { parseJson, type Json, type JsonObject } from "../document.js";
import { describeDer, describePem } from "./pem.js";

/** Characters of a text that is shown whole; of a longer one the first half of them is. */
const TEXT = 200;
/** Items of a list, and members of an object, that are shown. */
const ITEMS = 8;
const MEMBERS = 32;
/** How deep lists and objects, and texts that hold them, are looked into. */
const DEPTH = 24;

const PEM = /-----BEGIN ([A-Z ]+)-----([A-Za-z0-9+/=\s]+)-----END \1-----/g;

/** A sequence of more than 31 bytes, as certificates and keys are, in base64. */
const DER = /^M[A-Za-z0-9+/]{40,}={0,2}$/;

/**
 * Makes a value fit to be read by a person, by these rules and no others. A PEM is shown by what is in it, and so
 * is its base64 alone. A text that is JSON, or the base64 of JSON or of a PEM, is shown decoded, and so are bytes given as a list of numbers. A time in
 * seconds is shown as a date too. Of what is still long, the beginning is shown, and how long it is.
 */
export function abridge(value: Json, depth = 0): Json {
  if (typeof value === "string") return abridgeText(value, depth);
  if (typeof value !== "object" || value === null) return value;
  if (depth > DEPTH) return "…";
  if (Array.isArray(value)) {
    if (isBytes(value)) return abridgeText(Buffer.from(value as number[]).toString("utf8"), depth);
    const shown = value.slice(0, ITEMS).map((item) => abridge(item, depth + 1));
    return value.length > ITEMS ? [...shown, `… and ${value.length - ITEMS} more`] : shown;
  }
  return abridgeObject(value, depth);
}

/** Words of any length, such as an error's: PEMs in them by what they hold, the first lines of many. */
export function abridgeWords(words: string): string[] {
  const lines = words.replace(PEM, inline).trimEnd().split("\n");
  const shown = lines.slice(0, ITEMS).map((line) => cut(line, 2 * TEXT));
  return lines.length > ITEMS ? [...shown, `… and ${lines.length - ITEMS} more lines`] : shown;
}

function abridgeObject(object: JsonObject, depth: number): JsonObject {
  const members = Object.entries(object);
  const shown = Object.fromEntries(
    members
      .slice(0, MEMBERS)
      .map(([name, value]) => [cut(name), dated(name, value) ?? abridge(value, depth + 1)]),
  );
  const more = members.length - MEMBERS;
  return more > 0 ? { ...shown, "…": `and ${more} more` } : shown;
}

function abridgeText(text: string, depth: number): Json {
  if (depth > DEPTH) return "…";
  const blocks = [...text.matchAll(PEM)].map(([, label, body]) => describePem(label!, body!));
  if (blocks.length > 0 && text.replace(PEM, "").trim() === "") {
    return blocks.length === 1 ? blocks[0]! : abridge(blocks, depth + 1);
  }
  if (blocks.length > 0) return cut(text.replace(PEM, inline), TEXT);
  const der = DER.test(text) ? describeDer(text) : undefined;
  if (der !== undefined) return der;
  const decoded = decodeBase64(text);
  const inner = innerJson(text) ?? innerJson(decoded);
  if (inner !== undefined) return abridge(inner, depth + 1);
  return decoded.startsWith("-----BEGIN ") ? abridgeText(decoded, depth + 1) : cut(text);
}

function inline(_: string, label: string, body: string): string {
  const described = describePem(label, body);
  if (typeof described === "string") return described;
  return Object.entries(described)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(", ");
}

function innerJson(text: string): Json | undefined {
  const value = /^\s*[[{]/.test(text) ? parseJson(text) : undefined;
  return typeof value === "object" && value !== null ? value : undefined;
}

/** What is in a text of base64; nothing if it is none. */
function decodeBase64(text: string): string {
  return /^[A-Za-z0-9+/]{16,}={0,2}$/.test(text)
    ? Buffer.from(text, "base64").toString("utf8")
    : "";
}

/** Rekor's times are seconds since 1970. */
function dated(name: string, value: Json): string | undefined {
  if (name !== "integratedTime" || typeof value !== "number") return undefined;
  const time = new Date(value * 1000);
  return Number.isNaN(time.getTime())
    ? undefined
    : `${value} (${time.toISOString().replace(".000Z", "Z")})`;
}

function cut(text: string, most = TEXT): string {
  const characters = [...text];
  if (characters.length <= most) return text;
  return `${characters.slice(0, most / 2).join("")}… (${characters.length} characters)`;
}

function isBytes(list: Json[]): boolean {
  const isByte = (item: Json) => Number.isInteger(item) && Number(item) >= 0 && Number(item) < 256;
  return list.length > 2 * ITEMS && list.every(isByte);
}
