import { colors } from "../colors.js";
import { parseJson, type Json, type JsonObject } from "../document.js";
import { printable } from "../pretty.js";
import { abridge, abridgeWords } from "./abridge.js";
import { formatFields, indent } from "./section.js";
import type { Pull } from "./watched-client.js";
import type { Asked } from "./witness.js";

/** A host call for people: what was asked, what this host pulled from registries to find out, what it answered. */
export function formatCall({ call, pulls, answer }: Asked, number: number): string[] {
  const { namespace, operation, payload } = call;
  const failed = "error" in answer;
  return [
    colors.bold(printable(`call ${number} of the host: ${namespace} ${operation}`)),
    ...indent([
      "asked:",
      ...indent(formatBytes(payload)),
      ...(pulls.length > 0 ? ["pulled:", ...indent(formatFields(pulls.map(describePull)))] : []),
      failed ? colors.red("✘ failed:") : "answered:",
      ...indent(failed ? abridgeWords(answer.error).map(printable) : formatBytes(answer.bytes)),
    ]),
  ];
}

function describePull({ name, digest, content, error }: Pull): JsonObject {
  if (error !== undefined) return { name, error: abridgeWords(error).join("\n") };
  const value = Buffer.isBuffer(content) ? decode(content) : (content as unknown as Json);
  return {
    name,
    ...(!name.endsWith(`@${digest}`) && { digest: digest! }),
    content: abridge(value),
  };
}

function formatBytes(bytes: Uint8Array): string[] {
  return formatFields(abridge(decode(bytes)));
}

/** JSON as its value, other text as it is. */
function decode(bytes: Uint8Array): Json {
  const text = Buffer.from(bytes).toString("utf8");
  return parseJson(text) ?? text;
}
