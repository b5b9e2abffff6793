import { createHash, generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { ask, failureOf } from "./bundles.js";
import {
  bodies,
  bundle,
  DIGEST,
  ec,
  encoding,
  entry,
  envelope,
  LOG_TIME,
  messageSignature,
  question,
  rootWithLog,
  statement,
  type Body,
  type KeyPair,
} from "./made.js";

const key = ec();
const payload = JSON.stringify(statement());
const dsseEnvelope = envelope(key, payload);
const good = bundle({ dsseEnvelope });

/** Why a bundle is no signature of the image by the key; null if it is. */
const failure = (json: object | string, more = {}) => failureOf(ask(question(key, json, more)));

describe("a bundle", () => {
  const text = JSON.stringify(good);
  const { verificationMaterial } = good;
  const withMaterial = (more: object) => ({
    ...good,
    verificationMaterial: { ...verificationMaterial, ...more },
  });
  const typed = (mediaType: unknown) => ({ ...good, mediaType });

  test.each<[string, object | string, string | null]>([
    ["of version 0.3", good, null],
    [
      "of version 0.3 as it was written first",
      typed("application/vnd.dev.sigstore.bundle+json;version=0.3"),
      null,
    ],
    ["of version 0.1", typed("application/vnd.dev.sigstore.bundle+json;version=0.1"), null],
    ["of version 0.2", typed("application/vnd.dev.sigstore.bundle.v0.2+json"), null],
    [
      "with what is null",
      {
        ...good,
        messageSignature: null,
        verificationMaterial: {
          publicKey: {},
          certificate: null,
          tlogEntries: null,
          timestampVerificationData: null,
        },
      },
      null,
    ],
    [
      "with a key's name in the envelope",
      bundle({
        dsseEnvelope: {
          ...dsseEnvelope,
          signatures: [{ ...dsseEnvelope.signatures[0], keyid: "x" }],
        },
      }),
      null,
    ],
    ["of version 0.0", typed("application/vnd.dev.sigstore.bundle.v0.0+json"), "bundle-version"],
    ["of version 0.4", typed("application/vnd.dev.sigstore.bundle.v0.4+json"), "bundle-version"],
    ["of version 0.31", typed("application/vnd.dev.sigstore.bundle.v0.31+json"), "bundle-version"],
    [
      "of a type that ends too soon",
      typed("application/vnd.dev.sigstore.bundle.v0."),
      "bundle-version",
    ],
    [
      "of a type with more behind it",
      typed("application/vnd.dev.sigstore.bundle+json;version=0.3;x"),
      "bundle-version",
    ],
    ["of another type", typed("application/json"), "bundle-version"],
    ["of a type that is no string", typed(3), "bundle-version"],
    ["of no type", typed(undefined), "bundle-version"],
    ["that is empty", "", "bundle-malformed"],
    ["that is no JSON", text.slice(0, -1), "bundle-malformed"],
    ["that is a list", `[${text}]`, "bundle-version"],
    ["with more behind it", `${text} {}`, "bundle-malformed"],
    [
      "with a type twice",
      text.replace("{", '{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json",'),
      "bundle-malformed",
    ],
    [
      "with a payload twice",
      text.replace('"payload":', '"payload":"AAAA","payload":'),
      "bundle-malformed",
    ],
    [
      "with a payload twice, once escaped",
      text.replace('"payload":', '"p\\u0061yload":"AAAA","payload":'),
      "bundle-malformed",
    ],
    ["with a field that nobody knows", { ...good, more: 1 }, "bundle-malformed"],
    [
      "with a field by its other name",
      { ...good, dsse_envelope: dsseEnvelope },
      "bundle-malformed",
    ],
    [
      "with an unknown field deep inside",
      text.replace('"sig":', '"Sig":"","sig":'),
      "bundle-malformed",
    ],
    ["without material", { ...good, verificationMaterial: undefined }, "bundle-malformed"],
    ["of nobody", withMaterial({ publicKey: undefined }), "bundle-malformed"],
    [
      "of a key and a certificate",
      withMaterial({ certificate: { rawBytes: "AAAA" } }),
      "bundle-malformed",
    ],
    [
      "of a key and a chain",
      withMaterial({ x509CertificateChain: { certificates: [] } }),
      "bundle-malformed",
    ],
    [
      "of a certificate and a chain",
      withMaterial({
        publicKey: undefined,
        certificate: { rawBytes: "AAAA" },
        x509CertificateChain: {},
      }),
      "bundle-malformed",
    ],
    [
      "of all three",
      withMaterial({ certificate: { rawBytes: "AAAA" }, x509CertificateChain: {} }),
      "bundle-malformed",
    ],
    [
      "with a chain",
      withMaterial({
        publicKey: undefined,
        x509CertificateChain: { certificates: [{ rawBytes: "AAAA" }] },
      }),
      "bundle-malformed",
    ],
    [
      "with a certificate that is no base64",
      withMaterial({ publicKey: undefined, certificate: { rawBytes: "*" } }),
      "bundle-malformed",
    ],
    ["with entries that are no list", withMaterial({ tlogEntries: {} }), "bundle-malformed"],
    ["with an entry that is none", withMaterial({ tlogEntries: [{}] }), "log-entry-malformed"],
    [
      "with timestamps that are no list",
      withMaterial({ timestampVerificationData: { rfc3161Timestamps: "x" } }),
      "bundle-malformed",
    ],
    [
      "with a timestamp that is none, where nobody is trusted for them",
      withMaterial({
        timestampVerificationData: { rfc3161Timestamps: [{ signedTimestamp: "AAAA" }] },
      }),
      null,
    ],
    [
      "with a timestamp that is no base64",
      withMaterial({
        timestampVerificationData: { rfc3161Timestamps: [{ signedTimestamp: "*" }] },
      }),
      "bundle-malformed",
    ],
    ["of nothing", bundle({}), "bundle-malformed"],
    [
      "of two things",
      { ...good, messageSignature: messageSignature(key, "x") },
      "bundle-malformed",
    ],
    [
      "of an envelope without signatures",
      bundle({ dsseEnvelope: { ...dsseEnvelope, signatures: [] } }),
      "bundle-malformed",
    ],
    [
      "of an envelope with two",
      bundle({
        dsseEnvelope: {
          ...dsseEnvelope,
          signatures: [...dsseEnvelope.signatures, ...dsseEnvelope.signatures],
        },
      }),
      "bundle-malformed",
    ],
    [
      "of an envelope without a payload",
      bundle({ dsseEnvelope: { ...dsseEnvelope, payload: "" } }),
      "bundle-malformed",
    ],
    [
      "of an envelope whose payload is not padded",
      bundle({ dsseEnvelope: { ...dsseEnvelope, payload: "AA" } }),
      "bundle-malformed",
    ],
    [
      "of an envelope with a name that is no string",
      bundle({
        dsseEnvelope: {
          ...dsseEnvelope,
          signatures: [{ ...dsseEnvelope.signatures[0], keyid: 1 }],
        },
      }),
      "bundle-malformed",
    ],
    [
      "of a message by another hash",
      bundle({
        messageSignature: {
          ...messageSignature(key, "x"),
          messageDigest: { algorithm: "SHA3_256", digest: "AAAA" },
        },
      }),
      "bundle-malformed",
    ],
    [
      "of a message with a digest that is too short",
      bundle({
        messageSignature: {
          ...messageSignature(key, "x"),
          messageDigest: { algorithm: "SHA2_256", digest: "AAAA" },
        },
      }),
      "bundle-malformed",
    ],
  ])("%s", (_, json, expected) => {
    expect(failure(json)).toBe(expected);
  });

  const logged = entry(bodies.dsse(dsseEnvelope, key));
  test("has no more than 8 entries", () => {
    expect(failure(bundle({ dsseEnvelope }, Array<object>(8).fill(logged)))).toBeNull();
    expect(failure(bundle({ dsseEnvelope }, Array<object>(9).fill(logged)))).toBe(
      "bundle-malformed",
    );
  });
});

describe("keys of every kind", () => {
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const ed25519 = generateKeyPairSync("ed25519");

  test.each<[string, KeyPair, string, string | null]>([
    ["P-256 with SHA-256", ec(), "sha256", null],
    ["P-384 with SHA-384", ec("P-384"), "sha384", null],
    ["P-384 with SHA-256", ec("P-384"), "sha256", null],
    ["P-521 with SHA-512", ec("P-521"), "sha512", null],
    ["P-521 with SHA-256", ec("P-521"), "sha256", null],
    ["RSA with SHA-256", rsa, "sha256", null],
    ["Ed25519", ed25519, "", null],
    ["P-256 with SHA-384", ec(), "sha384", "signature-unmet"],
    ["P-384 with SHA-512", ec("P-384"), "sha512", "signature-unmet"],
    ["P-521 with SHA-384", ec("P-521"), "sha384", "signature-unmet"],
    ["RSA with SHA-512", rsa, "sha512", "signature-unmet"],
  ])("%s", (_, own, hash, expected) => {
    const signed = bundle({ dsseEnvelope: envelope(own, payload, hash) });
    expect(failureOf(ask(question(own, signed)))).toBe(expected);
    expect(failureOf(ask(question(ec(), signed)))).toBe("signature-unmet");
  });
});

describe("what was signed", () => {
  const signed = (json: object | string, type?: string) =>
    bundle({
      dsseEnvelope: envelope(
        key,
        typeof json === "string" ? json : JSON.stringify(json),
        "sha256",
        type,
      ),
    });
  const [subject] = statement().subject as [object];
  const other = { digest: { sha256: "cd".repeat(32) } };

  test.each<[string, object, string | null]>([
    ["a statement about the image", signed(statement()), null],
    [
      "about several, one of them the image",
      signed(statement({ subject: [other, subject] })),
      null,
    ],
    [
      "about the image, by more digests",
      signed(statement({ subject: [{ digest: { sha512: "x", sha256: DIGEST.slice(7) } }] })),
      null,
    ],
    ["about another image", signed(statement({ subject: [other] })), "payload-digest"],
    ["about nothing", signed(statement({ subject: [] })), "payload-digest"],
    [
      "about a digest with its algorithm",
      signed(statement({ subject: [{ digest: { sha256: DIGEST } }] })),
      "payload-digest",
    ],
    [
      "about a digest in upper case",
      signed(statement({ subject: [{ digest: { sha256: DIGEST.slice(7).toUpperCase() } }] })),
      "payload-digest",
    ],
    [
      "about a digest that is another's",
      signed(statement({ subject: [{ digest: { sha512: DIGEST.slice(7) } }] })),
      "payload-digest",
    ],
    ["about what is no list", signed(statement({ subject: subject })), "payload-malformed"],
    [
      "of version 0.1",
      signed(statement({ _type: "https://in-toto.io/Statement/v0.1" })),
      "predicate-type",
    ],
    [
      "of another version",
      signed(statement({ _type: "https://in-toto.io/Statement/v2" })),
      "payload-type",
    ],
    ["of no type", signed(statement({ _type: undefined })), "payload-malformed"],
    [
      "an attestation",
      signed(statement({ predicateType: "https://slsa.dev/provenance/v1" })),
      "predicate-type",
    ],
    ["what says nothing", signed(statement({ predicateType: undefined })), "payload-malformed"],
    [
      "what says two things",
      signed(payload.replace('"predicateType":', '"predicateType":"x","predicateType":')),
      "payload-malformed",
    ],
    ["what is no JSON", signed(payload.slice(1)), "payload-malformed"],
    ["what is of another type", signed(statement(), "application/json"), "payload-type"],
    [
      "simple signing",
      signed('{"critical":{}}', "application/vnd.dev.cosign.simplesigning.v1+json"),
      "payload-type",
    ],
  ])("%s", (_, json, expected) => {
    expect(failure(json)).toBe(expected);
  });

  test("of another type than it says, is not signed", () => {
    const json = signed(statement()) as { dsseEnvelope?: { payloadType: string } };
    json.dsseEnvelope!.payloadType = "application/vnd.in-toto+jsom";
    expect(failure(json)).toBe("signature-unmet");
  });

  const annotated = (annotations: object) =>
    signed(statement({ subject: [{ digest: { sha256: DIGEST.slice(7) }, annotations }] }));
  const twice = signed(payload.replace('"env":', '"env":"dev","env":'));

  test.each<[string, object, string[], string | null]>([
    ["none, where none is asked for", annotated({}), [], null],
    ["one, where none is asked for", annotated({ env: "prod" }), [], null],
    ["the one that is asked for", annotated({ env: "prod", team: "web" }), ["env", "prod"], null],
    [
      "both that are",
      annotated({ team: "web", env: "prod" }),
      ["env", "prod", "team", "web"],
      null,
    ],
    [
      "one of two",
      annotated({ env: "prod" }),
      ["env", "prod", "team", "web"],
      "payload-annotations",
    ],
    ["another value", annotated({ env: "dev" }), ["env", "prod"], "payload-annotations"],
    ["a number", annotated({ env: 1 }), ["env", "1"], "payload-annotations"],
    ["none", annotated({}), ["env", "prod"], "payload-annotations"],
    ["one twice", twice, ["env", "prod"], "payload-malformed"],
    ["one twice, the first right", twice, ["env", "dev"], "payload-malformed"],
  ])("carries %s", (_, json, annotations, expected) => {
    expect(failure(json, { annotations })).toBe(expected);
  });

  const message = "the image's manifest";
  const digest = `sha256:${createHash("sha256").update(message).digest("hex")}`;

  test("may be the image's manifest itself", () => {
    const json = bundle({ messageSignature: messageSignature(key, message) });
    expect(failure(json, { digest })).toBeNull();
    expect(failure(json)).toBe("payload-digest");
    expect(failure(json, { digest, annotations: ["env", "prod"] })).toBe("payload-annotations");
    expect(failureOf(ask(question(ec(), json, { digest })))).toBe("signature-unmet");
    const own = ec("P-384");
    const by384 = bundle({ messageSignature: messageSignature(own, message, "SHA2_384") });
    // It is signed, but nobody here can tell which image has this SHA-384.
    expect(ask(question(own, by384, { digest }))).toMatchObject({
      verify: null,
      refuse: "payload-digest",
    });
  });
});

describe("an entry of the log", () => {
  const pae = createHash("sha256").update(encoding(payload)).digest();
  const [{ sig }] = dsseEnvelope.signatures as [{ sig: string }];
  const required = { isLogRequired: true };
  const timesOf = (json: object, more = required) => ask(question(key, json, more)).times;
  const logged = (body: Body, options = {}) => bundle({ dsseEnvelope }, [entry(body, options)]);
  const dsse = bodies.dsse(dsseEnvelope, key);
  const dsse2 = bodies.dsse2(dsseEnvelope, key);
  const hashed2 = bodies.hashed2(sig, pae.toString("base64"), key);
  const stranger = ec();
  const again = envelope(key, payload);
  const elsewhere = envelope(key, JSON.stringify(statement({ predicate: { x: 1 } })));
  const longer = createHash("sha512").update(encoding(payload)).digest("base64");

  test.each<[string, Body, string | null]>([
    ["dsse 0.0.1", dsse, null],
    ["dsse 0.0.2", dsse2, null],
    ["hashedrekord 0.0.2, about the encoding", hashed2, null],
    ["hashedrekord 0.0.2, by another hash", bodies.hashed2(sig, longer, key, "SHA2_512"), null],
    ["hashedrekord 0.0.1", bodies.hashed(sig, pae.toString("hex"), key), "log-entry-kind"],
    [
      "of another payload",
      bodies.dsse({ ...dsseEnvelope, payload: elsewhere.payload }, key),
      "log-entry-payload",
    ],
    [
      "of another payload, 0.0.2",
      bodies.dsse2({ ...dsseEnvelope, payload: elsewhere.payload }, key),
      "log-entry-payload",
    ],
    [
      "of another encoding",
      bodies.hashed2(sig, createHash("sha256").digest("base64"), key),
      "log-entry-payload",
    ],
    ["of another signature", bodies.dsse(again, key), "log-entry-signature"],
    ["of another signature, 0.0.2", bodies.dsse2(again, key), "log-entry-signature"],
    [
      "of another signature of the encoding",
      bodies.hashed2(again.signatures[0]!.sig, pae.toString("base64"), key),
      "log-entry-signature",
    ],
    ["by another key", bodies.dsse(dsseEnvelope, stranger), "log-entry-key"],
    ["by another key, 0.0.2", bodies.dsse2(dsseEnvelope, stranger), "log-entry-key"],
    [
      "by another key of the encoding",
      bodies.hashed2(sig, pae.toString("base64"), stranger),
      "log-entry-key",
    ],
    ["of a kind that nobody knows", { ...dsse, kind: "rpm" }, "log-entry-kind"],
    ["of a version that nobody knows", { ...dsse, apiVersion: "0.0.3" }, "log-entry-kind"],
    ["intoto 0.0.1", { ...dsse, kind: "intoto" }, "log-entry-kind"],
    [
      "of one version in the words of another",
      { ...dsse, apiVersion: "0.0.2" },
      "log-entry-malformed",
    ],
    [
      "with two signatures",
      {
        ...dsse,
        spec: { ...dsse.spec, signatures: [...dsse.spec.signatures, ...dsse.spec.signatures] },
      } as Body,
      "log-entry-malformed",
    ],
    [
      "with two keys",
      {
        ...hashed2,
        spec: {
          hashedRekordV002: {
            ...hashed2.spec.hashedRekordV002,
            signature: {
              content: sig,
              verifier: { publicKey: { rawBytes: "AAAA" }, x509Certificate: { rawBytes: "AAAA" } },
            },
          },
        },
      } as Body,
      "log-entry-malformed",
    ],
  ])("%s", (_, body, expected) => {
    expect(failure(logged(body), required)).toBe(expected);
    expect(failure(logged(body), {})).toBe(expected);
  });

  const of = (one: object, change: object) => bundle({ dsseEnvelope }, [{ ...one, ...change }]);
  const full = entry(dsse);
  const root = (trustedRoot: string) => ({ trustedRoot, ...required });
  const { inclusionProof: proof } = full as { inclusionProof: object };

  test.each<[string, object, string | null]>([
    [
      "that says it is of another kind",
      of(full, { kindVersion: { kind: "hashedrekord", version: "0.0.1" } }),
      "log-entry-kind",
    ],
    [
      "that says it is of another version",
      of(full, { kindVersion: { kind: "dsse", version: "0.0.2" } }),
      "log-entry-kind",
    ],
    [
      "with another promise",
      of(full, { inclusionPromise: { signedEntryTimestamp: "AAAA" } }),
      "log-signature-invalid",
    ],
    [
      "with another time",
      of(full, { integratedTime: String(LOG_TIME + 1) }),
      "log-signature-invalid",
    ],
    ["with another index", of(full, { logIndex: "6" }), "log-signature-invalid"],
    ["with a time in words", of(full, { integratedTime: "now" }), "log-entry-malformed"],
    ["with a promise and no time", of(full, { integratedTime: undefined }), "log-entry-malformed"],
    ["with a negative index", of(full, { logIndex: "-5" }), "log-entry-malformed"],
    ["with an index past 2^53", of(full, { logIndex: "9007199254740993" }), "log-entry-malformed"],
    ["without a body", of(full, { canonicalizedBody: undefined }), "log-entry-malformed"],
    ["without a log", of(full, { logId: undefined }), "log-entry-malformed"],
    ["of another log", of(full, { logId: { keyId: "AAAA" } }), "log-unknown"],
    ["without a proof", of(full, { inclusionProof: undefined }), "log-proof-missing"],
    [
      "without a checkpoint",
      of(full, { inclusionProof: { ...proof, checkpoint: undefined } }),
      "log-proof-missing",
    ],
    [
      "with another root",
      of(full, { inclusionProof: { ...proof, rootHash: Buffer.alloc(32).toString("base64") } }),
      "log-proof-invalid",
    ],
    [
      "with another size",
      of(full, { inclusionProof: { ...proof, treeSize: "2" } }),
      "log-proof-invalid",
    ],
    [
      "with another place",
      of(full, { inclusionProof: { ...proof, logIndex: "1" } }),
      "log-proof-invalid",
    ],
    [
      "with a hash too many",
      of(full, { inclusionProof: { ...proof, hashes: [Buffer.alloc(32).toString("base64")] } }),
      "log-proof-invalid",
    ],
    [
      "with a hash that is too short",
      of(full, { inclusionProof: { ...proof, hashes: ["AAAA"] } }),
      "log-entry-malformed",
    ],
    [
      "with 65 hashes",
      of(full, {
        inclusionProof: { ...proof, hashes: Array(65).fill(Buffer.alloc(32).toString("base64")) },
      }),
      "log-entry-malformed",
    ],
    [
      "with hashes that are no list",
      of(full, { inclusionProof: { ...proof, hashes: "x" } }),
      "log-entry-malformed",
    ],
    [
      "with a checkpoint that is none",
      of(full, { inclusionProof: { ...proof, checkpoint: { envelope: "x" } } }),
      "checkpoint-malformed",
    ],
  ])("%s", (_, json, expected) => {
    expect(failure(json, required)).toBe(expected);
  });

  test("proves a time if the log promised it, and none if it is only included", () => {
    expect(timesOf(logged(dsse))).toEqual([LOG_TIME]);
    expect(timesOf(logged(dsse, { promise: false }))).toEqual([]);
    const said = { ...entry(dsse, { promise: false }), integratedTime: String(LOG_TIME) };
    expect(timesOf(bundle({ dsseEnvelope }, [said]))).toEqual([]);
    expect(timesOf(bundle({ dsseEnvelope }), { isLogRequired: false })).toEqual([]);
  });

  test("comes with what its bundle's version asks for", () => {
    const mediaType = "application/vnd.dev.sigstore.bundle+json;version=0.1";
    const first = { ...logged(dsse, { proof: false }), mediaType };
    expect(timesOf(first)).toEqual([LOG_TIME]);
    expect(failure({ ...logged(dsse, { promise: false }), mediaType })).toBe("log-proof-missing");
    expect(failure(logged(dsse, { proof: false }))).toBe("log-proof-missing");
  });

  test("counts only while the log's key did", () => {
    const start = "2024-01-01T00:00:00Z";
    const before = new Date((LOG_TIME - 1) * 1000).toISOString();
    const between = new Date((LOG_TIME + 1) * 1000).toISOString();
    const by = (validFor: object) => root(rootWithLog(validFor));
    expect(failure(logged(dsse), by({ start, end: between }))).toBeNull();
    expect(failure(logged(dsse), by({ start, end: before }))).toBe("log-key-expired");
    expect(failure(logged(dsse), by({ start: between }))).toBe("log-key-expired");
    // Whoever is only included was so now, for all that is known.
    const timeless = logged(dsse, { promise: false });
    expect(failure(timeless, by({ start }))).toBeNull();
    expect(failure(timeless, by({ start, end: between }))).toBe("log-key-expired");
    expect(failure(timeless, { ...by({ start, end: between }), now: LOG_TIME })).toBeNull();
  });

  test("of a log that nobody trusts counts for nothing, and stands in the way of nothing", () => {
    const foreign = { ...full, logId: { keyId: Buffer.alloc(32).toString("base64") } };
    const alone = bundle({ dsseEnvelope }, [foreign]);
    expect(failure(alone, required)).toBe("log-unknown");
    expect(timesOf(alone, { isLogRequired: false })).toEqual([]);
    expect(timesOf(bundle({ dsseEnvelope }, [foreign, full]))).toEqual([LOG_TIME]);
    expect(failure(bundle({ dsseEnvelope }), required)).toBe("log-entry-missing");
  });

  test("must be good if the log is trusted, be there another that is", () => {
    const broken = { ...full, integratedTime: "1" };
    const both = bundle({ dsseEnvelope }, [full, broken]);
    expect(failure(both, {})).toBe("log-key-expired");
    const other = entry(bodies.dsse(again, key));
    expect(failure(bundle({ dsseEnvelope }, [full, other]), {})).toBe("log-entry-signature");
  });

  test("of a message names its digest", () => {
    const message = "the image's manifest";
    const hex = createHash("sha256").update(message).digest("hex");
    const one = messageSignature(key, message);
    const asks = (body: Body) =>
      failure(bundle({ messageSignature: one }, [entry(body)]), {
        digest: `sha256:${hex}`,
        ...required,
      });
    expect(asks(bodies.hashed(one.signature, hex, key))).toBeNull();
    expect(asks(bodies.hashed2(one.signature, one.messageDigest.digest, key))).toBeNull();
    expect(asks(bodies.hashed(one.signature, "00".repeat(32), key))).toBe("log-entry-payload");
    expect(asks(bodies.hashed(sig, hex, key))).toBe("log-entry-signature");
    expect(asks(bodies.hashed(one.signature, hex, stranger))).toBe("log-entry-key");
    expect(asks(dsse)).toBe("log-entry-kind");
  });
});
