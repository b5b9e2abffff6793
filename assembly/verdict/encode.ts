import { Examination } from "../evidence/examination";
import { MESSAGE_BYTES, WARNINGS } from "../limits";
import { AdmissionRequest, Builder, Document, Text, ValidationResponse } from "../sdk";
import { Pin, Verdict } from "./verdict";

/** HTTP status of a rejection: the request is at fault, not the server. */
export const BAD_REQUEST: i32 = 400;

/** Bytes of an entry in the audit log. */
const AUDIT_BYTES: i32 = 1024;

/** The verdict as what policy-server expects. */
export function encodeVerdict(
  verdict: Verdict,
  document: Document,
  request: AdmissionRequest,
): Text {
  const response =
    verdict.rejections.length > 0
      ? ValidationResponse.reject(message(verdict.rejections), BAD_REQUEST)
      : ValidationResponse.accept();
  if (verdict.pins.length > 0) {
    response.mutate(pinned(document, document.raw(request.object), verdict.pins));
  }
  for (let i = 0; i < verdict.examinations.length; i++) {
    annotate(response, verdict.examinations[i]);
  }
  const warnings = verdict.warnings;
  for (let i = 0; i < warnings.length && i < WARNINGS; i++) response.warn(warnings[i]);
  if (warnings.length > WARNINGS) {
    const more = new Builder().ascii("and ").int(warnings.length - WARNINGS);
    response.warn(more.ascii(" more warnings").view());
  }
  return response.encode();
}

/** The lines of a rejection, as many as there is room for. */
function message(lines: Array<Text>): Text {
  const text = new Builder(1024);
  for (let i = 0; i < lines.length; i++) {
    if (i > 0) {
      text.byte(0x0a);
      if (text.size + lines[i].length > MESSAGE_BYTES) {
        return text
          .ascii("and ")
          .int(lines.length - i)
          .ascii(" more reasons")
          .view();
      }
    }
    text.text(lines[i]);
  }
  return text.view();
}

/** The object's own bytes, in pieces, with a digest behind each image that is pinned and nothing else changed. */
function pinned(document: Document, object: Text, pins: Array<Pin>): Array<Text> {
  const pieces: Array<Text> = [];
  const sign = Text.of("@");
  let from = 0;
  for (let i = 0; i < pins.length; i++) {
    const image = document.raw(pins[i].token);
    const quote = <i32>(image.start - object.start) + image.length - 1;
    pieces.push(object.slice(from, quote));
    pieces.push(sign);
    pieces.push(pins[i].digest);
    from = quote;
  }
  pieces.push(object.slice(from));
  return pieces;
}

/** `containers.0: <image by digest> signed by <who> (rule 1); attested by …` for each image that was verified. */
function annotate(response: ValidationResponse, examination: Examination): void {
  const evidence = examination.evidence;
  const reference = examination.image.reference;
  if (evidence.length == 0 || !reference) return;
  const image = examination.image;
  const key = new Builder().ascii(image.list).byte(0x2e).int(image.index);
  const value = new Builder().text(reference.name).byte(0x40).text(evidence[0].digest);
  for (let i = 0; i < evidence.length; i++) {
    const rule = evidence[i].rule;
    value.ascii(i == 0 ? " " : "; ");
    // The verb is that of those behind it too.
    if (i == 0 || rule.verb != evidence[i - 1].rule.verb) value.ascii(rule.verb).ascii(" by ");
    value.text(evidence[i].signers).ascii(" (rule ").int(rule.number).byte(0x29);
  }
  response.annotate(key.view(), new Builder().plain(value.view(), AUDIT_BYTES).view());
}
