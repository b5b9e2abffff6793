import type { ContextAwareResource } from "../capabilities/resources.js";
import { readDocument, UserError, type Json } from "../document.js";
import { METADATA_SECTION, metadataOf } from "./annotate.js";
import { readMetadata } from "./metadata.js";

/**
 * The kinds of Kubernetes objects that a policy's metadata names: the metadata inside its module, else that of a
 * file. A policy without any names none.
 */
export function resourcesNamedBy(
  module: WebAssembly.Module,
  path: string | undefined,
): ContextAwareResource[] {
  const inside = metadataInside(module);
  const document = inside ?? (path === undefined ? undefined : readDocument(path, "metadata"));
  if (document === undefined) return [];
  const fail = (path: string, problem: string) => {
    throw new UserError(`the policy's metadata is not valid: ${path || "it"} ${problem}`);
  };
  return readMetadata(document, { fail, warn: () => {} }).contextAwareResources;
}

/** Is metadata inside the module? */
export function hasMetadata(module: WebAssembly.Module): boolean {
  return metadataInside(module) !== undefined;
}

function metadataInside(module: WebAssembly.Module): Json | undefined {
  const sections = WebAssembly.Module.customSections(module, METADATA_SECTION);
  return metadataOf(
    sections.map((data) => ({
      kind: "custom",
      name: METADATA_SECTION,
      data: new Uint8Array(data),
    })),
  );
}
