import { readEmbedded } from "../cosign/embedded";
import { decodeBase64 } from "../crypto/base64";
import { PER_RULE } from "../limits";
import { Builder, Document, Kind, NONE, Text } from "../sdk";
import { NO_INSTANT, parseInstant } from "../time/instant";
import { Window } from "../time/window";
import { Authority } from "./authority";
import { LogKey } from "./log-key";
import { TrustRoots } from "./roots";

/**
 * Adds the authorities and logs of a `trusted_root.json`, Sigstore's message TrustedRoot in JSON. What else it has, logs of
 * certificates and authorities of time, is not asked for here.
 *
 * @returns whether it is one, of at most 64 logs, authorities and certificates
 */
export function addTrustedRoot(text: Text, roots: TrustRoots): bool {
  const document = readEmbedded(text);
  const type = document.field(0, "mediaType");
  if (document.kind(type) != Kind.String) return false;
  if (!document.text(type).startsWith("application/vnd.dev.sigstore.trustedroot")) return false;
  return addAuthorities(document, roots) && addLogs(document, roots) && document.twice == NONE;
}

function addAuthorities(document: Document, roots: TrustRoots): bool {
  const list = document.field(0, "certificateAuthorities");
  if (document.kind(list) != Kind.Array) return list == NONE;
  for (let at = list + 1; !document.ends(at); at = document.next(at)) {
    const chain = document.field(document.field(at, "certChain"), "certificates");
    const window = windowOf(document, at);
    if (document.kind(chain) != Kind.Array || !window) return false;
    const certificates: Array<Text> = [];
    for (let item = chain + 1; !document.ends(item); item = document.next(item)) {
      const der = bytesOf(document, item);
      if (!der || certificates.push(der) > PER_RULE) return false;
    }
    roots.authorities.push(new Authority(certificates, window));
    if (roots.count > PER_RULE) return false;
  }
  return true;
}

function addLogs(document: Document, roots: TrustRoots): bool {
  const list = document.field(0, "tlogs");
  if (document.kind(list) != Kind.Array) return list == NONE;
  for (let at = list + 1; !document.ends(at); at = document.next(at)) {
    const key = document.field(at, "publicKey");
    const der = bytesOf(document, key);
    const window = windowOf(document, key);
    if (!der || !window) return false;
    roots.logs.push(new LogKey(der, window));
    if (roots.count > PER_RULE) return false;
  }
  return true;
}

function bytesOf(document: Document, object: i32): Text | null {
  const bytes = document.field(object, "rawBytes");
  return document.kind(bytes) == Kind.String ? decodeBase64(document.text(bytes)) : null;
}

/** `validFor`: the time from `start` to `end`, open where one is not given; null if it makes no sense. */
function windowOf(document: Document, object: i32): Window | null {
  const period = document.field(object, "validFor");
  const kind = document.kind(period);
  if (kind != Kind.Null && kind != Kind.Object) return null;
  const from = instantAt(document, document.field(period, "start"), i64.MIN_VALUE);
  const until = instantAt(document, document.field(period, "end"), i64.MAX_VALUE);
  // A beginning that cannot be read would be one that never was.
  if (from == BROKEN || until == BROKEN) return null;
  return new Window(from, until);
}

const BROKEN: i64 = i64.MIN_VALUE + 1;

function instantAt(document: Document, value: i32, absent: i64): i64 {
  if (document.kind(value) == Kind.Null) return absent;
  if (document.kind(value) != Kind.String) return BROKEN;
  const text = document.text(value);
  const dot = text.indexOf(0x2e);
  // Protobuf's Timestamp may have fractions of a second; one in another zone is none here.
  for (let i = dot + 1; dot >= 0 && i < text.length - 1; i++) {
    if (text.at(i) < 0x30 || text.at(i) > 0x39) return BROKEN;
  }
  if (dot >= 0 && text.at(text.length - 1) != 0x5a) return BROKEN;
  const whole = dot < 0 ? text : new Builder().text(text.slice(0, dot)).byte(0x5a).view();
  const instant = parseInstant(whole);
  return instant == NO_INSTANT ? BROKEN : instant;
}
