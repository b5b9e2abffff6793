import { Builder, Text } from "../sdk";
import { sha256 } from "./sha256";

/** How messages name a key or certificate that has no name: `SHA256:` and 16 hex digits of its DER's hash. */
export function fingerprint(der: Text): Text {
  return new Builder().ascii("SHA256:").hex(sha256(der).slice(0, 8)).view();
}
