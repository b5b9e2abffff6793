import { createHash, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, test } from "vitest";
import { packageFile } from "../../host/package.js";
import { readSeed, trustRootsSource } from "../../tools/seed.js";
import { callJson } from "../sdk/units.js";

interface Roots {
  authorities: { certificates: string[]; from: string; until: string }[];
  timestampAuthorities: Roots["authorities"];
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
  timestampAuthorities: (typeof trusted)["certificateAuthorities"];
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
  const { authorities, timestampAuthorities, logs } = roots();

  const ofPackage = (of: (typeof trusted)["certificateAuthorities"]) =>
    of.map(({ certChain, validFor }) => ({
      certificates: certChain.certificates.map(({ rawBytes }) => hex(rawBytes)),
      from: seconds(validFor.start),
      until: seconds(validFor.end),
    }));

  test("are the package's authorities, those of time too", () => {
    expect(authorities).toEqual(ofPackage(trusted.certificateAuthorities));
    expect(timestampAuthorities).toEqual(ofPackage(trusted.timestampAuthorities));
    expect([authorities.length, timestampAuthorities.length]).toEqual([2, 1]);
  });

  const isOfTime = (chain: string[]) =>
    timestampAuthorities.some(({ certificates }) => certificates === chain);

  test("are chains that end in a root", () => {
    for (const { certificates } of [...authorities, ...timestampAuthorities]) {
      const chain = certificates.map((der) => new X509Certificate(Buffer.from(der, "hex")));
      chain.forEach((certificate, i) => {
        const issuer = chain[i + 1] ?? certificate;
        expect(certificate.ca).toBe(i > 0 || !isOfTime(certificates));
        expect(certificate.checkIssued(issuer)).toBe(true);
        expect(certificate.verify(issuer.publicKey)).toBe(true);
      });
    }
  });

  test("are the logs, by the names that entries have for them", () => {
    expect(logs).toEqual(
      trusted.tlogs.map(({ logId, publicKey }) => ({
        id: hex(logId.keyId),
        spki: hex(publicKey.rawBytes),
        from: seconds(publicKey.validFor.start),
        until: ALWAYS.until,
      })),
    );
    expect(logs.map(({ id }) => id.slice(0, 8))).toEqual(["c0d23d6a", "cf119915"]);
  });
});

describe("roots of one's own", () => {
  const bytes = (text: string) => Buffer.from(text);
  const base64 = (text: string) => bytes(text).toString("base64");
  const own = {
    timestampAuthorities: [],
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
    expect(roots({ certificates, keys: [] })).toEqual({
      ...sigstore,
      authorities: own.authorities,
    });
    expect(roots({ certificates: [], keys })).toEqual({
      ...own,
      authorities: sigstore.authorities,
    });
  });
});
