import { UserError, type JsonObject } from "../document.js";
import type { Signature } from "./signature.js";

/** Most bytes that Kubernetes takes in a ConfigMap, and most signatures that the policy reads of one source. */
const MAX_BYTES = 1 << 20;
const MAX_SIGNATURES = 256;

/** The label by which a rule finds such ConfigMaps. */
export const LABEL = "trusted-images.dev/signatures=true";

export interface ConfigMapOptions {
  /** Default: after the image's digest. */
  name?: string;
  namespace?: string;
  /** `key=value`, each. */
  label: string[];
}

/** A ConfigMap of signatures, for rules with `evidenceFrom`: an entry for each of their files. */
export function toConfigMap(signatures: Signature[], options: ConfigMapOptions): JsonObject {
  if (signatures.length > MAX_SIGNATURES) {
    throw new UserError(`${signatures.length} signatures: the policy reads ${MAX_SIGNATURES}`);
  }
  const names = nameAll(signatures);
  const data = signatures.flatMap(({ files }, index) =>
    Object.entries(files).map(([ending, text]) => [`${names[index]}.${ending}`, text]),
  );
  const { name = `signatures-${shortDigest(signatures[0]!)}`, namespace, label } = options;
  const configMap = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, ...(namespace !== undefined && { namespace }), labels: parseLabels(label) },
    data: Object.fromEntries(data) as JsonObject,
  };
  if (Buffer.byteLength(JSON.stringify(configMap.data)) > MAX_BYTES) {
    throw new UserError("the signatures have more than 1 MiB, which no ConfigMap holds");
  }
  return configMap;
}

/** Names of the signatures' files: after the image's digest, with a number from the second on. */
export function nameAll(signatures: Signature[]): string[] {
  const count = new Map<string, number>();
  return signatures.map((signature) => {
    const name = `sha256-${shortDigest(signature)}`;
    const number = (count.get(name) ?? 0) + 1;
    count.set(name, number);
    return number === 1 ? name : `${name}-${number}`;
  });
}

function shortDigest({ digest }: Signature): string {
  return digest.slice("sha256:".length, "sha256:".length + 12);
}

function parseLabels(labels: string[]): JsonObject {
  const parsed = labels.map((label) => {
    const [, name, value] = /^([^=]+)=(.*)$/.exec(label) ?? [];
    if (name === undefined) throw new UserError(`--label ${label}: give it as name=value`);
    return [name, value];
  });
  return Object.fromEntries(parsed) as JsonObject;
}
