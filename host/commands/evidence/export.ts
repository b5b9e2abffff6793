import { Option, type Command } from "commander";
import { stringify } from "yaml";
import { documentConfigMap, LABEL, type ConfigMapOptions } from "../../evidence/config-map.js";
import { formatEvidence } from "../../evidence/document.js";
import { collectValues, writeError, writeOutput } from "../options.js";
import { addDocumentOption, addSourceOptions, evidenceOf, type DocumentOptions } from "./source.js";

export interface ExportOptions extends DocumentOptions, Partial<ConfigMapOptions> {
  format: "config-map" | "document";
  outputPath?: string;
}

const EXAMPLES = `
Examples:
  trusted-images evidence export registry.example.com/web:1.0 -n shop | kubectl apply -f -
  trusted-images evidence export -e evidence.json -n shop -o web.yaml
  trusted-images evidence export registry.example.com/web:1.0 --format document -o evidence.json`;

/** Adds the options of `evidence export` to its command. */
export function addExportOptions(command: Command): Command {
  command
    .addOption(
      new Option("--format <format>", "what to make of it")
        .choices(["config-map", "document"])
        .default("config-map"),
    )
    .option("--name <name>", "the ConfigMap's name; default: after the image's digest")
    .option("-n, --namespace <namespace>", "the ConfigMap's namespace; default: none is written")
    .option(
      "-l, --label <name=value>",
      `a label of it; may be repeated; default: ${LABEL}`,
      collectValues,
    )
    .option("-o, --output-path <file>", "where it goes; default: standard output");
  return addSourceOptions(addDocumentOption(command)).addHelpText("after", EXAMPLES);
}

/** `trusted-images evidence export`: writes the evidence for an image to a ConfigMap or a file; returns the exit code. */
export async function exportCommand(
  image: string | undefined,
  options: ExportOptions,
): Promise<number> {
  const { digest, findings } = await evidenceOf(image, options);
  if (findings.length === 0) {
    writeError(`There is no evidence for ${digest}: nothing is written.`);
    return 1;
  }
  const document = { image: digest, items: findings.map(({ item }) => item) };
  const text =
    options.format === "document"
      ? formatEvidence(document)
      : stringify(documentConfigMap(document, { ...options, label: options.label ?? [LABEL] }), {
          lineWidth: 0,
        });
  writeOutput(options.outputPath, text);
  return 0;
}
