import { createHash, generateKeyPairSync, sign, X509Certificate } from "node:crypto";
import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import { beforeAll, describe, expect, test } from "vitest";
import { element, integer, octets, oid, sequence, set } from "./der.js";
import { ask, chainOf, failureOf, recorded, type Question } from "./timestamps.js";

const real = Object.entries(recorded.answers).map(([name, der]) => ({
  name,
  der,
  chain: chainOf(name.split("-")[0]!.replace("refused", "ec")),
}));
const isGood = (name: string) => !/sha1|refused/.test(name);

describe("answers of openssl ts", () => {
  test.each(real.filter(({ name }) => isGood(name)))("$name", ({ der, chain }) => {
    const { time, verify } = ask(der, { chain });
    expect(verify).toBeNull();
    expect(new Date(time! * 1000).toISOString()).toMatch(/^2026-11-22T1\d:/);
    expect(failureOf(ask(der, { chain, signature: "AAAA" }))).toBe("timestamp-signature");
    expect(failureOf(ask(der, { chain, from: time!, until: time! }))).toBeNull();
    expect(failureOf(ask(der, { chain, until: time! - 1 }))).toBe("timestamp-untrusted");
    expect(failureOf(ask(der, { chain, from: time! + 1 }))).toBe("timestamp-untrusted");
  });

  test.each(real.filter(({ name }) => !isGood(name)))("$name is none", ({ der, chain }) => {
    expect(ask(der, { chain })).toEqual({ read: "timestamp-malformed" });
  });

  const der = recorded.answers["ec-sha256-sha256"]!;
  const [own, inter, root] = chainOf("ec") as [string, string, string];

  test.each<[string, string[], string | null]>([
    ["its own certificates", [own, inter, root], null],
    ["the one above as root", [own, inter], null],
    ["another's certificate", chainOf("rsa"), "timestamp-unknown"],
    ["a certificate of the same key for code", chainOf("code"), "timestamp-unknown"],
    ["no certificate", [], "timestamp-unknown"],
    ["its own certificate alone", [own], "timestamp-untrusted"],
    ["none between it and the root", [own, root], "timestamp-untrusted"],
    ["what is no certificate", ["AAAA"], "timestamp-unknown"],
  ])("trusted by %s", (_, chain, expected) => {
    expect(failureOf(ask(der, { chain }))).toBe(expected);
  });
});

const digestOf = (hash: string, bytes: Uint8Array) => createHash(hash).update(bytes).digest();
const signature = Buffer.from(recorded.signature, "base64");

const ID = {
  sha256: "2.16.840.1.101.3.4.2.1",
  sha1: "1.3.14.3.2.26",
  signedData: "1.2.840.113549.1.7.2",
  data: "1.2.840.113549.1.7.1",
  tstInfo: "1.2.840.113549.1.9.16.1.4",
  contentType: "1.2.840.113549.1.9.3",
  messageDigest: "1.2.840.113549.1.9.4",
  ecdsaWithSha256: "1.2.840.10045.4.3.2",
};
const algorithm = (id: string) => sequence(oid(id));
const attribute = (id: string, ...values: Buffer[]) => sequence(oid(id), set(...values));

/** What of an answer is to be another than it should. */
interface Parts {
  status?: number;
  time?: string;
  infoVersion?: number;
  imprint?: Buffer;
  imprintHash?: string;
  infoEnd?: Buffer[];
  kind?: string;
  innerKind?: string;
  dataVersion?: number;
  signerVersion?: number;
  digestHash?: string;
  attributes?: (digest: Buffer) => Buffer[];
  signedWith?: string;
  signers?: number;
  behind?: Buffer;
}

let authority: { keys: CryptoKeyPair; certificate: x509.X509Certificate };
let question: Question;

