import { decodeBase64 } from "../../assembly/crypto/base64";
import { Pem } from "../../assembly/crypto/pem";
import { codeName, Failure } from "../../assembly/failure";
import {
  Builder,
  Document,
  Fields,
  JsonError,
  Kind,
  NONE,
  Path,
  Problems,
  Text,
} from "../../assembly/sdk";
import { wholeIn } from "../../assembly/sdk/json/values";
import { parseInstant } from "../../assembly/time/instant";
import { writeCanonical } from "../../assembly/tuf/canonical-json";
import { DelegationFile, TufFiles } from "../../assembly/tuf/files";
import { Repository } from "../../assembly/tuf/repository";
import { RootPin } from "../../assembly/tuf/root";
import { decodeNotaryV1 } from "../../assembly/settings/notary-v1";
import { Targets } from "../../assembly/tuf/targets";
import { Work } from "../../assembly/work";
import { textOf } from "./strings";

/** Notary's metadata and what it is made of, one by one; null if there is no such operation. */
export function callTuf(operation: Text, payload: Text): Text | null {
  if (operation.is("tuf")) return tuf(Document.read(payload));
  if (operation.is("tuf.settings")) return settings(Document.read(payload));
  return operation.is("canonical_json") ? canonicalJson(payload) : null;
}

/** What a JSON text is in canonical JSON; or `null`. */
function canonicalJson(payload: Text): Text {
  const document = Document.read(payload);
  const json = new Builder();
  const isCanonical = document.error == JsonError.None && writeCanonical(document, 0, json);
  return isCanonical ? json.view() : Text.of("null");
}

/**
 * `{"files": {"root": base64, …}, "pin": {"keys": [PEM, …], "certificates": [PEM, …], "root": base64}, "gun", "maxAge",
 * "delegations": […], "required", "tag" or "digest", "at"}`: `{"failure"}`, or the target.
 */
function tuf(document: Document): Text {
  const json = new Builder();
  const work = new Work();
  const pin = document.field(0, "pin");
  const rootAt = document.field(pin, "root");
  const root: Text | null = rootAt == NONE ? null : decodeBase64(document.text(rootAt));
  const rootPin = new RootPin(
    dersIn(document, pin, "keys"),
    dersIn(document, pin, "certificates"),
    root,
  );
  const verified = Repository.verify(
    filesIn(document),
    rootPin,
    document.text(document.field(0, "gun")),
    wholeIn(document, 0, "maxAge"),
    parseInstant(document.text(document.field(0, "at"))),
    work,
  );
  if (verified.failure) return failed(verified.failure!);
  const wanted: Array<Text> = [];
  const list = document.field(0, "delegations");
  for (let at = list + 1; !document.ends(at); at = document.next(at))
    wanted.push(document.text(at));
  const required = <i32>wholeIn(document, 0, "required");
  const targets = Targets.verify(verified.value!, wanted, required, work);
  if (targets.failure) return failed(targets.failure!);
  const tag = document.field(0, "tag");
  const found =
    tag != NONE
      ? targets.value!.ofTag(document.text(tag), work)
      : targets.value!.ofDigest(document.text(document.field(0, "digest")), work);
  if (found.failure) return failed(found.failure!);
  const target = found.value!;
  json.ascii('{"tag":').json(target.tag).ascii(',"digest":').json(target.digest);
  json.ascii(',"length":').text(textOf(target.length.toString())).ascii(',"roles":[');
  for (let i = 0; i < target.roles.length; i++) {
    if (i > 0) json.byte(0x2c);
    json.json(target.roles[i]);
  }
  return json.ascii("]}").view();
}

/** Files by their roles' names. */
function filesIn(document: Document): TufFiles {
  const files = document.field(0, "files");
  const delegations: Array<DelegationFile> = [];
  for (let key = files + 1; !document.ends(key); key = document.next(key + 1)) {
    const role = document.text(key);
    if (!role.startsWith("targets/")) continue;
    delegations.push(new DelegationFile(role, decodeBase64(document.text(key + 1))!));
  }
  return new TufFiles(
    fileIn(document, files, "root"),
    fileIn(document, files, "timestamp"),
    fileIn(document, files, "snapshot"),
    fileIn(document, files, "targets"),
    delegations,
  );
}

function fileIn(document: Document, files: i32, name: string): Text {
  return decodeBase64(document.text(document.field(files, name)))!;
}

function dersIn(document: Document, object: i32, name: string): Array<Text> {
  const ders: Array<Text> = [];
  const list = document.field(object, name);
  if (document.kind(list) != Kind.Array) return ders;
  for (let at = list + 1; !document.ends(at); at = document.next(at)) {
    ders.push(Pem.parse(document.text(at)).der);
  }
  return ders;
}

function failed(failure: Failure): Text {
  const json = new Builder().ascii('{"failure":"').ascii(codeName(failure.code));
  return json.ascii('","detail":').json(failure.detail).byte(0x7d).view();
}

/** A rule in: `{"problems"}`, or what of its `notaryV1` comes. */
function settings(document: Document): Text {
  const problems = new Problems();
  const found = decodeNotaryV1(Fields.of(document, 0, Path.root(""), problems)!);
  const json = new Builder().ascii('{"problems":').json(problems.text("\n"));
  if (found) {
    const gun = found.gun;
    json.ascii(',"keys":').int(found.root.keys.length);
    json.ascii(',"certificates":').int(found.root.certificates.length);
    json
      .ascii(',"hasRoot":')
      .ascii(found.root.root ? "true" : "false")
      .ascii(',"gun":');
    if (gun) json.json(gun);
    else json.ascii("null");
    json.ascii(',"delegations":').int(found.delegations.length);
    json.ascii(',"required":').int(found.requireSigners);
    json.ascii(',"maxAge":').text(textOf(found.maxAge.toString()));
  }
  return json.byte(0x7d).view();
}
