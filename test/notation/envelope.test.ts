import { encode, Tagged } from "cborg";
import { describe, expect, test } from "vitest";
import * as make from "../x509/make.js";
import {
  ARTIFACT,
  CHAIN,
  cose,
  DIGEST,
  FORMS,
  judge,
  jws,
  KEYS,
  leaf,
  NOW,
  own,
  PREFIX,
  ROOT,
  type AlgorithmName,
  type Form,
  type Wanted,
} from "./make.js";
import { ask, COSE, JWS, verdict } from "./notation.js";

const forms = Object.keys(FORMS) as Form[];
const at = (text: string) => Date.parse(text) / 1000;

const SIGNERS: [AlgorithmName, ReturnType<typeof make.KEYS.p256>][] = [
  ["PS256", make.KEYS.rsa(2048)],
  ["PS384", make.KEYS.rsa(3072)],
  ["PS512", make.KEYS.rsa(4096)],
  ["ES256", make.KEYS.p256()],
  ["ES384", make.KEYS.p384()],
  ["ES512", make.KEYS.p521()],
];

const target = (changes: object) => ({ payload: { targetArtifact: { ...ARTIFACT, ...changes } } });

/** Envelopes that are signed as they should be, and what comes of them. */
const CASES: Record<string, [string, Wanted]> = {
  "as it should be": ["ok", {}],
  "that does not expire yet": ["ok", { expiry: at(NOW) + 1 }],
  "that expires now": ["envelope-expired", { expiry: at(NOW) }],
  "that expires when it was made": ["envelope-time", { signingTime: at(NOW), expiry: at(NOW) }],
  "without a time": ["envelope-time", { signingTime: undefined }],
  "of other content": ["envelope-payload", { contentType: "application/json" }],
  "of no content type": ["envelope-payload", { contentType: undefined }],
  "of a content type that is no text": ["envelope-payload", { contentType: 7 }],
  "by another scheme": ["envelope-scheme", { scheme: "notary.x509.signingAuthority" }],
  "by no scheme": ["envelope-scheme", { scheme: undefined }],
  "without critical headers": ["envelope-critical", { critical: undefined }],
  "with none critical": ["envelope-critical", { critical: [] }],
  "with a critical header twice": [
    "envelope-critical",
    { critical: [`${PREFIX}signingScheme`, `${PREFIX}signingScheme`] },
  ],
  "with critical headers that are no list": [
    "envelope-critical",
    { critical: `${PREFIX}signingScheme` },
  ],
  "with something else among the critical headers": [
    "envelope-critical",
    { critical: [`${PREFIX}signingScheme`, 1] },
  ],
  "whose expiry is not critical": [
    "envelope-critical",
    { expiry: at(NOW) + 1, critical: [`${PREFIX}signingScheme`] },
  ],
  "whose expiry is critical and not there": [
    "envelope-critical",
    { critical: [`${PREFIX}signingScheme`, `${PREFIX}expiry`] },
  ],
  "with a critical header that is unknown": [
    "envelope-critical",
    { critical: [`${PREFIX}signingScheme`, "com.example.must"], more: {} },
  ],
  "with a plugin": ["envelope-critical", { more: { verificationPlugin: "com.example" } }],
  "with a plugin that is critical": [
    "envelope-critical",
    {
      critical: [`${PREFIX}signingScheme`, `${PREFIX}verificationPlugin`],
      more: { verificationPlugin: "com.example" },
    },
  ],
  "with the other scheme's time": [
    "envelope-critical",
    { more: { authenticSigningTime: "2026-05-01T12:00:00Z" } },
  ],
  "with a signed header unsigned too": [
    "envelope-malformed",
    { unsigned: { [`${PREFIX}signingScheme`]: "notary.x509" } },
  ],
  "with unsigned headers beside": ["ok", { unsigned: { "com.example.note": "hello" } }],
  "without certificates": ["envelope-chain", { chain: [] }],
  "of another image": ["digest-mismatch", target({ digest: DIGEST.replace(/.$/, "x") })],
  // Which of an image's, and how long it is, a policy is not told; the digest stands for it.
  "of another media type": ["ok", target({ mediaType: "application/vnd.oci.image.index.v1+json" })],
  "of Docker's media type": [
    "ok",
    target({ mediaType: "application/vnd.docker.distribution.manifest.v2+json" }),
  ],
  "of Docker's media type of lists": [
    "ok",
    target({ mediaType: "application/vnd.docker.distribution.manifest.list.v2+json" }),
  ],
  "of another size": ["ok", target({ size: 402 })],
  "of a blob with the same bytes": [
    "artifact-malformed",
    target({ mediaType: "application/octet-stream" }),
  ],
  "of a config": [
    "artifact-malformed",
    target({ mediaType: "application/vnd.oci.image.config.v1+json" }),
  ],
  "of a media type in another case": [
    "artifact-malformed",
    target({ mediaType: ARTIFACT.mediaType.toUpperCase() }),
  ],
  "of a media type with parameters": [
    "artifact-malformed",
    target({ mediaType: `${ARTIFACT.mediaType}; charset=utf-8` }),
  ],
  "of nothing at all": ["artifact-malformed", target({ size: 0 })],
  "of a size below nothing": ["artifact-malformed", target({ size: -401 })],
  "of a size in another spelling": [
    "artifact-malformed",
    { payload: JSON.stringify(target({}).payload).replace(":401", ":401.0") },
  ],
  "of no size": ["artifact-malformed", target({ size: undefined })],
  "of no digest": ["artifact-malformed", target({ digest: undefined })],
  "of no media type": ["artifact-malformed", target({ mediaType: undefined })],
  "of no artifact": ["artifact-malformed", { payload: {} }],
  "of a name in another case": ["artifact-malformed", { payload: { TargetArtifact: ARTIFACT } }],
  "of annotations that are a list": ["artifact-malformed", target({ annotations: [] })],
  "of what is no JSON": ["artifact-malformed", { payload: "nothing" }],
  "of two artifacts": [
    "artifact-malformed",
    {
      payload: `{"targetArtifact":${JSON.stringify(ARTIFACT)},"targetArtifact":${JSON.stringify(ARTIFACT)}}`,
    },
  ],
  "of two digests": [
    "artifact-malformed",
    { payload: `{"targetArtifact":${JSON.stringify(ARTIFACT).replace("{", `{"digest":"",`)}}` },
  ],
  "with more in the payload": ["ok", target({ artifactType: "a/b", annotations: { a: "b" } })],
};

describe.each(forms)("an envelope in %s", (form) => {
  test.each(Object.entries(CASES))("%s", (_, [code, wanted]) => {
    expect(judge(form, wanted)).toBe(code);
  });

  test.each(SIGNERS)("by %s, of one's own", (algorithm, keys) => {
    const certificate = own({
      keys,
      ...(algorithm.startsWith("PS") && { algorithm: "rsaSha256" as const }),
    });
    const wanted = { algorithm, keys, chain: [certificate] };
    expect(judge(form, wanted, { trustStore: [certificate] })).toBe("ok");
    expect(judge(form, wanted)).toBe("certificate-untrusted");
    // By every other algorithm that such a key can sign with: the key alone decides.
    const others = SIGNERS.map(([name]) => name).filter(
      (name) => name !== algorithm && name[0] === algorithm[0],
    );
    for (const other of others) {
      expect(judge(form, { ...wanted, algorithm: other }, { trustStore: [certificate] })).toBe(
        "envelope-algorithm",
      );
    }
  });

  test("by RSA with a salt of another length", () => {
    const [, keys] = SIGNERS[0]!;
    const certificate = own({ keys, algorithm: "rsaSha256" });
    const wanted: Wanted = { algorithm: "PS256", keys, chain: [certificate], saltLength: 20 };
    expect(judge(form, wanted, { trustStore: [certificate] })).toBe("envelope-signature");
  });

  test.each([
    ["RSA of 2048 bits and a half", make.KEYS.rsa(2560), "rsaSha256", "envelope-algorithm"],
    ["RSA of 1024 bits", make.KEYS.rsa(1024), "rsaSha256", "certificate-key"],
    ["Ed25519", make.KEYS.ed25519(), "ed25519", "envelope-algorithm"],
  ] as const)("by a key that may not sign: %s", (_, keys, algorithm, code) => {
    const certificate = own({ keys, algorithm });
    expect(judge(form, { chain: [certificate] }, { trustStore: [certificate] })).toBe(code);
  });

  test("by somebody else, with the signer's certificates", () => {
    expect(judge(form, { keys: make.KEYS.p256() })).toBe("envelope-signature");
  });

  test("with annotations that the rule asks for", () => {
    const wanted = target({ annotations: { env: "prod", team: "web", n: 1 } });
    const given = (annotations: Record<string, string>) => judge(form, wanted, { annotations });
    expect(given({ env: "prod" })).toBe("ok");
    expect(given({ team: "web", env: "prod" })).toBe("ok");
    expect(given({ env: "dev" })).toBe("artifact-annotation");
    expect(given({ env: "prod", zone: "a" })).toBe("artifact-annotation");
    expect(given({ n: "1" })).toBe("artifact-annotation");
    expect(judge(form, {}, { annotations: { env: "prod" } })).toBe("artifact-annotation");
  });

  test("at a time when a certificate is not valid", () => {
    expect(judge(form, {}, { at: "2025-12-31T23:59:59Z" })).toBe("certificate-not-yet-valid");
    expect(judge(form, {}, { at: "2026-12-31T23:59:59Z" })).toBe("ok");
    expect(judge(form, {}, { at: "2027-01-01T00:00:00Z" })).toBe("certificate-expired");
  });

  test("is no longer looked at when the time is not known", () => {
    expect(judge(form, {}, { at: "" })).toBe("certificate-not-yet-valid");
  });

  test("of another form", () => {
    const [mediaType, write] = FORMS[form];
    const other = mediaType === JWS ? COSE : JWS;
    const question = { envelope: write(), trustStore: [ROOT], artifact: ARTIFACT, at: NOW };
    expect(verdict({ ...question, mediaType: other })).toBe("envelope-malformed");
  });

  test("of a length beyond the limit", () => {
    const long = (length: number) => judge(form, { unsigned: { note: "n".repeat(length) } });
    expect(long(200 << 10)).toBe("ok");
    expect(long(256 << 10)).toBe("envelope-too-large");
  });

  test("of more headers than 64", () => {
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`x${i}`, i]));
    // Five are there anyway, and two that are not signed.
    expect(judge(form, { unsigned: many(62) })).toBe("ok");
    expect(judge(form, { unsigned: many(63) })).toBe("envelope-malformed");
    const signed = (count: number) =>
      Object.fromEntries(Object.keys(many(count)).map((name) => [name, "a"]));
    expect(judge(form, { plain: signed(59) })).toBe("ok");
    expect(judge(form, { plain: signed(60) })).toBe("envelope-malformed");
  });

  test("says who signed, when, and for how long, once for all times", () => {
    const [mediaType, write] = FORMS[form];
    const envelope = write({ expiry: at(NOW) });
    const question = { mediaType, envelope, trustStore: [ROOT], artifact: ARTIFACT };
    expect(ask(question, NOW, "2026-05-02T00:00:00Z", NOW)).toEqual({
      signer: "C=US, ST=WA, O=Acme, CN=signer",
      signingTime: at("2026-05-01T12:00:00Z"),
      expiry: at(NOW),
      failures: ["envelope-expired", null, "envelope-expired"],
    });
  });
});

