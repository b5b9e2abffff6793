import type { Command } from "commander";
import { proofOf } from "../../evidence/verify.js";
import { readPolicy } from "../../policy.js";
import { printable } from "../../pretty.js";
import { formatTable } from "../../table.js";
import { writeError } from "../options.js";
import { addDocumentOption, addSourceOptions, evidenceOf, type DocumentOptions } from "./source.js";
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
  const { digest, findings } = await evidenceOf(image, options);
  if (findings.length === 0) {
    writeError(`There is no evidence for ${digest}.`);
    return 1;
  }
  const rows = [];
  let proven = false;
  for (const { item, where } of findings) {
    const proof = await proofOf(module, digest, item, signers);
    proven ||= proof.signers.length > 0;
    const result = proof.signers.length > 0 ? `signed by ${proof.signers.join(", ")}` : "nothing";
    rows.push([item.type, where, result]);
    if (proof.signers.length === 0) {
      writeError(printable(`${item.type} at ${where}: ${proof.refusal}`));
    }
  }
  console.log(digest);
  console.log(printable(formatTable([["TYPE", "FOUND AT", "PROVES"], ...rows], false)));
  return proven ? 0 : 1;
}
