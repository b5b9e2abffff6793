import { UserError, type Json } from "../document.js";
import { Guest, GuestError } from "../wapc.js";
import { findCapabilities } from "./capabilities.js";
import { readMetadata, type Metadata } from "./metadata.js";
import { dataSegments, readSections, withCustomSection, type Section } from "./wasm.js";

/** The custom section that Kubewarden looks for. */
export const METADATA_SECTION = "io.kubewarden.metadata";

/** The annotation that holds a policy's manual. */
export const USAGE = "io.kubewarden.policy.usage";

/** The capabilities that read objects of the cluster, of the kinds in `contextAwareResources`. */
const READS = [
  "kubernetes/get_resource",
  "kubernetes/list_resources_all",
  "kubernetes/list_resources_by_namespace",
];

/** A module with its metadata inside, and what should be looked at. */
export interface Annotated {
  module: Uint8Array;
  metadata: Metadata;
  warnings: string[];
}

/**
 * Puts metadata into a policy's module, as `kwctl annotate` does. The protocol's version is what the module itself
 * answers; the manual becomes an annotation.
 *
 * @param document the content of metadata.yml
 * @param usage the manual, in Markdown
 */
export function annotate(module: Uint8Array, document: Json, usage?: string): Annotated {
  const problems: string[] = [];
  const warnings: string[] = [];
  const metadata = readMetadata(document, {
    fail: (path, problem) => problems.push(`${path || "the metadata"} ${problem}`),
    warn: (path, problem) => warnings.push(`${path} ${problem}`),
  });
  if (problems.length > 0) {
    throw new UserError(["the metadata is not valid:", ...problems].join("\n  "));
  }
  const sections = readSections(module);
  metadata.protocolVersion = protocolVersion(module, metadata.executionMode);
  if (usage !== undefined)
    metadata.annotations = sorted({ ...metadata.annotations, [USAGE]: usage });
  warnings.push(...compareCapabilities(sections, metadata));
  const json = new TextEncoder().encode(JSON.stringify(metadata));
  return { module: withCustomSection(module, METADATA_SECTION, json), metadata, warnings };
}

/** The metadata inside a module, as it was written; undefined if there is none. */
export function metadataOf(sections: Section[]): Json | undefined {
  const section = sections.find(({ name }) => name === METADATA_SECTION);
  if (!section) return undefined;
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(section.data)) as Json;
  } catch {
    throw new UserError(`the section ${METADATA_SECTION} is not JSON`);
  }
}

/** Asks the module which version of the protocol it speaks. */
function protocolVersion(bytes: Uint8Array, executionMode: string): string {
  const module = compile(bytes);
  const isRego = WebAssembly.Module.exports(module).some(({ name }) => name.startsWith("opa_"));
  const wantsRego = executionMode === "opa" || executionMode === "gatekeeper";
  if (isRego !== wantsRego && executionMode !== "wasi") {
    throw new UserError(
      `executionMode is ${executionMode}, but the module was ${isRego ? "" : "not "}written in Rego`,
    );
  }
  if (executionMode !== "kubewarden-wapc") return "Unknown";
  const hostCall = () => {
    throw new Error("there is nobody to ask while a policy is annotated");
  };
  try {
    const guest = Guest.load(module, { hostCall });
    const answer = guest.call("protocol_version", new Uint8Array());
    const version = JSON.parse(new TextDecoder().decode(answer)) as unknown;
    if (version === "v1") return version;
    throw new UserError(`the module speaks an unknown version of the protocol: ${String(version)}`);
  } catch (error) {
    if (error instanceof UserError) throw error;
    const reason = error instanceof GuestError ? error.message : String(error);
    throw new UserError(`the module does not tell which protocol it speaks: ${reason}`);
  }
}

/** Compiles a module's bytes, which makes sure that they are one. */
export function compile(bytes: Uint8Array): WebAssembly.Module {
  try {
    return new WebAssembly.Module(Uint8Array.from(bytes));
  } catch (error) {
    throw new UserError(`not a WebAssembly module: ${(error as Error).message}`);
  }
}

function compareCapabilities(
  sections: Section[],
  { hostCapabilities: declared = [], contextAwareResources }: Metadata,
): string[] {
  const found = findCapabilities(dataSegments(sections));
  // Where no kind of objects may be read, leaving out what reads them is no mistake.
  const needed =
    contextAwareResources.length > 0 ? found : found.filter((name) => !READS.includes(name));
  const undeclared = needed.filter((name) => !declared.includes(name));
  const unused = declared.filter((name) => !found.includes(name));
  return [
    ...undeclared.map((name) => `hostCapabilities lacks ${name}, whose name is in the module`),
    ...unused.map((name) => `hostCapabilities has ${name}, whose name is not in the module`),
  ];
}

function sorted(annotations: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(annotations).sort(([a], [b]) => (a < b ? -1 : 1)));
}
