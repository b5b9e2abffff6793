import { describe, expect, test } from "vitest";
import { der } from "../crypto/crypto.js";
import * as make from "../x509/make.js";
import { CA, CHAIN, judge, KEYS, leaf, LEAF, middle, nameOf, own, root, ROOT } from "./make.js";

const { basicConstraints, commonName, extension, integer, keyUsage, purposes, TRUE } = make;

const ID_KP = "1.3.6.1.5.5.7.3.";
const SIGNS = keyUsage(7, 0x80);
const OCSP = extension(
  "1.3.6.1.5.5.7.1.1",
  der(0x30, der(0x30, make.oid("1.3.6.1.5.5.7.48.1"), make.uri("http://ocsp.example"))),
);
const ISSUERS = extension(
  "1.3.6.1.5.5.7.1.1",
  der(0x30, der(0x30, make.oid("1.3.6.1.5.5.7.48.2"), make.uri("http://ca.example"))),
);
const CRL = extension("2.5.29.31", der(0x30));

const judged = (chain: Buffer[], question: Parameters<typeof judge>[2] = {}) =>
  judge("JWS", { chain }, question);
const withLeaf = (...extensions: Buffer[]) => judged([leaf({ extensions }), ...CHAIN.slice(1)]);
const withMiddle = (...extensions: Buffer[]) => judged([CHAIN[0]!, middle({ extensions }), ROOT]);
const withRoot = (...extensions: Buffer[]) => {
  const it = root({ extensions });
  return judged([...CHAIN.slice(0, 2), it], { trustStore: [it] });
};

// Notary Project signature specification, Certificate Requirements.
describe("the signer's certificate", () => {
  test.each<[string, string, Buffer[]]>([
    ["ok", "that says nothing of purposes", [SIGNS]],
    ["ok", "for code", LEAF],
    ["ok", "that says that it is no CA's", [SIGNS, basicConstraints()]],
    ["ok", "for signing in person too", [keyUsage(6, 0xc0)]],
    ["ok", "for a purpose that nobody knows", [SIGNS, purposes("1.3.6.1.4.1.99999.1")]],
    ["certificate-purpose", "without keyUsage", [purposes(make.CODE_SIGNING)]],
    [
      "certificate-purpose",
      "whose keyUsage is not critical",
      [extension("2.5.29.15", make.bits(7, 0x80))],
    ],
    ["certificate-purpose", "for keys", [keyUsage(5, 0xa0)]],
    ["certificate-purpose", "for data", [keyUsage(4, 0x90)]],
    ["certificate-purpose", "for agreement", [keyUsage(3, 0x88)]],
    ["certificate-purpose", "for certificates", [keyUsage(2, 0x84)]],
    ["certificate-purpose", "for CRLs", [keyUsage(1, 0x82)]],
    ["certificate-purpose", "for enciphering only", [keyUsage(0, 0x81)]],
    ["certificate-purpose", "for deciphering only", [keyUsage(7, 0x80, 0x80)]],
    ["certificate-purpose", "for anything but signatures", [keyUsage(6, 0x40)]],
    ["certificate-purpose", "for servers", [SIGNS, purposes(`${ID_KP}1`)]],
    ["certificate-purpose", "for clients", [SIGNS, purposes(make.CODE_SIGNING, `${ID_KP}2`)]],
    ["certificate-purpose", "for e-mail", [SIGNS, purposes(`${ID_KP}4`)]],
    ["certificate-purpose", "for timestamps", [SIGNS, purposes(`${ID_KP}8`)]],
    ["certificate-purpose", "for OCSP", [SIGNS, purposes(`${ID_KP}9`)]],
    ["certificate-purpose", "for anything", [SIGNS, purposes(make.ANY_PURPOSE)]],
    ["certificate-purpose", "of a CA", [...CA]],
    [
      "certificate-extension",
      "with an unknown critical extension",
      [SIGNS, extension("1.2.3", der(0x05), true)],
    ],
  ])("%s: one %s", (code, _, extensions) => expect(withLeaf(...extensions)).toBe(code));
});

