import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { conformanceCases, fileOf, PUBLIC_ROOT } from "../sigstore/bundles.js";
import { readFixture } from "../host/fixtures.js";
import { callJson } from "../sdk/units.js";

interface Roots {
  authorities: number;
  timestampAuthorities: number;
  logs: string[];
}

const read = (root: object | string) =>
  callJson<Roots | null>("trusted_root", typeof root === "string" ? root : JSON.stringify(root));

const hex = (base64: string) => Buffer.from(base64, "base64").toString("hex");

/** What of a trusted root its readers go by. */
interface TrustedRoot {
  mediaType?: unknown;
  tlogs: {
    baseUrl?: string;
    publicKey: { rawBytes: string; keyDetails?: string; validFor?: unknown };
    logId: { keyId: unknown };
    checkpointKeyId?: { keyId: unknown };
  }[];
  certificateAuthorities: { certChain: unknown; validFor?: unknown }[];
  timestampAuthorities?: unknown;
}

describe("a trusted root", () => {
  test("of Sigstore's public instances", () => {
    const { tlogs } = JSON.parse(PUBLIC_ROOT) as TrustedRoot;
    const roots = read(PUBLIC_ROOT)!;
    expect(roots.authorities).toBe(2);
    expect(roots.logs).toEqual(tlogs.map(({ logId }) => hex(logId.keyId as string)));
  });

  test("of Sigstore's staging, where a log's ID is not the hash of its key alone", () => {
    const staging = conformanceCases().find(({ name }) => name === "rekor2-happy-path")!;
    const { tlogs } = JSON.parse(staging.question.trustedRoot) as TrustedRoot;
    const roots = read(staging.question.trustedRoot)!;
    expect(roots.timestampAuthorities).toBe(1);
    expect(roots.logs).toEqual(tlogs.map(({ logId }) => hex(logId.keyId as string)));
    const [id = "", hash = ""] = tlogs
      .filter(({ publicKey }) => publicKey.keyDetails === "PKIX_ED25519")
      .flatMap(({ logId, publicKey }) => [
        hex(logId.keyId as string),
        createHash("sha256").update(Buffer.from(publicKey.rawBytes, "base64")).digest("hex"),
      ]);
    expect(roots.logs).toContain(id);
    expect(id).not.toBe(hash);
  });

  const own = fileOf(readFixture("n-v3-rekor-key.json"), "trusted-root.json");
  const edited = (change: (copy: TrustedRoot) => void) => {
    const copy = JSON.parse(own) as TrustedRoot;
    change(copy);
    return copy;
  };
  const id = hex((JSON.parse(own) as TrustedRoot).tlogs[0]!.logId.keyId as string);
  const other = Buffer.alloc(32, 7).toString("base64");

  test.each<[string, object | string, string[] | null]>([
    ["as cosign makes it", own, [id]],
    ["with white space", JSON.stringify(JSON.parse(own), null, 2), [id]],
    [
      "of version 0.2",
      edited((copy) => (copy.mediaType = "application/vnd.dev.sigstore.trustedroot.v0.2+json")),
      [id],
    ],
    ["with a field that nobody reads", { ...JSON.parse(own), more: 1 }, [id]],
    ["with another ID", edited((copy) => (copy.tlogs[0]!.logId.keyId = other)), [hex(other)]],
    [
      "with an ID of its checkpoints",
      edited((copy) => (copy.tlogs[0]!.checkpointKeyId = { keyId: other })),
      [hex(other)],
    ],
    [
      "whose beginning has fractions of a second",
      edited((copy) => (copy.tlogs[0]!.publicKey.validFor = { start: "2024-01-01T00:00:00.5Z" })),
      [id],
    ],
    ["of another type", edited((copy) => (copy.mediaType = "application/json")), null],
    ["of no type", edited((copy) => (copy.mediaType = undefined)), null],
    ["that is no JSON", own.slice(1), null],
    ["that is empty", "", null],
    ["with its logs twice", own.replace('"tlogs":', '"tlogs":[],"tlogs":'), null],
    ["with logs that are no list", { ...JSON.parse(own), tlogs: {} }, null],
    ["with an ID that is too short", edited((copy) => (copy.tlogs[0]!.logId.keyId = "AAAA")), null],
    [
      "with a key that is no base64",
      edited((copy) => (copy.tlogs[0]!.publicKey.rawBytes = "*")),
      null,
    ],
    ["without a time", edited((copy) => delete copy.tlogs[0]!.publicKey.validFor), null],
    ["without a beginning", edited((copy) => (copy.tlogs[0]!.publicKey.validFor = {})), null],
    [
      "with an end that is none",
      edited((copy) => {
        copy.tlogs[0]!.publicKey.validFor = { start: "2024-01-01T00:00:00Z", end: "soon" };
      }),
      null,
    ],
    [
      "with a chain that is none",
      edited((copy) => (copy.certificateAuthorities[0]!.certChain = {})),
      null,
    ],
    [
      "with authorities by their other name",
      own.replace('"certificateAuthorities":', '"certificate_authorities":'),
      null,
    ],
    [
      "with authorities of time by their other name",
      { ...JSON.parse(own), timestamp_authorities: [] },
      null,
    ],
    [
      "whose authority has a time by its other name",
      edited(({ certificateAuthorities: [authority] }) => {
        const { validFor, ...rest } = authority!;
        Object.assign(authority!, rest, { valid_for: validFor, validFor: undefined });
      }),
      null,
    ],
    [
      "with authorities of time that are no list",
      edited((copy) => (copy.timestampAuthorities = 1)),
      null,
    ],
  ])("%s", (_, root, logs) => {
    expect(read(root)?.logs ?? null).toEqual(logs);
  });
});
