import { describe, expect, test } from "vitest";
import { contentBytes } from "../../host/registry/fixture.js";
import { readFixture } from "../host/fixtures.js";
import { fixtureFile, fromPem } from "./certificates.js";
import { NOT_FOR_CODE, NOW, UNKNOWN, verify } from "./chain.js";

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
    ["g-cert-no-codesigning", "2025-01-01T00:00:00Z", `the certificate ${NOT_FOR_CODE}`],
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
