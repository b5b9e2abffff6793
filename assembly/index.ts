import { explain } from "./explanation";
import { validate, validateSettings } from "./policy";
import { Builder, GuestCall, Text } from "./sdk";

/** The waPC entry point: one call of the host, which announces the lengths of operation and payload in bytes. */
export function __guest_call(operationLength: i32, payloadLength: i32): i32 {
  const call = GuestCall.receive(operationLength, payloadLength);
  if (!call) return 0;
  const operation = call.operation;
  const explained = operation.is("explain");
  explain(explained);
  if (explained || operation.is("validate")) return call.respond(validate(call.payload));
  if (operation.is("validate_settings")) return call.respond(validateSettings(call.payload));
  if (operation.is("protocol_version")) return call.respond(Text.of('"v1"'));
  const reason = new Builder().ascii('unknown operation "').plain(operation, 64);
  reason.ascii('": this policy knows validate, explain, validate_settings and protocol_version');
  return call.refuse(reason.view());
}
