import { basename } from "node:path";
import { Option, type Command } from "commander";
import { stringify } from "yaml";
import { readText, UserError } from "../../document.js";
import { LABEL, nameAll, toConfigMap, type ConfigMapOptions } from "../../evidence/config-map.js";
import { pullSignatures } from "../../evidence/registry.js";
import { readSignature, type Signature, type SignaturePaths } from "../../evidence/signature.js";
import { refusalOf } from "../../evidence/verify.js";
import { readPolicy } from "../../policy.js";
import { printable } from "../../pretty.js";
import { addRegistryOptions, registryClient, type RegistryOptions } from "../answers.js";
import { collectValues, writeError, writeOutput } from "../options.js";

export interface SignatureFileOptions
  extends RegistryOptions, Partial<SignaturePaths>, Partial<ConfigMapOptions> {
  image?: string;
  key: string[];
  outputPath?: string;
  dryRun?: boolean;
}

const EXAMPLES = `
Examples:
  cosign sign --key cosign.key --tlog-upload=false --upload=false \\
    --output-signature web.sig --output-payload web.payload registry.example.com/web@sha256:...
  trusted-images evidence --signature web.sig --payload web.payload --key cosign.pub -n shop | kubectl apply -f -

  trusted-images evidence --image registry.example.com/web:1.0 --key cosign.pub -o web.yaml
  trusted-images evidence --image registry.example.com/web:1.0 --key a.pub --key b.pub --dry-run`;

/** Adds the options of `evidence` without a subcommand. */
export function addConfigMapOptions(command: Command): Command {
  const files = (flags: string, text: string) => new Option(flags, text).conflicts("image");
  command
    .option("--image <image>", "take the signatures of this image from its registry")
    .addOption(files("--signature <file>", "what cosign sign --output-signature wrote"))
    .addOption(files("--payload <file>", "what cosign sign --output-payload wrote"))
    .addOption(files("--certificate <file>", "what cosign sign --output-certificate wrote"))
    .addOption(files("--certificate-chain <file>", "the certificates above that, in PEM"))
    .addOption(files("--rekor-bundle <file>", "the log's entry, as in a layer's annotation"))
    .requiredOption(
      "--key <file>",
      "a public key of those who sign; may be repeated",
      collectValues,
    )
    .option("--name <name>", "the ConfigMap's name; default: after the image's digest")
    .option("-n, --namespace <namespace>", "the ConfigMap's namespace; default: none is written")
    .option(
      "-l, --label <name=value>",
      `a label of it instead of ${LABEL}, by which the manual's rules find it; may be repeated`,
      collectValues,
    )
    .option("-o, --output-path <file>", "where the ConfigMap goes; default: standard output")
    .option("--dry-run", "say what would be in the ConfigMap, and write nothing")
    .addHelpText("after", EXAMPLES);
  return addRegistryOptions(command);
}

/** `trusted-images evidence` without a subcommand: makes a ConfigMap of signatures that are verified; returns the exit code. */
export async function configMapCommand(options: SignatureFileOptions): Promise<number> {
  const { image, key, outputPath, dryRun } = options;
  const keys = key.map((path) => ({ name: basename(path), key: readText(path, "key") }));
  const given = image === undefined ? [fromFiles(options)] : await fromRegistry(image, options);
  const module = await readPolicy();
  const good: Signature[] = [];
  for (const signature of given) {
    const refusal = await refusalOf(module, signature, keys);
    if (refusal === undefined) good.push(signature);
    else writeError(printable(`refused: a signature of ${signature.digest}: ${refusal}`));
  }
  if (good.length === 0) {
    writeError("There is no signature that one of the keys verifies: nothing is written.");
    return 1;
  }
  const configMap = toConfigMap(good, { ...options, label: options.label ?? [LABEL] });
  if (dryRun) {
    for (const [index, name] of nameAll(good).entries()) {
      console.log(`${name}: a signature of ${good[index]!.digest}`);
    }
    return 0;
  }
  writeOutput(outputPath, stringify(configMap, { lineWidth: 0 }));
  return 0;
}

function fromFiles({ signature, payload, ...others }: SignatureFileOptions): Signature {
  if (signature === undefined || payload === undefined) {
    throw new UserError("give --signature and --payload, or --image");
  }
  return readSignature({ signature, payload, ...others });
}

async function fromRegistry(image: string, options: SignatureFileOptions): Promise<Signature[]> {
  return pullSignatures(await registryClient(options), image, (line) =>
    writeError(printable(line)),
  );
}
