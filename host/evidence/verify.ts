import { kubewarden } from "../capabilities/index.js";
import { UserError, type JsonObject } from "../document.js";
import { Policy } from "../policy.js";
import { admissionRequest } from "../request.js";
import type { Signature } from "./signature.js";

/** What stands before the name of an annotation that is a signature's file. */
const PREFIX = "trusted-images.dev/";

/** A public key in PEM, and how messages call it. */
export type NamedKey = { name: string; key: string };

/** The signature of no image in no registry: all that there is of it are the files. */
const handler = async () => {
  throw new Error("OCI API error: manifest unknown");
};

/**
 * Why the policy itself refuses a signature, so that what passes here is what passes there; undefined if it is good.
 *
 * @param keys any of them will do
 */
export async function refusalOf(
  module: WebAssembly.Module,
  { digest, files }: Signature,
  keys: NamedKey[],
): Promise<string | undefined> {
  const policy = new Policy(module, kubewarden({ handler }));
  const rule: JsonObject = { image: "*", verifier: "policy", pubKeys: keys, threshold: 1 };
  const settings = { signatures: [{ ...rule, evidenceFrom: [{ annotation: true }] }] };
  const [problem] = await policy.validateSettings(settings);
  const [, index = "0", what] = /\.pubKeys\[(\d+)\]\S*: (.*)$/.exec(problem ?? "") ?? [];
  if (problem !== undefined) throw new UserError(`${keys[Number(index)]!.name} ${what ?? problem}`);
  const entries = Object.entries(files).map(([ending, text]) => [`${PREFIX}a.${ending}`, text]);
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "a", annotations: Object.fromEntries(entries) as JsonObject },
    spec: { containers: [{ name: "a", image: `a@${digest}` }] },
  };
  const { accepted, message } = await policy.validate(admissionRequest(pod), settings);
  return accepted ? undefined : (message ?? "").replace(/^.*?\(rule 1, \*\): /, "");
}
