import { describe, expect, test } from "vitest";
import { pem } from "../crypto/crypto.js";
import { callJson } from "../sdk/units.js";
import { KEYS, leaf, own, ROOT } from "./make.js";

const CERTIFICATE = pem("CERTIFICATE", ROOT);
const GOOD = {
  trustStore: [CERTIFICATE],
  trustedIdentities: ["x509.subject: C=US, ST=WA, O=Acme"],
};

interface Decoded {
  problems: string;
  trustStore?: number;
  identities?: string[];
  skipsRevocation?: boolean;
}
const decode = (notation: unknown) => callJson<Decoded>("notation.settings", { notation });

test("as it should be", () => {
  const decoded = {
    problems: "",
    trustStore: 1,
    identities: ["C=US, ST=WA, O=Acme"],
    skipsRevocation: false,
  };
  expect(decode(GOOD)).toEqual(decoded);
  expect(decode({ ...GOOD, level: "strict", revocation: "strict" })).toEqual(decoded);
  expect(decode({ ...GOOD, level: "", revocation: null })).toEqual(decoded);
  expect(decode({ ...GOOD, revocation: "skip" })).toEqual({ ...decoded, skipsRevocation: true });
  expect(decode({ ...GOOD, trustedIdentities: ["*"] })).toEqual({ ...decoded, identities: [] });
  const two = [CERTIFICATE, pem("CERTIFICATE", own())];
  expect(decode({ ...GOOD, trustStore: two })).toEqual({ ...decoded, trustStore: 2 });
});

test("absent or blank", () => {
  for (const nothing of [undefined, null, "", {}, { trustStore: [""], level: null }]) {
    expect(decode(nothing)).toEqual({ problems: "" });
  }
});

const IS_A_KEY = KEYS.root.publicKey.export({ format: "pem", type: "spki" });
const ODD = pem("CERTIFICATE", Buffer.from("300830003000030200ff", "hex"));

describe("a problem:", () => {
  test.each<[object, string]>([
    [{ trustStore: [] }, "trustStore: is required"],
    [
      { trustStore: [IS_A_KEY] },
      "trustStore[0]: is a public key: what belongs here is a certificate",
    ],
    [{ trustStore: [ODD] }, "trustStore: has a certificate that cannot be read"],
    [
      { trustStore: [CERTIFICATE, pem("CERTIFICATE", leaf())] },
      "trustStore: has a certificate that is neither a CA's nor its own issuer's",
    ],
    [
      { trustedIdentities: [] },
      "trustedIdentities: is required: whom to trust, or * for whoever has a certificate",
    ],
    [
      { trustedIdentities: ["*", ...GOOD.trustedIdentities] },
      "trustedIdentities[0]: must stand alone",
    ],
    [
      { trustedIdentities: ["C=US, ST=WA, O=A"] },
      "trustedIdentities[0]: must begin with x509.subject:",
    ],
    [
      { trustedIdentities: ["x509.subject: C=US, O=A"] },
      "trustedIdentities[0]: must name C, ST and O at least",
    ],
    [
      { trustedIdentities: ["x509.subject:*"] },
      "trustedIdentities[0]: is not a list of attributes such as C=US, ST=WA, O=Acme (RFC 4514)",
    ],
    [{ trustedIdentities: [1] }, "trustedIdentities[0]: must be a string"],
    [{ level: "permissive" }, "level: must be strict"],
    [{ level: "skip" }, "level: must be strict"],
    [{ revocation: "log" }, "revocation: must be strict or skip"],
    [{ trustStores: [] }, "trustStores: unknown field"],
  ])("%j", (changes, problem) => {
    const { problems } = decode({ ...GOOD, ...changes });
    expect(problems).toBe(`notation.${problem}`);
  });
});