describe("a JWS", () => {
  const QUESTION = { mediaType: JWS, trustStore: [ROOT], artifact: ARTIFACT, at: NOW };
  const judged = (edit: Parameters<typeof jws>[1]) =>
    verdict({ ...QUESTION, envelope: jws({}, edit) });

  test.each<[string, Parameters<typeof jws>[1]]>([
    ["with signatures, as in general JSON", (it) => (it["signatures"] = [])],
    ["without a payload", (it) => delete it["payload"]],
    ["without signed headers", (it) => delete it["protected"]],
    ["without a signature", (it) => delete it["signature"]],
    ["with an empty signature", (it) => (it["signature"] = "")],
    ["without unsigned headers", (it) => delete it["header"]],
    ["with unsigned headers that are a list", (it) => (it["header"] = [])],
    ["with padded base64url", (it) => (it["signature"] += "==")],
    ["with base64", (it) => (it["signature"] = `+/${String(it["signature"]).slice(2)}`)],
    ["with signed headers that are no JSON", (it) => (it["protected"] = "e30x")],
    ["with signed headers that are a list", (it) => (it["protected"] = "W10")],
    ["with certificates that are no list", (it) => (it["header"] = { x5c: "AA==" })],
    ["with certificates that are no texts", (it) => (it["header"] = { x5c: [1] })],
    ["with certificates that are no base64", (it) => (it["header"] = { x5c: ["-_-_"] })],
  ])("%s", (_, edit) => expect(judged(edit)).toBe("envelope-malformed"));

  test.each([
    ["twice the same member", (text: string) => text.replace("{", '{"payload":"e30",')],
    ["more behind it", (text: string) => `${text}{}`],
    ["a list around it", (text: string) => `[${text}]`],
  ])("with %s", (_, edit) => {
    const envelope = Buffer.from(edit(jws().toString()));
    expect(verdict({ ...QUESTION, envelope })).toBe("envelope-malformed");
  });

  test.each(["none", "HS256", "RS256", "ES256K", "EdDSA", "es256", "", 7])("by %s", (alg) => {
    expect(judge("JWS", { alg })).toBe("envelope-algorithm");
  });

  test.each(["2026-05-01T14:00:00+02:00", "2026-05-01T12:00:00.5Z"])("made at %s", (time) => {
    const envelope = jws({ signingTime: undefined, more: { signingTime: time } });
    expect(ask({ ...QUESTION, envelope }, NOW)).toMatchObject({
      signingTime: at("2026-05-01T12:00:00Z"),
      failures: [null],
    });
  });

  test.each(["", "yesterday", "2026-05-01", 1777636800, null])("made at no time: %s", (time) => {
    const envelope = jws({ signingTime: undefined, more: { signingTime: time } });
    expect(verdict({ ...QUESTION, envelope })).toBe("envelope-time");
  });
});

