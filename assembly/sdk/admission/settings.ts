import { Problems } from "../json/problems";
import { Builder } from "../text/builder";
import { Text } from "../text/text";

/** What a policy answers to `validate_settings`: Kubewarden's SettingsValidationResponse. */
export function encodeSettingsVerdict(problems: Problems): Text {
  if (problems.none) return Text.of('{"valid":true}');
  return new Builder()
    .ascii('{"valid":false,"message":')
    .json(problems.text("\n"))
    .byte(0x7d)
    .view();
}
