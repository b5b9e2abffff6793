import { Attestation } from "../../assembly/attestation/attestation";
import { ExactNumber } from "../../assembly/attestation/number";
import { Pointer } from "../../assembly/attestation/pointer";
import { decodeAttestations } from "../../assembly/attestation/settings";
import { readEmbedded } from "../../assembly/cosign/embedded";
import { codeName, Failure } from "../../assembly/failure";
import { Builder, Document, Fields, NONE, Path, Problems, Text } from "../../assembly/sdk";
import { wholeIn } from "../../assembly/sdk/json/values";
import { Statement } from "../../assembly/sigstore/statement";
import { NO_INSTANT } from "../../assembly/time/instant";
import { Work } from "../../assembly/work";

/** Conditions on predicates and what they are made of, one by one; null if there is no such operation. */
export function callAttestation(operation: Text, payload: Text): Text | null {
  if (operation.is("attestation")) return attestation(Document.read(payload));
  if (operation.is("attestation.settings")) return settings(Document.read(payload));
  if (operation.is("attestation.pointer")) return pointer(Document.read(payload));
  if (operation.is("attestation.number")) return compare(Document.read(payload));
  return null;
}

/**
 * `{"attestations", "statement", "now", "spent"}`, of which the statement is in a string, the time may be missing, and work
 * may have been done before: for each attestation null, or `{"code", "detail"}` of why the statement is not it.
 */
function attestation(document: Document): Text {
  const problems = new Problems();
  const wanted = decodeAttestations(Fields.of(document, 0, Path.root(""), problems)!);
  assert(problems.none);
  const statement = Statement.read(document.text(document.field(0, "statement"))).value!;
  const predicate = statement.predicate;
  const said = readEmbedded(predicate ? predicate : new Text(0, 0));
  const at = predicate ? 0 : NONE;
  const seconds = wholeIn(document, 0, "now");
  const now = seconds < 0 ? NO_INSTANT : seconds;
  const work = new Work();
  work.spend(<i32>max<i64>(wholeIn(document, 0, "spent"), 0));
  const json = new Builder().byte(0x5b);
  for (let i = 0; i < wanted.length; i++) {
    if (i > 0) json.byte(0x2c);
    const isOfType = wanted[i].predicateType.same(statement.predicateType);
    writeFailure(json, isOfType ? wanted[i].failure(said, at, now, work) : wanted[i].missing());
  }
  return json.byte(0x5d).view();
}

function writeFailure(json: Builder, failure: Failure | null): void {
  if (!failure) {
    json.ascii("null");
    return;
  }
  json.ascii('{"code":"').ascii(codeName(failure.code));
  json.ascii('","detail":').json(failure.detail).byte(0x7d);
}

/** A rule in: `{"problems", "attestations": [[predicateType, count of conditions], …]}`. */
function settings(document: Document): Text {
  const problems = new Problems();
  const found: Array<Attestation> = decodeAttestations(
    Fields.of(document, 0, Path.root(""), problems)!,
  );
  const json = new Builder().ascii('{"problems":').json(problems.text("\n"));
  json.ascii(',"attestations":[');
  for (let i = 0; i < found.length; i++) {
    json.ascii(i > 0 ? ",[" : "[").json(found[i].predicateType);
    json.byte(0x2c).int(found[i].conditions.length).byte(0x5d);
  }
  return json.ascii("]}").view();
}

/** `{"pointer", "document"}`, the document in a string: `{"problem"}`, or `{"found": as it is written or null, "twice"}`. */
function pointer(document: Document): Text {
  const parsed = Pointer.parse(document.text(document.field(0, "pointer")));
  const json = new Builder();
  if (parsed.problem.length > 0) {
    return json.ascii('{"problem":').json(Text.of(parsed.problem)).byte(0x7d).view();
  }
  const target = readEmbedded(document.text(document.field(0, "document")));
  const value = parsed.find(target, 0);
  json.ascii('{"found":');
  if (value == NONE) json.ascii("null");
  else json.json(target.raw(value));
  json.ascii(',"twice":').ascii(target.twice == NONE ? "false" : "true");
  return json.byte(0x7d).view();
}

/** `{"left", "right"}`, numbers in strings: -1, 0 or 1, or null if one of them is not read. */
function compare(document: Document): Text {
  const left = ExactNumber.read(document.text(document.field(0, "left")));
  const right = ExactNumber.read(document.text(document.field(0, "right")));
  if (!left || !right) return Text.of("null");
  const order = left.compare(right);
  return Text.of(order < 0 ? "-1" : order > 0 ? "1" : "0");
}