describe("a COSE_Sign1", () => {
  const QUESTION = { mediaType: COSE, trustStore: [ROOT], artifact: ARTIFACT, at: NOW };
  const judged = (edit: Parameters<typeof cose>[1]) =>
    verdict({ ...QUESTION, envelope: cose({}, edit) });
  const chain = (value: unknown) => (parts: unknown[]) => (parts[1] = new Map([[33, value]]));

  test.each<[string, Parameters<typeof cose>[1]]>([
    ["of three parts", (parts) => parts.pop()],
    ["of five parts", (parts) => parts.push(0)],
    ["with no signed headers", (parts) => (parts[0] = new Uint8Array())],
    ["with empty signed headers", (parts) => (parts[0] = encode(new Map()))],
    ["with signed headers that are a list", (parts) => (parts[0] = encode([]))],
    ["with signed headers that are no CBOR", (parts) => (parts[0] = Uint8Array.of(0xff))],
    ["with signed headers that are not wrapped", (parts) => (parts[0] = new Map())],
    ["with unsigned headers that are wrapped", (parts) => (parts[1] = encode(parts[1]))],
    ["with its payload elsewhere", (parts) => (parts[2] = null)],
    ["with an empty payload", (parts) => (parts[2] = new Uint8Array())],
    ["with an empty signature", (parts) => (parts[3] = new Uint8Array())],
    ["with one certificate that is not in a list", chain(CHAIN[0])],
    ["with certificates that are texts", chain(["a"])],
    [
      "with an algorithm that is not signed too",
      (parts) => (parts[1] as Map<number, number>).set(1, -7),
    ],
  ])("%s", (_, edit) => expect(judged(edit)).toBe("envelope-malformed"));

  test("with another tag, or none", () => {
    const parts = cose().subarray(1);
    for (const envelope of [parts, Buffer.concat([Buffer.of(0xd1), parts])]) {
      expect(verdict({ ...QUESTION, envelope })).toBe("envelope-malformed");
    }
    const twice = encode(new Tagged(18, new Tagged(18, 0)));
    expect(verdict({ ...QUESTION, envelope: twice })).toBe("envelope-malformed");
  });

  test.each([-8, -7 - 2 ** 32, 5, -257, "ES256"])("by %s", (alg) => {
    expect(judge("COSE", { alg })).toBe("envelope-algorithm");
  });

  test.each([
    ["no tag", 1777636800],
    ["a text", new Tagged(0, "2026-05-01T12:00:00Z")],
    ["a fraction", new Tagged(1, 1777636800.5)],
    ["before 1970", new Tagged(1, -1)],
  ])("made at a time that is none: %s", (_, signingTime) => {
    expect(judge("COSE", { signingTime: undefined, more: { signingTime } })).toBe("envelope-time");
  });

  test("with a critical header that has a number", () => {
    expect(judge("COSE", { critical: [`${PREFIX}signingScheme`, 33] })).toBe("envelope-critical");
  });
});

