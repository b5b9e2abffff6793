import { Text } from "../sdk";

/** Why a glob of namespaces could match none; empty if it is fine. Names are DNS labels (RFC 1123). */
export function namespaceProblem(glob: Text): string {
  for (let i = 0; i < glob.length; i++) {
    const byte = glob.at(i);
    const label = (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || byte == 0x2d;
    if (!label && byte != 0x2a && byte != 0x3f) {
      return "must be the name of a namespace, in which * and ? are wildcards";
    }
  }
  return "";
}
