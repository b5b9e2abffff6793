import { Layer } from "../../assembly/cosign/layer";
import { LogEntry } from "../../assembly/cosign/log-entry";
import { dockerReferences, payloadDigest, writePayload } from "../../assembly/cosign/payload";
import { SignatureManifest } from "../../assembly/cosign/signature-manifest";
import { decodeBase64 } from "../../assembly/crypto/base64";
import { codeName, Failure } from "../../assembly/failure";
import { Reference } from "../../assembly/image/reference";
import { Annotation, Builder, Document, NONE, Text } from "../../assembly/sdk";
import { Window } from "../../assembly/time/window";
import { Authority } from "../../assembly/trust/authority";
import { LogKey } from "../../assembly/trust/log-key";
import { TrustRoots } from "../../assembly/trust/roots";
import { Work } from "../../assembly/work";
import { textOf } from "./strings";

/** Payloads and log entries, one by one; null if there is no such operation. */
export function callCosign(operation: Text, payload: Text): Text | null {
  if (operation.is("payload")) return payloadOf(Document.read(payload));
  if (operation.is("docker_references")) return dockerReferencesOf(payload);
  if (operation.is("signature_manifest")) return signatureManifest(payload);
  if (operation.is("log_entry")) return logEntry(Document.read(payload));
  if (operation.is("trust_roots")) return trustRoots(Document.read(payload));
  return null;
}

/** `{"reference", "digest", "annotations": [name, value, …]}`: the payload, and its digest behind a line feed. */
function payloadOf(document: Document): Text {
  const annotations: Array<Annotation> = [];
  const texts = textsAt(document, "annotations");
  for (let i = 0; i < texts.length; i += 2) {
    annotations.push(new Annotation(texts[i], texts[i + 1]));
  }
  const written = new Builder();
  writePayload(written, textAt(document, "reference"), textAt(document, "digest"), annotations);
  const digest = payloadDigest(written.view());
  return written.byte(0x0a).text(digest).view();
}

function dockerReferencesOf(image: Text): Text {
  const json = new Builder();
  writeTexts(json, dockerReferences(Reference.parse(image).value!));
  return json.view();
}

/** `{"failure"}` or `{"layers": […], "failures": […]}`; bytes as hex, a failure as `detail [code]`. */
function signatureManifest(payload: Text): Text {
  const read = SignatureManifest.read(payload);
  const json = new Builder();
  const manifest = read.value;
  if (!manifest) {
    writeFailure(json.ascii('{"failure":'), read.failure);
    return json.byte(0x7d).view();
  }
  json.ascii('{"layers":[');
  for (let i = 0; i < manifest.layers.length; i++) {
    if (i > 0) json.byte(0x2c);
    writeLayer(json, manifest.layers[i]);
  }
  json.ascii('],"failures":[');
  for (let i = 0; i < manifest.failures.length; i++) {
    if (i > 0) json.byte(0x2c);
    writeFailure(json, manifest.failures[i]);
  }
  return json.ascii("]}").view();
}

function writeLayer(json: Builder, layer: Layer): void {
  json.ascii('{"digest":').json(layer.digest).ascii(',"signature":');
  const signature = layer.signature();
  writeBytes(json, signature.value, signature.failure);
  json.ascii(',"hasCertificate":').ascii(layer.hasCertificate ? "true" : "false");
  json.ascii(',"certificate":');
  const certificate = layer.certificate();
  writeBytes(json, certificate.value, certificate.failure);
  json.ascii(',"chain":');
  const chain = layer.chain();
  const ders = chain.value;
  if (ders) writeHexes(json, ders);
  else writeFailure(json, chain.failure);
  json.ascii(',"bundle":');
  const bundle = layer.bundle;
  if (bundle) json.json(bundle);
  else json.ascii("null");
  json.byte(0x7d);
}

/**
 * `{"bundle", "keys": [base64, …], "from", "digest", "signature", "key"}`: `{"read"}`, or `{"time", "verify", "names"}`;
 * null for no failure.
 */
