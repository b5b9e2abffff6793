// The policy's functions one by one, for tests only: data in, data out.
import { decodeBase64 } from "../../assembly/crypto/base64";
import { certificateProblem } from "../../assembly/crypto/certificate";
import { fingerprint } from "../../assembly/crypto/fingerprint";
import { VerificationKey } from "../../assembly/crypto/key";
import { Pem } from "../../assembly/crypto/pem";
import { sha256 } from "../../assembly/crypto/sha256";
import { codeName } from "../../assembly/failure";
import { matchGlob } from "../../assembly/image/glob";
import { Pattern } from "../../assembly/image/pattern";
import { excludeProblem, patternProblem } from "../../assembly/image/pattern-problem";
import { Reference } from "../../assembly/image/reference";
import { Spellings } from "../../assembly/image/spellings";
import { Builder, Document, GuestCall, JsonError, Kind, NONE, Text } from "../../assembly/sdk";
import { isUtf8 } from "../../assembly/sdk/text/utf8";
import { urlProblem } from "../../assembly/settings/url";
import { callAttestation } from "./units-attestation";
import { callCosign } from "./units-cosign";
import { callCurves } from "./units-curves";
import { callCapability } from "./units-host";
import { callNotation } from "./units-notation";
import { callPrimitives } from "./units-primitives";
import { callSigstore } from "./units-sigstore";
import { callTuf } from "./units-tuf";
import { callX509 } from "./units-x509";
import { literalOf } from "./strings";

/** `{"error": code, "at": offset, "text": "…"}` */
function scanJson(payload: Text): Text {
  const document = Document.read(payload);
  const answer = new Builder().ascii('{"error":').int(document.error);
  answer.ascii(',"at":').int(document.errorAt);
  return answer.ascii(',"text":').json(document.errorText()).byte(0x7d).view();
}

/** The document, written anew from its tape: each string decoded and encoded, each number as it was. */
function emitJson(payload: Text): Text {
  const document = Document.read(payload);
  assert(document.error == JsonError.None);
  const answer = new Builder(payload.length + 16);
  emitValue(document, 0, answer);
  return answer.view();
}

function emitValue(document: Document, value: i32, to: Builder): void {
  const kind = document.kind(value);
  if (kind == Kind.String) {
    to.json(document.text(value));
    return;
  }
  if (kind != Kind.Object && kind != Kind.Array) {
    to.text(document.raw(value));
    return;
  }
  const isObject = kind == Kind.Object;
  to.byte(isObject ? 0x7b : 0x5b);
  for (let at = value + 1; !document.ends(at); at = document.next(at)) {
    if (at > value + 1) to.byte(0x2c);
    if (isObject) to.json(document.text(at++)).byte(0x3a);
    emitValue(document, at, to);
  }
  to.byte(isObject ? 0x7d : 0x5d);
}

/** `{"document": …, "name": "…"}`: the field's bytes by both look-ups, and the key that stands twice. */
function findField(payload: Text): Text {
  let document = Document.read(payload);
  const name = document.text(document.field(0, "name"));
  const literal = literalOf(name);
  const answer = new Builder().ascii('{"literal":');
  emitRaw(document, document.field(document.field(0, "document"), literal), answer);
  answer.ascii(',"twice":');
  emitRaw(document, document.twice, answer);
  document = Document.read(payload);
  answer.ascii(',"text":');
  emitRaw(document, document.fieldOf(document.field(0, "document"), name), answer);
  answer.ascii(',"twiceOf":');
  emitRaw(document, document.twice, answer);
  return answer.byte(0x7d).view();
}

function emitRaw(document: Document, value: i32, to: Builder): void {
  if (value == NONE) to.ascii("null");
  else to.json(document.raw(value));
}

/** `{"text": "…", "most": n}` as one line for people. */
function plain(payload: Text): Text {
  const document = Document.read(payload);
  const digits = document.raw(document.field(0, "most"));
  let most = 0;
  for (let i = 0; i < digits.length; i++) most = most * 10 + digits.at(i) - 0x30;
  return new Builder().plain(document.text(document.field(0, "text")), most).view();
}

function parseReference(payload: Text): Text {
  const parsed = Reference.parse(payload);
  const failure = parsed.failure;
  const answer = new Builder();
  if (failure) return answer.ascii('{"failure":"').ascii(codeName(failure.code)).ascii('"}').view();
  const reference = parsed.value!;
  answer.ascii('{"registry":').json(reference.registry);
  answer.ascii(',"repository":').json(reference.repository);
  answer.ascii(',"tag":');
  orNull(reference.tag, answer);
  answer.ascii(',"digest":');
  orNull(reference.digest, answer);
  answer.ascii(',"name":').json(reference.name);
  return answer.ascii(',"canonical":').json(reference.canonical).byte(0x7d).view();
}

