import { describe, expect, test } from "vitest";
import { fixtureFile } from "../x509/certificates.js";
import { artifactOf, ask, fixtures, jsonFile, signaturesOf, verdict } from "./notation.js";

/** When the short-lived certificate and the short-lived signature had expired, and nothing else. */
const AFTER = "2026-11-22T05:00:00Z";

const told = fixtures.flatMap((fixture) =>
  fixture.verifications
    .filter(({ command }) => command.startsWith("notation verify"))
    .map(({ label, command, expected }) => ({
      fixture,
      name: fixture.name,
      label,
      command,
      expected,
    })),
);

/** What a fixture's trust policy says, in our words; null for a level that we have not. */
function policyOf({ fixture, label }: (typeof told)[number]) {
  const file =
    jsonFile(fixture, `trustpolicy.${label}.json`) ?? jsonFile(fixture, "trustpolicy.json");
  const [policy] = file!["trustPolicies"] as unknown as {
    signatureVerification: { level: string };
    trustStores: string[];
    trustedIdentities: string[];
  }[];
  if (label.endsWith("-permissive") || policy!.signatureVerification.level !== "strict")
    return null;
  const other = policy!.trustStores.includes("ca:other");
  const store = other ? "other" : "keys/root.pem" in fixture.files ? "root" : "cert";
  return {
    trustStore: fixtureFile(fixture.name, `keys/${store}.pem`),
    identities: policy!.trustedIdentities.filter((identity) => identity !== "*"),
  };
}

/** The verdict on an image: `ok` if one of its signatures is good, else the codes of all of them. */
function decide(case_: (typeof told)[number]): string {
  const { fixture, label, command } = case_;
  const [, digest] = /@(sha256:[0-9a-f]{64})$/.exec(command)!;
  const policy = policyOf(case_)!;
  const [, name, value] = / -m (\w+)=(\w+) /.exec(command) ?? [];
  const codes = signaturesOf(fixture)
    .filter(({ subject }) => subject === digest)
    .map((kept) => {
      const question = {
        ...kept,
        ...policy,
        identities: policy.identities.map((it) => it.replace("x509.subject:", "")),
        artifact: artifactOf(fixture, digest!),
        annotations: name ? { [name]: value! } : {},
      };
      const at =
        label === "before-expiry"
          ? new Date(1000 * ask(question).signingTime).toISOString().replace(".000", "")
          : AFTER;
      return verdict({ ...question, at });
    });
  return codes.includes("ok") ? "ok" : [...new Set(codes)].join(" ") || "none";
}

/** Why each of the rejections. */
const CODES: Record<string, string> = {
  "j-notation-api metadata-wrong": "artifact-annotation",
  "j-notation-cose identity-wrong": "envelope-signer",
  "j-notation-cose other-store": "certificate-untrusted",
  "j-notation-cose unsigned": "none",
  "j-notation-expired-cert after-expiry-strict": "certificate-expired",
  "j-notation-expired-sig after-expiry-strict": "envelope-expired",
  "j-notation-jws identity-wrong": "envelope-signer",
  "j-notation-jws other-store": "certificate-untrusted",
  "j-notation-jws unsigned": "none",
  "j-notation-tampered copied": "digest-mismatch",
  "j-notation-tampered flip": "digest-mismatch",
  "j-notation-tampered payload": "envelope-signature",
};

describe("what notation says of its signatures", () => {
  const strict = told.filter((it) => policyOf(it));

  test("is recorded", () => {
    expect(strict.filter(({ expected }) => expected === "ok")).toHaveLength(10);
    expect(strict.filter(({ expected }) => expected === "fail")).toHaveLength(12);
    expect(strict.filter(({ expected }) => expected === "?")).toEqual([]);
  });

  test.each(strict.map((it) => [`${it.name} ${it.label}`, it] as const))("%s", (name, it) => {
    expect(decide(it)).toBe(it.expected === "ok" ? "ok" : CODES[name]);
  });
});
