import { generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contentBytes } from "../../host/registry/fixture.js";
import { der } from "../crypto/crypto.js";
import { readFixture } from "../host/fixtures.js";
import { callJson } from "../sdk/units.js";
import { fixtureFile, fromPem } from "./certificates.js";
import * as make from "./make.js";

/** Empty, or why there is no path. */
function verify(leaf: Buffer, intermediates: Buffer[], roots: Buffer[], at: string): string {
  return callJson("x509.path", {
    leaf: leaf.toString("base64"),
    intermediates: intermediates.map((it) => it.toString("base64")),
    roots: roots.map((it) => it.toString("base64")),
    at,
  });
}

const NOW = "2026-06-01T12:00:00Z";
const { basicConstraints, commonName, integer, purposes, TRUE } = make;
const CODE = purposes(make.CODE_SIGNING);
const ROOT = make.KEYS.p256();
const MIDDLE = make.KEYS.p256();
const LEAF = make.KEYS.p256();
const OTHER = make.KEYS.p256();
const WEAK = generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey.export({
  format: "der",
  type: "spki",
});

/** A root, a CA below it and a signer's certificate, with changes to each. */
function root(changes: make.Wanted = {}): Buffer {
  const extensions = [basicConstraints(TRUE), make.CERT_SIGN];
  return make.make({ subject: commonName("root"), keys: ROOT, extensions, ...changes });
}
function middle(changes: make.Wanted = {}): Buffer {
  const extensions = [basicConstraints(TRUE, integer(0)), make.CERT_SIGN, CODE];
  const [subject, issuer] = [commonName("middle"), commonName("root")];
  return make.make({ subject, issuer, keys: MIDDLE, signer: ROOT, extensions, ...changes });
}
function leaf(changes: make.Wanted = {}): Buffer {
  const extensions = [make.DIGITAL_SIGNATURE, CODE, make.names(make.email("dev@demo.example"))];
  const [subject, issuer] = [der(0x30), commonName("middle")];
  return make.make({ subject, issuer, keys: LEAF, signer: MIDDLE, extensions, ...changes });
}
const direct = (changes: make.Wanted = {}) =>
  leaf({ issuer: commonName("root"), signer: ROOT, ...changes });

const CA = [basicConstraints(TRUE), make.CERT_SIGN];
const UNTRUSTED = "the certificate was not issued by a CA that is trusted here";
const UNSIGNED = `${UNTRUSTED}: the one of that name has another key [certificate-untrusted]`;
const UNKNOWN = `${UNTRUSTED} [certificate-untrusted]`;
const NO_CODE =
  "is not for signing code: its extendedKeyUsage has no codeSigning [certificate-purpose]";

describe("a path", () => {
  type Case = [string, Buffer, Buffer[], Buffer[], string?];
  const unrelated = root({ subject: commonName("unrelated"), keys: OTHER });
  const cases: Case[] = [
    ["of two", direct(), [], [root()]],
    ["of three", leaf(), [middle()], [root()]],
    ["whose root is an intermediate too", leaf(), [root(), middle()], [root()]],
    ["with certificates beside it", leaf(), [unrelated, middle()], [unrelated, root()]],
    ["with the leaf among its intermediates", leaf(), [leaf(), middle()], [root()]],
    ["to a root that another CA issued", leaf(), [], [middle()]],
    [
      "by a root of the same name and another key first",
      direct(),
      [],
      [root({ keys: OTHER }), root()],
    ],
    ["by a root that was renewed", direct(), [], [root({ until: "2026-01-02T00:00:00Z" }), root()]],
    ["in the first second", leaf(), [middle()], [root()], "2026-01-01T00:00:00Z"],
    ["in the last second", leaf(), [middle()], [root()], "2026-12-31T23:59:59Z"],
    [
      "of CAs without key usage",
      leaf(),
      [middle({ extensions: [CA[0]!] })],
      [root({ extensions: [CA[0]!] })],
    ],
    ["of a leaf without key usage", direct({ extensions: [CODE] }), [], [root()]],
    [
      "below a CA of any purpose",
      leaf(),
      [middle({ extensions: [...CA, purposes(make.ANY_PURPOSE)] })],
      [root()],
    ],
    ["below a root of code", direct(), [], [root({ extensions: [...CA, CODE] })]],
    [
      "below a root with a CA below it",
      leaf(),
      [middle()],
      [root({ extensions: [basicConstraints(TRUE, integer(1)), make.CERT_SIGN] })],
    ],
    ["below a root whose own signature is broken", direct(), [], [root({ signer: OTHER })]],
  ];
  test.each(cases)("%s", (_, leaf, intermediates, roots, at = NOW) => {
    expect(verify(leaf, intermediates, roots, at)).toBe("");
  });

  test.each(["p384", "p521", "rsa", "ed25519"] as const)("with keys of %s", (kind) => {
    const keys = make.KEYS[kind]();
    const algorithm = (
      { p384: "ecdsaSha384", p521: "ecdsaSha512", rsa: "rsaSha256", ed25519: "ed25519" } as const
    )[kind];
    expect(verify(direct({ signer: keys, algorithm }), [], [root({ keys, algorithm })], NOW)).toBe(
      "",
    );
    const other = root({ keys: make.KEYS[kind](), algorithm });
    expect(verify(direct({ signer: keys, algorithm }), [], [other], NOW)).toBe(UNSIGNED);
  });

  test("of ten", () => {
    const chain = ladder(8);
    expect(verify(chain.leaf, chain.intermediates, [root()], NOW)).toBe("");
    expect(verify(chain.leaf, chain.intermediates.toReversed(), [root()], NOW)).toBe("");
    expect(verify(chain.leaf, chain.intermediates.slice(1), [root()], NOW)).toBe(UNKNOWN);
  });
});

