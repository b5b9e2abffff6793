import type { Command } from "commander";
import { formatEvidence } from "../../evidence/document.js";
import type { Finding } from "../../evidence/gather.js";
import { printable } from "../../pretty.js";
import { sha256 } from "../../registry/client.js";
import { writeError, writeOutput } from "../options.js";
import { addSourceOptions, gathered, printFindings, type SourceOptions } from "./source.js";

export interface CollectOptions extends SourceOptions {
  outputPath?: string;
}

const EXAMPLES = `
Examples:
  trusted-images evidence collect registry.example.com/web:1.0
  trusted-images evidence collect registry.example.com/web:1.0 -o evidence.json
  trusted-images evidence collect registry.example.com/web:1.0 --notary-server https://notary.example.com`;

/** Adds the options of `evidence collect` to its command. */
export function addCollectOptions(command: Command): Command {
  command.option("-o, --output-path <file>", "where the document goes; default: none is written");
  return addSourceOptions(command).addHelpText("after", EXAMPLES);
}

/** `trusted-images evidence collect`: lists what there is for an image; returns the exit code. */
export async function collectCommand(image: string, options: CollectOptions): Promise<number> {
  const { outputPath } = options;
  const found = await gathered(image, options);
  const { digest, findings } = found;
  if (findings.length === 0) {
    writeError(printable(`There is no evidence for ${image}, which is ${digest}.`));
    return 1;
  }
  printFindings(found, "CONTENT", findings.map(contentOf));
  if (outputPath !== undefined) {
    const items = findings.map(({ item }) => item);
    writeOutput(outputPath, formatEvidence({ image: digest, items }));
  }
  return 0;
}

/** What tells one item from another at a glance. */
function contentOf({ item }: Finding): string {
  const digest = (base64: string) => sha256(Buffer.from(base64, "base64")).slice(0, 19);
  switch (item.type) {
    case "cosign":
      return `signature ${digest(item.signature)}`;
    case "sigstore-bundle":
      return `bundle ${digest(item.bundle)}`;
    case "notation":
      return `${item.mediaType} ${digest(item.envelope)}`;
    case "notary-v1":
      return `${item.gun}: ${Object.keys(item.metadata).join(", ")}`;
  }
}
