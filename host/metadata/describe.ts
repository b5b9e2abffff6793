import { stringify } from "yaml";
import { isObject, type Json, type JsonObject } from "../document.js";
import { findCapabilities } from "./capabilities.js";
import { compile, metadataOf, USAGE } from "./annotate.js";
import { dataSegments, readSections } from "./wasm.js";

// The layout of kwctl's own YAML.
const STYLE = { lineWidth: 0, indentSeq: false } as const;

/** What there is to say about a module: its metadata, if it has any, and what can be seen from outside. */
export interface Description {
  metadata: Json | undefined;
  /** Parts in order: a title, and what stands below it, as YAML. */
  parts: { title: string; content: Json }[];
}

/** Looks into a module, which may be any policy's. */
export function describe(bytes: Uint8Array): Description {
  const sections = readSections(bytes);
  const metadata = metadataOf(sections);
  const module = compile(bytes);
  const parts: Description["parts"] = isObject(metadata) ? describeMetadata(metadata) : [];
  const found = findCapabilities(dataSegments(sections));
  parts.push(
    { title: "Names of host capabilities among the module's constants", content: found },
    {
      title: "Module",
      content: {
        size: bytes.length,
        sections: sections.map(({ kind, name, data }) => `${name ?? kind}: ${data.length} bytes`),
        imports: WebAssembly.Module.imports(module).map((item) => `${item.module} ${item.name}`),
        exports: WebAssembly.Module.exports(module).map(({ name, kind }) => `${name} (${kind})`),
      },
    },
  );
  return { metadata, parts };
}

function describeMetadata(metadata: JsonObject): Description["parts"] {
  const { rules = [], annotations, hostCapabilities, contextAwareResources, ...rest } = metadata;
  const { [USAGE]: usage, ...notes } = isObject(annotations) ? annotations : {};
  const form = notes["io.kubewarden.hidden-ui"] === "true" ? "hidden" : "shown where there is one";
  const manual = typeof usage === "string" ? `${usage.split("\n").length} lines` : "none";
  return [
    { title: "Policy", content: { ...rest, "settings form": form, manual } },
    { title: "Annotations", content: notes },
    { title: "Rules", content: rules },
    { title: "Host capabilities that it asks for", content: hostCapabilities ?? [] },
    { title: "Kubernetes resources that it reads", content: contextAwareResources ?? [] },
  ];
}

/** YAML as kwctl prints it. */
export function toYaml(value: Json): string {
  return stringify(value, STYLE);
}
