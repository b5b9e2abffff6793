import { readEmbedded } from "../cosign/embedded";
import { decodeBase64, decodeBase64Url } from "../crypto/base64";
import { Builder, Document, JsonError, Kind, NONE, Text } from "../sdk";
import { textIn, textsIn } from "../sdk/json/values";
import { parseTimestamp } from "../time/instant";
import { algorithmNamed } from "./algorithm";
import { Envelope } from "./envelope";
import { EXPIRY, Headers, MOST_HEADERS, SIGNING_SCHEME, SIGNING_TIME } from "./headers";

/**
 * Reads a JWS in flattened JSON (RFC 7515 §7.2.2; Notary Project, signature-envelope-jws.md), or gives null:
 *
 *     {"payload": base64url, "protected": base64url, "header": {"x5c": [base64, …], …}, "signature": base64url}
 */
export function readJws(bytes: Text): Envelope | null {
  const outer = readEmbedded(bytes);
  const payload = base64UrlIn(outer, "payload");
  const signed = base64UrlIn(outer, "protected");
  const signature = base64UrlIn(outer, "signature");
  const header = outer.field(0, "header");
  const chain = readChain(outer, header);
  const isGeneral = outer.field(0, "signatures") != NONE;
  if (outer.error != JsonError.None || outer.twice != NONE || isGeneral) return null;
  if (!payload || !signed || !signature || !chain) return null;
  const inner = readEmbedded(signed);
  const headers = readHeaders(inner);
  if (!headers || !isSmall(outer, header) || isSharing(outer, header, inner)) return null;
  const message = new Builder()
    .text(textIn(outer, 0, "protected")!)
    .byte(0x2e)
    .text(textIn(outer, 0, "payload")!);
  return new Envelope(headers, message.view(), signature, chain, payload);
}

function readHeaders(document: Document): Headers | null {
  if (document.kind(0) != Kind.Object || !isSmall(document, 0)) return null;
  const headers = new Headers();
  const algorithm = textIn(document, 0, "alg");
  if (algorithm) headers.algorithm = algorithmNamed(algorithm);
  headers.contentType = textIn(document, 0, "cty");
  headers.scheme = textIn(document, 0, SIGNING_SCHEME);
  const signingTime = textIn(document, 0, SIGNING_TIME);
  if (signingTime) headers.signingTime = parseTimestamp(signingTime);
  headers.hasExpiry = document.field(0, EXPIRY) != NONE;
  const expiry = textIn(document, 0, EXPIRY);
  if (expiry) headers.expiry = parseTimestamp(expiry);
  const critical = textsIn(document, 0, "crit");
  if (critical) headers.critical = critical;
  for (let key = 1; !document.ends(key); key = document.next(key + 1)) {
    headers.note(document.text(key));
  }
  return document.twice == NONE ? headers : null;
}

/** Whether an object has no more keys than an envelope may have headers. */
function isSmall(document: Document, object: i32): bool {
  let count = 0;
  for (let key = object + 1; !document.ends(key); key = document.next(key + 1)) {
    if (++count > MOST_HEADERS) return false;
  }
  return true;
}

/** Whether a header stands among those that are signed and those that are not (RFC 7515 §7.2.1). */
function isSharing(outer: Document, header: i32, signed: Document): bool {
  for (let key = header + 1; !outer.ends(key); key = outer.next(key + 1)) {
    if (signed.fieldOf(0, outer.text(key)) != NONE) return true;
  }
  return false;
}

/** The certificates of `x5c` (RFC 7515 §4.1.6), which is not signed. */
function readChain(document: Document, header: i32): Array<Text> | null {
  const certificates = textsIn(document, header, "x5c");
  if (!certificates) return null;
  for (let i = 0; i < certificates.length; i++) {
    const der = decodeBase64(certificates[i]);
    if (!der) return null;
    certificates[i] = der;
  }
  return certificates;
}

function base64UrlIn(document: Document, name: string): Text | null {
  const text = textIn(document, 0, name);
  return text && text.length > 0 ? decodeBase64Url(text) : null;
}
