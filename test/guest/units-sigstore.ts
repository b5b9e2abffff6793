import { decodeBase64 } from "../../assembly/crypto/base64";
import { VerificationKey } from "../../assembly/crypto/key";
import { BundleCandidate } from "../../assembly/evidence/bundle-candidate";
import { codeName, Failure, Result } from "../../assembly/failure";
import { Checkpoint } from "../../assembly/rekor/checkpoint";
import { isIncluded } from "../../assembly/rekor/inclusion-proof";
import { Annotation, Builder, Document, Kind, Text } from "../../assembly/sdk";
import { Bundle } from "../../assembly/sigstore/bundle";
import { Need, TrustedWitnesses } from "../../assembly/sigstore/witnesses";
import { Timestamp } from "../../assembly/timestamp/timestamp";
import { TimestampAuthority } from "../../assembly/timestamp/timestamp-authority";
import { Window } from "../../assembly/time/window";
import { Authority } from "../../assembly/trust/authority";
import { LogKey } from "../../assembly/trust/log-key";
import { TrustRoots } from "../../assembly/trust/roots";
import { addTrustedRoot } from "../../assembly/trust/trusted-root";
import { Work } from "../../assembly/work";
import { parseAll, X509 } from "../../assembly/x509/certificate";
import { verifyPath } from "../../assembly/x509/path";
import { textOf } from "./strings";

/** Sigstore's bundles and what is in them, one by one; null if there is no such operation. */
export function callSigstore(operation: Text, payload: Text): Text | null {
  if (operation.is("bundle")) return bundleOf(Document.read(payload));
  if (operation.is("inclusion")) return inclusion(Document.read(payload));
  if (operation.is("checkpoint")) return checkpoint(Document.read(payload));
  if (operation.is("timestamp")) return timestamp(Document.read(payload));
  if (operation.is("trusted_root")) return trustedRoot(payload);
  return null;
}

/**
 * `{"bundle", "trustedRoot", "key": base64 or null for the bundle's certificate, "digest", "annotations": [name, value, …],
 * "isLogRequired", "now"}`: `{"read"}` if it cannot be read, else `{"predicateType", "about", "refuse", "verify", "times",
 * "holder", "issuer", "path"}`, each a code, or null for no failure, or what it is called.
 */
function bundleOf(document: Document): Text {
  const json = new Builder();
  const read = Bundle.read(textAt(document, "bundle"));
  if (!read.value) return writeCode(json.ascii('{"read":'), read.failure).byte(0x7d).view();
  const roots = new TrustRoots([], []);
  if (!addTrustedRoot(textAt(document, "trustedRoot"), roots)) {
    return Text.of('{"read":"trusted-root"}');
  }
  const candidate = new BundleCandidate(read.value!);
  const work = new Work();
  const keyAt = document.field(0, "key");
  const isKey = document.kind(keyAt) == Kind.String;
  const digest = textAt(document, "digest");
  const annotations = annotationsAt(document);
  const statement = candidate.statement(work).value;
  json.byte(0x7b);
  if (statement) {
    json.ascii('"predicateType":').json(statement.predicateType).ascii(',"about":');
    writeCode(json, statement.refuse(digest, annotations, work)).byte(0x2c);
  }
  writeCode(json.ascii('"refuse":'), candidate.refuseContent(digest, annotations, work));
  if (!isKey && !candidate.hasCertificate) return json.ascii(',"verify":"no-key"}').view();
  let certificate: Result<X509> | null = null;
  if (!isKey) certificate = candidate.certificate();
  if (certificate && certificate.failure) {
    return writeCode(json.ascii(',"verify":'), certificate.failure).byte(0x7d).view();
  }
  const der = isKey ? decodeBase64(document.text(keyAt))! : certificate!.value!.der;
  const key = isKey ? VerificationKey.parse(der) : certificate!.value!.key;
  writeCode(json.ascii(',"verify":'), candidate.verify(key, null, work));
  const holder = certificate ? candidate.holder().value : null;
  if (holder) json.ascii(',"holder":').json(holder.subject.name);
  const issuer = holder ? holder.issuer : null;
  if (issuer) json.ascii(',"issuer":').json(issuer);
  const authorities: Array<TimestampAuthority> = [];
  for (let i = 0; i < roots.timestampAuthorities.length; i++) {
    authorities.push(new TimestampAuthority(roots.timestampAuthorities[i]));
  }
  const isLogged = document.kind(document.field(0, "isLogRequired")) == Kind.True;
  const needs = (isLogged ? Need.Log : Need.Nothing) | (isKey ? Need.Nothing : Need.Time);
  const trusted = new TrustedWitnesses(roots.logs, authorities);
  const found = candidate.times([der], trusted, needs, numberAt(document, "now"), work);
  json.ascii(',"times":');
  const times = found.value;
  if (!times) return writeCode(json, found.failure).byte(0x7d).view();
  writeTimes(json, times);
  if (certificate) {
    json.ascii(',"path":');
    writeCode(json, pathFailure(certificate.value!, candidate, roots, times, work));
  }
  return json.byte(0x7d).view();
}

