import { describe, expect, test } from "vitest";
import { ask, failureOf, verifyAsSigstoreJs, type Answer } from "./bundles.js";
import { told, type Told } from "./recorded.js";

/** Why a bundle does not answer what cosign was asked; null if it does. */
function refusal({ predicateType, identity }: Told, answer: Answer): string | null {
  if (identity && (answer.holder !== identity.holder || answer.issuer !== identity.issuer)) {
    return answer.read ?? "another-holder";
  }
  if (predicateType === null) return failureOf(answer);
  if (answer.predicateType !== predicateType) return answer.read ?? "another-predicate";
  return failureOf({ ...answer, refuse: answer.about! });
}

/** Where the verdict is another than cosign's, on purpose. */
const DIFFERS: Record<string, string> = {
  "h-v3-cert leaf-key": "the signature is by the key, whatever certificate comes with it",
  "h-v3-cert trusted-root": "without a proven time nobody knows that the certificate was valid",
  "h-v3-key-ed25519 default": "Ed25519ph is what cosign signs with, and cannot verify itself",
  "h-v3-key-ed25519 sha384": "the hash is the key's own, and none that has to be asked for",
  "h-v3-key-ed25519 sha512": "the same",
  "h-v3-key-p384 default": "the same",
  "h-v3-key-p384 sha512": "the same",
  "h-v3-key-p521 default": "the same",
  "h-v3-key-p521 sha384": "the same",
  "h-v3-key-rsa2048 sha384": "the same",
  "h-v3-key-rsa2048 sha512": "the same",
  "h-v3-key-rsa4096 sha384": "the same",
  "h-v3-key-rsa4096 sha512": "the same",
  "i-attest-and-sign-v3 attest-key-signs-nothing": "an attestation is no signature",
  "i-attest-v3 not-a-signature": "the same",
};

/** Why each of the image's bundles is refused, where all are. */
const REASONS: Record<string, string> = {
  "h-v3-annotations second-lacks": "signature-unmet payload-annotations",
  "h-v3-annotations wrong": "payload-annotations signature-unmet",
  "h-v3-cert trusted-root": "time-unproven",
  "h-v3-cert-chain leaf-key": "bundle-malformed",
  "h-v3-cert-chain trusted-root": "bundle-malformed",
  "h-v3-negatives copied": "payload-digest",
  "h-v3-negatives flip": "signature-unmet",
  "h-v3-negatives nosig": "bundle-malformed",
  "h-v3-negatives payload": "signature-unmet",
  "h-v3-negatives type": "signature-unmet",
  "h-v3-referrers tlog-required": "log-entry-missing",
  "h-v3-referrers wrong-key": "signature-unmet",
  "i-attest-and-sign-v3 attest-key-signs-nothing": "predicate-type signature-unmet",
  "i-attest-v3 not-a-signature": "predicate-type predicate-type",
  "i-attest-v3 type-missing": "another-predicate another-predicate",
  "i-attest-v3 wrong-key": "signature-unmet another-predicate",
  "n-v3-fulcio-email v3-wrong-identity": "another-holder",
  "n-v3-fulcio-late v3": "certificate-expired",
  "n-v3-fulcio-late v3-wrong-identity": "another-holder",
  "n-v3-fulcio-uri v3-wrong-identity": "another-holder",
  "n-v3-rekor-bad-proof v3": "log-proof-invalid",
  "n-v3-rekor-bad-set v3": "log-signature-invalid",
  "n-v3-rekor-key wrong-key": "signature-unmet",
  "n-v3-rekor-other-log v3": "log-unknown",
};

/** Why all of an image's bundles are refused; empty if one is not. */
function refusals(one: Told): string[] {
  const found = one.questions.map((question) => refusal(one, ask(question)));
  return found.includes(null) ? [] : (found as string[]);
}

describe("bundles are verified as cosign verifies them", () => {
  test.each(told)("$name: $accepts", (one) => {
    const accepts = DIFFERS[one.name] ? !one.accepts : one.accepts;
    expect(refusals(one).length === 0, refusals(one).join(" ")).toBe(accepts);
  });

  test("and refused for the reason that there is", () => {
    const refused = told.filter((one) => refusals(one).length > 0);
    expect(Object.fromEntries(refused.map((one) => [one.name, refusals(one).join(" ")]))).toEqual(
      REASONS,
    );
  });

  test("there are as many as there were", () => {
    expect([told.length, told.flatMap(({ questions }) => questions).length]).toEqual([61, 75]);
    expect(Object.keys(DIFFERS).filter((name) => !told.some((one) => one.name === name))).toEqual(
      [],
    );
  });
});

/** Of @sigstore/verify 3: a certificate is asked for first, keys have SHA-256 only, and no entry is ever passed over. */
const OTHERWISE = /^h-v3-cert leaf-key|^h-v3-key-(ed25519|p384|p521)|ignore-tlog$/;

describe("@sigstore/verify", () => {
  test.each(told.filter(({ name }) => !OTHERWISE.test(name)))(
    "agrees on the signature, key and log of $name",
    ({ questions }) => {
      for (const question of questions) {
        const answer = failureOf({ ...ask(question), refuse: null });
        expect(answer === null, answer ?? "").toBe(verifyAsSigstoreJs(question) === null);
      }
    },
  );
});
