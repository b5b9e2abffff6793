import { Builder } from "../text/builder";
import { Text } from "../text/text";

/** Bytes as Rust's serde writes them: a JSON array of numbers. */
export function bytesAsNumbers(json: Builder, bytes: Text): Builder {
  json.byte(0x5b);
  for (let i = 0; i < bytes.length; i++) {
    if (i > 0) json.byte(0x2c);
    json.int(bytes.at(i));
  }
  return json.byte(0x5d);
}
