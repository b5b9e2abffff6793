// A whole policy on nothing but the SDK: objects must carry the label that the settings name.
import {
  AdmissionRequest,
  Builder,
  Document,
  encodeSettingsVerdict,
  Fields,
  GuestCall,
  Kind,
  LogEvent,
  Path,
  Problems,
  Text,
  ValidationResponse,
} from "../../assembly/sdk";

/** The label's name, from `{"label": "…"}`. */
function decodeSettings(document: Document, value: i32, problems: Problems): Text | null {
  const fields = Fields.of(document, value, Path.root("settings"), problems);
  if (!fields) return null;
  const label = fields.requiredText("label");
  fields.end();
  return label;
}

function validate(payload: Text): Text {
  const document = Document.read(payload);
  const problems = new Problems();
  const label = decodeSettings(document, document.field(0, "settings"), problems);
  const request = AdmissionRequest.decode(document, document.field(0, "request"), problems);
  if (!label || !request) return ValidationResponse.reject(problems.text("\n"), 400).encode();

  let at = request.object;
  if (document.kind(at) == Kind.Object) at = document.field(at, "metadata");
  if (document.kind(at) == Kind.Object) at = document.field(at, "labels");
  if (document.kind(at) == Kind.Object) at = document.fieldOf(at, label);
  if (document.kind(at) == Kind.String) return ValidationResponse.accept().encode();

  new LogEvent("info", "label is missing").with("label", label).send();
  const message = new Builder().ascii("it has no label ").text(label).view();
  return ValidationResponse.reject(message, 400).encode();
}

function validateSettings(payload: Text): Text {
  const problems = new Problems();
  decodeSettings(Document.read(payload), 0, problems);
  return encodeSettingsVerdict(problems);
}

export function __guest_call(operationLength: i32, payloadLength: i32): i32 {
  const call = GuestCall.receive(operationLength, payloadLength);
  if (!call) return 0;
  if (call.operation.is("validate")) return call.respond(validate(call.payload));
  if (call.operation.is("validate_settings")) return call.respond(validateSettings(call.payload));
  if (call.operation.is("protocol_version")) return call.respond(Text.of('"v1"'));
  return call.refuse(new Builder().ascii("unknown operation ").text(call.operation).view());
}
