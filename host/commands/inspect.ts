import { colors } from "../colors.js";
import { describe, toYaml } from "../metadata/describe.js";
import { printable } from "../pretty.js";
import { readModule } from "./annotate.js";
import { writeError } from "./options.js";

export interface InspectOptions {
  /** The metadata alone, as YAML. */
  output?: "yaml";
}

/** `trusted-images inspect`: shows a module's metadata and outside; returns the exit code. */
export async function inspectCommand(path: string, { output }: InspectOptions): Promise<number> {
  const { metadata, parts } = describe(readModule(path));
  if (output === undefined) {
    for (const { title, content } of parts) {
      console.log(colors.bold(title));
      for (const line of toYaml(content).trimEnd().split("\n")) console.log(`  ${printable(line)}`);
      console.log();
    }
  } else if (metadata !== undefined) process.stdout.write(toYaml(metadata));
  if (metadata !== undefined) return 0;
  writeError("The module has no Kubewarden metadata: `trusted-images annotate` puts it in.");
  return 1;
}
