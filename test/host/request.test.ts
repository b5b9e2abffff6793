import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseText } from "../../host/document.js";
import { admissionRequest, readRequest } from "../../host/request.js";

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