test("a signed header twice makes no sense, whatever it says", () => {
  const inJson = (more: string) => (headers: Buffer) =>
    Buffer.from(headers.toString().replace("{", `{${more},`));
  for (const header of ['"alg":"ES256"', '"crit":[]', `"${PREFIX}signingScheme":"notary.x509"`]) {
    expect(judge("JWS", { rewrite: inJson(header) })).toBe("envelope-malformed");
  }
  expect(judge("JWS", { rewrite: inJson('"kid":"1"') })).toBe("ok");
  /** One more pair behind the others of a map. */
  const inCbor = (pair: string) => (headers: Buffer) =>
    Buffer.concat([Buffer.of(headers[0]! + 1), headers.subarray(1), Buffer.from(pair, "hex")]);
  // The algorithm, the same in a longer form, and a time that is no number.
  for (const pair of ["0126", "180126", "04fb", "6161ff"]) {
    expect(judge("COSE", { rewrite: inCbor(pair) })).toBe("envelope-malformed");
  }
  expect(judge("COSE", { rewrite: inCbor("0441aa") })).toBe("ok");
});

test("a signature of one form is none of the other's", () => {
  const envelope = JSON.parse(jws().toString()) as { payload: string; signature: string };
  const payload = Buffer.from(envelope.payload, "base64url");
  const signature = Buffer.from(envelope.signature, "base64url");
  const changed = cose({}, (parts) => parts.splice(2, 2, payload, signature));
  const question = { trustStore: [ROOT], artifact: ARTIFACT, at: NOW };
  expect(verdict({ ...question, mediaType: COSE, envelope: changed })).toBe("envelope-signature");
});

test("keys of the chain sign nothing but certificates", () => {
  for (const form of forms) {
    expect(judge(form, { keys: KEYS.root })).toBe("envelope-signature");
    expect(judge(form, { keys: KEYS.root, chain: [ROOT] })).toBe("certificate-purpose");
    expect(judge(form, { chain: [leaf({ signer: KEYS.root }), ...CHAIN.slice(1)] })).toBe(
      "envelope-chain",
    );
  }
});