/** A leaf below so many CAs, one below the other. */
function ladder(length: number): { leaf: Buffer; intermediates: Buffer[] } {
  const names = ["root", ...Array.from({ length }, (_, i) => `ca ${i}`)].map(commonName);
  const keys = [ROOT, ...names.slice(1).map(() => make.KEYS.p256())];
  const intermediates = names.slice(1).map((subject, i) =>
    make.make({
      subject,
      issuer: names[i]!,
      keys: keys[i + 1]!,
      signer: keys[i]!,
      extensions: CA,
    }),
  );
  return { leaf: leaf({ issuer: names.at(-1)!, signer: keys.at(-1)! }), intermediates };
}

describe("no path", () => {
  type Case = [string, Buffer, Buffer[], Buffer[], string, string?];
  const server = purposes(make.SERVER_AUTH);
  const rsa1024 = root({
    edit: (fields) => {
      fields.spki = WEAK;
    },
  });
  const cases: Case[] = [
    ["without roots", direct(), [], [], UNKNOWN],
    ["without an intermediate", leaf(), [], [root()], UNKNOWN],
    ["by an intermediate alone", leaf(), [middle()], [], UNKNOWN],
    ["by a root that is an intermediate only", leaf(), [middle(), root()], [], UNKNOWN],
    ["to another root", leaf(), [middle()], [root({ subject: commonName("other") })], UNKNOWN],
    ["to another root of the same name", leaf(), [middle()], [root({ keys: OTHER })], UNSIGNED],
    ["of a leaf that another signed", leaf({ signer: OTHER }), [middle()], [root()], UNSIGNED],
    [
      "of an intermediate that another signed",
      leaf(),
      [middle({ signer: OTHER })],
      [root()],
      UNSIGNED,
    ],
    [
      "with a name in another spelling",
      direct({ issuer: commonName("Root") }),
      [],
      [root()],
      UNKNOWN,
    ],
    [
      "at a time behind the leaf's",
      direct({ until: "2026-05-20T12:00:00Z" }),
      [],
      [root()],
      "the certificate was valid until 2026-05-20T12:00:00Z, 12 days before 2026-06-01T12:00:00Z [certificate-expired]",
    ],
    [
      "at a time before the leaf's",
      direct({ from: "2026-06-01T12:55:00Z" }),
      [],
      [root()],
      "the certificate is valid from 2026-06-01T12:55:00Z, 55 minutes after 2026-06-01T12:00:00Z [certificate-not-yet-valid]",
    ],
    [
      "a second too late",
      leaf(),
      [middle()],
      [root()],
      "the certificate was valid until 2026-12-31T23:59:59Z, 1 second before 2027-01-01T00:00:00Z [certificate-expired]",
      "2027-01-01T00:00:00Z",
    ],
    [
      "by an intermediate that expired",
      leaf(),
      [middle({ until: "2026-06-01T10:00:00Z" })],
      [root()],
      "an intermediate certificate was valid until 2026-06-01T10:00:00Z, 2 hours before 2026-06-01T12:00:00Z [certificate-expired]",
    ],
    [
      "by a root that expired",
      leaf(),
      [middle()],
      [root({ until: "2026-06-01T11:59:59Z" })],
      "the root certificate was valid until 2026-06-01T11:59:59Z, 1 second before 2026-06-01T12:00:00Z [certificate-expired]",
    ],
    [
      "by a root that is not valid yet",
      leaf(),
      [middle()],
      [root({ from: "2026-06-02T12:00:00Z" })],
      "the root certificate is valid from 2026-06-02T12:00:00Z, 1 day after 2026-06-01T12:00:00Z [certificate-not-yet-valid]",
    ],
    [
      "by a root that is no CA",
      direct(),
      [],
      [root({ extensions: [make.CERT_SIGN] })],
      "the root certificate is not that of a CA [certificate-not-ca]",
    ],
    [
      "by an intermediate that is no CA",
      leaf(),
      [middle({ extensions: [basicConstraints(), make.CERT_SIGN, CODE] })],
      [root()],
      "an intermediate certificate is not that of a CA [certificate-not-ca]",
    ],
    [
      "by a signer",
      leaf(),
      [middle({ extensions: [make.DIGITAL_SIGNATURE, CODE] })],
      [root()],
      "an intermediate certificate is not that of a CA [certificate-not-ca]",
    ],
    [
      "by a CA that may not sign certificates",
      leaf(),
      [middle({ extensions: [CA[0]!, make.DIGITAL_SIGNATURE] })],
      [root()],
      "an intermediate certificate may not issue any: its keyUsage has no keyCertSign [certificate-not-ca]",
    ],
    [
      "by a root that may not sign certificates",
      direct(),
      [],
      [root({ extensions: [CA[0]!, make.keyUsage(1, 0x02)] })],
      "the root certificate may not issue any: its keyUsage has no keyCertSign [certificate-not-ca]",
    ],
    [
      "below a CA for servers",
      leaf(),
      [middle({ extensions: [...CA, server] })],
      [root()],
      `an intermediate certificate ${NO_CODE}`,
    ],
    [
      "below a root for servers",
      direct(),
      [],
      [root({ extensions: [...CA, server] })],
      `the root certificate ${NO_CODE}`,
    ],
    [
      "with a CA below a root that allows none",
      leaf(),
      [middle()],
      [root({ extensions: [basicConstraints(TRUE, integer(0)), make.CERT_SIGN] })],
      "the root certificate does not allow that many CAs below it [certificate-path-length]",
    ],
    [
      "of a leaf for servers",
      direct({ extensions: [make.DIGITAL_SIGNATURE, server] }),
      [],
      [root()],
      `the certificate ${NO_CODE}`,
    ],
    [
      "of a leaf for anything",
      direct({ extensions: [purposes(make.ANY_PURPOSE)] }),
      [],
      [root()],
      `the certificate ${NO_CODE}`,
    ],
    [
      "of a leaf without purposes",
      direct({ extensions: [make.DIGITAL_SIGNATURE] }),
      [],
      [root()],
      `the certificate ${NO_CODE}`,
    ],
    [
      "of a leaf that may not sign",
      direct({ extensions: [make.keyUsage(5, 0x20), CODE] }),
      [],
      [root()],
      "the certificate is not for signing: its keyUsage has no digitalSignature [certificate-purpose]",
    ],
    [
      "of a CA",
      direct({ extensions: [CA[0]!, CODE] }),
      [],
      [root()],
      "the certificate is that of a CA, not of a signer [certificate-purpose]",
    ],
    [
      "of a root",
      root(),
      [],
      [root()],
      "the certificate is that of a CA, not of a signer [certificate-purpose]",
    ],
    [
      "of a leaf that vouches for itself",
      selfSigned(),
      [],
      [selfSigned()],
      "the root certificate is not that of a CA [certificate-not-ca]",
    ],
    [
      "by a weak key",
      direct(),
      [],
      [rsa1024],
      "the root certificate is an RSA key of less than 2048 bits [certificate-key]",
    ],
    [
      "of a weak key",
      direct({ edit: (fields) => void (fields.spki = WEAK) }),
      [],
      [root()],
      "the certificate is an RSA key of less than 2048 bits [certificate-key]",
    ],
    [
      "of eleven",
      ladder(9).leaf,
      ladder(9).intermediates,
      [root()],
      "it comes with more than 8 intermediate certificates: a path has 10 at most [too-many-certificates]",
    ],
  ];
  test.each(cases)("%s", (_, leaf, intermediates, roots, problem, at = NOW) => {
    expect(verify(leaf, intermediates, roots, at)).toBe(problem);
  });

  function selfSigned(): Buffer {
    return leaf({ issuer: commonName("me"), subject: commonName("me"), signer: LEAF });
  }
});

