import { fixtureFile } from "../x509/certificates.js";
import { ask, fixtures, jsonFile, signaturesOf, type Question } from "./notation.js";

/** When the short-lived certificate and the short-lived signature had expired, and nothing else. */
const AFTER = "2026-11-22T05:00:00Z";

/** What notation was asked of the fixtures, and what it said. */
export const told = fixtures.flatMap((fixture) =>
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

export type Told = (typeof told)[number];

/** What a fixture's trust policy says, in our words; null for a level that we have not. */
export function policyOf({ fixture, label }: Told) {
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

/** What a verification was of: the image's digest, the signatures beside it, and the annotation that was asked for. */
export function askedOf({ fixture, command }: Told) {
  const [, digest] = /@(sha256:[0-9a-f]{64})$/.exec(command)!;
  const [, name, value] = / -m (\w+)=(\w+) /.exec(command) ?? [];
  return {
    digest: digest!,
    signatures: signaturesOf(fixture).filter(({ subject }) => subject === digest),
    annotations: (name ? { [name]: value! } : {}) as Record<string, string>,
  };
}

/** When it was asked about a signature. */
export function timeOf({ label }: Told, question: Omit<Question, "at">): string {
  if (label !== "before-expiry") return AFTER;
  return new Date(1000 * ask(question).signingTime).toISOString().replace(".000", "");
}

/** Why each of the rejections. */
export const CODES: Record<string, string> = {
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
