import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  CA,
  CODE,
  direct,
  FOREIGN,
  ladder,
  leaf,
  LEAF,
  middle,
  NOT_FOR_CODE,
  NOW,
  OTHER,
  root,
  UNKNOWN,
  verify,
} from "./chain.js";
import * as make from "./make.js";

const { basicConstraints, commonName, integer, purposes, TRUE } = make;

describe("a path", () => {
  const bare = [basicConstraints(TRUE)];
  const ofOne = [basicConstraints(TRUE, integer(1)), make.CERT_SIGN];
  const unrelated = root({ subject: commonName("unrelated"), keys: OTHER });
  const replaced = root({ keys: OTHER });
  const expired = root({ until: "2026-01-02T00:00:00Z" });
  const forAnything = middle({ extensions: [...CA, purposes(make.ANY_PURPOSE)] });
  test.each<[string, Buffer, Buffer[], Buffer[], string?]>([
    ["of two", direct(), [], [root()]],
    ["of three", leaf(), [middle()], [root()]],
    ["whose root is an intermediate too", leaf(), [root(), middle()], [root()]],
    ["with certificates beside it", leaf(), [unrelated, middle()], [unrelated, root()]],
    ["with the leaf among its intermediates", leaf(), [leaf(), middle()], [root()]],
    ["to a root that another CA issued", leaf(), [], [middle()]],
    ["beside a root of the same name", direct(), [], [replaced, root()]],
    ["beside a root that expired", direct(), [], [expired, root()]],
    ["in the first second", leaf(), [middle()], [root()], "2026-01-01T00:00:00Z"],
    ["in the last second", leaf(), [middle()], [root()], "2026-12-31T23:59:59Z"],
    ["of CAs of any usage", leaf(), [middle({ extensions: bare })], [root({ extensions: bare })]],
    ["of a leaf of any usage", direct({ extensions: [CODE] }), [], [root()]],
    ["below a CA of any purpose", leaf(), [forAnything], [root()]],
    ["below a root of code", direct(), [], [root({ extensions: [...CA, CODE] })]],
    ["below a root of one CA", leaf(), [middle()], [root({ extensions: ofOne })]],
    ["below a root that itself is ill signed", direct(), [], [root({ signer: OTHER })]],
  ])("%s", (_, leaf, intermediates, roots, at = NOW) => {
    expect(verify(leaf, intermediates, roots, at)).toBe("");
  });

  test.each([
    ["p384", "ecdsaSha384"],
    ["p521", "ecdsaSha512"],
    ["rsa", "rsaSha256"],
    ["ed25519", "ed25519"],
  ] as const)("with keys of %s", (kind, algorithm) => {
    const keys = make.KEYS[kind]();
    const certificate = direct({ signer: keys, algorithm });
    expect(verify(certificate, [], [root({ keys, algorithm })])).toBe("");
    const other = root({ keys: make.KEYS[kind](), algorithm });
    expect(verify(certificate, [], [other])).toBe(FOREIGN);
  });

  test("of ten", () => {
    const { leaf, intermediates } = ladder(8);
    expect(verify(leaf, intermediates, [root()])).toBe("");
    expect(verify(leaf, intermediates.toReversed(), [root()])).toBe("");
    expect(verify(leaf, intermediates.slice(1), [root()])).toBe(UNKNOWN);
  });
});

