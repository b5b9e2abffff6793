import { X509Certificate } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../host/document.js";
import type { Item } from "../../host/evidence/item.js";
import { PEM } from "../policy/signed.js";
import { ask, conformanceCases } from "../sigstore/bundles.js";
import * as made from "../sigstore/made.js";
import * as chain from "../x509/chain.js";
import { beside, decide, documentOf, outcome } from "./documents.js";

// Attestations by signers who have certificates: provenances that workflows of GitHub's signed, as sigstore-conformance has
// them, and those of an authority of one's own.

const SLSA = "https://slsa.dev/provenance/v1";
const AT = "2026-11-22T08:00:00Z";

interface Bundle {
  verificationMaterial: {
    certificate?: { rawBytes: string };
    x509CertificateChain?: { certificates: { rawBytes: string }[] };
  };
  dsseEnvelope?: { payload: string };
}

const itemOf = (bundle: string): Item => ({
  type: "sigstore-bundle",
  bundle: Buffer.from(bundle).toString("base64"),
});

/** What a rule says of the image of this digest, with this bundle beside it. */
function judge(digest: string, bundle: string, rule: JsonObject, at = AT): string {
  const base = {
    verifier: "policy",
    evidenceFrom: [{ artifact: true }],
    attestations: [{ predicateType: SLSA }],
  };
  const host = beside(digest, documentOf(digest, itemOf(bundle)));
  return outcome(decide(`example.com/a@${digest}`, { ...base, ...rule }, host, at));
}

const provenances = conformanceCases().filter(({ question: { bundle, key } }) => {
  if (key !== null || !bundle.includes('"dsseEnvelope"')) return false;
  try {
    const { dsseEnvelope } = JSON.parse(bundle) as Bundle;
    return Buffer.from(dsseEnvelope!.payload, "base64").toString().includes(SLSA);
  } catch {
    return false;
  }
});

/** Who is named in a bundle's certificate. */
function identityOf(bundle: string) {
  const { certificate, x509CertificateChain } = (JSON.parse(bundle) as Bundle).verificationMaterial;
  const { rawBytes } = certificate ?? x509CertificateChain!.certificates[0]!;
  const { subjectAltName } = new X509Certificate(Buffer.from(rawBytes, "base64"));
  const [, subject] = /^(?:URI|email):(.*)$/.exec(subjectAltName!)!;
  return subject!;
}

describe("provenances of sigstore-conformance", () => {
  test.each(provenances)("$name: $passes", ({ question, passes }) => {
    const { issuer } = ask(question);
    const subject = identityOf(question.bundle);
    const trust = { trustRoots: { trustedRoot: question.trustedRoot } };
    const identity = { issuer: issuer ?? "https://token.actions.githubusercontent.com", subject };
    const said = judge(question.digest, question.bundle, { keyless: [identity], ...trust });
    expect(said === "ok", said).toBe(passes);
    // The same bundle is no signature.
    expect(
      judge(question.digest, question.bundle, { keyless: [identity], attestations: [], ...trust }),
    ).not.toBe("ok");
  });

  test("there are some of either kind", () => {
    const passing = provenances.filter(({ passes }) => passes);
    expect([provenances.length, passing.length]).toEqual([14, 3]);
  });

  const { question } = provenances.find(({ name }) => name === "happy-path-intoto-in-dsse-v3")!;
  const issuer = "https://token.actions.githubusercontent.com";
  const subject = identityOf(question.bundle);
  const [, owner, repo] = /^https:\/\/github.com\/([^/]+)\/([^/]+)\//.exec(subject)!;
  const trustRoots = { trustedRoot: question.trustedRoot };

  test.each<[string, JsonObject, string]>([
    ["an identity", { keyless: [{ issuer, subject }] }, "ok"],
    ["another issuer", { keyless: [{ issuer: "https://a.example", subject }] }, "signature-unmet"],
    ["another subject", { keyless: [{ issuer, subject: `${subject}x` }] }, "signature-unmet"],
    [
      "two identities",
      {
        keyless: [
          { issuer, subject },
          { issuer, subject: "a" },
        ],
      },
      "signature-unmet",
    ],
    ["a prefix", { keylessPrefix: [{ issuer, urlPrefix: `https://github.com/${owner}/` }] }, "ok"],
    [
      "another prefix",
      { keylessPrefix: [{ issuer, urlPrefix: `https://github.com/${owner}x/` }] },
      "signature-unmet",
    ],
    ["a workflow", { githubActions: { owner: owner!, repo: repo! } }, "ok"],
    ["another repository's", { githubActions: { owner: owner!, repo: "x" } }, "signature-unmet"],
    [
      "what it says",
      {
        keyless: [{ issuer, subject }],
        attestations: [
          {
            predicateType: SLSA,
            conditions: [
              {
                path: "/buildDefinition/externalParameters/workflow/repository",
                equals: "https://github.com/loosebazooka/aa-test",
              },
              {
                path: "/buildDefinition/externalParameters/workflow/ref",
                in: ["refs/heads/main", "refs/heads/release"],
              },
            ],
          },
        ],
      },
      "ok",
    ],
    [
      "what it does not say",
      {
        keyless: [{ issuer, subject }],
        attestations: [
          { predicateType: SLSA, conditions: [{ path: "/runDetails/builder/id", equals: "x" }] },
        ],
      },
      "attestation-condition",
    ],
  ])("by %s: %s", (_, rule, code) => {
    expect(judge(question.digest, question.bundle, { trustRoots, ...rule })).toBe(code);
  });

  test("for another image", () => {
    const digest = `sha256:${"0".repeat(64)}`;
    const rule = { keyless: [{ issuer, subject }], trustRoots };
    expect(judge(digest, question.bundle, rule)).toBe("payload-digest");
  });
});

describe("an attestation with the key of a certificate", () => {
  const statement = made.statement({ predicateType: SLSA });
  const dsseEnvelope = made.envelope(chain.LEAF, JSON.stringify(statement));
  const bundle = JSON.stringify(made.bundle({ dsseEnvelope }));
  const rule = (more: JsonObject = {}) => ({
    certificates: [PEM(chain.leaf())],
    certificateChain: [PEM(chain.middle()), PEM(chain.root())],
    requireRekorBundle: false,
    ...more,
  });

  test.each<[string, JsonObject, string, string?]>([
    ["counts", {}, "ok"],
    [
      "does not count for another",
      { certificates: [PEM(chain.leaf({ keys: chain.OTHER }))] },
      "attestation-missing",
    ],
    ["must be in a log", { requireRekorBundle: true }, "log-entry-missing"],
    ["does not count when that has expired", {}, "certificate-expired", "2126-01-01T00:00:00Z"],
    ["leads to the root", { certificateChain: [PEM(chain.root())] }, "certificate-untrusted"],
  ])("%s", (_, more, code, at = chain.NOW) => {
    expect(judge(made.DIGEST, bundle, rule(more), at)).toBe(code);
  });
});