describe("no path, and little work", () => {
  test("in a maze of certificates of one name", () => {
    const keys = Array.from({ length: 8 }, make.KEYS.p256);
    const subject = commonName("root");
    const maze = keys.map((it, i) =>
      make.make({ subject, keys: it, signer: keys[i + 1] ?? OTHER, extensions: CA }),
    );
    const roots = Array.from({ length: 8 }, () => root({ keys: make.KEYS.p256() }));
    const problem = verify(direct({ signer: keys[0]! }), maze, roots, NOW);
    expect(problem).toBe(
      "its certificates are too many of the same name: 32 signatures were verified [too-many-certificates]",
    );
  });

  test("in a circle", () => {
    const [one, two] = [commonName("one"), commonName("two")];
    const first = make.make({
      subject: one,
      issuer: two,
      keys: MIDDLE,
      signer: OTHER,
      extensions: CA,
    });
    const second = make.make({
      subject: two,
      issuer: one,
      keys: OTHER,
      signer: MIDDLE,
      extensions: CA,
    });
    const leaf = direct({ issuer: one, signer: MIDDLE });
    expect(verify(leaf, [first, second], [root()], NOW)).toBe(UNKNOWN);
  });
});

describe("a certificate with any change", () => {
  const chain = { leaf: leaf(), middle: middle(), root: root() };

  test("has a path as it is", () => {
    expect(verify(chain.leaf, [chain.middle], [chain.root], NOW)).toBe("");
  });

  test.each(["leaf", "middle"] as const)("of a byte has no path: %s", (name) => {
    for (let at = 0; at < chain[name].length; at++) {
      const changed = Buffer.from(chain[name]);
      changed[at]! ^= 1 << (at % 8);
      const { leaf, middle, root } = { ...chain, [name]: changed };
      expect(verify(leaf, [middle], [root], NOW), `byte ${at}`).not.toBe("");
    }
  });

  test("of its length has no path", () => {
    for (let length = 0; length < chain.leaf.length; length++) {
      const cut = chain.leaf.subarray(0, length);
      expect(verify(cut, [chain.middle], [chain.root], NOW), `${length} bytes`).not.toBe("");
    }
  });

  test("of many bytes has no path", () => {
    const edits = fc.array(
      fc.record({
        at: fc.nat(chain.leaf.length - 1),
        remove: fc.nat(3),
        add: fc.uint8Array({ maxLength: 3 }),
      }),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(edits, (edits) => {
        const bytes = [...chain.leaf];
        for (const { at, remove, add } of edits) bytes.splice(at, remove, ...add);
        const changed = Buffer.from(bytes);
        fc.pre(!changed.equals(chain.leaf));
        expect(verify(changed, [chain.middle], [chain.root], NOW)).not.toBe("");
      }),
      { numRuns: 3000 },
    );
  });
});