/** An authority whose certificate is for this. */
async function certify(purpose: string, keys: CryptoKeyPair) {
  x509.cryptoProvider.set(crypto);
  const ecdsa = { name: "ECDSA", hash: "SHA-256" };
  const rootKeys = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, [
    "sign",
    "verify",
  ]);
  const validity = { notBefore: new Date("2026-01-01"), notAfter: new Date("2027-01-01") };
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    name: "CN=root",
    keys: rootKeys,
    signingAlgorithm: ecdsa,
    ...validity,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ],
  });
  const certificate = await x509.X509CertificateGenerator.create({
    subject: "CN=time",
    issuer: root.subject,
    signingKey: rootKeys.privateKey,
    publicKey: keys.publicKey,
    signingAlgorithm: ecdsa,
    serialNumber: "2a",
    ...validity,
    extensions: [
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([purpose], true),
    ],
  });
  const chain = [certificate, root].map(({ rawData }) => Buffer.from(rawData).toString("base64"));
  return { certificate, chain };
}

beforeAll(async () => {
  const keys = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, [
    "sign",
    "verify",
  ]);
  const { certificate, chain } = await certify("1.3.6.1.5.5.7.3.8", keys);
  authority = { keys, certificate };
  question = { chain };
});

const stranger = generateKeyPairSync("ec", { namedCurve: "P-256" });

/** An answer of the authority. */
async function answer(parts: Parts = {}, key = authority.keys.privateKey): Promise<Buffer> {
  const info = sequence(
    integer(parts.infoVersion ?? 1),
    oid("1.2.3"),
    sequence(
      algorithm(parts.imprintHash ?? ID.sha256),
      octets(parts.imprint ?? digestOf("sha256", signature)),
    ),
    integer(7),
    element(0x18, Buffer.from(parts.time ?? "20260601120000Z")),
    ...(parts.infoEnd ?? []),
  );
  const digest = digestOf("sha256", info);
  const attributes = parts.attributes?.(digest) ?? [
    attribute(ID.contentType, oid(ID.tstInfo)),
    attribute(ID.messageDigest, octets(digest)),
  ];
  const signed = parts.signedWith
    ? sign("sha256", set(...attributes), stranger.privateKey)
    : sign("sha256", set(...attributes), { key: keyOf(await exported(key)), dsaEncoding: "der" });
  const issuer = issuerOf(authority.certificate);
  const signer = sequence(
    integer(parts.signerVersion ?? 1),
    sequence(issuer, integer(0x2a)),
    algorithm(parts.digestHash ?? ID.sha256),
    element(0xa0, ...attributes),
    algorithm(ID.ecdsaWithSha256),
    octets(signed),
  );
  const data = sequence(
    integer(parts.dataVersion ?? 3),
    set(algorithm(ID.sha256)),
    sequence(oid(parts.innerKind ?? ID.tstInfo), element(0xa0, octets(info))),
    set(...Array<Buffer>(parts.signers ?? 1).fill(signer)),
  );
  const token = sequence(oid(parts.kind ?? ID.signedData), element(0xa0, data));
  return Buffer.concat([
    sequence(sequence(integer(parts.status ?? 0)), token),
    parts.behind ?? Buffer.alloc(0),
  ]);
}

const exported = (key: CryptoKey) => crypto.subtle.exportKey("pkcs8", key);
const keyOf = (pkcs8: ArrayBuffer) =>
  `-----BEGIN PRIVATE KEY-----\n${Buffer.from(pkcs8).toString("base64")}\n-----END PRIVATE KEY-----`;
const issuerOf = (certificate: x509.X509Certificate) =>
  Buffer.from(new x509.Name(certificate.issuer).toArrayBuffer());

