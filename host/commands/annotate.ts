import { readFileSync, writeFileSync } from "node:fs";
import { readDocument, readText, UserError } from "../document.js";
import { annotate } from "../metadata/annotate.js";
import { packageFile } from "../package.js";
import { printable } from "../pretty.js";
import { writeError } from "./options.js";

export interface AnnotateOptions {
  metadataPath: string;
  usagePath?: string;
  outputPath: string;
}

/** `trusted-images annotate`: writes a module with its metadata inside; returns the exit code. */
export async function annotateCommand(
  modulePath = packageFile("policy.wasm"),
  { metadataPath, usagePath, outputPath }: AnnotateOptions,
): Promise<number> {
  const module = readModule(modulePath);
  const document = readDocument(metadataPath, "metadata");
  const usage = usagePath === undefined ? undefined : readText(usagePath, "usage");
  const annotated = annotate(module, document, usage);
  for (const warning of annotated.warnings) writeError(printable(`warning: ${warning}`));
  try {
    writeFileSync(outputPath, annotated.module);
  } catch (error) {
    throw new UserError(`cannot write the policy: ${(error as Error).message}`);
  }
  return 0;
}

/** Reads a module's bytes. */
export function readModule(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new UserError(`cannot read the policy: ${(error as Error).message}`);
  }
}
