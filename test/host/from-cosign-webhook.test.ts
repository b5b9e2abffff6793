import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { parse, stringify } from "yaml";
import { fromCosignWebhookCommand } from "../../host/commands/from-cosign-webhook.js";
import { runCommand } from "../../host/commands/run.js";
import { contentBytes } from "../../host/registry/fixture.js";
import { readFixture } from "./fixtures.js";

const folder = mkdtempSync(join(tmpdir(), "cosign-webhook-"));
const file = (name: string, documents: unknown[]) => {
  const path = join(folder, name);
  writeFileSync(path, documents.map((each) => stringify(each)).join("---\n"));
  return path;
};
const { files } = readFixture("a-single.json");
const [signer, other] = ["a1", "a2"].map((name) =>
  contentBytes(files[`keys/${name}.pub`]!).toString(),
);
const LABEL = "cosignkey.kubernetes.io/verify";

const namespace = (name: string, value?: string) => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name, ...(value !== undefined && { labels: { [LABEL]: value } }) },
});
const cosignKey = (place: string, name: string, key: unknown) => ({
  apiVersion: "kubeservice.cn/v1",
  kind: "CosignKey",
  metadata: { name, namespace: place },
  spec: { authorities: { key } },
});
const shop = namespace("shop", "enabled");
const shopKey = cosignKey("shop", "keys", [other, signer]);

interface Made {
  code: number;
  said: string[];
  policy?: {
    spec: {
      module: string;
      contextAwareResources?: { kind: string }[];
      settings: { signatures: Record<string, unknown>[] };
    };
  };
}

afterEach(() => vi.restoreAllMocks());

async function make(objects: unknown[], options = {}): Promise<Made> {
  let out = "";
  const said: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => (out += String(text)) !== "");
  vi.spyOn(process.stderr, "write").mockImplementation((text) => said.push(String(text)) > 0);
  const code = await fromCosignWebhookCommand([file("objects.yaml", objects)], options);
  vi.restoreAllMocks();
  return { code, said: said.map((line) => line.trimEnd()), policy: parse(out) as Made["policy"] };
}

/** What the policy that was made comes to for a Pod of this image in this namespace. */
async function decide({ policy }: Made, objects: unknown[], place: string, tag: string) {
  const spec = { containers: [{ name: "web", image: `127.0.0.1:5555/demo/a-single:${tag}` }] };
  const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "web", namespace: place }, spec };
  let answer = "";
  vi.spyOn(console, "log").mockImplementation((line: string) => void (answer = line));
  vi.spyOn(process.stderr, "write").mockImplementation(() => true);
  await runCommand(undefined, {
    requestPath: file("pod.yaml", [pod]),
    settingsPath: file("policy.yaml", [policy]),
    kubernetesObjects: [file("cluster.yaml", objects)],
    allowedHostCapabilities: ["*"],
    exampleRegistry: true,
  });
  const { allowed, status } = JSON.parse(answer) as {
    allowed: boolean;
    status?: { message: string };
  };
  return allowed ? "accepted" : /\[([\w-]+)\]$/m.exec(status!.message)![1];
}

describe.each([
  ["that follows labels and CosignKeys", {}, ["CosignKey", "Namespace"]],
  ["with copied keys", { copyKeys: true }, undefined],
])("a policy %s", (_name, options, reads) => {
  const objects = [shop, shopKey, namespace("test", "disabled"), namespace("other")];

  test("asks for what the webhook asks for", async () => {
    const made = await make(objects, options);
    expect(made).toMatchObject({ code: 0, said: [] });
    const { contextAwareResources, module } = made.policy!.spec;
    expect(contextAwareResources?.map(({ kind }) => kind)).toEqual(reads);
    const variant = reads ? "-context-aware" : "";
    expect(module).toMatch(new RegExp(`^registry://.*:v\\d[^-]*${variant}$`));
    expect(await decide(made, objects, "shop", "1.0")).toBe("accepted");
    expect(await decide(made, objects, "shop", "unsigned")).toBe("threshold-unmet");
    expect(await decide(made, objects, "test", "unsigned")).toBe("accepted");
    expect(await decide(made, objects, "other", "unsigned")).toBe("accepted");
  });

  test("is taken from a List too, and from the module that is named", async () => {
    const list = { apiVersion: "v1", kind: "List", items: objects };
    const made = await make([list], { ...options, module: "registry://r.example/p:v1" });
    expect(made.policy!.spec.module).toBe("registry://r.example/p:v1");
    expect(await decide(made, objects, "shop", "unsigned")).toBe("threshold-unmet");
  });
});

