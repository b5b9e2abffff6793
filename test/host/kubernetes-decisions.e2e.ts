import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import type { JsonObject } from "../../host/document.js";
import { commandLine, compileCommandLine } from "./command-line.js";
import { CASES, OBJECTS, type Case } from "./decisions.js";
import { apply, grant, kubeconfig, ready, remove, serviceAccount } from "./live-cluster.js";
import { roleShown } from "./shown.js";

// For `make e2e-cluster`: what the policy decides by the guides' objects in a real cluster, it decides by the same in files.

const accepted = CASES.filter(([, { codes }]) => codes.length === 0);

const folder = mkdtempSync(join(tmpdir(), "decisions-"));
function file(name: string, content: JsonObject | JsonObject[]): string {
  const path = join(folder, name);
  const documents = Array.isArray(content) ? content : [content];
  writeFileSync(path, documents.map((document) => stringify(document)).join("---\n"));
  return path;
}

interface Verdict {
  allowed: boolean;
  status?: { message: string };
}

/** What `run` answers, for a policy whose metadata name these kinds and no other. */
async function decide({ settings, image, namespace = "shop", now, reads }: Case, from: string[]) {
  const containers = [{ name: "web", image }];
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p", namespace },
    spec: { containers },
  };
  const metadata = {
    rules: [],
    mutating: true,
    contextAwareResources: reads.map((kind) => ({
      apiVersion: kind === "CosignKey" ? "kubeservice.cn/v1" : "v1",
      kind,
    })),
  };
  const { code, out, err } = await commandLine([
    ...["run", "-r", file("pod.yaml", pod), "-s", file("settings.yaml", settings)],
    ...["--metadata-path", file("metadata.yml", metadata), "--allow-context-aware"],
    ...["--example-registry", ...(now ? ["--now", now] : []), ...from],
  ]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  // Of which request it is an answer to is made up anew each time.
  return { ...(JSON.parse(out) as Verdict), uid: "" };
}

const files = ["--kubernetes-objects", file("objects.yaml", OBJECTS)];
const cluster = (user: string) => ["--kubeconfig", kubeconfig(user)];

/** The codes that a rejection's lines end with. */
function codesIn({ status }: Verdict): string[] {
  return [...(status?.message ?? "").matchAll(/\[([a-z-]+)\]$/gm)].map(([, code]) => code!);
}

let revoke: () => Promise<void>;
beforeAll(async () => {
  compileCommandLine();
  await ready();
  await apply(OBJECTS);
  // What the README says that a policy server's account needs, and nothing else.
  revoke = await grant("reader", roleShown("README.md"));
});
afterAll(async () => {
  await revoke();
  remove(OBJECTS);
});

describe("a cluster leads to the same verdict as files:", () => {
  test.each(CASES)("%s", async (_name, given) => {
    const verdict = await decide(given, cluster("reader"));
    expect(codesIn(verdict), verdict.status?.message).toEqual(given.codes);
    expect(verdict.allowed).toBe(given.codes.length === 0);
    expect(verdict).toEqual(await decide(given, files));
  });
});

describe("a kind that the policy's metadata do not name is denied, in a cluster as in files:", () => {
  test.each(accepted)("%s", async (_name, given) => {
    for (const kind of given.reads) {
      const less = { ...given, reads: given.reads.filter((each) => each !== kind) };
      const verdict = await decide(less, cluster("reader"));
      expect(codesIn(verdict)).toEqual(["resource-denied"]);
      expect(verdict.status!.message).toContain(
        `kind: ${kind}} to the policy's contextAwareResources`,
      );
      expect(verdict).toEqual(await decide(less, files));
    }
  });
});

describe("an account that may not read is told the rules that suffice:", () => {
  test.each(accepted.map(([name, given], index) => [name, given, `bare-${index}`] as const))(
    "%s",
    async (_name, given, account) => {
      const user = await serviceAccount(account);
      const role = (rules: JsonObject[]) => ({
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "ClusterRole",
        metadata: { name: account },
        rules,
      });
      const rules: JsonObject[] = [];
      while (rules.length < given.reads.length) {
        const verdict = await decide(given, cluster(account));
        expect(codesIn(verdict)).toEqual(["resource-forbidden"]);
        const [, told] = /bind its service account to a role with ({.*})/.exec(
          verdict.status!.message,
        )!;
        rules.push(parse(told!) as JsonObject);
        await grant(user, role(rules));
      }
      expect(await decide(given, cluster(account))).toEqual(await decide(given, files));
    },
  );
});
