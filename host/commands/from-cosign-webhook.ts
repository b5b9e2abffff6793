import { Option, type Command } from "commander";
import { stringify } from "yaml";
import { kubewarden } from "../capabilities/index.js";
import { findInstallation, type WatchedNamespace } from "../cosign-webhook/objects.js";
import { copiedRules, FOLLOWED, followingRules, toPolicy } from "../cosign-webhook/policy.js";
import { isObject, readDocument, UserError, type JsonObject } from "../document.js";
import type { NamedKey } from "../evidence/verify.js";
import { readManifests } from "../manifests.js";
import { packageFile } from "../package.js";
import { Policy, readPolicy } from "../policy.js";
import { printable } from "../pretty.js";
import { writeError } from "./options.js";

export interface FromCosignWebhookOptions {
  module?: string;
  copyKeys?: boolean;
}

const EXAMPLE = `
Example:
  kubectl get namespaces,cosignkeys -A -o yaml > objects.yaml
  trusted-images from-cosign-webhook objects.yaml > policy.yaml`;

/** Adds the options of `from-cosign-webhook` to its command. */
export function addFromCosignWebhookOptions(command: Command): Command {
  return command
    .argument("<objects...>", "files or folders with the cluster's namespaces and CosignKeys")
    .addOption(
      new Option("--module <url>", "where the policy is; default: where its metadata says"),
    )
    .option("--copy-keys", "put the keys of today into the policy, which then reads no CosignKey")
    .addHelpText("after", EXAMPLE);
}

/**
 * `trusted-images from-cosign-webhook`: prints a policy that asks for what cosign-webhook asks for, and says what of its
 * objects means something else or nothing; returns the exit code. With `--copy-keys` there is no policy while a namespace
 * has no usable keys: a rule that is left out would let everything in.
 */
export async function fromCosignWebhookCommand(
  paths: string[],
  { copyKeys = false, module = publishedModule(copyKeys) }: FromCosignWebhookOptions,
): Promise<number> {
  const manifests = paths.flatMap((path) => readManifests(path, "objects"));
  const { watched, idle } = findInstallation(manifests);
  const policy = await offlinePolicy();
  const good = new Map<WatchedNamespace, NamedKey[]>();
  let closed = 0;
  for (const namespace of watched) {
    good.set(namespace, await goodKeys(policy, namespace));
    const [problem, code] = problemOf(namespace, good.get(namespace)!) ?? [];
    if (problem === undefined) continue;
    closed++;
    say(`namespace ${namespace.name} ${problem}: every image in it is rejected [${code}]`);
  }
  for (const sentence of idle) say(sentence);
  if (copyKeys && closed > 0) {
    throw new UserError("There is no policy: mend these namespaces, or take the label from them.");
  }
  const rules = copyKeys ? copiedRules(watched, (each) => good.get(each)!) : followingRules();
  const [problem] = await policy.validateSettings({ signatures: rules });
  if (problem !== undefined) throw new UserError(`The policy would not take this: ${problem}`);
  process.stdout.write(
    stringify(toPolicy(module, rules, copyKeys ? [] : FOLLOWED), { lineWidth: 0 }),
  );
  return 0;
}

/** The keys of a namespace that the policy takes; of the others it is said what is wrong with them. */
async function goodKeys(policy: Policy, { cosignKeys }: WatchedNamespace): Promise<NamedKey[]> {
  const good: NamedKey[] = [];
  for (const { name, key } of cosignKeys.flatMap(({ keys }) => keys)) {
    const rule: JsonObject = { image: "*", verifier: "policy", pubKeys: [key] };
    const [problem] = await policy.validateSettings({ signatures: [rule] });
    if (problem === undefined) good.push({ name, key });
    else say(`key ${name} does not count: it ${problem.replace(/^\S+: /, "")}`);
  }
  return good;
}

/** Why no image can be signed well enough in a namespace, and the policy's code for it. */
function problemOf({ cosignKeys }: WatchedNamespace, good: NamedKey[]) {
  const [first, ...more] = cosignKeys.map(({ name }) => name);
  if (first === undefined) return ["has no CosignKey", "resource-missing"];
  if (more.length > 0) {
    return [`has more than one CosignKey (${[first, ...more].join(", ")})`, "resource-ambiguous"];
  }
  if (cosignKeys[0]!.keys.length === 0)
    return [`has no key in its CosignKey ${first}`, "keys-missing"];
  return good.length === 0
    ? [`has no good key in its CosignKey ${first}`, "too-few-keys"]
    : undefined;
}

async function offlinePolicy(): Promise<Policy> {
  const handler = async () => {
    throw new Error("settings are validated without asking anybody");
  };
  return new Policy(await readPolicy(), kubewarden({ handler }));
}

/**
 * The URL under which the policy's metadata says that it is published.
 *
 * @param plain the one whose metadata have it read nothing of the cluster
 */
function publishedModule(plain: boolean): string {
  const metadata = readDocument(packageFile("metadata-context-aware.yml"), "metadata");
  const annotations = isObject(metadata) ? metadata["annotations"] : undefined;
  const annotation = (name: string) =>
    String(isObject(annotations) ? annotations[`io.kubewarden.policy.${name}`] : "");
  const tag = `v${annotation("version")}${plain ? "" : "-context-aware"}`;
  return `registry://${annotation("ociUrl")}:${tag}`;
}

function say(sentence: string): void {
  writeError(printable(sentence));
}
