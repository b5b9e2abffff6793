import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { parse, stringify } from "yaml";
import type { JsonObject } from "../../host/document.js";
import { packageFile } from "../../host/package.js";

// The API server that e2e/cluster.sh has brought up.

const folder = process.env["CLUSTER"]!;
/** Where policy servers are, as the guides have it. */
const NAMESPACE = "kubewarden";

/** The kubeconfig of a user that e2e/cluster.sh or `serviceAccount` made. */
export function kubeconfig(user: string): string {
  return join(folder, `${user}.kubeconfig`);
}

/** Runs kubectl as the administrator, and returns what it prints. */
export function kubectl(args: string[], input = ""): string {
  const { status, stdout, stderr } = run(args, input);
  if (status !== 0) throw new Error(`kubectl ${args.join(" ")}: ${stderr}`);
  return stdout;
}

function run(args: string[], input = "") {
  const env = { ...process.env, HOME: folder, KUBECONFIG: kubeconfig("admin") };
  return spawnSync("kubectl", args, { env, input, encoding: "utf8" });
}

/** Waits until the API server answers, and has it serve CosignKeys. */
export async function ready(): Promise<void> {
  await until(() => kubectl(["apply", "-f", packageFile("e2e", "manifests", "cosignkey.yaml")]));
  await until(() => kubectl(["get", "cosignkeys", "-A"]));
}

/** Applies objects, and before them the namespaces in which they are. */
export async function apply(objects: JsonObject[]): Promise<void> {
  const places = new Set(objects.map(namespaceOf).filter((name) => name !== undefined));
  const named = new Set(objects.filter(isNamespace).map(({ metadata }) => nameIn(metadata)));
  const namespaces = [...places].filter((name) => !named.has(name)).map(namespace);
  await until(() => kubectl(["apply", "-f", "-"], list([...namespaces, ...objects])));
}

/** Deletes objects if they are there. Namespaces stay: nobody here would end what deleting one begins. */
export function remove(objects: JsonObject[]): void {
  const all = list(objects.filter((object) => !isNamespace(object)));
  kubectl(["delete", "--ignore-not-found", "-f", "-"], all);
}

/** Makes a service account, which may read nothing yet, and its kubeconfig. Returns the name that the API server has for it. */
export async function serviceAccount(name: string): Promise<string> {
  await apply([
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace: NAMESPACE } },
  ]);
  const config = parse(readFileSync(kubeconfig("admin"), "utf8")) as { users: [{ user: object }] };
  config.users[0].user = { token: kubectl(["create", "token", "-n", NAMESPACE, name]).trim() };
  writeFileSync(kubeconfig(name), stringify(config));
  return `system:serviceaccount:${NAMESPACE}:${name}`;
}

/**
 * Gives a user a ClusterRole, and waits until it counts.
 *
 * @param binding if not one by the user's name
 * @returns what takes it away again
 */
export async function grant(
  user: string,
  role: JsonObject,
  binding: JsonObject = bindingOf(user, role),
): Promise<() => Promise<void>> {
  await apply([role, binding]);
  await until(() => expect(mayNotGet(user, role)).toEqual([]));
  return async () => {
    remove([binding, role]);
    await until(() => expect(mayNotGet(user, role)).toEqual(resourcesOf(role)));
  };
}

function bindingOf(user: string, role: JsonObject): JsonObject {
  const name = nameIn(role["metadata"]);
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: user }],
  };
}

/** Of the resources of a ClusterRole those that a user may not get. */
function mayNotGet(user: string, role: JsonObject): string[] {
  const mayGet = (resource: string) => {
    const { status, stdout } = run(["auth", "can-i", "get", resource, "-A", "--as", user]);
    return status === 0 && stdout === "yes\n";
  };
  return resourcesOf(role).filter((resource) => !mayGet(resource));
}

function resourcesOf(role: JsonObject): string[] {
  return (role["rules"] as Record<string, string[]>[]).flatMap(({ apiGroups, resources }) =>
    resources!.map((resource) => [resource, ...apiGroups!].filter(Boolean).join(".")),
  );
}

/** Tries again for a minute. */
export async function until(step: () => unknown): Promise<void> {
  for (let tries = 120; ; tries--) {
    try {
      await step();
      return;
    } catch (error) {
      if (tries === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

function list(items: JsonObject[]): string {
  return JSON.stringify({ apiVersion: "v1", kind: "List", items });
}

function namespace(name: string): JsonObject {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name } };
}

function isNamespace({ kind }: JsonObject): boolean {
  return kind === "Namespace";
}

function namespaceOf({ metadata }: JsonObject): string | undefined {
  return (metadata as { namespace?: string }).namespace;
}

function nameIn(metadata: unknown): string {
  return (metadata as { name: string }).name;
}
