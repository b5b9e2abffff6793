import { decodeBase64, decodeBase64Url } from "../../assembly/crypto/base64";
import { codeName, Failure } from "../../assembly/failure";
import { Artifact } from "../../assembly/notation/artifact";
import { decodeNotation } from "../../assembly/settings/notation";
import { NotationSignature } from "../../assembly/notation/signature";
import { TrustPolicy } from "../../assembly/notation/trust-policy";
import {
  Annotation,
  Builder,
  Document,
  Fields,
  Kind,
  Path,
  Problems,
  Text,
} from "../../assembly/sdk";
import { isPlainCbor } from "../../assembly/sdk/cbor/form";
import { Major } from "../../assembly/sdk/cbor/head";
import { Items } from "../../assembly/sdk/cbor/items";
import { NO_INSTANT, parseInstant, parseTimestamp } from "../../assembly/time/instant";
import { DistinguishedName } from "../../assembly/x509/distinguished-name";
import { X509 } from "../../assembly/x509/certificate";
import { Work } from "../../assembly/work";
import { textOf } from "./strings";

/** Envelopes of Notation's and what they are made of, one by one; null if there is no such operation. */
export function callNotation(operation: Text, payload: Text): Text | null {
  if (operation.is("notation")) return notation(Document.read(payload));
  if (operation.is("notation.settings")) return settings(Document.read(payload));
  if (operation.is("cbor")) return cbor(payload);
  if (operation.is("name")) return written(DistinguishedName.parse(payload));
  if (operation.is("name.subject")) return subject(payload);
  if (operation.is("name.match")) return match(Document.read(payload));
  if (operation.is("instant")) return instant(payload);
  if (operation.is("base64url")) return base64Url(payload);
  return null;
}

/**
 * `{"mediaType", "envelope": base64, "trustStore": [base64, …], "identities": […], "skipsRevocation", "artifact":
 * {"digest"}, "annotations": [name, value, …], "at": […]}`: `{"read"}`, or `{"signer", "signingTime",
 * "expiry", "failures"}` with one for each time.
 */
function notation(document: Document): Text {
  const json = new Builder();
  const work = new Work();
  const envelope = decodeBase64(textAt(document, 0, "envelope"))!;
  const read = NotationSignature.read(textAt(document, 0, "mediaType"), envelope, work);
  const signature = read.value;
  if (!signature) {
    writeCode(json.ascii('{"read":'), read.failure);
    return json.byte(0x7d).view();
  }
  const trustStore = textsAt(document, "trustStore");
  for (let i = 0; i < trustStore.length; i++) trustStore[i] = decodeBase64(trustStore[i])!;
  const names = textsAt(document, "identities");
  const identities: Array<DistinguishedName> = [];
  for (let i = 0; i < names.length; i++) identities.push(DistinguishedName.parse(names[i]));
  const skips = document.kind(document.field(0, "skipsRevocation")) == Kind.True;
  const policy = new TrustPolicy(trustStore, identities, skips);
  const texts = textsAt(document, "annotations");
  const annotations: Array<Annotation> = [];
  for (let i = 0; i < texts.length; i += 2) {
    annotations.push(new Annotation(texts[i], texts[i + 1]));
  }
  const target = document.field(0, "artifact");
  const artifact = new Artifact(textAt(document, target, "digest"), annotations);
  json.ascii('{"signer":').json(signature.signer);
  json.ascii(',"signingTime":').text(textOf(signature.signingTime.toString()));
  const hasExpiry = signature.expiry != NO_INSTANT;
  json.ascii(',"expiry":').text(hasExpiry ? textOf(signature.expiry.toString()) : Text.of("null"));
  json.ascii(',"failures":[');
  const times = textsAt(document, "at");
  for (let i = 0; i < times.length; i++) {
    if (i > 0) json.byte(0x2c);
    writeCode(json, signature.failure(policy, artifact, parseInstant(times[i]), work));
  }
  return json.ascii("]}").view();
}

/** Bytes in: what they say in JSON, bytes as `{"bytes": hex}` and tags as `{"tag": n, "of": …}`; or null. */
function cbor(bytes: Text): Text {
  const json = new Builder();
  if (!isPlainCbor(bytes)) return Text.of("null");
  const items = new Items(bytes);
  writeItem(items, json);
  assert(items.done);
  return json.view();
}