describe("a CA's certificate", () => {
  const CASES: [string, string, Buffer[]][] = [
    ["ok", "as it should be", CA],
    ["ok", "for servers", [...CA, purposes(make.SERVER_AUTH)]],
    ["certificate-not-ca", "that does not say so", [make.CERT_SIGN]],
    [
      "certificate-not-ca",
      "that says so, not critical",
      [extension("2.5.29.19", der(0x30, TRUE)), make.CERT_SIGN],
    ],
    ["certificate-not-ca", "that denies it", [basicConstraints(), make.CERT_SIGN]],
    ["certificate-not-ca", "without keyUsage", [basicConstraints(TRUE)]],
    [
      "certificate-not-ca",
      "whose keyUsage is not critical",
      [basicConstraints(TRUE), extension("2.5.29.15", make.bits(1, 0x06))],
    ],
    ["certificate-not-ca", "for signatures", [basicConstraints(TRUE), SIGNS]],
  ];
  test.each(CASES)("%s in the middle: one %s", (code, _, its) => {
    expect(withMiddle(...its)).toBe(code);
  });
  test.each(CASES)("%s at the top: one %s", (code, _, its) => expect(withRoot(...its)).toBe(code));

  test("with a limit on the CAs below it", () => {
    const limited = (length: number) => [basicConstraints(TRUE, integer(length)), make.CERT_SIGN];
    expect(withMiddle(...limited(0))).toBe("ok");
    expect(withRoot(...limited(0))).toBe("certificate-path-length");
    expect(withRoot(...limited(1))).toBe("ok");
  });
});

describe("certificates", () => {
  const [first, second, third] = CHAIN as [Buffer, Buffer, Buffer];
  const self = own();

  test.each<[string, string, Buffer[]]>([
    ["ok", "in order", CHAIN],
    [
      "envelope-chain",
      "one of which names another issuer than the next",
      [leaf({ issuer: commonName("root") }), second, third],
    ],
    ["envelope-chain", "without the root", [first, second]],
    ["envelope-chain", "without the one between", [first, third]],
    ["envelope-chain", "without any but the signer's", [first]],
    ["envelope-chain", "in another order", [first, third, second]],
    ["certificate-purpose", "from the root down", [third, second, first]],
    ["envelope-chain", "with the root twice", [...CHAIN, third]],
    ["envelope-chain", "with another root behind", [...CHAIN, root({ keys: KEYS.leaf })]],
    [
      "envelope-chain",
      "with one of the same name between",
      [first, middle({ keys: KEYS.root }), third],
    ],
    [
      "envelope-chain",
      "with another root of that name",
      [first, second, root({ keys: KEYS.leaf })],
    ],
    [
      "envelope-chain",
      "of somebody who certified himself, and a root",
      [own({ subject: nameOf("root"), signer: KEYS.root }), third],
    ],
    ["certificate-malformed", "with something else", [first, second, Buffer.from("3000", "hex")]],
    [
      "certificate-malformed",
      "with the signer's bare key",
      [KEYS.leaf.publicKey.export({ format: "der", type: "spki" }), second, third],
    ],
    ["too-many-certificates", "of ten", [...CHAIN, ...Array.from({ length: 7 }, () => third)]],
  ])("%s: %s", (code, _, chain) => {
    expect(judged(chain, { trustStore: CHAIN })).toBe(code);
  });

  test("of a ladder of nine", () => {
    const names = ["root", ...Array.from({ length: 7 }, (_, i) => `ca ${i}`)].map(commonName);
    const keys = names.map((_, i) => (i === 0 ? KEYS.root : make.KEYS.p256()));
    const cas = names.slice(1).map((subject, i) =>
      make.make({
        subject,
        issuer: names[i]!,
        keys: keys[i + 1]!,
        signer: keys[i]!,
        extensions: CA,
      }),
    );
    const chain = [leaf({ issuer: names.at(-1)!, signer: keys.at(-1)! }), ...cas.reverse(), ROOT];
    expect(chain).toHaveLength(9);
    expect(judged(chain)).toBe("ok");
  });

  test("are trusted if one of them is: the root, one between, the signer's", () => {
    for (const certificate of CHAIN) {
      expect(judged(CHAIN, { trustStore: [self, certificate] })).toBe("ok");
    }
    expect(judged(CHAIN, { trustStore: [] })).toBe("certificate-untrusted");
    expect(judged(CHAIN, { trustStore: [self] })).toBe("certificate-untrusted");
    // Another certificate of the same name and key.
    expect(judged(CHAIN, { trustStore: [root()] })).toBe("certificate-untrusted");
  });

  test("must all be valid, each by itself", () => {
    const until = "2026-05-31T23:59:59Z";
    expect(judged([leaf({ until }), second, third])).toBe("certificate-expired");
    expect(judged([first, middle({ until }), third])).toBe("certificate-expired");
    const old = root({ until });
    expect(judged([first, second, old], { trustStore: [old] })).toBe("certificate-expired");
    expect(judged([first, second, old], { trustStore: [second] })).toBe("certificate-expired");
  });

  test.each([
    ["OCSP", OCSP],
    ["CRLs", CRL],
    ["a way that makes no sense", extension("1.3.6.1.5.5.7.1.1", der(0x31))],
  ])("that may be revoked, by %s, are taken if the rule says so", (_, it) => {
    const certificate = leaf({ extensions: [...LEAF, it] });
    expect(judged([certificate, second, third])).toBe("certificate-revocable");
    expect(judged([certificate, second, third], { skipsRevocation: true })).toBe("ok");
    const between = middle({ extensions: [...CA, it] });
    expect(judged([first, between, third])).toBe("certificate-revocable");
    const top = root({ extensions: [...CA, it] });
    expect(judged([first, second, top], { trustStore: [top] })).toBe("ok");
  });

  test("that say where their issuer's is are taken", () => {
    expect(judged([leaf({ extensions: [...LEAF, ISSUERS] }), second, third])).toBe("ok");
  });
});