describe("an answer", () => {
  const good = (digest: Buffer) => [
    attribute(ID.contentType, oid(ID.tstInfo)),
    attribute(ID.messageDigest, octets(digest)),
  ];
  const extra = attribute("1.2.840.113549.1.9.5", element(0x17, Buffer.from("260601120000Z")));

  test.each<[string, Parts, string | null]>([
    ["as it should be", {}, null],
    ["granted with modifications", { status: 1 }, null],
    ["with fractions of a second", { time: "20260601120000.125Z" }, null],
    [
      "with all that may be left out",
      {
        infoEnd: [
          sequence(integer(1)),
          element(0x01, Buffer.of(255)),
          integer(9),
          element(0xa0),
          element(0xa1),
        ],
      },
      null,
    ],
    ["with more attributes", { attributes: (digest) => [...good(digest), extra] }, null],
    ["of 1998", { time: "19980601120000Z" }, "timestamp-untrusted"],
    ["behind the authority's certificate", { time: "20270601120000Z" }, "timestamp-untrusted"],
    [
      "of another signature",
      { imprint: digestOf("sha256", Buffer.from("x")) },
      "timestamp-signature",
    ],
    ["with an imprint that is too short", { imprint: Buffer.alloc(0) }, "timestamp-signature"],
    ["signed by another key", { signedWith: "stranger" }, "timestamp-invalid"],
    ["that was rejected", { status: 2 }, "timestamp-malformed"],
    ["over SHA-1", { imprintHash: ID.sha1 }, "timestamp-malformed"],
    ["of attributes with SHA-1", { digestHash: ID.sha1 }, "timestamp-malformed"],
    ["of another version of info", { infoVersion: 2 }, "timestamp-malformed"],
    ["of another version of data", { dataVersion: 1 }, "timestamp-malformed"],
    ["of another version of signer", { signerVersion: 3 }, "timestamp-malformed"],
    ["that is no signed data", { kind: ID.data }, "timestamp-malformed"],
    ["with other contents", { innerKind: ID.data }, "timestamp-malformed"],
    ["by nobody", { signers: 0 }, "timestamp-malformed"],
    ["by two", { signers: 2 }, "timestamp-malformed"],
    ["with more behind it", { behind: Buffer.of(0) }, "timestamp-malformed"],
    ["with more in its info", { infoEnd: [integer(1), integer(2)] }, "timestamp-malformed"],
    ["in local time", { time: "20260601120000" }, "timestamp-malformed"],
    ["in another zone", { time: "20260601120000+0100" }, "timestamp-malformed"],
    ["without seconds", { time: "202606011200Z" }, "timestamp-malformed"],
    ["of the 31st of June", { time: "20260631120000Z" }, "timestamp-malformed"],
    ["with no fraction behind the point", { time: "20260601120000.Z" }, "timestamp-malformed"],
    ["with a fraction that is none", { time: "20260601120000.1xZ" }, "timestamp-malformed"],
    ["of no year", { time: "xxxx0601120000Z" }, "timestamp-malformed"],
    ["without attributes", { attributes: () => [] }, "timestamp-malformed"],
    [
      "without a digest",
      { attributes: (digest) => good(digest).slice(0, 1) },
      "timestamp-malformed",
    ],
    [
      "without a kind of content",
      { attributes: (digest) => good(digest).slice(1) },
      "timestamp-malformed",
    ],
    [
      "with a digest twice",
      { attributes: (digest) => [...good(digest), good(digest)[1]!] },
      "timestamp-malformed",
    ],
    [
      "with a kind twice",
      { attributes: (digest) => [...good(digest), good(digest)[0]!] },
      "timestamp-malformed",
    ],
    [
      "with two digests in one",
      {
        attributes: (digest) => [
          good(digest)[0]!,
          attribute(ID.messageDigest, octets(digest), octets(digest)),
        ],
      },
      "timestamp-malformed",
    ],
    [
      "with no digest in one",
      { attributes: (digest) => [good(digest)[0]!, attribute(ID.messageDigest)] },
      "timestamp-malformed",
    ],
    [
      "with another digest",
      { attributes: () => good(digestOf("sha256", Buffer.alloc(1))) },
      "timestamp-malformed",
    ],
    [
      "with another kind",
      { attributes: (digest) => [attribute(ID.contentType, oid(ID.data)), good(digest)[1]!] },
      "timestamp-malformed",
    ],
  ])("%s", async (_, parts, expected) => {
    expect(failureOf(ask(await answer(parts), question))).toBe(expected);
  });

  test("says when, fractions cut off", async () => {
    const { time } = ask(await answer({ time: "20260601120000.999Z" }), question);
    expect(time).toBe(Date.UTC(2026, 5, 1, 12) / 1000);
  });

  test("counts only if the certificate is for timestamps", async () => {
    const { chain } = await certify("1.3.6.1.5.5.7.3.3", authority.keys);
    expect(new X509Certificate(Buffer.from(chain[0]!, "base64")).serialNumber).toBe("2A");
    expect(failureOf(ask(await answer(), { chain }))).toBe("timestamp-untrusted");
  });
});
