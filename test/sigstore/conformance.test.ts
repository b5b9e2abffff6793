import { describe, expect, test } from "vitest";
import { ask, changed, conformanceCases, failureOf, verifyAsSigstoreJs } from "./bundles.js";

/** Why each that has to be refused is; null where it is not. */
const REFUSED: Record<string, string | null> = {
  "bundle-empty-certificate-chain": "bundle-malformed",
  "bundle-from-wrong-instance": "log-unknown",
  "bundle-invalid-base64-signature": "bundle-malformed",
  "bundle-malformed-json": "bundle-malformed",
  "bundle-negative-log-index": "log-entry-malformed",
  "bundle-unknown-version": "bundle-version",
  "bundle-with-root-cert": "log-proof-missing",
  "checkpoint-bad-keyhint": "checkpoint-unsigned",
  "checkpoint-wrong-roothash": "log-proof-invalid",
  "dsse-invalid-sig": "signature-unmet",
  "dsse-mismatch-envelope": "log-entry-payload",
  "dsse-mismatch-sig": "log-entry-signature",
  "inclusion-proof-corrupted-hash": "log-proof-invalid",
  "incorrect-public-key": "log-signature-invalid",
  "integrated-time-in-future": "certificate-expired",
  "intoto-expired-certificate": "certificate-not-yet-valid",
  "intoto-log-entry-mismatch": "log-entry-malformed",
  "intoto-missing-inclusion-proof": "log-proof-missing",
  "intoto-set-outside-signing-cert-validity": "certificate-expired",
  "intoto-tsa-timestamp-outside-cert-validity": "certificate-expired",
  "invalid-checkpoint-signature": "checkpoint-unsigned",
  "invalid-inclusion-proof": "log-proof-missing",
  "managed-key-no-key": "no-key",
  "managed-key-wrong-key": "signature-unmet",
  "message-digest-mismatch": "signature-unmet",
  "rekor2-checkpoint-missing-log-signature": "checkpoint-unsigned",
  "rekor2-checkpoint-missing-origin": "checkpoint-malformed",
  "rekor2-checkpoint-missing-root-hash": "checkpoint-malformed",
  "rekor2-checkpoint-missing-size": "checkpoint-malformed",
  "rekor2-checkpoint-no-matching-signature": "checkpoint-unsigned",
  "rekor2-dsse-invalid-sig": "signature-unmet",
  "rekor2-dsse-mismatch-envelope": "log-entry-payload",
  "rekor2-dsse-mismatch-sig": "log-entry-signature",
  "rekor2-no-inclusion-proof": "log-proof-missing",
  "rekor2-no-timestamp": "time-unproven",
  "rekor2-timestamp-outside-trust-root-tsa-validity": "timestamp-untrusted",
  "rekor2-timestamp-outside-tsa-cert-validity": "timestamp-untrusted",
  "rekor2-timestamp-payload-mismatch": "timestamp-signature",
  "rekor2-timestamp-untrusted-tsa-with-embedded-cert": "timestamp-unknown",
  "rekor2-timestamp-untrusted-tsa-without-embedded-cert": "timestamp-unknown",
  // Its timestamp has line feeds in its base64.
  "rekor2-timestamp-with-incorrect-time": "bundle-malformed",
  "set-invalid-signature": "log-signature-invalid",
  "signature-mismatch": "signature-unmet",
  "trust-root-tlog-missing-validity-start": "trusted-root",
  "wrong-hashedrekord-artifact": "log-entry-payload",
  "wrong-hashedrekord-cert-and-sig": "log-entry-signature",
  "wrong-hashedrekord-entry": "log-entry-payload",
  "wrong-material": "payload-digest",
  // What logs of certificates say of a certificate is not looked at.
  "invalid-ct-key": null,
};

const cases = conformanceCases();

/** Of what is signed: an attestation is a good one, but no signature of an image. */
const asSignature = (failure: string | null) => (failure === "predicate-type" ? null : failure);

describe("bundles of sigstore-conformance", () => {
  test.each(cases.filter(({ passes }) => passes))("$name is good", ({ question }) => {
    expect(asSignature(failureOf(ask(question)))).toBeNull();
  });

  test.each(cases.filter(({ passes }) => !passes))("$name is not", ({ name, question }) => {
    expect(failureOf(ask(question))).toBe(REFUSED[name]);
  });

  test("there are as many as there were", () => {
    expect(cases.length).toBe(70);
    expect(cases.filter(({ passes }) => !passes).map(({ name }) => name)).toEqual(
      Object.keys(REFUSED).sort(),
    );
  });
});

/** Where @sigstore/verify 3 and sigstore-conformance disagree, and it is the latter that is right. */
const BEHIND = [
  // An envelope in Rekor 2, by the hash of its encoding.
  "rekor2-dsse-happy-path",
  // A log without a beginning.
  "trust-root-tlog-missing-validity-start",
];

test.each(cases)("@sigstore/verify has the same verdict on $name", (one) => {
  const { name, passes, question, artifact } = one;
  const expected = BEHIND.includes(name) ? !passes : passes;
  expect(verifyAsSigstoreJs(question, artifact) === null).toBe(expected);
});

describe("a log that signs no time", () => {
  const { question } = cases.find(({ name }) => name === "rekor2-happy-path")!;
  const until = (end: string) => ({
    ...question,
    trustedRoot: changed(question.trustedRoot, ["tlogs", 1, "publicKey", "validFor", "end"], end),
  });

  // 2025-06-12T12:02:20Z is when the authority of time had it.
  test.each([
    ["2025-06-12T12:02:20Z", null],
    ["2025-06-12T12:02:19Z", "log-key-expired"],
  ])("must have had its key when it was stamped: until %s", (end, expected) => {
    expect(failureOf(ask(until(end)))).toBe(expected);
  });

  test("and the stamp must be one, where somebody is trusted for it", () => {
    const path = "verificationMaterial timestampVerificationData rfc3161Timestamps".split(" ");
    const broken = changed(question.bundle, path, [{ signedTimestamp: "AAAA" }]);
    expect(failureOf(ask({ ...question, bundle: broken }))).toBe("timestamp-malformed");
  });
});
