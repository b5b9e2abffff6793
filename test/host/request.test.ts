import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseText } from "../../host/document.js";
import { admissionRequest, readRequest, readRequests } from "../../host/request.js";

const bare = { uid: "u", kind: { group: "", version: "v1", kind: "Pod" }, operation: "CREATE" };

test.each([
  ["an AdmissionReview", { kind: "AdmissionReview", request: bare }],
  ["its request alone", bare],
])("%s", (_, document) => expect(admissionRequest(document)).toEqual(bare));

test.each([
  ["v1", "Pod", "", "v1", "pods"],
  ["apps/v1", "Deployment", "apps", "v1", "deployments"],
  ["networking.k8s.io/v1", "Ingress", "networking.k8s.io", "v1", "ingresses"],
  ["x/v1", "Policy", "x", "v1", "policies"],
])("a manifest of %s %s is created", (apiVersion, kind, group, version, resource) => {
  const object = { apiVersion, kind, metadata: { name: "n", namespace: "ns" } };
  expect(admissionRequest(object)).toMatchObject({
    uid: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    kind: { group, version, kind },
    resource: { group, version, resource },
    name: "n",
    namespace: "ns",
    operation: "CREATE",
    userInfo: { username: "trusted-images" },
    object,
  });
});

test("a manifest without a namespace goes to the default one", () => {
  expect(admissionRequest({ apiVersion: "v1", kind: "Pod" })).toMatchObject({
    name: "",
    namespace: "default",
  });
});

test.each([
  [null, "must be an object"],
  [[bare], "must be an object"],
  [{}, "of no known form. Give an AdmissionReview"],
  [{ kind: "Pod" }, "of no known form"],
  [{ kind: "AdmissionReview" }, "has no request"],
  [{ apiVersion: "v1", kind: "List", items: [] }, "several requests"],
])("%j is refused", (document, message) => {
  expect(() => admissionRequest(document)).toThrow(message);
});

test.each([
  ['{"a": 1e400}', "not finite at /a"],
  ["a: [1, .inf]", "not finite at /a/1"],
  ["a: .nan", "not finite at /a"],
  ['{"a": 9007199254740993}', "beyond ±2^53 at /a"],
  ["a: &x [*x]", "an alias of its own parent"],
  [
    `a: &a [x]\n${[..."bcdefgh"].map((name, index) => `${name}: &${name} [${`*${"abcdefg"[index]},`.repeat(9)}]`).join("\n")}`,
    "too many aliases",
  ],
  ["a: 1\na: 2", "neither YAML nor JSON: Map keys must be unique"],
  ["{", "neither YAML nor JSON"],
])("the text %j is refused", (text, message) => {
  expect(() => parseText(text, "request")).toThrow(message);
});

test("files are YAML or JSON", () => {
  const folder = mkdtempSync(join(tmpdir(), "request-"));
  for (const text of [
    "kind: AdmissionReview\nrequest: {uid: u}",
    '{"kind": "AdmissionReview", "request": {"uid": "u"}}',
  ]) {
    const path = join(folder, "request");
    writeFileSync(path, text);
    expect(readRequest(path)).toEqual({ uid: "u" });
  }
  expect(() => readRequest(join(folder, "none"))).toThrow("cannot read the request: ENOENT");
});

describe("several requests", () => {
  const folder = mkdtempSync(join(tmpdir(), "requests-"));
  const write = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const manifest = (name: string) => `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\n`;
  const names = (path: string) => readRequests(path).map(({ name }) => name);

  test("in a stream, with empty documents", () => {
    const text = `---\n# nothing\n---\n${manifest("a")}---\n---\n${manifest("b")}...\n`;
    expect(names(write("stream", text))).toEqual(["a", "b"]);
  });

  test("in a List, whose items may not say what they are", () => {
    const item = { metadata: { name: "a" } };
    const list = { apiVersion: "v1", kind: "PodList", items: [item] };
    expect(readRequests(write("pods", JSON.stringify(list)))).toMatchObject([
      { name: "a", kind: { kind: "Pod" }, object: { apiVersion: "v1", kind: "Pod", ...item } },
    ]);
    const mixed = { ...list, kind: "List", items: [{ apiVersion: "v1", kind: "Pod", ...item }] };
    expect(names(write("mixed", JSON.stringify(mixed)))).toEqual(["a"]);
  });

  test("in a folder's files, in order", () => {
    const at = mkdtempSync(join(folder, "files-"));
    mkdirSync(join(at, "z"));
    writeFileSync(join(at, "b.yml"), manifest("b"));
    writeFileSync(join(at, "a.json"), '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}}');
    writeFileSync(join(at, "z/c.yaml"), manifest("c"));
    writeFileSync(join(at, "notes.txt"), "no manifest");
    expect(names(at)).toEqual(["a", "b", "c"]);
  });

  test.each([
    ["", "has no request in it"],
    [`${manifest("a")}---\nx: 1\n`, /stream, document 2: the request is of no known form/],
    [`${manifest("a")}---\n[\n`, "neither YAML nor JSON"],
    ["a: 9007199254740993", "beyond ±2^53"],
  ])("%j is refused", (text, message) => {
    expect(() => readRequests(write("stream", text))).toThrow(message);
  });
});
