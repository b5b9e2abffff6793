import { createHash, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, test } from "vitest";
import { packageFile } from "../../host/package.js";
import { readSeed, trustRootsSource } from "../../tools/seed.js";
import { callJson } from "../sdk/units.js";

interface Roots {
  authorities: { certificates: string[]; from: string; until: string }[];
  logs: { id: string; spki: string; from: string; until: string }[];
}

const roots = (own: object = {}) => callJson<Roots>("trust_roots", own);

const ALWAYS = { from: String(-(2n ** 63n)), until: String(2n ** 63n - 1n) };
const hex = (base64: string) => Buffer.from(base64, "base64").toString("hex");
const seconds = (time?: string) =>
  time === undefined ? ALWAYS.until : String(Math.floor(Date.parse(time) / 1000));

/** The package's trusted root, read apart from the tool. */
const seeds = JSON.parse(
  readFileSync(createRequire(import.meta.url).resolve("@sigstore/tuf/seeds.json"), "utf8"),
) as Record<string, { targets: Record<string, string> }>;
const trusted = JSON.parse(
  Buffer.from(Object.values(seeds)[0]!.targets["trusted_root.json"]!, "base64").toString(),
) as {
  certificateAuthorities: {
    certChain: { certificates: { rawBytes: string }[] };
    validFor: { start: string; end?: string };
  }[];
  tlogs: {
    baseUrl: string;
    publicKey: { rawBytes: string; validFor: { start: string; end?: string } };
    logId: { keyId: string };
  }[];
};

test("the source is what the tool writes", () => {
  const source = readFileSync(packageFile("assembly/trust/sigstore.ts"), "utf8");
  expect(trustRootsSource(readSeed())).toBe(source);
});

describe("Sigstore's roots", () => {
  const { authorities, logs } = roots();

  test("are the package's authorities", () => {
    expect(authorities).toEqual(
      trusted.certificateAuthorities.map(({ certChain, validFor }) => ({
        certificates: certChain.certificates.map(({ rawBytes }) => hex(rawBytes)),
        from: seconds(validFor.start),
        until: seconds(validFor.end),
      })),
    );
    expect(authorities).toHaveLength(2);
  });

  test("are chains that end in a root", () => {
    for (const { certificates } of authorities) {
      const chain = certificates.map((der) => new X509Certificate(Buffer.from(der, "hex")));
      chain.forEach((certificate, i) => {
        const issuer = chain[i + 1] ?? certificate;
        expect(certificate.ca).toBe(true);
        expect(certificate.checkIssued(issuer)).toBe(true);
        expect(certificate.verify(issuer.publicKey)).toBe(true);
      });
    }
  });

  test("are the logs that sign a timestamp into a bundle, by the names that entries have for them", () => {
    const [rekor, ...others] = trusted.tlogs.filter(
      ({ baseUrl }) => baseUrl === "https://rekor.sigstore.dev",
    );
    expect(others).toEqual([]);
    expect(logs).toEqual([
      {
        id: hex(rekor!.logId.keyId),
        spki: hex(rekor!.publicKey.rawBytes),
        from: seconds(rekor!.publicKey.validFor.start),
        until: ALWAYS.until,
      },
    ]);
    expect(logs[0]!.id).toBe("c0d23d6ad406973f9559f3ba2d1ca01f84147d8ffc5b8445c224f98b9591801d");
  });
});

describe("roots of one's own", () => {
  const bytes = (text: string) => Buffer.from(text);
  const base64 = (text: string) => bytes(text).toString("base64");
  const own = {
    authorities: [
      { certificates: ["root", "other"].map((text) => bytes(text).toString("hex")), ...ALWAYS },
    ],
    logs: ["one", "two"].map((text) => ({
      id: createHash("sha256").update(text).digest("hex"),
      spki: bytes(text).toString("hex"),
      ...ALWAYS,
    })),
  };
  const certificates = ["root", "other"].map(base64);
  const keys = ["one", "two"].map(base64);

  test("are trusted at any time, and nobody else is", () => {
    expect(roots({ certificates, keys })).toEqual(own);
  });

  test("leave Sigstore's where a list is empty", () => {
    const sigstore = roots();
    expect(roots({ certificates, keys: [] })).toEqual({ ...own, logs: sigstore.logs });
    expect(roots({ certificates: [], keys })).toEqual({ ...sigstore, logs: own.logs });
  });
});
