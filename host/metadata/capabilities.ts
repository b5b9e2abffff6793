import { CAPABILITIES } from "../capabilities/grants.js";

const SEPARATOR = Uint8Array.of(0xff);

/**
 * Finds the host capabilities whose names are among a module's constants: the namespace anywhere, and the
 * operation somewhere where it is not just the beginning of a longer one, like `v1/oci_manifest` of
 * `v1/oci_manifest_config`. It is a search for text, as `kwctl annotate` does it, and no proof.
 */
export function findCapabilities(segments: Uint8Array[]): string[] {
  // Latin-1 has a character for each byte; 0xff is in no name, so none is found across two segments.
  const text = Buffer.concat(segments.flatMap((data) => [data, SEPARATOR])).toString("latin1");
  const operations = CAPABILITIES.map((capability) =>
    capability.slice(capability.indexOf("/") + 1),
  );
  return CAPABILITIES.filter((capability, index) => {
    const namespace = capability.slice(0, capability.indexOf("/"));
    const operation = operations[index]!;
    const longer = operations.filter((name) => name !== operation && name.startsWith(operation));
    return text.includes(namespace) && standsAlone(text, operation, longer);
  });
}

function standsAlone(text: string, name: string, longer: string[]): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    if (!longer.some((other) => text.startsWith(other, at))) return true;
  }
  return false;
}
