import { codeName, Failure } from "../../assembly/failure";
import { Builder, Document, Kind, NONE, Text } from "../../assembly/sdk";
import { X509 } from "../../assembly/x509/certificate";
import { Holder } from "../../assembly/x509/holder";
import { hasPrefix, isExactly, isGithubWorkflow } from "../../assembly/x509/match";
import { Work } from "../../assembly/work";
import { verifyPath } from "../../assembly/x509/path";
import { decodeBase64 } from "../../assembly/crypto/base64";
import { parseInstant } from "../../assembly/time/instant";
import { Purpose, Usage } from "../../assembly/x509/extensions";
import { textOf } from "./strings";

/** Certificates, one by one; null if there is no such operation. */
export function callX509(operation: Text, payload: Text): Text | null {
  if (operation.is("x509.parse")) return parse(payload);
  if (operation.is("x509.path")) return path(Document.read(payload));
  if (operation.is("x509.signers")) return signers(Document.read(payload));
  if (operation.is("x509.holder")) return holder(payload);
  return operation.is("x509.match") ? match(Document.read(payload)) : null;
}

/** A list of certificates in base64: whether the first, asked of one after the other, is signed with the key of each. */
function signers(document: Document): Text {
  const answer = new Builder();
  let first: X509 | null = null;
  for (let at = 1; !document.ends(at); at = document.next(at)) {
    const certificate = X509.parse(decodeBase64(document.text(at))!).value!;
    if (!first) first = certificate;
    answer.byte(at == 1 ? 0x5b : 0x2c).text(truth(first.isSignedBy(certificate.key)));
  }
  return answer.byte(0x5d).view();
}

/** DER in: its fields, or the failure. */
function parse(der: Text): Text {
  const parsed = X509.parse(der);
  const failure = parsed.failure;
  if (failure) return written(failure);
  const certificate = parsed.value!;
  const extensions = certificate.extensions;
  const answer = new Builder().ascii('{"issuer":"').hex(certificate.issuer);
  answer.ascii('","subject":"').hex(certificate.subject);
  answer.ascii('","spki":"').hex(certificate.spki);
  answer.ascii('","from":').text(textOf(certificate.validity.from.toString()));
  answer.ascii(',"until":').text(textOf(certificate.validity.until.toString()));
  answer.ascii(',"isCa":').text(truth(extensions.isCa));
  answer.ascii(',"pathLength":').text(textOf(extensions.pathLength.toString()));
  answer.ascii(',"signs":').text(truth(extensions.allows(Usage.DigitalSignature)));
  answer.ascii(',"issues":').text(truth(extensions.allows(Usage.KeyCertSign)));
  answer.ascii(',"isForCodeSigning":').text(truth(extensions.isFor(Purpose.CodeSigning)));
  answer.ascii(',"isSelfSigned":').text(truth(certificate.isSignedBy(certificate.key)));
  return answer.byte(0x7d).view();
}

/** `{"leaf": base64, "intermediates": […], "roots": […], "at": "…"}` in: the first failure, or `""`. */
function path(document: Document): Text {
  const leaf = new Certificates();
  leaf.add(document.text(document.field(0, "leaf")));
  const intermediates = Certificates.of(document, "intermediates");
  const roots = Certificates.of(document, "roots");
  let failure = leaf.failure;
  if (!failure) failure = intermediates.failure;
  if (!failure) failure = roots.failure;
  if (!failure) {
    const at = parseInstant(document.text(document.field(0, "at")));
    failure = verifyPath(leaf.list[0], intermediates.list, roots.list, at, new Work());
  }
  return failure ? written(failure) : Text.of('""');
}

class Certificates {
  readonly list: Array<X509> = [];
  failure: Failure | null = null;

  static of(document: Document, name: string): Certificates {
    const certificates = new Certificates();
    const list = document.field(0, name);
    for (let at = list + 1; !document.ends(at); at = document.next(at)) {
      certificates.add(document.text(at));
    }
    return certificates;
  }

  add(base64: Text): void {
    const parsed = X509.parse(decodeBase64(base64)!);
    const certificate = parsed.value;
    if (certificate) this.list.push(certificate);
    else this.failure = parsed.failure;
  }
}

/** DER in: who holds the certificate, or the failure. */
function holder(der: Text): Text {
  const parsed = X509.parse(der);
  const broken = parsed.failure;
  if (broken) return written(broken);
  const held = Holder.of(parsed.value!);
  const failure = held.failure;
  if (failure) return written(failure);
  const holder = held.value!;
  const answer = new Builder().ascii('{"kind":').int(holder.subject.kind);
  answer.ascii(',"subject":').json(holder.subject.name).ascii(',"issuer":');
  orNull(holder.issuer, answer);
  answer.ascii(',"repository":');
  orNull(holder.repository, answer);
  return answer.byte(0x7d).view();
}

/** `{"certificate": base64, "issuer", "subject"}`, or `"urlPrefix"`, or `"owner"` and `"repo"` in: a truth value. */
function match(document: Document): Text {
  const der = decodeBase64(document.text(document.field(0, "certificate")))!;
  const found = Holder.of(X509.parse(der).value!).value!;
  const repo = document.field(0, "repo");
  if (document.field(0, "owner") != NONE) {
    const name = document.kind(repo) == Kind.String ? document.text(repo) : null;
    return truth(isGithubWorkflow(found, document.text(document.field(0, "owner")), name));
  }
  const issuer = document.text(document.field(0, "issuer"));
  const subject = document.field(0, "subject");
  if (subject != NONE) return truth(isExactly(found, issuer, document.text(subject)));
  return truth(hasPrefix(found, issuer, document.text(document.field(0, "urlPrefix"))));
}

/** As JSON: `"detail [code]"` */
function written(failure: Failure): Text {
  const line = new Builder().text(failure.detail).ascii(" [").ascii(codeName(failure.code));
  return new Builder().json(line.byte(0x5d).view()).view();
}

function orNull(text: Text | null, to: Builder): void {
  if (text) to.json(text);
  else to.ascii("null");
}

function truth(value: bool): Text {
  return Text.of(value ? "true" : "false");
}
