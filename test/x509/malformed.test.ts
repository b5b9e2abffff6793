import { describe, expect, test } from "vitest";
import { der } from "../crypto/crypto.js";
import { callJson } from "../sdk/units.js";
import * as make from "./make.js";

const parse = (bytes: Buffer) => callJson<string | object>("x509.parse", Uint8Array.from(bytes));

const BROKEN = "the certificate's DER is broken [certificate-malformed]";
const VERSION = "the certificate is not one of X.509 version 3 [certificate-malformed]";
const VALIDITY = "the certificate's validity is broken [certificate-malformed]";
const EXTENSIONS = "the certificate's extensions are broken [certificate-malformed]";
const TWICE = "the certificate has an extension twice [certificate-malformed]";
const CRITICAL =
  "the certificate has a critical extension that is not understood here [certificate-extension]";
const ALGORITHM =
  "the certificate is signed in an unsupported way: it must be ECDSA or RSA with SHA-2, or Ed25519 [certificate-algorithm]";

describe("no certificate that is relied on", () => {
  const both = (algorithm: Buffer) => (fields: make.Fields) => {
    fields.algorithm = fields.outerAlgorithm = algorithm;
  };
  const set = (changes: Partial<make.Fields>) => (fields: make.Fields) => {
    Object.assign(fields, changes);
  };
  const utcTime = (text: string) => der(0x17, Buffer.from(text));
  const generalizedTime = (text: string) => der(0x18, Buffer.from(text));
  const until = (last: Buffer) =>
    set({ validity: der(0x30, make.time("2026-01-01T00:00:00Z"), last) });
  const [sha256Rsa] = make.ALGORITHMS.rsaSha256;
  const EDITED: [string, (fields: make.Fields) => void, string][] = [
    ["version 1", set({ version: Buffer.alloc(0), extensions: Buffer.alloc(0) }), VERSION],
    ["version 1 with extensions", set({ version: Buffer.alloc(0) }), VERSION],
    ["version 1, written out", set({ version: der(0xa0, make.integer(0)) }), VERSION],
    ["version 2", set({ version: der(0xa0, make.integer(1)) }), VERSION],
    ["version 4", set({ version: der(0xa0, make.integer(3)) }), VERSION],
    ["version 514", set({ version: der(0xa0, der(2, Buffer.of(2, 2))) }), VERSION],
    ["two versions", set({ version: der(0xa0, make.integer(2), make.integer(2)) }), VERSION],
    ["no serial number", set({ serial: Buffer.alloc(0) }), BROKEN],
    ["a unique identifier", set({ ids: der(0x81, Buffer.of(0, 1)) }), BROKEN],
    ["no extensions", set({ extensions: Buffer.alloc(0) }), BROKEN],
    ["something behind them", set({ extensions: der(0xa3, der(0x30), make.NULL) }), BROKEN],
    ["two lists of extensions", set({ ids: der(0xa3, der(0x30)) }), BROKEN],
    ["another algorithm outside", set({ outerAlgorithm: sha256Rsa }), BROKEN],
    ["a multi-byte tag", set({ serial: Buffer.of(0x1f, 0x02, 0x01, 0x01) }), BROKEN],
    ["an empty issuer", set({ issuer: der(0x30) }), BROKEN],
    ["no name for an issuer", set({ issuer: make.integer(1) }), BROKEN],
    ["one time only", set({ validity: der(0x30, make.time("2026-01-01T00:00:00Z")) }), VALIDITY],
    ["three times", until(Buffer.concat([utcTime("270101000000Z"), make.NULL])), VALIDITY],
    ["no seconds", until(utcTime("2612312359Z")), VALIDITY],
    ["an offset", until(utcTime("261231235959+0000")), VALIDITY],
    ["no zone", until(utcTime("261231235959")), VALIDITY],
    ["another zone", until(utcTime("261231235959z")), VALIDITY],
    ["no such month", until(utcTime("261331235959Z")), VALIDITY],
    ["month 0", until(utcTime("260031235959Z")), VALIDITY],
    ["day 0", until(utcTime("261200235959Z")), VALIDITY],
    ["31 November", until(utcTime("261131235959Z")), VALIDITY],
    ["29 February 2026", until(utcTime("260229235959Z")), VALIDITY],
    ["29 February 2100", until(generalizedTime("21000229235959Z")), VALIDITY],
    ["hour 24", until(utcTime("261231240000Z")), VALIDITY],
    ["minute 60", until(utcTime("261231236000Z")), VALIDITY],
    ["a leap second", until(utcTime("261231235960Z")), VALIDITY],
    ["a letter", until(utcTime("26123123595xZ")), VALIDITY],
    ["a letter in the year", until(utcTime("x61231235959Z")), VALIDITY],
    ["a sign", until(utcTime("-61231235959Z")), VALIDITY],
    ["GeneralizedTime in 2026", until(generalizedTime("20261231235959Z")), VALIDITY],
    ["GeneralizedTime in 2049", until(generalizedTime("20491231235959Z")), VALIDITY],
    ["fractions of seconds", until(generalizedTime("20510101000000.5Z")), VALIDITY],
    [
      "ECDSA with parameters",
      both(der(0x30, make.oid("1.2.840.10045.4.3.2"), make.NULL)),
      ALGORITHM,
    ],
    ["RSA without parameters", both(der(0x30, make.oid("1.2.840.113549.1.1.11"))), ALGORITHM],
    ["RSA with MD5", both(der(0x30, make.oid("1.2.840.113549.1.1.4"), make.NULL)), ALGORITHM],
    ["RSA-PSS", both(der(0x30, make.oid("1.2.840.113549.1.1.10"), der(0x30))), ALGORITHM],
    ["ECDSA with SHA-224", both(der(0x30, make.oid("1.2.840.10045.4.3.1"))), ALGORITHM],
    ["Ed448", both(der(0x30, make.oid("1.3.101.113"))), ALGORITHM],
    ["a longer identifier", both(der(0x30, make.oid("1.2.840.10045.4.3.2.1"))), ALGORITHM],
  ];
  test.each(EDITED)("%s", (_, edit, problem) => {
    expect(parse(make.make({ edit }))).toBe(problem);
  });

  test.each([
    ["p256", "ecdsaSha1"],
    ["rsa", "rsaSha1"],
  ] as const)("signed with %s, %s", (kind, algorithm) => {
    expect(parse(make.make({ keys: make.KEYS[kind](), algorithm }))).toBe(ALGORITHM);
  });

  const { basicConstraints, extension, integer, keyUsage, NULL, TRUE } = make;
  const EXTENDED: [string, Buffer[], string][] = [
    ["one twice", [make.DIGITAL_SIGNATURE, make.DIGITAL_SIGNATURE], TWICE],
    ["an unknown one twice", [extension("1.2.3", NULL), extension("1.2.3", TRUE)], TWICE],
    ["an unknown critical one", [extension("1.2.3", NULL, true)], CRITICAL],
    ["a precertificate", [extension("1.3.6.1.4.1.11129.2.4.3", NULL, true)], CRITICAL],
    ["critical policies", [extension("2.5.29.32", der(0x30), true)], CRITICAL],
    ["name constraints", [extension("2.5.29.30", der(0x30))], CRITICAL],
    ["critical name constraints", [extension("2.5.29.30", der(0x30), true)], CRITICAL],
    ["a path length of no CA", [basicConstraints(integer(0))], EXTENSIONS],
    ["a negative path length", [basicConstraints(TRUE, integer(0xff))], EXTENSIONS],
    ["a huge path length", [basicConstraints(TRUE, der(2, Buffer.of(1, 0)))], EXTENSIONS],
    ["no path length", [basicConstraints(TRUE, der(2))], EXTENSIONS],
    ["a third field", [basicConstraints(TRUE, integer(0), integer(0))], EXTENSIONS],
    ["a truth value of its own", [basicConstraints(der(1, Buffer.of(1)))], EXTENSIONS],
    ["a long truth value", [basicConstraints(der(1, Buffer.of(0xff, 0xff)))], EXTENSIONS],
    ["an empty truth value", [basicConstraints(der(1))], EXTENSIONS],
    [
      "two constraints in one",
      [extension("2.5.29.19", Buffer.concat([der(0x30), der(0x30)]))],
      EXTENSIONS,
    ],
    [
      "something behind a usage",
      [extension("2.5.29.15", Buffer.concat([make.bits(7, 0x80), NULL]))],
      EXTENSIONS,
    ],
    ["no usage bits", [keyUsage(0)], EXTENSIONS],
    ["an empty usage", [keyUsage()], EXTENSIONS],
    ["eight unused bits of none", [keyUsage(8, 0)], EXTENSIONS],
    ["eight unused bits", [keyUsage(8, 0x80)], EXTENSIONS],
    ["unused bits that are set", [keyUsage(7, 0xc0)], EXTENSIONS],
    ["a purpose that is no identifier", [extension("2.5.29.37", der(0x30, NULL))], EXTENSIONS],
    ["purposes in a set", [extension("2.5.29.37", der(0x31))], EXTENSIONS],
    [
      "something behind purposes",
      [extension("2.5.29.37", Buffer.concat([der(0x30), NULL]))],
      EXTENSIONS,
    ],
    ["a bare value", [der(0x30, make.oid("1.2.3"), NULL)], EXTENSIONS],
    ["a fourth field", [der(0x30, make.oid("1.2.3"), TRUE, der(4), NULL)], EXTENSIONS],
    ["no extension", [NULL], EXTENSIONS],
    [
      "sixty-five",
      Array.from({ length: 65 }, (_, i) => extension(`1.2.3.${i}`, NULL)),
      "the certificate has more than 64 extensions [certificate-malformed]",
    ],
  ];
  test.each(EXTENDED)("with extensions: %s", (_, extensions, problem) => {
    expect(parse(make.make({ extensions }))).toBe(problem);
  });

  const whole = make.make({ extensions: [make.DIGITAL_SIGNATURE] });
  const signed = whole.subarray(4, 8 + whole.readUInt16BE(6));
  const [ecdsaSha256] = make.ALGORITHMS.ecdsaSha256;
  test.each([
    ["nothing", Buffer.alloc(0)],
    ["a byte behind it", Buffer.concat([whole, Buffer.of(0)])],
    [
      "an indefinite length",
      Buffer.concat([Buffer.of(0x30, 0x80), whole.subarray(4), Buffer.of(0, 0)]),
    ],
    ["a long length", Buffer.concat([Buffer.of(0x30, 0x83, 0), whole.subarray(2)])],
    ["signature bits that fill no byte", der(0x30, signed, ecdsaSha256, make.bits(1, 0x80))],
    ["no signature bits", der(0x30, signed, ecdsaSha256, make.bits())],
    ["a signature twice", der(0x30, signed, ecdsaSha256, make.bits(0, 1), make.bits(0, 1))],
    ["a set", Buffer.concat([Buffer.of(0x31), whole.subarray(1)])],
    ["PEM", Buffer.from("-----BEGIN CERTIFICATE-----")],
  ])("%s", (_, bytes) => {
    expect(parse(bytes)).toBe(BROKEN);
  });

  test("a certificate that is cut off", () => {
    for (let length = 0; length < whole.length; length++) {
      expect(parse(whole.subarray(0, length)), `${length} bytes`).toBe(BROKEN);
    }
  });
});
