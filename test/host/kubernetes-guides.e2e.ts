import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isAsShown, runGuide, type Ran, type Step } from "../../tools/guide.js";
import { compileCommandLine } from "./command-line.js";
import { apply, grant, kubeconfig, kubectl, ready, serviceAccount } from "./live-cluster.js";
import { objectsShown, roleShown, stepsOf } from "./shown.js";

// For `make e2e-cluster`: where a guide reads objects from files, these are applied to a real cluster, and that is asked,
// by the policy server's service account with the role that the guide gives it. The output must be what the guide shows.

/** The account's name in the guides. */
const ACCOUNT = "policy-server";
const surroundings = {
  variables: { KUBECONFIG: kubeconfig("admin"), SERVER: kubeconfig(ACCOUNT) },
  links: {},
};
const ASKS = /--kubernetes-objects ([^\s-]\S*(?: [^\s-]\S*)*)/;

let user: string;
beforeAll(async () => {
  compileCommandLine();
  await ready();
  user = await serviceAccount(ACCOUNT);
});

describe.each([
  { guide: "from-cosign-webhook", asks: 1, namespaces: ["shop"] },
  { guide: "key-rotation", asks: 2, namespaces: ["signing"] },
  { guide: "closed-network", asks: 3, namespaces: ["signatures", "sigstore"] },
])("$guide", ({ guide, asks, namespaces }) => {
  let revoke: () => Promise<void>;
  beforeAll(async () => {
    const [role, binding] =
      guide === "key-rotation" ? [roleShown("README.md")] : objectsShown(guide, "role.yaml");
    revoke = await grant(user, role!, binding);
    await apply(
      namespaces.map((name) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } })),
    );
  });
  afterAll(async () => {
    await revoke();
    for (const name of namespaces)
      kubectl(["delete", "configmaps,cosignkeys", "-n", name, "--all"]);
  });

  test("prints of a cluster what it shows of files", async () => {
    const ran = await runGuide(stepsOf(guide).map(askCluster), surroundings);
    const asked = ran.filter(({ step }) => step.command.includes("--kubeconfig"));
    expect(asked).toHaveLength(asks);
    for (const each of asked) expectAsShown(each);
  });
});

test("from-cosign-webhook makes the guide's policy of what kubectl prints", async () => {
  const [objects, ...steps] = stepsOf("from-cosign-webhook");
  const commands = steps.filter(({ kind }) => kind === "command").slice(0, 2);
  const get = "kubectl get namespaces,cosignkeys -A -o yaml > objects.yaml";
  const take = `kubectl apply -f objects.yaml >/dev/null && ${get}`;
  // What others have left in the cluster is none of the guide's.
  kubectl(["delete", "cosignkeys", "-A", "--all"]);
  kubectl(["label", "namespaces", "--all", "cosignkey.kubernetes.io/verify-"]);
  const ran = await runGuide([objects!, command(take), ...commands], surroundings);
  kubectl(["delete", "cosignkeys", "-n", "shop", "--all"]);
  expect(ran.map(({ output }) => output)[0]).toBe("");
  for (const each of ran) expectAsShown(each);
});

/** The step of a reader who has a cluster instead of files; the images are the examples'. */
function askCluster(step: Step): Step {
  if (step.kind === "file") return step;
  const [, files] = ASKS.exec(step.command) ?? [];
  const apply = `for file in ${files}; do kubectl apply -f "$file"; done >/dev/null`;
  const asked = step.command
    .replace("--sources-path sources.yaml", "--example-registry")
    .replace(ASKS, '--kubeconfig "$$SERVER"');
  return { ...step, command: files === undefined ? asked : `${apply}\n${asked}` };
}

function command(text: string): Step {
  return { kind: "command", command: text, output: "", from: 0, to: 0, indent: "" };
}

function expectAsShown(ran: Ran): void {
  if (!isAsShown(ran)) expect(ran.output, ran.step.command).toBe(ran.step.output);
}