describe("what cosign said", () => {
  const CERTIFICATE = "dev.sigstore.cosign/certificate";
  const CHAIN = "dev.sigstore.cosign/chain";

  /** The certificate and chain beside a fixture's signature, and the roots and intermediates to trust. */
  function read(name: string) {
    const fixture = readFixture(`${name}.json`);
    const manifest = Object.entries(fixture.tags).find(([tag]) => tag.endsWith(".sig"))![1];
    const { layers } = JSON.parse(contentBytes(fixture.manifests[manifest]!).toString());
    const { annotations } = layers[0];
    const kind = name.startsWith("g") ? "trusted" : "fulcio";
    return {
      leaf: fromPem(annotations[CERTIFICATE])[0]!,
      chain: fromPem(annotations[CHAIN]),
      roots: fixtureFile(name, `keys/${kind}-root.pem`),
      intermediates: fixtureFile(name, `keys/${kind}-inter.pem`),
    };
  }

  const SIGNED_AT = "2024-11-19T07:10:00Z";
  test.each([
    ["g-cert-valid", "2025-01-01T00:00:00Z", ""],
    ["g-cert-mismatch", "2025-01-01T00:00:00Z", ""],
    ["g-cert-no-codesigning", "2025-01-01T00:00:00Z", `the certificate ${NO_CODE}`],
    ["g-cert-other-ca", "2025-01-01T00:00:00Z", UNKNOWN],
    ["l-fulcio-email", SIGNED_AT, ""],
    ["l-fulcio-uri", SIGNED_AT, ""],
    ["l-fulcio-v1-only", SIGNED_AT, ""],
    ["l-fulcio-v2-only", SIGNED_AT, ""],
    ["l-fulcio-issuers-differ", SIGNED_AT, ""],
    ["l-fulcio-other-ca", SIGNED_AT, UNKNOWN],
    [
      "l-fulcio-early",
      "2024-11-19T06:10:00Z",
      "the certificate is valid from 2024-11-19T07:05:00Z, 55 minutes after 2024-11-19T06:10:00Z [certificate-not-yet-valid]",
    ],
    [
      "l-fulcio-late",
      "2024-11-19T08:10:00Z",
      "the certificate was valid until 2024-11-19T07:15:00Z, 55 minutes before 2024-11-19T08:10:00Z [certificate-expired]",
    ],
  ])("of %s", (name, at, problem) => {
    const { leaf, chain, roots, intermediates } = read(name);
    expect(verify(leaf, chain, roots, at)).toBe(problem);
    expect(verify(leaf, [...chain, ...intermediates], roots, at)).toBe(problem);
  });

  test("of g-cert-expired", () => {
    const { leaf, chain, roots } = read("g-cert-expired");
    expect(verify(leaf, chain, roots, NOW)).toMatch(
      /^the certificate was valid until .* \[certificate-expired\]$/,
    );
  });
});