describe("no path", () => {
  test("for the first of two reasons", () => {
    const expired = root({ until: "2026-05-31T12:00:00Z" });
    const future = root({ from: "2026-06-02T12:00:00Z" });
    expect(verify(direct(), [], [expired, future])).toContain("[certificate-expired]");
    expect(verify(direct(), [], [future, expired])).toContain("[certificate-not-yet-valid]");
  });

  const eleven = ladder(9);
  const named = leaf({ issuer: commonName("Middle") });
  const me = commonName("me");
  const selfSigned = leaf({ issuer: me, subject: me, signer: LEAF });
  test.each<[string, Buffer, Buffer[], Buffer[], string]>([
    ["without roots", direct(), [], [], UNKNOWN],
    ["without the intermediate", leaf(), [], [root()], UNKNOWN],
    ["by an intermediate alone", leaf(), [middle()], [], UNKNOWN],
    ["by a root that is not trusted", leaf(), [middle(), root()], [], UNKNOWN],
    ["by a name in another spelling", named, [middle()], [root()], UNKNOWN],
    [
      "of a CA",
      root(),
      [],
      [root()],
      "the certificate is that of a CA, not of a signer [certificate-purpose]",
    ],
    [
      "of a leaf that is a root",
      selfSigned,
      [],
      [selfSigned],
      "the root certificate is not that of a CA [certificate-not-ca]",
    ],
    [
      "of eleven",
      eleven.leaf,
      eleven.intermediates,
      [root()],
      "it comes with more than 8 intermediate certificates: a path has 10 at most [too-many-certificates]",
    ],
  ])("%s", (_, leaf, intermediates, roots, problem) => {
    expect(verify(leaf, intermediates, roots)).toBe(problem);
  });

  const NO_CA = "is not that of a CA [certificate-not-ca]";
  const NO_SIGN = "may not issue any: its keyUsage has no keyCertSign [certificate-not-ca]";
  const NO_USAGE =
    "the certificate is not for signing: its keyUsage has no digitalSignature [certificate-purpose]";
  const WEAK = "is an RSA key of less than 2048 bits [certificate-key]";
  const server = purposes(make.SERVER_AUTH);
  const weak = generateKeyPairSync("rsa", { modulusLength: 1024 });
  const spki = weak.publicKey.export({ format: "der", type: "spki" });
  const weaken = (fields: make.Fields) => Object.assign(fields, { spki });
  const withUsage = (usage: Buffer) => ({ extensions: [CA[0]!, usage] });

  interface Changes {
    leaf?: make.Wanted;
    middle?: make.Wanted;
    root?: make.Wanted;
  }
  test.each<[string, Changes, string]>([
    ["to a root of another name", { root: { subject: commonName("other") } }, UNKNOWN],
    ["to a root with another key", { root: { keys: OTHER } }, FOREIGN],
    ["of a leaf that another signed", { leaf: { signer: OTHER } }, FOREIGN],
    ["by an intermediate that another signed", { middle: { signer: OTHER } }, FOREIGN],
    [
      "at a time behind the leaf's",
      { leaf: { until: "2026-05-20T12:00:00Z" } },
      "the certificate was valid until 2026-05-20T12:00:00Z, 12 days before 2026-06-01T12:00:00Z [certificate-expired]",
    ],
    [
      "a second too late",
      { leaf: { until: "2026-06-01T11:59:59Z" } },
      "the certificate was valid until 2026-06-01T11:59:59Z, 1 second before 2026-06-01T12:00:00Z [certificate-expired]",
    ],
    [
      "at a time before the leaf's",
      { leaf: { from: "2026-06-01T12:55:00Z" } },
      "the certificate is valid from 2026-06-01T12:55:00Z, 55 minutes after 2026-06-01T12:00:00Z [certificate-not-yet-valid]",
    ],
    [
      "by an intermediate that expired",
      { middle: { until: "2026-06-01T10:00:00Z" } },
      "an intermediate certificate was valid until 2026-06-01T10:00:00Z, 2 hours before 2026-06-01T12:00:00Z [certificate-expired]",
    ],
    [
      "by a root that expired",
      { root: { until: "2026-06-01T11:59:59Z" } },
      "the root certificate was valid until 2026-06-01T11:59:59Z, 1 second before 2026-06-01T12:00:00Z [certificate-expired]",
    ],
    [
      "by a root that is not valid yet",
      { root: { from: "2026-06-02T12:00:00Z" } },
      "the root certificate is valid from 2026-06-02T12:00:00Z, 1 day after 2026-06-01T12:00:00Z [certificate-not-yet-valid]",
    ],
    [
      "by a root that is no CA",
      { root: { extensions: [make.CERT_SIGN] } },
      `the root certificate ${NO_CA}`,
    ],
    [
      "by no CA",
      { middle: { extensions: [basicConstraints(), make.CERT_SIGN] } },
      `an intermediate certificate ${NO_CA}`,
    ],
    [
      "by a signer",
      { middle: { extensions: [make.DIGITAL_SIGNATURE, CODE] } },
      `an intermediate certificate ${NO_CA}`,
    ],
    [
      "by a CA that does not issue",
      { middle: withUsage(make.DIGITAL_SIGNATURE) },
      `an intermediate certificate ${NO_SIGN}`,
    ],
    [
      "by a root that does not issue",
      { root: withUsage(make.keyUsage(1, 0x02)) },
      `the root certificate ${NO_SIGN}`,
    ],
    [
      "below a CA for servers",
      { middle: { extensions: [...CA, server] } },
      `an intermediate certificate ${NOT_FOR_CODE}`,
    ],
    [
      "below a root for servers",
      { root: { extensions: [...CA, server] } },
      `the root certificate ${NOT_FOR_CODE}`,
    ],
    [
      "below a root that allows no CA below it",
      { root: { extensions: [basicConstraints(TRUE, integer(0)), make.CERT_SIGN] } },
      "the root certificate does not allow that many CAs below it [certificate-path-length]",
    ],
    [
      "of a leaf for servers",
      { leaf: { extensions: [make.DIGITAL_SIGNATURE, server] } },
      `the certificate ${NOT_FOR_CODE}`,
    ],
    [
      "of a leaf for anything",
      { leaf: { extensions: [purposes(make.ANY_PURPOSE)] } },
      `the certificate ${NOT_FOR_CODE}`,
    ],
    [
      "of a leaf without purposes",
      { leaf: { extensions: [make.DIGITAL_SIGNATURE] } },
      `the certificate ${NOT_FOR_CODE}`,
    ],
    [
      "of a leaf for encryption",
      { leaf: { extensions: [make.keyUsage(5, 0x20), CODE] } },
      NO_USAGE,
    ],
    ["of a weak key", { leaf: { edit: weaken } }, `the certificate ${WEAK}`],
    ["by a weak key", { middle: { edit: weaken } }, `an intermediate certificate ${WEAK}`],
    ["by a root with a weak key", { root: { edit: weaken } }, `the root certificate ${WEAK}`],
  ])("%s", (_, changes, problem) => {
    const chain = [leaf(changes.leaf), middle(changes.middle), root(changes.root)] as const;
    expect(verify(chain[0], [chain[1]], [chain[2]])).toBe(problem);
  });
});