function orNull(text: Text | null, to: Builder): void {
  if (text) to.json(text);
  else to.ascii("null");
}

/** `{"pattern": "…", "image": "…"}`: what is wrong with the pattern, or whether it may mean, means and excludes it. */
function matchPattern(payload: Text): Text {
  const document = Document.read(payload);
  const pattern = document.text(document.field(0, "pattern"));
  const problem = patternProblem(pattern);
  const answer = new Builder().ascii('{"problem":').json(Text.of(problem));
  if (problem.length > 0) return answer.byte(0x7d).view();
  const reference = Reference.parse(document.text(document.field(0, "image"))).value!;
  const parsed = Pattern.parse(pattern);
  const could = parsed.isVague && parsed.mayMean(reference, new Spellings(reference));
  answer.ascii(',"matches":').text(truth(could || parsed.means(reference, true)));
  answer.ascii(',"means":').text(truth(parsed.means(reference, true)));
  answer.ascii(',"excludes":').text(truth(parsed.means(reference, false)));
  return answer
    .ascii(',"excludeProblem":')
    .json(Text.of(excludeProblem(pattern)))
    .byte(0x7d)
    .view();
}

function glob(payload: Text): Text {
  const document = Document.read(payload);
  const pattern = document.text(document.field(0, "glob"));
  return truth(matchGlob(pattern, document.text(document.field(0, "text"))));
}

function pem(payload: Text): Text {
  const block = Pem.parse(payload);
  const answer = new Builder().ascii('{"problem":').json(Text.of(block.problem));
  answer.ascii(',"label":').json(block.label);
  return answer.ascii(',"der":"').hex(block.der).ascii('"}').view();
}

function publicKey(der: Text): Text {
  const answer = new Builder()
    .ascii('{"problem":')
    .json(Text.of(VerificationKey.parse(der).problem));
  return answer.ascii(',"fingerprint":').json(fingerprint(der)).byte(0x7d).view();
}

function base64(payload: Text): Text {
  const bytes = decodeBase64(payload);
  return bytes ? new Builder().byte(0x22).hex(bytes).byte(0x22).view() : Text.of("null");
}

function truth(value: bool): Text {
  return Text.of(value ? "true" : "false");
}

export function __guest_call(operationLength: i32, payloadLength: i32): i32 {
  const call = GuestCall.receive(operationLength, payloadLength);
  if (!call) return 0;
  const operation = call.operation;
  const payload = call.payload;
  if (operation.is("json")) return call.respond(scanJson(payload));
  if (operation.is("json_emit")) return call.respond(emitJson(payload));
  if (operation.is("json_field")) return call.respond(findField(payload));
  if (operation.is("json_string")) return call.respond(new Builder().json(payload).view());
  if (operation.is("plain")) return call.respond(plain(payload));
  if (operation.is("utf8")) {
    return call.respond(truth(isUtf8(payload.start, payload.start + payload.length)));
  }
  if (operation.is("parse_reference")) return call.respond(parseReference(payload));
  if (operation.is("match")) return call.respond(matchPattern(payload));
  if (operation.is("glob")) return call.respond(glob(payload));
  if (operation.is("sha256")) return call.respond(new Builder().hex(sha256(payload)).view());
  if (operation.is("base64")) return call.respond(base64(payload));
  if (operation.is("pem")) return call.respond(pem(payload));
  if (operation.is("public_key")) return call.respond(publicKey(payload));
  if (operation.is("certificate")) return call.respond(Text.of(certificateProblem(payload)));
  if (operation.is("url")) return call.respond(Text.of(urlProblem(payload)));
  let answer = callCapability(operation, payload);
  if (!answer) answer = callPrimitives(operation, payload);
  if (!answer) answer = callCurves(operation, payload);
  if (!answer) answer = callX509(operation, payload);
  if (!answer) answer = callCosign(operation, payload);
  if (!answer) answer = callSigstore(operation, payload);
  if (!answer) answer = callNotation(operation, payload);
  if (!answer) answer = callTuf(operation, payload);
  if (!answer) answer = callAttestation(operation, payload);
  if (answer) return call.respond(answer);
  return call.refuse(new Builder().ascii("no operation ").text(operation).view());
}