test("namespaces with the same keys have one copied rule, others one each", async () => {
  const objects = [
    ...[shop, namespace("a", "enabled"), namespace("b", "enabled")],
    ...[
      shopKey,
      cosignKey("a", "x", [signer, other]),
      cosignKey("b", "y", [`${signer}\n`, signer]),
    ],
  ];
  const { policy } = await make(objects, { copyKeys: true });
  const rules = policy!.spec.settings.signatures;
  expect(rules.map(({ namespaces, threshold }) => [namespaces, threshold])).toEqual([
    [["a", "shop"], 1],
    [["b"], 1],
  ]);
  expect(rules[0]!["pubKeys"]).toMatchObject([{ name: "a/x/0" }, { name: "a/x/1" }]);
});

const rejected = "every image in it is rejected";

describe.each([
  [
    "no CosignKey",
    [shop],
    [`namespace shop has no CosignKey: ${rejected} [resource-missing]`],
    "resource-missing",
  ],
  [
    "more than one",
    [shop, shopKey, cosignKey("shop", "more", [signer])],
    [`namespace shop has more than one CosignKey (keys, more): ${rejected} [resource-ambiguous]`],
    "resource-ambiguous",
  ],
  [
    "one without a key",
    [shop, cosignKey("shop", "keys", [])],
    [`namespace shop has no key in its CosignKey keys: ${rejected} [keys-missing]`],
    "keys-missing",
  ],
  [
    "one with a broken key",
    [shop, cosignKey("shop", "keys", ["adf"])],
    [
      "key shop/keys/0 does not count: it is not PEM: it has no line -----BEGIN ...-----",
      `namespace shop has no good key in its CosignKey keys: ${rejected} [too-few-keys]`,
    ],
    "too-few-keys",
  ],
])("of a namespace with %s", (_name, objects, said, code) => {
  test("it is said what the policy will do, and the policy does it", async () => {
    const made = await make(objects);
    expect(made).toMatchObject({ code: 0, said });
    expect(await decide(made, objects, "shop", "1.0")).toBe(code);
  });

  test("no keys are copied: a namespace must not be left out", async () => {
    await expect(make(objects, { copyKeys: true })).rejects.toThrow("There is no policy");
  });
});

test("what has no effect is said", async () => {
  const objects = [shop, shopKey, namespace("b", "yes"), cosignKey("b", "keys", [signer])];
  expect((await make(objects)).said).toEqual([
    `namespace b has the label ${LABEL}: yes, and only enabled has an effect`,
    `CosignKey b/keys has no effect, for its namespace has no label ${LABEL}: enabled`,
  ]);
});

test("a broken key beside a good one is said, and not copied", async () => {
  const { said, policy } = await make([shop, cosignKey("shop", "keys", ["adf", signer])], {
    copyKeys: true,
  });
  expect(said).toEqual([expect.stringContaining("key shop/keys/0 does not count")]);
  expect(policy!.spec.settings.signatures).toMatchObject([{ pubKeys: [{ name: "shop/keys/1" }] }]);
});

test.each([
  [
    "without a namespace that has the label",
    [shopKey, namespace("shop")],
    "no namespace has the label",
  ],
  [
    "of another form",
    [shop, cosignKey("shop", "keys", "adf")],
    "spec.authorities.key must be a list",
  ],
])("objects %s are refused", async (_name, objects, words) => {
  await expect(make(objects)).rejects.toThrow(words);
});