function writeItem(items: Items, json: Builder): void {
  const raw = items.raw();
  const item = new Items(raw);
  const major = <Major>(raw.at(0) >> 5);
  if (major == Major.Unsigned || major == Major.Negative) {
    json.byte(0x22).text(textOf(item.int().toString())).byte(0x22);
  } else if (major == Major.Bytes) json.ascii('{"bytes":"').hex(item.bytesOf()).ascii('"}');
  else if (major == Major.Text) json.json(item.text());
  else if (major == Major.Array || major == Major.Map) {
    const isMap = major == Major.Map;
    json.ascii(isMap ? '{"map":[' : "[");
    const count = item.enter(major) << (isMap ? 1 : 0);
    for (let i: i64 = 0; i < count; i++) {
      if (i > 0) json.byte(0x2c);
      writeItem(item, json);
    }
    json.ascii(isMap ? "]}" : "]");
  } else if (major == Major.Tag) {
    json
      .ascii('{"tag":')
      .text(textOf(item.enter(Major.Tag).toString()))
      .ascii(',"of":');
    writeItem(item, json);
    json.byte(0x7d);
  } else json.ascii('{"simple":"').hex(raw).ascii('"}');
}

/** The DER of a certificate in: its subject's name. */
function subject(der: Text): Text {
  return written(DistinguishedName.ofDer(X509.parse(der).value!.subject));
}

/** `{"certificate": base64, "identity"}` in: whether the subject has all that is named. */
function match(document: Document): Text {
  const der = decodeBase64(textAt(document, 0, "certificate"))!;
  const held = DistinguishedName.ofDer(X509.parse(der).value!.subject);
  const wanted = DistinguishedName.parse(textAt(document, 0, "identity"));
  assert(wanted.problem.length == 0 && held.problem.length == 0);
  return Text.of(wanted.isIn(held) ? "true" : "false");
}

/** As JSON: `{"problem"}` or `{"name"}`. */
function written(name: DistinguishedName): Text {
  const json = new Builder();
  if (name.problem.length > 0) json.ascii('{"problem":').json(Text.of(name.problem));
  else {
    const text = new Builder();
    name.write(text);
    json.ascii('{"name":').json(text.view());
  }
  return json.byte(0x7d).view();
}

/** Seconds since 1970, or null. */
function instant(text: Text): Text {
  const found = parseTimestamp(text);
  return found == NO_INSTANT ? Text.of("null") : textOf(found.toString());
}

function base64Url(payload: Text): Text {
  const bytes = decodeBase64Url(payload);
  return bytes ? new Builder().byte(0x22).hex(bytes).byte(0x22).view() : Text.of("null");
}

function textAt(document: Document, object: i32, name: string): Text {
  return document.text(document.field(object, name));
}

function textsAt(document: Document, name: string): Array<Text> {
  const texts: Array<Text> = [];
  const list = document.field(0, name);
  for (let at = list + 1; !document.ends(at); at = document.next(at)) texts.push(document.text(at));
  return texts;
}

function writeCode(json: Builder, failure: Failure | null): void {
  if (failure) json.byte(0x22).ascii(codeName(failure.code)).byte(0x22);
  else json.ascii("null");
}

/** A rule in: `{"problems"}`, or what of its `notation` comes. */
function settings(document: Document): Text {
  const problems = new Problems();
  const rule = Fields.of(document, 0, Path.root(""), problems)!;
  const signers = decodeNotation(rule);
  const json = new Builder().ascii('{"problems":').json(problems.text("\n"));
  if (signers) {
    const policy = signers.policy;
    json.ascii(',"trustStore":').int(policy.trustStore.length);
    json.ascii(',"skipsRevocation":').ascii(policy.skipsRevocation ? "true" : "false");
    json.ascii(',"identities":[');
    for (let i = 0; i < policy.identities.length; i++) {
      const name = new Builder();
      policy.identities[i].write(name);
      if (i > 0) json.byte(0x2c);
      json.json(name.view());
    }
    json.byte(0x5d);
  }
  return json.byte(0x7d).view();
}
