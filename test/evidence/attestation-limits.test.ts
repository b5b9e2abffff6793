import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../host/document.js";
import type { Item } from "../../host/evidence/item.js";
import { pem } from "../crypto/crypto.js";
import { codes, pod, validate } from "../policy/guest.js";
import * as made from "../sigstore/made.js";
import { beside, documentOf } from "./documents.js";

// Whoever writes evidence, and however many rules there are: what the policy does for attestations is bounded.

const IMAGE = made.DIGEST;
const TYPE = "https://example.com/scan/v1";
const OWN = made.ec();
const OTHER = made.ec();
const pemOf = (key: made.KeyPair) => pem("PUBLIC KEY", made.spki(key));

/** An item with an attestation, whose predicate is given as it is written. */
function said(predicate: string, by = OWN): Item {
  const subject = [{ digest: { sha256: IMAGE.slice(7) } }];
  const statement = JSON.stringify(made.statement({ subject, predicateType: TYPE, predicate: 0 }));
  const payload = statement.replace('"predicate":0', () => `"predicate":${predicate}`);
  const bundle = JSON.stringify(made.bundle({ dsseEnvelope: made.envelope(by, payload) }));
  return { type: "sigstore-bundle", bundle: Buffer.from(bundle).toString("base64") };
}

/** The same, with so many subjects before the image. */
function amongSubjects(count: number): Item {
  const subject = `[${"{},".repeat(count)}{"digest":{"sha256":"${IMAGE.slice(7)}"}}]`;
  const statement = JSON.stringify(made.statement({ subject: 0, predicateType: TYPE }));
  const payload = statement.replace('"subject":0', () => `"subject":${subject}`);
  const bundle = JSON.stringify(made.bundle({ dsseEnvelope: made.envelope(OWN, payload) }));
  return { type: "sigstore-bundle", bundle: Buffer.from(bundle).toString("base64") };
}

const times = <T>(count: number, of: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => of(index));

/** What comes of an image with these items, under as many rules; and it asks the host no more than once. */
function judge(items: Item[], rules: number, rule: JsonObject): string[] {
  const common = {
    image: "*",
    verifier: "policy",
    evidenceFrom: [{ artifact: true }],
    pubKeys: [pemOf(OWN)],
    attestations: [{ predicateType: TYPE }],
  };
  const signatures = times(rules, () => ({ ...common, ...rule }));
  const host = beside(IMAGE, documentOf(IMAGE, ...items));
  const answer = validate(pod(`example.com/a@${IMAGE}`), { signatures }, host);
  expect(answer.calls.length).toBeLessThanOrEqual(1);
  return answer.accepted ? ["ok"] : [...new Set(codes(answer))];
}

const conditions = (count: number, path = "/a") => times(count, () => ({ path, atMost: 0 }));
const asking = (count: number, path?: string) => ({
  attestations: [{ predicateType: TYPE, conditions: conditions(count, path) }],
});

describe("there may be so many, and no more:", () => {
  const attestations = (count: number) => ({
    attestations: times(count, () => ({ predicateType: TYPE })),
  });

  test.each<[string, JsonObject, JsonObject]>([
    ["attestations", attestations(64), attestations(65)],
    ["conditions", asking(64), asking(65)],
    [
      "conditions in all",
      { attestations: times(64, () => ({ predicateType: TYPE, conditions: conditions(1) })) },
      { attestations: times(33, () => ({ predicateType: TYPE, conditions: conditions(2) })) },
    ],
    ["bytes of a path", asking(1, "/a".padEnd(512, "/")), asking(1, "/a".padEnd(513, "/"))],
    [
      "values",
      {
        attestations: [
          { predicateType: TYPE, conditions: [{ path: "/a", in: Array(64).fill(0) }] },
        ],
      },
      {
        attestations: [
          { predicateType: TYPE, conditions: [{ path: "/a", in: Array(65).fill(0) }] },
        ],
      },
    ],
    [
      "bytes of a value",
      {
        attestations: [
          { predicateType: TYPE, conditions: [{ path: "/a", equals: "x".repeat(4094) }] },
        ],
      },
      {
        attestations: [
          { predicateType: TYPE, conditions: [{ path: "/a", equals: "x".repeat(4095) }] },
        ],
      },
    ],
  ])("%s", (_, most, more) => {
    const item = said('{"a":0}');
    expect(judge([item], 1, most)).not.toContain("settings-invalid");
    expect(judge([item], 1, more)).toEqual(["settings-invalid"]);
  });
});

test("a value that is longer than what it is compared with may be is another", () => {
  const long = `"${"x".repeat(4095)}"`;
  const exists = {
    attestations: [{ predicateType: TYPE, conditions: [{ path: "/a", exists: true }] }],
  };
  expect(judge([said(`{"a":${long}}`)], 1, exists)).toEqual(["ok"]);
  const number = `0.${"0".repeat(5000)}`;
  expect(judge([said(`{"a":${number}}`)], 1, asking(1))).toEqual(["attestation-condition"]);
});

describe("what items, rules and conditions multiply to is bounded:", () => {
  const big = `{"x":[${"0,".repeat(150_000)}0],"a":0}`;

  test.each<[string, string, Item[], number, JsonObject]>([
    ["an attestation under 256 rules", "ok", [said('{"a":0}')], 256, asking(1)],
    ["64 attestations of one key", "ok", times(64, () => said('{"a":0}')), 1, asking(64)],
    ["others' attestations", "attestation-missing", times(64, () => said("0", OTHER)), 256, {}],
    [
      "others' attestations, for 64 keys",
      "too-many-checks",
      times(64, () => said("0", OTHER)),
      1,
      { pubKeys: times(64, () => pemOf(made.ec())), threshold: 1 },
    ],
    [
      "attestations that do not meet 64 conditions",
      "attestation-condition",
      times(60, () => said('{"a":1}')),
      1,
      asking(64),
    ],
    ["a predicate of 300 KB", "ok", [said(big)], 1, asking(1)],
    ["100,000 subjects under 256 rules", "ok", [amongSubjects(100_000)], 256, {}],
    ["64 conditions on a predicate of 300 KB", "too-many-checks", [said(big)], 1, asking(64)],
    ["256 rules for a predicate of 300 KB", "too-many-checks", [said(big)], 256, asking(1)],
    [
      "attestations that do not meet 64 conditions, under 256 rules",
      "too-many-checks",
      times(60, () => said('{"a":1}')),
      256,
      asking(64),
    ],
    [
      "a predicate with keys that have escapes",
      "too-many-checks",
      [said(`{${times(20_000, () => '"\\u0062":0').join(",")},"a":0}`)],
      256,
      asking(64),
    ],
    [
      "attestations that are none of 64 long values, under 28 rules",
      "too-many-checks",
      times(64, () => said('{"a":0}')),
      28,
      {
        attestations: [
          {
            predicateType: TYPE,
            conditions: [{ path: "/a", in: times(64, (i) => `${i}`.padEnd(4094)) }],
          },
        ],
      },
    ],
    [
      "a predicate of 125 levels",
      "ok",
      [said(`${'{"a":'.repeat(125)}0${"}".repeat(125)}`)],
      1,
      asking(1, "/a".repeat(125)),
    ],
  ])("%s: %s", (_, code, items, rules, rule) => {
    expect(judge(items, rules, rule)).toContain(code);
  });
});