function logEntry(document: Document): Text {
  const json = new Builder();
  const read = LogEntry.read(textAt(document, "bundle"));
  const entry = read.value;
  if (!entry) {
    writeCode(json.ascii('{"read":'), read.failure);
    return json.byte(0x7d).view();
  }
  const window = new Window(numberAt(document, "from"), numberAt(document, "until"));
  const texts = textsAt(document, "keys");
  const keys: Array<LogKey> = [];
  for (let i = 0; i < texts.length; i++) keys.push(new LogKey(decodeBase64(texts[i])!, window));
  const digest = textAt(document, "digest");
  const signature = decodeBase64(textAt(document, "signature"))!;
  const key = decodeBase64(textAt(document, "key"))!;
  json.ascii('{"time":').text(textOf(entry.time.toString()));
  writeCode(json.ascii(',"verify":'), entry.verify(keys, new Work()));
  writeCode(json.ascii(',"names":'), entry.names(digest, signature, key));
  return json.byte(0x7d).view();
}

/** `{"certificates": [base64, …], "keys": […]}`: the roots with these, or Sigstore's if neither is there. */
function trustRoots(document: Document): Text {
  const roots =
    document.field(0, "keys") == NONE
      ? TrustRoots.sigstore()
      : TrustRoots.of(bytesAt(document, "certificates"), bytesAt(document, "keys")).or(
          TrustRoots.sigstore(),
        );
  const json = new Builder().ascii('{"authorities":');
  writeAuthorities(json, roots.authorities);
  json.ascii(',"timestampAuthorities":');
  writeAuthorities(json, roots.timestampAuthorities);
  json.ascii(',"logs":[');
  for (let i = 0; i < roots.logs.length; i++) {
    const log = roots.logs[i];
    json.ascii(i > 0 ? ',{"id":"' : '{"id":"').hex(log.id);
    json.ascii('","spki":"').hex(log.spki).byte(0x22);
    writeWindow(json, log.window);
  }
  return json.ascii("]}").view();
}

function writeAuthorities(json: Builder, authorities: Array<Authority>): void {
  json.byte(0x5b);
  for (let i = 0; i < authorities.length; i++) {
    const authority = authorities[i];
    writeHexes(
      json.ascii(i > 0 ? ',{"certificates":' : '{"certificates":'),
      authority.certificates,
    );
    writeWindow(json, authority.window);
  }
  json.byte(0x5d);
}

/** As strings, for JSON's numbers are not long enough. */
function writeWindow(json: Builder, window: Window): void {
  json.ascii(',"from":"').text(textOf(window.from.toString()));
  json.ascii('","until":"').text(textOf(window.until.toString())).ascii('"}');
}

function textAt(document: Document, name: string): Text {
  return document.text(document.field(0, name));
}

function numberAt(document: Document, name: string): i64 {
  const raw = document.raw(document.field(0, name));
  return I64.parseInt(String.UTF8.decodeUnsafe(raw.start, raw.length));
}

function textsAt(document: Document, name: string): Array<Text> {
  const texts: Array<Text> = [];
  const list = document.field(0, name);
  for (let at = list + 1; !document.ends(at); at = document.next(at)) texts.push(document.text(at));
  return texts;
}

function bytesAt(document: Document, name: string): Array<Text> {
  const texts = textsAt(document, name);
  for (let i = 0; i < texts.length; i++) texts[i] = decodeBase64(texts[i])!;
  return texts;
}

function writeTexts(json: Builder, texts: Array<Text>): void {
  for (let i = 0; i < texts.length; i++) json.byte(i > 0 ? 0x2c : 0x5b).json(texts[i]);
  json.ascii(texts.length > 0 ? "]" : "[]");
}

function writeHexes(json: Builder, texts: Array<Text>): void {
  const hexes: Array<Text> = [];
  for (let i = 0; i < texts.length; i++) hexes.push(new Builder().hex(texts[i]).view());
  writeTexts(json, hexes);
}

function writeBytes(json: Builder, bytes: Text | null, failure: Failure | null): void {
  if (bytes) json.json(new Builder().hex(bytes).view());
  else writeFailure(json, failure);
}

function writeFailure(json: Builder, failure: Failure | null): void {
  const line = new Builder();
  failure!.write(line);
  json.json(line.view());
}

function writeCode(json: Builder, failure: Failure | null): void {
  if (failure) json.byte(0x22).ascii(codeName(failure.code)).byte(0x22);
  else json.ascii("null");
}
