import { describe, expect, test } from "vitest";
import { formatPretty } from "../../host/pretty.js";
import {
  admissionResponse,
  decodeValidation,
  type ValidationResponse,
} from "../../host/response.js";

const object = { spec: { image: "a:1", list: [1, 2] } };
const request = { uid: "u", kind: { kind: "Pod" }, name: "web", namespace: "shop", object };
const pinned = { spec: { image: "a:1@sha256:0", list: [1, 2] } };

const patchOf = (operations: unknown) => Buffer.from(JSON.stringify(operations)).toString("base64");
const pin = patchOf([{ op: "replace", path: "/spec/image", value: "a:1@sha256:0" }]);

test.each<[string, ValidationResponse, string]>([
  [
    "accepted",
    { accepted: true },
    '{"uid":"u","allowed":true,"auditAnnotations":null,"warnings":null}',
  ],
  [
    "accepted, all said",
    { accepted: true, mutated_object: pinned, audit_annotations: { a: "b" }, warnings: ["w"] },
    `{"uid":"u","allowed":true,"patchType":"JSONPatch","patch":"${pin}","auditAnnotations":{"a":"b"},"warnings":["w"]}`,
  ],
  [
    "mutated to the same",
    { accepted: true, mutated_object: structuredClone(object) },
    '{"uid":"u","allowed":true,"auditAnnotations":null,"warnings":null}',
  ],
  [
    "rejected",
    { accepted: false, message: "no", code: 400, mutated_object: null },
    '{"uid":"u","allowed":false,"status":{"message":"no","code":400},"auditAnnotations":null,"warnings":null}',
  ],
  [
    "rejected with no code",
    { accepted: false, message: "no", code: null, audit_annotations: null, warnings: null },
    '{"uid":"u","allowed":false,"status":{"message":"no"},"auditAnnotations":null,"warnings":null}',
  ],
])("%s", (_, validation, text) => {
  expect(JSON.stringify(admissionResponse(request, validation))).toBe(text);
});

test("what is deleted cannot be mutated", () => {
  const response = admissionResponse(
    { uid: "u", object: null },
    { accepted: true, mutated_object: {} },
  );
  expect(response.allowed).toBe(false);
  expect(response.status?.message).toContain("attempting a mutation. This is not allowed");
});

test.each(["{}", "[]", '{"accepted": "yes"}'])("%s is no verdict", (text) => {
  expect(() => decodeValidation(Buffer.from(text))).toThrow("no verdict");
});

describe("for people", () => {
  const pretty = (validation: ValidationResponse, given: typeof request = request) =>
    formatPretty(given, admissionResponse(given, validation)).replace(/\x1b\[\d+m/g, "");

  test("accepted", () => {
    expect(pretty({ accepted: true })).toBe("✔ accepted Pod web in shop");
  });

  test("pinned: warnings, who signed, and the change", () => {
    const validation = {
      accepted: true,
      mutated_object: pinned,
      warnings: ["look"],
      audit_annotations: { signer: "release key" },
    };
    expect(pretty(validation).split("\n")).toEqual([
      "✔ accepted and pinned Pod web in shop",
      "  warning: look",
      "  signer: release key",
      "",
      " spec:",
      "-  image: a:1",
      "+  image: a:1@sha256:0",
      "   list:",
      "     - 1",
      "     - 2",
    ]);
  });

  test("rejected: a reason a line", () => {
    expect(pretty({ accepted: false, message: "one\ntwo" })).toBe(
      "✘ rejected Pod web in shop\n  one\n  two",
    );
  });

  test("nothing of the request's reaches the terminal as a command", () => {
    const nasty = "\x1b[2J\x1b]0;title\x07\u202etxt\u2028\x9b31m\r";
    const given = { ...request, name: nasty, namespace: nasty, object: { ...object, x: nasty } };
    const mutated_object = { ...given.object, x: "clean", [nasty]: nasty };
    const text = formatPretty(
      given,
      admissionResponse(given, {
        accepted: false,
        message: nasty,
        mutated_object,
        warnings: [nasty],
        audit_annotations: { [nasty]: nasty },
      }),
    );
    expect(text.replace(/\x1b\[\d+m/g, "")).not.toMatch(
      /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e]/,
    );
    expect(text).not.toMatch(/\x1b\[2J|\x1b\]/);
  });
});
