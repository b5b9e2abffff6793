import { bundleFromJSON } from "@sigstore/bundle";
import { TrustedRoot } from "@sigstore/protobuf-specs";
import { toSignedEntity, toTrustMaterial, Verifier } from "@sigstore/verify";
import { describe, expect, test } from "vitest";
import { toBundle } from "../../host/evidence/attestation.js";
import { contentBytes, type Fixture } from "../../host/registry/fixture.js";
import { readFixture } from "./fixtures.js";
import { trustedRoot } from "./trusted-root.js";

// What cosign v3 wrote as a bundle, taken apart into a layer as cosign v2 writes it: put together again it must
// verify as before, by sigstore's own verifier.

interface Written {
  verificationMaterial: {
    certificate: { rawBytes: string };
    tlogEntries: {
      logIndex: string;
      logId: { keyId: string };
      integratedTime: string;
      inclusionPromise: { signedEntryTimestamp: string };
      canonicalizedBody: string;
    }[];
  };
  dsseEnvelope: { payload: string; payloadType: string; signatures: { sig: string }[] };
}

const fixture = readFixture("n-v3-fulcio-uri.json");
const { verificationMaterial, dsseEnvelope } = JSON.parse(
  contentBytes(fixture.files["bundle-0.json"]!).toString(),
) as Written;
const entry = verificationMaterial.tlogEntries[0]!;
const pem = (der: string) => `-----BEGIN CERTIFICATE-----\n${der}\n-----END CERTIFICATE-----\n`;
const chain = contentBytes(fixture.files["keys/fulcio-chain.pem"]!).toString();
const rekor = {
  SignedEntryTimestamp: entry.inclusionPromise.signedEntryTimestamp,
  Payload: {
    body: entry.canonicalizedBody,
    integratedTime: Number(entry.integratedTime),
    logIndex: Number(entry.logIndex),
    logID: Buffer.from(entry.logId.keyId, "base64").toString("hex"),
  },
};
const annotations = {
  "dev.cosignproject.cosign/signature": "",
  "dev.sigstore.cosign/certificate": pem(verificationMaterial.certificate.rawBytes),
  "dev.sigstore.cosign/chain": chain,
  "dev.sigstore.cosign/bundle": JSON.stringify(rekor),
};
const envelope = JSON.stringify(dsseEnvelope);

function verify(bundle: unknown, { files }: Fixture = fixture): void {
  const root = TrustedRoot.fromJSON(trustedRoot({ ...fixture, files }));
  const verifier = new Verifier(toTrustMaterial(root), { ctlogThreshold: 0, tlogThreshold: 1 });
  verifier.verify(toSignedEntity(bundleFromJSON(bundle)));
}

describe("an attestation with a certificate and a log's entry", () => {
  test("is a bundle that sigstore's verifier takes", () => {
    const bundle = toBundle(envelope, annotations);
    expect(bundle["mediaType"]).toBe("application/vnd.dev.sigstore.bundle+json;version=0.1");
    verify(bundle);
  });

  test.each([
    ["another time", { ...rekor, Payload: { ...rekor.Payload, integratedTime: 1732000201 } }],
    ["another place", { ...rekor, Payload: { ...rekor.Payload, logIndex: 2 } }],
  ])("does not verify with %s in its entry", (_, changed) => {
    const bundle = { ...annotations, "dev.sigstore.cosign/bundle": JSON.stringify(changed) };
    expect(() => verify(toBundle(envelope, bundle))).toThrow();
  });

  test("has the certificates in their order, the signer's first", () => {
    const { verificationMaterial: material } = toBundle(envelope, annotations) as {
      verificationMaterial: { x509CertificateChain: { certificates: { rawBytes: string }[] } };
    };
    const above = chain.match(/-----BEGIN[^]+?END CERTIFICATE-----/g)!;
    expect(material.x509CertificateChain.certificates.map(({ rawBytes }) => rawBytes)).toEqual([
      verificationMaterial.certificate.rawBytes,
      ...above.map((text) => text.replace(/-----[^-]*-----|\s/g, "")),
    ]);
  });
});

test("an attestation by a key is a bundle without a certificate", () => {
  const attested = readFixture("i-attest-v2.json");
  const texts = Object.values(attested.blobs).map((blob) => contentBytes(blob).toString());
  for (const text of texts.filter((text) => text.includes("payloadType"))) {
    const bundle = toBundle(text, { "dev.cosignproject.cosign/signature": "" });
    const { content, verificationMaterial: material } = bundleFromJSON(bundle);
    expect(material.content.$case).toBe("publicKey");
    expect(content.$case).toBe("dsseEnvelope");
    if (content.$case !== "dsseEnvelope") continue;
    const { payload, signatures } = JSON.parse(text) as Written["dsseEnvelope"];
    expect(content.dsseEnvelope.payload.toString("base64")).toBe(payload);
    expect(content.dsseEnvelope.signatures[0]!.sig.toString("base64")).toBe(signatures[0]!.sig);
  }
});

test("a timestamp goes along", () => {
  const timestamp = JSON.stringify({ SignedRFC3161Timestamp: "MAA=" });
  const bundle = toBundle(envelope, { "dev.sigstore.cosign/rfc3161timestamp": timestamp });
  expect(bundle).toMatchObject({
    verificationMaterial: {
      timestampVerificationData: { rfc3161Timestamps: [{ signedTimestamp: "MAA=" }] },
    },
  });
});

const rekorWith = (payload: object) => ({
  "dev.sigstore.cosign/bundle": JSON.stringify({
    ...rekor,
    Payload: { ...rekor.Payload, ...payload },
  }),
});

test.each<[string, string, Record<string, string>, string]>([
  ["text that is no JSON", "MAA=", {}, "JSON"],
  ["no object", "[]", {}, "the envelope is no JSON object"],
  ["a key twice", `{"payload":"YQ==",${envelope.slice(1)}`, {}, "duplicate field"],
  [
    "two signatures",
    JSON.stringify({ ...dsseEnvelope, signatures: [{ sig: "YQ==" }, { sig: "YQ==" }] }),
    {},
    "has one signature",
  ],
  ["no signature", JSON.stringify({ ...dsseEnvelope, signatures: [] }), {}, "has one signature"],
  ["a payload that is not base64", JSON.stringify({ ...dsseEnvelope, payload: "é" }), {}, "base64"],
  ["no payload type", JSON.stringify({ ...dsseEnvelope, payloadType: 1 }), {}, "no payloadType"],
  [
    "a certificate that is not PEM",
    envelope,
    { "dev.sigstore.cosign/certificate": "MAA=" },
    "not PEM",
  ],
  ["an entry that is none", envelope, { "dev.sigstore.cosign/bundle": "{}" }, "no JSON object"],
  ["an entry of no log", envelope, rekorWith({ logID: "AB" }), "has no log"],
  ["an entry without a place", envelope, rekorWith({ logIndex: -1 }), "no logIndex"],
  ["an entry without a time", envelope, rekorWith({ integratedTime: "1" }), "no integratedTime"],
  ["an entry of no kind", envelope, rekorWith({ body: "e30=" }), "no kind"],
])("%s cannot be said in a bundle", (_, text, extra, words) => {
  expect(() => toBundle(text, extra)).toThrow(words);
});
