import { describe, expect, test } from "vitest";
import { callJson } from "../sdk/units.js";
import { certificatePem, publicPem, repository, SIGNERS } from "./make.js";

const KEY = publicPem(SIGNERS.root);
const CERTIFICATE = certificatePem(SIGNERS.root);
const ROOT = Buffer.from(repository()["root"]!).toString();
const GOOD = { root: { keys: [KEY] } };

const decode = (notaryV1: unknown) => callJson<{ problems: string }>("tuf.settings", { notaryV1 });

const DECODED = {
  problems: "",
  keys: 1,
  certificates: 0,
  hasRoot: false,
  gun: null,
  delegations: 0,
  required: 0,
  maxAge: 0,
};

test.each<[object, object]>([
  [{}, {}],
  [{ gun: "docker.io/library/nginx" }, { gun: "docker.io/library/nginx" }],
  [{ root: { keys: [KEY, publicPem(SIGNERS.targets)] } }, { keys: 2 }],
  [{ root: { certificate: CERTIFICATE } }, { keys: 0, certificates: 1 }],
  [{ root: { rootJson: ROOT } }, { keys: 0, hasRoot: true }],
  [
    { delegations: ["targets/releases", "targets"], requireSigners: 2 },
    { delegations: 2, required: 2 },
  ],
  [
    { delegations: ["targets/releases"], requireSigners: "1" },
    { delegations: 1, required: 1 },
  ],
  [{ maxTimestampDays: 7 }, { maxAge: 604800 }],
])("%j", (changes, decoded) => {
  expect(decode({ ...GOOD, ...changes })).toEqual({ ...DECODED, ...decoded });
});

test("absent or blank", () => {
  for (const nothing of [undefined, null, "", {}, { root: { keys: [""] }, gun: "" }]) {
    expect(decode(nothing)).toEqual({ problems: "" });
  }
});

describe("a problem:", () => {
  const ONE = "root: must have one of keys, certificate and rootJson";
  const ONLY = "root: must have only one of keys, certificate and rootJson";
  test.each<[object, string]>([
    [{ root: null, gun: "a" }, "root: is required"],
    [{ root: { keys: [] }, gun: "a" }, ONE],
    [{ root: { keys: [KEY], certificate: CERTIFICATE } }, ONLY],
    [{ root: { certificate: CERTIFICATE, rootJson: ROOT } }, ONLY],
    [
      { root: { keys: [CERTIFICATE] } },
      "root.keys[0]: is a certificate: put it under root.certificate",
    ],
    [{ root: { certificate: KEY } }, "root.certificate: is a public key: put it under root.keys"],
    [
      { root: { rootJson: "{}" } },
      "root.rootJson: is not the root.json of a repository of Notary's",
    ],
    [
      { root: { rootJson: Buffer.from(repository()["targets"]!).toString() } },
      "root.rootJson: is not the root.json of a repository of Notary's",
    ],
    [{ root: { key: KEY, keys: [KEY] } }, "root.key: unknown field"],
    [
      { delegations: ["releases"] },
      "delegations[0]: must be targets, or a role below it such as targets/releases",
    ],
    [{ delegations: ["targets/a", "targets/a"] }, "delegations[1]: is there before"],
    [{ requireSigners: 1 }, "requireSigners: must be at most the number of delegations"],
    [
      { delegations: ["targets/a"], requireSigners: 0 },
      "requireSigners: must be a whole number, 1 or more",
    ],
    [
      { delegations: ["targets/a"], requireSigners: 2 },
      "requireSigners: must be at most the number of delegations",
    ],
    [{ maxTimestampDays: 0 }, "maxTimestampDays: must be a whole number, 1 or more"],
    [{ maxTimestampDays: -1 }, "maxTimestampDays: must be a whole number, 1 or more"],
    [{ server: "https://notary.example" }, "server: unknown field"],
  ])("%j", (changes, problem) => {
    expect(decode({ ...GOOD, ...changes }).problems).toBe(`notaryV1.${problem}`);
  });
});
