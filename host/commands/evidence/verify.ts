import type { Command } from "commander";
import { formatProof, proofOf } from "../../evidence/verify.js";
import { readPolicy } from "../../policy.js";
import { writeError } from "../options.js";
import {
  addDocumentOption,
  addSourceOptions,
  evidenceOf,
  printFindings,
  type DocumentOptions,
} from "./source.js";
import { addTrustOptions, signersOf, type TrustOptions } from "./trust.js";

export interface VerifyOptions extends DocumentOptions, TrustOptions {}

const EXAMPLES = `
Examples:
  trusted-images evidence verify registry.example.com/web:1.0 --key cosign.pub
  trusted-images evidence verify -e evidence.json --key a.pub --key b.pub
  trusted-images evidence verify registry.example.com/web:1.0 -s settings.yaml`;

/** Adds the options of `evidence verify` to its command. */
export function addVerifyOptions(command: Command): Command {
  addTrustOptions(addDocumentOption(command));
  return addSourceOptions(command).addHelpText("after", EXAMPLES);
}

/** `trusted-images evidence verify`: shows whom each item proves to have signed; returns the exit code. */
export async function verifyCommand(
  image: string | undefined,
  options: VerifyOptions,
): Promise<number> {
  const module = await readPolicy();
  const signers = await signersOf(module, options);
  const found = await evidenceOf(image, options);
  const { digest, findings } = found;
  if (findings.length === 0) {
    writeError(`There is no evidence for ${digest}.`);
    return 1;
  }
  const cells = [];
  let proven = false;
  for (const { item } of findings) {
    const proof = await proofOf(module, digest, item, signers, options.now);
    proven ||= proof.signers.length > 0;
    cells.push(formatProof(proof));
  }
  printFindings(found, "PROVES", cells);
  return proven ? 0 : 1;
}