/** Why no authority has certified the holder, at one of these times; null if one has at each. */
function pathFailure(
  certificate: X509,
  candidate: BundleCandidate,
  roots: TrustRoots,
  times: Array<i64>,
  work: Work,
): Failure | null {
  const chain = candidate.chain();
  if (chain.failure) return chain.failure;
  let failure: Failure | null = null;
  for (let i = 0; i < times.length && !failure; i++) {
    for (let k = 0; k < roots.authorities.length; k++) {
      const authority = roots.authorities[k];
      if (!authority.window.holds(times[i])) continue;
      const all = parseAll(authority.certificates).value!;
      const last = all.length - 1;
      const between = chain.value!.concat(all.slice(0, last));
      failure = verifyPath(certificate, between, all.slice(last), times[i], work);
      if (!failure) break;
    }
  }
  return failure;
}

/** `{"entry": base64, "index", "size", "hashes": [base64, …], "root": base64}`: whether it is in the tree. */
function inclusion(document: Document): Text {
  const is = isIncluded(
    bytesAt(document, "entry"),
    <u64>numberAt(document, "index"),
    <u64>numberAt(document, "size"),
    bytesOf(document, "hashes"),
    bytesAt(document, "root"),
  );
  return Text.of(is ? "true" : "false");
}

/** `{"note", "key": base64, "id": base64}`: `{"read"}` or `{"size", "root", "verify"}`. */
function checkpoint(document: Document): Text {
  const json = new Builder();
  const read = Checkpoint.read(textAt(document, "note"));
  const found = read.value;
  if (!found) return writeCode(json.ascii('{"read":'), read.failure).byte(0x7d).view();
  const log = new LogKey(bytesAt(document, "key"), new Window(), bytesAt(document, "id"));
  json.ascii('{"size":').text(textOf(found.size.toString()));
  json.ascii(',"root":"').hex(found.root).ascii('","verify":');
  return writeCode(json, found.verify(log, new Work())).byte(0x7d).view();
}

/** `{"der": base64, "signature": base64, "chain": [base64, …], "from", "until"}`: `{"read"}` or `{"time", "verify"}`. */
function timestamp(document: Document): Text {
  const json = new Builder();
  const read = Timestamp.read(bytesAt(document, "der"));
  const found = read.value;
  if (!found) return writeCode(json.ascii('{"read":'), read.failure).byte(0x7d).view();
  const window = new Window(numberAt(document, "from"), numberAt(document, "until"));
  const authority = new TimestampAuthority(new Authority(bytesOf(document, "chain"), window));
  json.ascii('{"time":').text(textOf(found.time.toString())).ascii(',"verify":');
  const failure = found.verify(bytesAt(document, "signature"), [authority], new Work());
  return writeCode(json, failure).byte(0x7d).view();
}

/** `null`, or `{"authorities": count, "timestampAuthorities": count, "logs": [hex ID, …]}`. */
function trustedRoot(text: Text): Text {
  const roots = new TrustRoots([], []);
  if (!addTrustedRoot(text, roots)) return Text.of("null");
  const json = new Builder().ascii('{"authorities":').int(roots.authorities.length);
  json.ascii(',"timestampAuthorities":').int(roots.timestampAuthorities.length).ascii(',"logs":[');
  for (let i = 0; i < roots.logs.length; i++) {
    json
      .ascii(i > 0 ? ',"' : '"')
      .hex(roots.logs[i].id)
      .byte(0x22);
  }
  return json.ascii("]}").view();
}

function textAt(document: Document, name: string): Text {
  return document.text(document.field(0, name));
}

function bytesAt(document: Document, name: string): Text {
  return decodeBase64(textAt(document, name))!;
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

function bytesOf(document: Document, name: string): Array<Text> {
  const texts = textsAt(document, name);
  for (let i = 0; i < texts.length; i++) texts[i] = decodeBase64(texts[i])!;
  return texts;
}

function annotationsAt(document: Document): Array<Annotation> {
  const annotations: Array<Annotation> = [];
  const texts = textsAt(document, "annotations");
  for (let i = 0; i < texts.length; i += 2) {
    annotations.push(new Annotation(texts[i], texts[i + 1]));
  }
  return annotations;
}

function writeTimes(json: Builder, times: Array<i64>): void {
  json.byte(0x5b);
  for (let i = 0; i < times.length; i++) {
    if (i > 0) json.byte(0x2c);
    json.text(textOf(times[i].toString()));
  }
  json.byte(0x5d);
}

function writeCode(json: Builder, failure: Failure | null): Builder {
  if (!failure) return json.ascii("null");
  return json.byte(0x22).ascii(codeName(failure.code)).byte(0x22);
}
