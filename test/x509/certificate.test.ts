import "reflect-metadata";
import { X509Certificate } from "node:crypto";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  X509Certificate as PeculiarCertificate,
} from "@peculiar/x509";
import { describe, expect, test } from "vitest";
import { callJson } from "../sdk/units.js";
import { fixtureCertificates, sigstoreCertificates } from "./certificates.js";
import * as make from "./make.js";

interface Parsed {
  issuer: string;
  subject: string;
  spki: string;
  from: number;
  until: number;
  isCa: boolean;
  pathLength: number;
  signs: boolean;
  issues: boolean;
  isForCodeSigning: boolean;
  isSelfSigned: boolean;
}

const parse = (bytes: Buffer) => callJson<Parsed | string>("x509.parse", Uint8Array.from(bytes));

/** What Node and @peculiar/x509 read. */
function read(bytes: Buffer): Parsed {
  const node = new X509Certificate(bytes);
  const certificate = new PeculiarCertificate(Uint8Array.from(bytes));
  const constraints = certificate.getExtension(BasicConstraintsExtension);
  const usages = certificate.getExtension(KeyUsagesExtension)?.usages;
  const purposes = certificate.getExtension(ExtendedKeyUsageExtension)?.usages ?? [];
  const hex = (buffer: ArrayBuffer) => Buffer.from(buffer).toString("hex");
  return {
    issuer: hex(certificate.issuerName.toArrayBuffer()),
    subject: hex(certificate.subjectName.toArrayBuffer()),
    spki: node.publicKey.export({ format: "der", type: "spki" }).toString("hex"),
    from: Date.parse(node.validFrom) / 1000,
    until: Date.parse(node.validTo) / 1000,
    isCa: constraints?.ca ?? false,
    pathLength: constraints?.pathLength ?? -1,
    signs: usages === undefined || (usages & KeyUsageFlags.digitalSignature) !== 0,
    issues: usages === undefined || (usages & KeyUsageFlags.keyCertSign) !== 0,
    isForCodeSigning: purposes.includes(make.CODE_SIGNING),
    isSelfSigned: node.verify(node.publicKey),
  };
}

describe("a certificate is read as others read it", () => {
  test.each([...fixtureCertificates()])("%s", (_, bytes) => {
    expect(parse(bytes)).toEqual(read(bytes));
  });

  test.each(sigstoreCertificates().map((it, i) => [i, it] as const))(
    "Sigstore's, %i",
    (_, bytes) => {
      expect(parse(bytes)).toEqual(read(bytes));
    },
  );

  const SIGNED: [keyof typeof make.KEYS, make.AlgorithmName][] = [
    ["p256", "ecdsaSha256"],
    ["p256", "ecdsaSha384"],
    ["p384", "ecdsaSha384"],
    ["p384", "ecdsaSha256"],
    ["p521", "ecdsaSha512"],
    ["rsa", "rsaSha256"],
    ["rsa", "rsaSha384"],
    ["rsa", "rsaSha512"],
    ["ed25519", "ed25519"],
  ];
  test.each(SIGNED)("signed with %s, %s", (kind, algorithm) => {
    const bytes = make.make({ keys: make.KEYS[kind](), algorithm });
    expect(parse(bytes)).toEqual(read(bytes));
    expect(parse(bytes)).toMatchObject({ isSelfSigned: true });
    const other = make.make({ keys: make.KEYS[kind](), signer: make.KEYS[kind](), algorithm });
    expect(parse(other)).toMatchObject({ isSelfSigned: false });
  });

  test("signed by a key of another kind than the algorithm's", () => {
    const edit = (fields: make.Fields) => {
      [fields.algorithm] = make.ALGORITHMS.ecdsaSha256;
      [fields.outerAlgorithm] = make.ALGORITHMS.ecdsaSha256;
    };
    const bytes = make.make({ keys: make.KEYS.rsa(), algorithm: "rsaSha256", edit });
    expect(parse(bytes)).toMatchObject({ isSelfSigned: false });
  });

  const EXTENSIONS: [string, Buffer[]][] = [
    ["none", []],
    ["a CA", [make.basicConstraints(make.TRUE), make.CERT_SIGN]],
    ["a CA of leaves", [make.basicConstraints(make.TRUE, make.integer(0))]],
    ["a CA of CAs", [make.basicConstraints(make.TRUE, make.integer(127))]],
    ["no CA", [make.basicConstraints()]],
    ["no CA, written out", [make.basicConstraints(make.FALSE)]],
    ["a signer", [make.DIGITAL_SIGNATURE, make.purposes(make.CODE_SIGNING)]],
    ["usage in two bytes", [make.keyUsage(7, 0x84, 0x80)]],
    ["no usage", [make.keyUsage(7, 0)]],
    ["two purposes", [make.purposes(make.SERVER_AUTH, make.CODE_SIGNING)]],
    ["another purpose", [make.purposes(make.SERVER_AUTH)]],
    ["any purpose", [make.purposes(make.ANY_PURPOSE)]],
    ["unknown", [make.extension("1.2.3.4", make.NULL)]],
    ["sixty-four", Array.from({ length: 64 }, (_, i) => make.extension(`1.2.3.${i}`, make.NULL))],
  ];
  test.each(EXTENSIONS)("with extensions: %s", (_, extensions) => {
    const bytes = make.make({ extensions });
    expect(parse(bytes)).toEqual(read(bytes));
  });

  test.each([
    ["1950-01-01T00:00:00Z", "2049-12-31T23:59:59Z"],
    ["1999-12-31T23:59:59Z", "2000-01-01T00:00:00Z"],
    ["2000-02-29T12:00:00Z", "2024-02-29T12:34:56Z"],
    ["2026-11-22T08:00:00Z", "2050-01-01T00:00:00Z"],
    ["2100-02-28T23:59:59Z", "9999-12-31T23:59:59Z"],
  ])("valid from %s until %s", (from, until) => {
    const bytes = make.make({ from, until });
    const seconds = { from: Date.parse(from) / 1000, until: Date.parse(until) / 1000 };
    expect(parse(bytes)).toMatchObject(seconds);
    expect(read(bytes)).toMatchObject(seconds);
  });
});
