import { isObject, own, UserError, type Json, type JsonObject } from "../document.js";

/** One piece of evidence in a document (docs/evidence.md, Items). Whatever was signed is in base64. */
export type Item =
  | {
      type: "cosign";
      payload: string;
      signature: string;
      certificate?: string;
      chain?: string;
      bundle?: string;
    }
  | { type: "sigstore-bundle"; bundle: string }
  | { type: "notation"; mediaType: string; envelope: string }
  | { type: "notary-v1"; gun: string; metadata: Record<string, string> };

/** An item of a type that is not known here: passed over, and kept as it is. */
export type UnknownItem = { type: string } & JsonObject;

export const MAX_FIELD_BYTES = 1 << 20;
const MAX_GUN = 512;
const ENVELOPES = ["application/jose+json", "application/cose"];
const ROLES = ["root", "timestamp", "snapshot", "targets"];
const MAX_DELEGATIONS = 64;
const BASE64 =
  /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$/;

type Check = (value: Json, path: string) => void;
interface Fields {
  required: Record<string, Check>;
  optional?: Record<string, Check>;
}

const TYPES: Record<Item["type"], Fields> = {
  cosign: {
    required: { payload: checkBase64, signature: checkBase64 },
    optional: { certificate: checkBase64, chain: checkBase64, bundle: checkBase64 },
  },
  "sigstore-bundle": { required: { bundle: checkBase64 } },
  notation: { required: { mediaType: checkEnvelopeType, envelope: checkBase64 } },
  "notary-v1": { required: { gun: checkGun, metadata: checkMetadata } },
};

/** Is it of a type that is known here? */
export function isKnown(item: Item | UnknownItem): item is Item {
  return Object.hasOwn(TYPES, item.type);
}

/**
 * Validates an item.
 *
 * @param path where it is, for messages: `items[0]`
 */
export function parseItem(value: Json, path: string): Item | UnknownItem {
  if (!isObject(value) || typeof value["type"] !== "string") {
    throw new UserError(`${path}: it must be an object with a type`);
  }
  const { type, ...fields } = value;
  const item = value as UnknownItem;
  if (!isKnown(item)) return item;
  const { required, optional = {} } = TYPES[type as Item["type"]];
  const missing = Object.keys(required).find((name) => !Object.hasOwn(fields, name));
  if (missing !== undefined) throw new UserError(`${path}: ${type} has no ${missing}`);
  for (const [name, field] of Object.entries(fields)) {
    const check = own({ ...required, ...optional }, name);
    if (!check) throw new UserError(`${path}: ${type} has no field ${name}`);
    check(field, `${path}.${name}`);
  }
  return item;
}

function checkBase64(value: Json, path: string): void {
  if (typeof value !== "string") throw new UserError(`${path}: it must be a string`);
  if (value === "") throw new UserError(`${path}: it is empty`);
  if (value.length > MAX_FIELD_BYTES) throw new UserError(`${path}: it has more than 1 MiB`);
  if (!BASE64.test(value)) throw new UserError(`${path}: it is not base64 with padding`);
}

function checkEnvelopeType(value: Json, path: string): void {
  if (typeof value === "string" && ENVELOPES.includes(value)) return;
  throw new UserError(`${path}: it must be ${ENVELOPES.join(" or ")}`);
}

function checkGun(value: Json, path: string): void {
  if (typeof value === "string" && value !== "" && value.length <= MAX_GUN) return;
  throw new UserError(`${path}: it must be a name of 1 to ${MAX_GUN} characters`);
}

function checkMetadata(value: Json, path: string): void {
  if (!isObject(value)) throw new UserError(`${path}: it must be an object`);
  const missing = ROLES.find((role) => !Object.hasOwn(value, role));
  if (missing !== undefined) throw new UserError(`${path}: it has no ${missing}`);
  if (Object.keys(value).length > ROLES.length + MAX_DELEGATIONS) {
    throw new UserError(`${path}: it has more than ${MAX_DELEGATIONS} delegations`);
  }
  for (const [role, text] of Object.entries(value)) {
    if (!ROLES.includes(role) && !/^targets\/./.test(role)) {
      throw new UserError(`${path}: ${role} is no role of Notary's`);
    }
    checkBase64(text, `${path}["${role}"]`);
  }
}