describe("a signer who is to be", () => {
  const of = (subject: Buffer, ...identities: string[]) =>
    judged([leaf({ subject }), ...CHAIN.slice(1)], { identities });
  const signer = nameOf("signer");

  test.each([
    ["ok", "C=US, ST=WA, O=Acme"],
    ["ok", "C=US,S=WA,O=Acme,CN=signer"],
    ["ok", "CN=signer, O=Acme, ST=WA, C=US"],
    ["envelope-signer", "C=US, ST=WA, O=Acme, CN=signe"],
    ["envelope-signer", "C=US, ST=WA, O=Acme, CN=signer2"],
    ["envelope-signer", "C=US, ST=WA, O=Acme, CN=Signer"],
    ["envelope-signer", "C=US, ST=WA, O=Acme, OU=signer"],
    ["envelope-signer", "C=US, ST=WA, O=Acm"],
    ["envelope-signer", "C=US, ST=WA, O=signer, CN=Acme"],
  ])("%s: %s", (code, identity) => expect(of(signer, identity)).toBe(code));

  test("one of several", () => {
    expect(of(signer, "C=DE, ST=BE, O=Acme", "C=US, ST=WA, O=Acme")).toBe("ok");
    expect(of(signer, "C=DE, ST=BE, O=Acme", "C=US, ST=WA, O=Other")).toBe("envelope-signer");
  });

  test("and has a name that says something else inside a value", () => {
    const odd = der(
      0x30,
      make.attribute("2.5.4.3", make.utf8("x, C=US, ST=WA, O=Acme, CN=signer")),
    );
    expect(of(odd, "C=US, ST=WA, O=Acme, CN=signer")).toBe("envelope-signer");
    expect(of(odd, "CN=x\\, C=US\\, ST=WA\\, O=Acme\\, CN=signer")).toBe("ok");
  });

  test("and has an attribute twice, or one that is not known", () => {
    const [common, mail] = [make.attribute("2.5.4.3", make.utf8("signer")), "1.2.840.113549.1.9.1"];
    expect(of(der(0x30, common), "CN=signer")).toBe("ok");
    expect(of(der(0x30, common, common), "CN=signer")).toBe("envelope-signer");
    const other = make.attribute(mail, der(0x16, Buffer.from("a@b")));
    expect(of(der(0x30, common, other), "CN=signer")).toBe("envelope-signer");
  });
});
