import { Builder, Text } from "../sdk";
import { isPlainCbor } from "../sdk/cbor/form";
import { Major } from "../sdk/cbor/head";
import { Items } from "../sdk/cbor/items";
import { CborMap } from "../sdk/cbor/map";
import { NO_INSTANT } from "../time/instant";
import { algorithmNumbered } from "./algorithm";
import { Envelope } from "./envelope";
import { EXPIRY, Headers, SIGNING_SCHEME, SIGNING_TIME } from "./headers";

/** The tag of COSE_Sign1 (RFC 9052 §4.2) and of a time in seconds since 1970 (RFC 8949 §3.4.2). */
const SIGN1 = 18;
const EPOCH = 1;

/** Headers that have numbers (RFC 9052 §3.1, RFC 9360 §2). */
const enum Label {
  Algorithm = 1,
  Critical = 2,
  ContentType = 3,
  X5Chain = 33,
}

/**
 * Reads a COSE_Sign1_Tagged (RFC 9052 §4.2; Notary Project, signature-envelope-cose.md), or gives null:
 *
 *     18([h'protected map', {33: [h'certificate', …], …}, h'payload', h'signature'])
 */
export function readCose(bytes: Text): Envelope | null {
  if (!isPlainCbor(bytes)) return null;
  const items = new Items(bytes);
  const isSign1 = items.enter(Major.Tag) == SIGN1 && items.enter(Major.Array) == 4;
  const wholeProtected = items.raw();
  const unsigned = CborMap.read(items);
  const wholePayload = items.raw();
  const signature = items.bytesOf();
  const signed = new Items(wholeProtected).bytesOf();
  const payload = new Items(wholePayload).bytesOf();
  if (!isSign1 || !items.done || signature.length == 0 || payload.length == 0) return null;
  if (!isPlainCbor(signed)) return null;
  const map = CborMap.read(new Items(signed));
  const headers = readHeaders(map);
  const chain = readChain(unsigned.numbered(Label.X5Chain));
  if (!headers || !chain || isSharing(map, unsigned)) return null;
  // Sig_structure (§4.4): ["Signature1", protected, h'', payload]
  const message = new Builder(bytes.length).byte(0x84).byte(0x6a).ascii("Signature1");
  message.text(wholeProtected).byte(0x40).text(wholePayload);
  return new Envelope(headers, message.view(), signature, chain, payload);
}

function readHeaders(map: CborMap): Headers | null {
  const headers = new Headers();
  const algorithm = map.numbered(Label.Algorithm);
  if (algorithm) {
    const number = new Items(algorithm);
    headers.algorithm = algorithmNumbered(number.int());
  }
  headers.contentType = textOf(map.numbered(Label.ContentType));
  headers.scheme = textOf(map.named(SIGNING_SCHEME));
  headers.signingTime = timeOf(map.named(SIGNING_TIME));
  headers.hasExpiry = map.named(EXPIRY) != null;
  headers.expiry = timeOf(map.named(EXPIRY));
  const critical = map.numbered(Label.Critical);
  if (critical) headers.critical = readCritical(new Items(critical));
  for (let i = 0; i < map.size; i++) {
    const name = textOf(map.keyAt(i));
    if (name) headers.note(name);
  }
  return map.size > 0 ? headers : null;
}

/** The names of critical headers; a number among them makes them none, for those that are known have names. */
function readCritical(items: Items): Array<Text> {
  const names: Array<Text> = [];
  for (let left = items.enter(Major.Array); left > 0; left--) names.push(items.text());
  return items.done ? names : [];
}

/** Whether a header stands among those that are signed and those that are not (RFC 9052 §3). */
function isSharing(signed: CborMap, unsigned: CborMap): bool {
  for (let i = 0; i < unsigned.size; i++) if (signed.find(unsigned.keyAt(i))) return true;
  return false;
}

/** The certificates of `x5chain`, which is not signed. */
function readChain(value: Text | null): Array<Text> | null {
  if (!value) return null;
  const items = new Items(value);
  const certificates: Array<Text> = [];
  for (let left = items.enter(Major.Array); left > 0; left--) certificates.push(items.bytesOf());
  return items.done ? certificates : null;
}

function textOf(value: Text | null): Text | null {
  if (!value) return null;
  const items = new Items(value);
  const text = items.text();
  return items.done ? text : null;
}

/** Whole seconds since 1970; NO_INSTANT for anything else. */
function timeOf(value: Text | null): i64 {
  if (!value) return NO_INSTANT;
  const items = new Items(value);
  const tag = items.enter(Major.Tag);
  const seconds = items.int();
  return items.done && tag == EPOCH && seconds >= 0 ? seconds : NO_INSTANT;
}
