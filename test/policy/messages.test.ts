import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../../host/document.js";
import { kubewarden } from "../../host/capabilities/index.js";
import { parseGrants } from "../../host/capabilities/grants.js";
import { packageFile } from "../../host/package.js";
import { Policy } from "../../host/policy.js";
import { Guest } from "../../host/wapc.js";
import {
  codes,
  digest,
  module,
  pod,
  podRequest,
  trusted,
  validate,
  validateBytes,
} from "./guest.js";
import type { Oracle } from "./guest.js";
import { der } from "../crypto/crypto.js";
import { beside, documentOf, notationItem, notaryItem } from "../evidence/documents.js";
import * as notation from "../notation/make.js";
import { JWS } from "../notation/notation.js";
import * as tuf from "../tuf/make.js";
import type { Files } from "../tuf/tuf.js";
import { conformanceCases } from "../sigstore/bundles.js";
import * as made from "../sigstore/made.js";
import * as chain from "../x509/chain.js";
import * as make from "../x509/make.js";
import { fingerprint, fingerprintOf, keys } from "./keys.js";
import {
  bundle,
  layer,
  logId,
  manifestOf,
  newSigner,
  payloadFor,
  PEM,
  registry,
  signerOf,
} from "./signed.js";

const [KEY, OTHER] = keys as [string, string];
const A = digest("a");
const B = digest("b");
const ALL: JsonObject = { image: "*", pubKeys: [{ name: "release", key: KEY }] };
const NONE = "no signatures found for image: nginx:1.25 ";
const UNMET = `Image verification failed: missing signatures\nkey: |\n  ${KEY}`;

const fails = (message: string): Oracle => {
  return () => new Error(`Callback evaluation failure: ${message}`);
};
const says =
  (...answers: string[]): Oracle =>
  () =>
    answers.length > 1 ? answers.shift()! : answers[0]!;

interface Row {
  request?: Json;
  settings?: Json;
  host?: Oracle;
  /** The time instead of now. */
  at?: string;
  message: string | string[];
}

// The policy's own verification of nginx:1.25, whose digest is A.
const AT = "2026-06-01T12:00:00Z";
const PAYLOAD = payloadFor("index.docker.io/library/nginx", A);
const RELEASE = newSigner();
const LOG = newSigner();
const SIGNED = layer(PAYLOAD, RELEASE);
const SIGNATURE = (SIGNED["annotations"] as Record<string, string>)[
  "dev.cosignproject.cosign/signature"
]!;
const ENTRY = { digest: SIGNED["digest"] as string, signature: SIGNATURE, key: RELEASE.pem };
const RELEASE_PAIR = { privateKey: RELEASE.secret, publicKey: createPublicKey(RELEASE.pem) };
const SUBJECT = [{ digest: { sha256: A.slice(7) } }];
const ENVELOPE = made.envelope(RELEASE_PAIR, JSON.stringify(made.statement({ subject: SUBJECT })));
const IMAGE = 'containers[0] "c0" image "nginx:1.25" (rule 1, *): ';

/** What a rule with the key of `SIGNED` says of a `.sig` manifest. */
function byKey(manifest: string, message: string, more: JsonObject = {}): Row {
  const pubKeys = [{ name: "release", key: RELEASE.pem }];
  return {
    settings: { signatures: [{ image: "*", pubKeys, verifier: "policy", ...more }] },
    host: registry(A, manifest),
    at: AT,
    message: `${IMAGE}not signed by key "release": ${message}`,
  };
}

/** What is wrong with all the signatures of an image, whoever has signed. */
const ofAll = (row: Row): Row => ({
  ...row,
  message: String(row.message).replace('not signed by key "release": ', ""),
});

/** The same, of other annotations of the layer. */
const byKeyIn = (annotations: JsonObject, message: string, more?: JsonObject) =>
  byKey(
    manifestOf([
      { ...SIGNED, annotations: { ...(SIGNED["annotations"] as JsonObject), ...annotations } },
    ]),
    message,
    more,
  );

/** The same, of a log entry with something else in it. */
const logged = (changes: object, message: string) =>
  byKeyIn(bundle(LOG, { ...ENTRY, ...changes }), message, {
    transparencyLog: { keys: [LOG.pem] },
  });

/** What a rule with the key of `SIGNED` says if the cluster answers so, and the registry has no signatures. */
function byFiles(answer: string | Error, message: string, more: JsonObject = {}): Row {
  const evidenceFrom = [{ configMap: { name: "signatures" } }];
  const of = registry(A, "");
  return {
    ...byKey("", message, { evidenceFrom, ...more }),
    host: (request, call) => {
      if (call.namespace === "kubernetes") return answer;
      return call.operation === "v1/oci_manifest" ? new Error("code: 404") : of(request, call);
    },
    message: IMAGE + message,
  };
}

/** The same, of these files. */
const ofFiles = (data: object, message: string, more?: JsonObject) =>
  byFiles(
    JSON.stringify({ metadata: { name: "signatures", namespace: "default" }, data }),
    message,
    more,
  );

/** The same, of a payload. */
const ofPayload = (payload: string, message: string, more?: JsonObject) =>
  ofFiles({ "web.sig": SIGNATURE, "web.payload": payload }, message, more);

/** What a rule says that names a certificate and those above it. */
function byCertificate(certificate: Buffer, above: Buffer[], message: string): Row {
  const rule = {
    image: "*",
    certificates: [PEM(certificate)],
    certificateChain: above.map(PEM),
    requireRekorBundle: false,
    verifier: "policy",
  };
  return {
    settings: { signatures: [rule] },
    host: registry(A, manifestOf([layer(PAYLOAD, signerOf(chain.LEAF.privateKey))])),
    at: AT,
    message: `${IMAGE}not signed by certificate ${fingerprintOf(certificate)}: ${message}`,
  };
}

/** What a keyless rule says of a signature that comes with a certificate. */
function byHolder(certificate: Buffer, message: string): Row {
  const more = { "dev.sigstore.cosign/certificate": PEM(certificate) };
  const keyless = [{ issuer: "https://issuer.example", subject: "dev@demo.example" }];
  return {
    settings: { signatures: [{ image: "*", keyless, verifier: "policy" }] },
    host: registry(A, manifestOf([layer(PAYLOAD, signerOf(chain.LEAF.privateKey), more)])),
    at: AT,
    message: `${IMAGE}not signed by dev@demo.example (https://issuer.example): ${message}`,
  };
}

/** What a rule with this key says of an evidence document in a ConfigMap, where the registry has no signatures. */
const ofDocument = (text: string, message: string, more?: JsonObject) =>
  ofFiles({ "evidence.json": text }, message, more);

const evidence = (fields: object) =>
  JSON.stringify({
    mediaType: "application/vnd.trusted-images.evidence.v1+json",
    image: A,
    items: [],
    ...fields,
  });
const itemOf = (json: object | string) => ({
  type: "sigstore-bundle",
  bundle: Buffer.from(typeof json === "string" ? json : JSON.stringify(json)).toString("base64"),
});

/** The same, of a bundle. */
const ofBundle = (json: object | string, message: string, more?: JsonObject) =>
  ofDocument(evidence({ items: [itemOf(json)] }), message, more);

const SCAN = {
  predicateType: "https://example.com/scan/v1",
  conditions: [{ path: "/summary/critical", atMost: 0 }],
};

/** What a rule with this key and log says of an envelope with this entry. */
const ofEntry = (change: (entry: ReturnType<typeof made.entry>) => object, message: string) =>
  ofBundle(
    made.bundle({ dsseEnvelope: ENVELOPE }, [
      change(made.entry(made.bodies.dsse(ENVELOPE, RELEASE_PAIR), { promise: false })),
    ]),
    message,
    {
      transparencyLog: { required: true },
      trustRoots: { trustedRoot: made.rootWithLog() },
    },
  );

const BEACON = {
  issuer: "https://token.actions.githubusercontent.com",
  subject:
    "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon" +
    "/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main",
};

/** What a rule with the identity of sigstore-conformance says of one of its bundles. */
function ofConformance(name: string, message: string, timestamp?: (der: Buffer) => Buffer): Row {
  const { question } = conformanceCases().find((one) => one.name === name)!;
  const rule = {
    image: "*",
    verifier: "policy",
    keyless: [BEACON],
    evidenceFrom: [{ configMap: { name: "signatures" } }],
    trustRoots: { trustedRoot: question.trustedRoot },
  };
  const json = question.bundle.replace(/("signedTimestamp":\s*")([^"]+)/, (_, before, der) =>
    timestamp
      ? before + timestamp(Buffer.from(String(der), "base64")).toString("base64")
      : `${before}${der}`,
  );
  const text = evidence({ image: question.digest, items: [itemOf(json)] });
  return {
    ...ofDocument(text, ""),
    request: pod(`nginx@${question.digest}`),
    settings: { signatures: [rule] },
    message:
      `containers[0] "c0" image "nginx@${question.digest}" (rule 1, *): not signed by ` +
      `${BEACON.subject.slice(0, 128)}... (${BEACON.issuer}): ${message}`,
  };
}

/** A certificate for these names. */
const named = (...names: Buffer[]) =>
  chain.leaf({ extensions: [make.DIGITAL_SIGNATURE, chain.CODE, make.names(...names)] });

/** What a rule for Notation says of an envelope beside the image. */
function byNotation(envelope: Uint8Array, message: string, more: JsonObject = {}): Row {
  const trust = {
    trustStore: [PEM(notation.ROOT)],
    trustedIdentities: ["x509.subject: C=US, ST=WA, O=Acme"],
  };
  const { DIGEST } = notation;
  return {
    settings: { signatures: [{ image: "*", notation: trust, ...more }] },
    host: beside(DIGEST, documentOf(DIGEST, notationItem(JWS, envelope))),
    at: notation.NOW,
    message: `${IMAGE}not signed by notation C=US, ST=WA, O=Acme: ${message}`,
  };
}

/** The same, of one that is made so. */
const enveloped = (wanted: notation.Wanted, message: string, more?: JsonObject) =>
  byNotation(notation.jws(wanted), message, more);

/** What a rule for Notary says of metadata beside the image. */
function byNotary(files: Files, message: string, more: JsonObject = {}, image?: string): Row {
  const root = { keys: [tuf.publicPem(tuf.SIGNERS.root)] };
  return {
    request: pod(image ?? "nginx:1.25"),
    settings: { signatures: [{ image: "*", notaryV1: { root, gun: tuf.GUN, ...more } }] },
    host: beside(A, documentOf(A, notaryItem(tuf.GUN, files))),
    at: tuf.NOW,
    message: `${IMAGE}not signed by notary ${tuf.GUN}: ${message}`,
  };
}

/** The same, of a repository that is made so, in which the image's tag is signed. */
const published = (wanted: tuf.Wanted, message: string, more?: JsonObject) =>
  byNotary(
    tuf.repository({
      targets: { keys: [tuf.SIGNERS.targets], targets: { "1.25": A } },
      ...wanted,
    }),
    message,
    more,
  );

/** A ConfigMap in the request's namespace. */
function configMap(data: JsonObject): JsonObject {
  return { kind: "ConfigMap", metadata: { name: "keys", namespace: "default" }, data };
}

/** What a person reads, for each code. */
const TABLE: Record<string, Row> = {
  "request-invalid": {
    request: { operation: "CREATE" },
    message: "request: request.kind: is required [request-invalid]",
  },
  "settings-invalid": {
    settings: { signatures: [{ image: "*", pubKeys: [KEY], x: 1 }, { pubKeys: [KEY] }] },
    message:
      "request: settings.signatures[0].x: unknown field; " +
      "settings.signatures[1].image: is required [settings-invalid]",
  },
  "kind-unknown": {
    request: { ...pod("nginx"), kind: { group: "example.com", version: "v1", kind: "Robot" } },
    message:
      "request: there is no knowing which images a Robot of example.com runs; " +
      "add its kind to the setting workloads, or leave it out of the policy's rules [kind-unknown]",
  },
  "object-missing": {
    request: { ...pod("nginx"), object: null },
    message: "request: there is no object in the request [object-missing]",
  },
  "pod-spec-missing": {
    request: { ...pod("nginx"), object: {} },
    message: "request: there is no pod spec in the object [pod-spec-missing]",
  },
  "containers-malformed": {
    request: podRequest({ containers: [null] }),
    message: "request: containers has an item that is no object [containers-malformed]",
  },
  "too-many-images": {
    request: pod(...Array<string>(257).fill("nginx")),
    message: "request: has more than 256 images [too-many-images]",
  },
  "no-images": {
    request: podRequest({ containers: [] }),
    message: "request: the object names no image at all [no-images]",
  },
  "image-missing": {
    request: podRequest({ containers: [{ name: "web" }] }),
    message: 'containers[0] "web": has no image [image-missing]',
  },
  "image-not-string": {
    request: pod(7),
    message: 'containers[0] "c0": has an image that is not a string [image-not-string]',
  },
  "reference-empty": {
    request: pod(""),
    message: 'containers[0] "c0" image "": image is empty [reference-empty]',
  },
  "reference-too-long": {
    request: pod("a".repeat(300)),
    message:
      `containers[0] "c0" image "${"a".repeat(256)}...": ` +
      "repository has more than 255 bytes [reference-too-long]",
  },
  "reference-scheme": {
    request: pod("https://ghcr.io/a"),
    message:
      'containers[0] "c0" image "https://ghcr.io/a": ' +
      "image must not begin with a scheme such as https:// [reference-scheme]",
  },
  "reference-registry": {
    request: pod("ghcr.io./a"),
    message:
      'containers[0] "c0" image "ghcr.io./a": ' +
      "the part before the first / is not a host with an optional port [reference-registry]",
  },
  "reference-upper-case": {
    request: pod("Nginx"),
    message:
      'containers[0] "c0" image "Nginx": repository must be in lower case [reference-upper-case]',
  },
  "reference-repository": {
    request: pod("a..b"),
    message:
      'containers[0] "c0" image "a..b": repository must be lower-case letters and digits, ' +
      "with single . _ or -, or /, between them [reference-repository]",
  },
  "reference-hex-name": {
    request: pod("a".repeat(64)),
    message:
      `containers[0] "c0" image "${"a".repeat(64)}": ` +
      "64 hex digits are an image ID, not a name [reference-hex-name]",
  },
  "reference-tag": {
    request: pod("nginx:-1"),
    message:
      'containers[0] "c0" image "nginx:-1": ' +
      "tag must be 1 to 128 letters, digits, _ . or -, and not begin with . or - [reference-tag]",
  },
  "reference-digest": {
    request: pod("nginx@sha256:ABC"),
    message:
      'containers[0] "c0" image "nginx@sha256:ABC": ' +
      "digest must be sha256: and 64 lower-case hex digits [reference-digest]",
  },
  "reference-digest-algorithm": {
    request: pod("nginx@md5:abc"),
    message:
      'containers[0] "c0" image "nginx@md5:abc": ' +
      "digest must begin with sha256: [reference-digest-algorithm]",
  },
  "image-unmatched": {
    settings: { unmatchedImages: "reject" },
    message:
      'containers[0] "c0" image "nginx:1.25": ' +
      "no rule is for it, and only images with a rule may run [image-unmatched]",
  },
  "signature-missing": {
    host: fails(NONE),
    message:
      'containers[0] "c0" image "nginx:1.25" (rule 1, *): not signed by key "release": ' +
      "no signature found; sign it with cosign in the format of a .sig tag [signature-missing]",
  },
  "signature-unmet": {
    host: fails(UNMET),
    message:
      'containers[0] "c0" image "nginx:1.25" (rule 1, *): not signed by key "release": ' +
      "no signature that fits: Image verification failed: missing signatures [signature-unmet]",
  },
  "threshold-unmet": {
    settings: { signatures: [{ image: "*", pubKeys: [KEY, OTHER], threshold: 1 }] },
    host: fails(NONE),
    message:
      'containers[0] "c0" image "nginx:1.25" (rule 1, *): needs 1 of 2 keys' +
      [KEY, OTHER]
        .map((key) => `; key "${fingerprint(key)}": no signature found; sign it with cosign`)
        .map((part) => `${part} in the format of a .sig tag`)
        .join("") +
      " [threshold-unmet]",
  },
  "payload-unknown": (() => {
    const signer = newSigner("P-384");
    const pubKeys = [{ name: "release", key: signer.pem }];
    return byKey(
      manifestOf([layer(PAYLOAD, signer)]),
      "its payload is not the one for this image and the rule's annotations, " +
        "and the host takes no key of this kind: name all its annotations in the rule [payload-unknown]",
      { annotations: { env: "prod" }, pubKeys },
    );
  })(),
  "key-outside-window": {
    ...byKey("", "", {
      pubKeys: [{ name: "release", key: RELEASE.pem, notAfter: "2026-05-20T12:00:00Z" }],
    }),
    message:
      `${IMAGE}key "release" was valid until 2026-05-20T12:00:00Z, ` +
      "12 days before 2026-06-01T12:00:00Z [key-outside-window]",
  },
  "key-unusable": byKey(
    manifestOf([SIGNED]),
    "it is not a public key: its point is not on the curve [key-unusable]",
    { pubKeys: [{ name: "release", key: offCurve(RELEASE.pem) }] },
  ),
  "too-many-checks": {
    ...byKey(manifestOf(Array<JsonObject>(50).fill(SIGNED)), "", {
      pubKeys: Array.from({ length: 21 }, () => newSigner().pem),
      threshold: 1,
    }),
    message: `${IMAGE}is more work than a request may cost: that of 600 signatures [too-many-checks]`,
  },
  "verifiers-disagree": {
    ...byKey("", "", { verifier: "both" }),
    host: registry(A, manifestOf([SIGNED]), B),
    message:
      `${IMAGE}the policy verified ${A}, and the host ${B}: ` +
      "its tag may be moving [verifiers-disagree]",
  },
  "certificate-malformed": {
    ...byHolder(
      chain.leaf(),
      "its certificate is not one: its PEM must say BEGIN CERTIFICATE [certificate-malformed]",
    ),
    // A bare key would vouch for itself.
    host: registry(
      A,
      manifestOf([layer(PAYLOAD, RELEASE, { "dev.sigstore.cosign/certificate": RELEASE.pem })]),
    ),
  },
  "certificate-algorithm": byCertificate(
    chain.direct({ algorithm: "ecdsaSha1" }),
    [chain.root()],
    "the certificate is signed in an unsupported way: it must be ECDSA or RSA with SHA-2, " +
      "or Ed25519 [certificate-algorithm]",
  ),
  "certificate-extension": byCertificate(
    chain.direct({ extensions: [make.extension("1.2.3", make.NULL, true)] }),
    [chain.root()],
    "the certificate has a critical extension that is not understood here [certificate-extension]",
  ),
  "certificate-key": (() => {
    const keys = generateKeyPairSync("rsa", { modulusLength: 1024 });
    return byCertificate(
      chain.direct({ signer: keys, algorithm: "rsaSha256" }),
      [chain.root({ keys, algorithm: "rsaSha256" })],
      "the root certificate is an RSA key of less than 2048 bits [certificate-key]",
    );
  })(),
  "certificate-purpose": byCertificate(
    chain.direct({ extensions: [make.DIGITAL_SIGNATURE, make.purposes(make.SERVER_AUTH)] }),
    [chain.root()],
    "the certificate is not for signing code: " +
      "its extendedKeyUsage has no codeSigning [certificate-purpose]",
  ),
  "certificate-expired": byCertificate(
    chain.direct({ until: "2026-06-01T11:00:00Z" }),
    [chain.root()],
    "the certificate was valid until 2026-06-01T11:00:00Z, " +
      "1 hour before 2026-06-01T12:00:00Z [certificate-expired]",
  ),
  "certificate-not-yet-valid": byCertificate(
    chain.direct({ from: "2026-06-01T12:00:40Z" }),
    [chain.root()],
    "the certificate is valid from 2026-06-01T12:00:40Z, " +
      "40 seconds after 2026-06-01T12:00:00Z [certificate-not-yet-valid]",
  ),
  "certificate-untrusted": byCertificate(
    chain.direct(),
    [chain.root({ subject: make.commonName("another") })],
    "the certificate was not issued by a CA that is trusted here [certificate-untrusted]",
  ),
  "certificate-not-ca": byCertificate(
    chain.direct(),
    [chain.root({ extensions: [] })],
    "the root certificate is not that of a CA [certificate-not-ca]",
  ),
  "certificate-path-length": (() => {
    const { leaf, intermediates } = chain.ladder(1);
    const none = [make.basicConstraints(make.TRUE, make.integer(0)), make.CERT_SIGN];
    return byCertificate(
      leaf,
      [...intermediates, chain.root({ extensions: none })],
      "the root certificate does not allow that many CAs below it [certificate-path-length]",
    );
  })(),
  "too-many-certificates": byCertificate(
    chain.direct(),
    Array<Buffer>(10).fill(chain.root()),
    "it comes with more than 8 intermediate certificates: " +
      "a path has 10 at most [too-many-certificates]",
  ),
  "certificate-subject-missing": byHolder(
    chain.leaf({ extensions: [make.DIGITAL_SIGNATURE, chain.CODE] }),
    "the certificate does not name its holder [certificate-subject-missing]",
  ),
  "certificate-subject-ambiguous": byHolder(
    named(make.email("dev@demo.example"), make.email("root@demo.example")),
    "the certificate has more than one name of its holder [certificate-subject-ambiguous]",
  ),
  "certificate-issuers-differ": byHolder(
    chain.leaf({
      extensions: [
        make.names(make.email("dev@demo.example")),
        make.extension("1.3.6.1.4.1.57264.1.1", Buffer.from("https://issuer.example")),
        make.extension("1.3.6.1.4.1.57264.1.8", make.utf8("https://other.example")),
      ],
    }),
    "the certificate names two different issuers of its holder's identity " +
      "[certificate-issuers-differ]",
  ),
  "signature-manifest-too-large": ofAll(
    byKey(
      manifestOf([SIGNED]).padEnd((4 << 20) + 1),
      "the .sig manifest has more than 4 MiB [signature-manifest-too-large]",
    ),
  ),
  "signature-manifest-malformed": ofAll(
    byKey("[]", "the .sig manifest makes no sense [signature-manifest-malformed]"),
  ),
  "signature-manifest-kind": ofAll(
    byKey(
      JSON.stringify({ mediaType: "application/vnd.oci.image.index.v1+json", manifests: [] }),
      "the .sig tag names something else than a manifest [signature-manifest-kind]",
    ),
  ),
  "too-many-layers": ofAll(
    byKey(
      manifestOf(Array<JsonObject>(65).fill(SIGNED)),
      "the .sig manifest has more than 64 layers [too-many-layers]",
    ),
  ),
  "layer-malformed": ofAll(
    byKey(
      manifestOf([{ ...SIGNED, digest: "sha256:abc" }]),
      "layer 1 has no digest that is sha256: and 64 hex digits [layer-malformed]",
    ),
  ),
  "annotation-too-large": ofAll(
    byKeyIn(
      { "dev.sigstore.cosign/chain": "x".repeat((64 << 10) + 1) },
      "layer 1 has an annotation of more than 64 KiB [annotation-too-large]",
    ),
  ),
  "signature-malformed": byKeyIn(
    { "dev.cosignproject.cosign/signature": "***" },
    "its signature is not base64 [signature-malformed]",
  ),
  "resource-denied": byFiles(
    new Error("Policy has not been granted access to Kubernetes v1/ConfigMap resources. The …"),
    "the host denies this policy ConfigMap objects: add {apiVersion: v1, kind: ConfigMap} to the policy's " +
      "contextAwareResources, which only a cluster-wide policy has [resource-denied]",
  ),
  "resource-forbidden": byFiles(
    new Error('ApiError: configmaps "signatures" is forbidden: User "u" cannot get resource'),
    "the policy server may not read ConfigMap objects: bind its service account to a role with " +
      '{apiGroups: [""], resources: [configmaps], verbs: [get, list, watch]} [resource-forbidden]',
  ),
  "resource-missing": byFiles(
    new Error(
      "Cannot find v1/ConfigMap named 'signatures' inside of namespace 'Some(\"default\")'",
    ),
    "there is no ConfigMap signatures in namespace default " +
      "(the rule names no namespace, so that of the request) [resource-missing]",
  ),
  "resource-too-large": byFiles(
    JSON.stringify({ data: { a: "a".repeat(8 << 20) } }),
    "the cluster's objects that the rules read have more than 8 MiB [resource-too-large]",
  ),
  "namespace-missing": {
    ...byFiles("", "the request is in no namespace, and the rule names none [namespace-missing]"),
    request: { ...(pod("nginx:1.25") as JsonObject), namespace: "" },
  },
  "too-many-signature-files": ofFiles(
    Object.fromEntries(
      Array.from({ length: 257 }, (_, i) => [
        [`${i}.sig`, SIGNATURE],
        [`${i}.payload`, PAYLOAD],
      ]).flat(),
    ),
    "a source of evidenceFrom has more than 256 signatures [too-many-signature-files]",
  ),
  "signature-file-too-large": ofFiles(
    { "web.sig": SIGNATURE, "web.payload": "a".repeat((64 << 10) + 1) },
    "the signature file web.payload in ConfigMap default/signatures has more than 64 KiB [signature-file-too-large]",
  ),
  "signature-file-malformed": ofFiles(
    { "web.sig": SIGNATURE, "web.payload": 1 },
    "the signature file web.payload in ConfigMap default/signatures is not a text [signature-file-malformed]",
  ),
  "signature-file-incomplete": ofFiles(
    { "web.sig": SIGNATURE },
    "the signature file web in ConfigMap default/signatures lacks its .sig or its .payload [signature-file-incomplete]",
  ),
  "payload-malformed": ofPayload("{", "its payload is not JSON [payload-malformed]"),
  "payload-type": ofPayload(
    PAYLOAD.replace("cosign container", "atomic container"),
    "its payload is not of a cosign container image signature [payload-type]",
  ),
  "payload-digest": ofPayload(
    payloadFor("nginx", B),
    "the signatures in files are for other images [payload-digest]",
  ),
  "payload-annotations": ofPayload(
    PAYLOAD,
    'not signed by key "release": what it signed has not the annotations that the rule asks for [payload-annotations]',
    { annotations: { env: "prod" } },
  ),
  "log-entry-missing": byKey(
    manifestOf([SIGNED]),
    "its signature has no entry of a transparency log [log-entry-missing]",
    { transparencyLog: { keys: [LOG.pem] } },
  ),
  "log-entry-malformed": byKeyIn(
    { "dev.sigstore.cosign/bundle": "{}" },
    "its log entry makes no sense [log-entry-malformed]",
    { transparencyLog: { keys: [LOG.pem] } },
  ),
  "log-unknown": byKeyIn(
    bundle(LOG, ENTRY),
    `its log entry is of a log that is not trusted: ${logId(LOG.pem)} [log-unknown]`,
    { transparencyLog: { required: true } },
  ),
  "log-key-expired": byKeyIn(
    // Rekor's own, before there was one.
    {
      "dev.sigstore.cosign/bundle": (
        bundle(LOG, { ...ENTRY, time: 1_500_000_000 })["dev.sigstore.cosign/bundle"] as string
      ).replace(logId(LOG.pem), "c0d23d6ad406973f9559f3ba2d1ca01f84147d8ffc5b8445c224f98b9591801d"),
    },
    "the key of its log is valid from 2021-01-12T11:53:27Z, " +
      "1278 days after 2017-07-14T02:40:00Z [log-key-expired]",
    { transparencyLog: { required: true } },
  ),
  "log-signature-invalid": byKeyIn(
    bundle({ ...newSigner(), pem: LOG.pem }, ENTRY),
    "its log entry is not signed by the log it names [log-signature-invalid]",
    { transparencyLog: { keys: [LOG.pem] } },
  ),
  "log-entry-kind": logged(
    { kind: "intoto" },
    "its log entry is of another kind than hashedrekord 0.0.1 [log-entry-kind]",
  ),
  "log-entry-payload": logged(
    { digest: A },
    "its log entry is about something else that was signed [log-entry-payload]",
  ),
  "log-entry-signature": logged(
    { signature: "MAYCAQECAQE=" },
    "its log entry is about another signature [log-entry-signature]",
  ),
  "log-entry-key": logged(
    { key: LOG.pem },
    "its log entry is about a signature by another key [log-entry-key]",
  ),
  "evidence-too-large": ofDocument(
    " ".repeat(4 << 20) + evidence({}),
    "an evidence document has more than 4 MiB [evidence-too-large]",
  ),
  "evidence-malformed": ofDocument(
    evidence({ items: [{ type: "other" }, { type: "sigstore-bundle", bundle: "A" }] }),
    "an evidence document counts for nothing: its item 2 is broken [evidence-malformed]",
  ),
  "evidence-kind": ofDocument(
    evidence({ mediaType: "application/json" }),
    "what should be an evidence document is none: it has another mediaType [evidence-kind]",
  ),
  "evidence-image": ofDocument(
    evidence({ image: B }),
    "the evidence document is for another image [evidence-image]",
  ),
  "too-many-evidence-items": ofDocument(
    evidence({ items: Array(65).fill({ type: "other" }) }),
    "an evidence document has more than 64 items [too-many-evidence-items]",
  ),
  "predicate-type": ofBundle(
    made.bundle({
      dsseEnvelope: made.envelope(
        RELEASE_PAIR,
        JSON.stringify(made.statement({ subject: SUBJECT, predicateType: "https://slsa.dev/x" })),
      ),
    }),
    'not signed by key "release": it is an attestation, and no signature of the image [predicate-type]',
  ),
  "attestation-missing": ofBundle(
    made.bundle({ dsseEnvelope: ENVELOPE }),
    'not attested by key "release": no attestation of type https://example.com/scan/v1 by the signer was found [attestation-missing]',
    { attestations: [SCAN] },
  ),
  "attestation-condition": ofBundle(
    made.bundle({
      dsseEnvelope: made.envelope(
        RELEASE_PAIR,
        JSON.stringify({
          ...made.statement({ subject: SUBJECT, predicateType: SCAN.predicateType }),
          predicate: { summary: { critical: 3 } },
        }),
      ),
    }),
    'not attested by key "release": /summary/critical of its predicate is 3, and must be a number of at most 0 [attestation-condition]',
    { attestations: [SCAN] },
  ),
  "bundle-malformed": ofBundle(
    { ...made.bundle({ dsseEnvelope: ENVELOPE }), other: 1 },
    "its bundle has a field that is not known [bundle-malformed]",
  ),
  "bundle-version": ofBundle(
    { ...made.bundle({ dsseEnvelope: ENVELOPE }), mediaType: "application/json" },
    "its bundle is of no version that is read here: 0.1, 0.2 or 0.3 [bundle-version]",
  ),
  "log-proof-missing": ofEntry(
    (entry) => ({ ...entry, inclusionProof: undefined }),
    "its log entry comes without the proof that it is in its log [log-proof-missing]",
  ),
  "log-proof-invalid": ofEntry(
    ({ inclusionProof, ...entry }) => ({
      ...entry,
      inclusionProof: { ...inclusionProof, rootHash: "AAAA" },
    }),
    "the proof that its log entry is in the log does not lead to the log's checkpoint [log-proof-invalid]",
  ),
  "checkpoint-malformed": ofEntry(
    ({ inclusionProof, ...entry }) => ({
      ...entry,
      inclusionProof: { ...inclusionProof, checkpoint: { envelope: "x" } },
    }),
    "the checkpoint of its log entry makes no sense [checkpoint-malformed]",
  ),
  "checkpoint-unsigned": ofEntry(({ inclusionProof, ...entry }) => {
    const envelope = inclusionProof!.checkpoint.envelope.replace("— log.example", "— other");
    return { ...entry, inclusionProof: { ...inclusionProof, checkpoint: { envelope } } };
  }, 'not signed by key "release": the checkpoint of its log entry is not signed by the log it names [checkpoint-unsigned]'),
  "time-unproven": ofConformance(
    "rekor2-no-timestamp",
    "neither a log nor an authority of time says when its signature was made [time-unproven]",
  ),
  "timestamp-malformed": ofConformance(
    "rekor2-happy-path",
    "its timestamp cannot be read: it must be an answer of RFC 3161 with SHA-2, signed by one [timestamp-malformed]",
    () => Buffer.from("x"),
  ),
  "timestamp-signature": ofConformance(
    "rekor2-timestamp-payload-mismatch",
    "its timestamp is of another signature [timestamp-signature]",
  ),
  "timestamp-unknown": ofConformance(
    "rekor2-timestamp-untrusted-tsa-with-embedded-cert",
    "its timestamp is of an authority that is not trusted here [timestamp-unknown]",
  ),
  "timestamp-invalid": ofConformance(
    "rekor2-happy-path",
    "its timestamp is not signed by the authority it names [timestamp-invalid]",
    (der) => {
      der[der.length - 1]! ^= 1;
      return der;
    },
  ),
  "timestamp-untrusted": ofConformance(
    "rekor2-timestamp-outside-trust-root-tsa-validity",
    "the authority of its timestamp is not to be relied on: it was valid until 2025-06-01T00:00:00Z, 11 days before 2025-06-12T12:02:20Z [timestamp-untrusted]",
  ),
  "resource-ambiguous": fromCluster(
    { items: ["a", "b"].map((name) => ({ metadata: { name, namespace: "default" } })) },
    { keysFrom: [{ cosignKey: {} }] },
    "there is more than one CosignKey in namespace default: " +
      "set merge: true, or remove the others [resource-ambiguous]",
  ),
  "keys-missing": fromCluster(
    configMap({ "cosign.key": "-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----" }),
    { keysFrom: [{ configMap: { name: "keys" } }] },
    "no public key in PEM in ConfigMap keys in namespace default [keys-missing]",
  ),
  "too-few-keys": fromCluster(
    configMap({ a: KEY, b: KEY, c: KEY.slice(0, 40), d: KEY, "d.not-after": "soon" }),
    { keysFrom: [{ configMap: { name: "keys" } }], threshold: 2 },
    "too few keys: needs 2, and has 1; " +
      "default/keys/c is not PEM: it has no line -----END ...-----; " +
      "default/keys/d has a not-before or not-after that is no time in UTC [too-few-keys]",
  ),
  "too-many-keys": fromCluster(
    configMap(Object.fromEntries(Array.from({ length: 513 }, (_, i) => [`k${i}`, KEY]))),
    { keysFrom: [{ configMap: { name: "keys" } }] },
    "the rule reads more than 512 keys from the cluster [too-many-keys]",
  ),
  "trust-roots-unusable": fromCluster(
    configMap({ "fulcio.pem": PEM(Buffer.from("x")) }),
    {
      keyless: [{ issuer: "i", subject: "s" }],
      verifier: "policy",
      trustRootsFrom: { configMap: { name: "keys" } },
    },
    "ConfigMap keys in namespace default: its entry fulcio.pem is broken: " +
      "it is not a certificate: its DER is broken [trust-roots-unusable]",
  ),
  "capability-denied": {
    host: () =>
      new Error(
        "Policy has not been granted access to the 'oci/v2/verify' host capability. " +
          "The violation has been reported.",
      ),
    message:
      'containers[0] "c0" image "nginx:1.25" (rule 1, *): not signed by key "release": ' +
      "the host denies this policy the capability oci/v2/verify: " +
      "add it to the policy's hostCapabilities [capability-denied]",
  },
  "host-failed": {
    host: fails("connection refused\nCaused by: tcp"),
    message:
      'containers[0] "c0" image "nginx:1.25" (rule 1, *): not signed by key "release": ' +
      "the host could not verify it: connection refused [host-failed]",
  },
  "answer-malformed": {
    host: says("[]"),
    message:
      'containers[0] "c0" image "nginx:1.25" (rule 1, *): not signed by key "release": ' +
      "the host's answer makes no sense [answer-malformed]",
  },
  "answer-untrusted": {
    host: says('{"is_trusted":false}'),
    message:
      'containers[0] "c0" image "nginx:1.25" (rule 1, *): not signed by key "release": ' +
      "the host does not trust it [answer-untrusted]",
  },
  "answer-digest": {
    host: says('{"is_trusted":true}'),
    message:
      'containers[0] "c0" image "nginx:1.25" (rule 1, *): not signed by key "release": ' +
      "the host names no digest of what it verified [answer-digest]",
  },
  "too-many-calls": {
    request: pod(...Array.from({ length: 171 }, (_, index) => `a${index}`)),
    settings: { signatures: [0, 1, 2].map((index) => ({ image: "*", pubKeys: [keys[index]!] })) },
    host: says(trusted(A)),
    message:
      'containers[170] "c170" image "a170" (rule 3, *): ' +
      `not signed by key "${fingerprint(keys[2]!)}": ` +
      "needs more than the 512 calls that a request may cost [too-many-calls]",
  },
  "digest-mismatch": {
    request: pod(`nginx@${A}`),
    host: says(trusted(B)),
    message:
      `containers[0] "c0" image "nginx@${A}" (rule 1, *): what was verified is ${B}, ` +
      "and not the digest of the image [digest-mismatch]",
  },
  "digests-differ": {
    settings: { signatures: [ALL, { image: "nginx", pubKeys: [OTHER] }] },
    host: says(trusted(A), trusted(B)),
    message:
      'containers[0] "c0" image "nginx:1.25" (rule 2, nginx): the rules were met by different ' +
      "images: its tag may be moving; name the image by digest [digests-differ]",
  },
  "certificate-revocable": enveloped(
    {
      chain: [
        notation.leaf({
          extensions: [...notation.LEAF, make.extension("2.5.29.31", der(0x30))],
        }),
        ...notation.CHAIN.slice(1),
      ],
    },
    "a certificate says where to ask if it has been revoked, " +
      "and this policy cannot ask there [certificate-revocable]",
  ),
  "envelope-too-large": enveloped(
    { unsigned: { note: "n".repeat(256 << 10) } },
    "its signature has more than 256 KiB [envelope-too-large]",
  ),
  "envelope-malformed": byNotation(
    Buffer.from("{}"),
    "its signature is no JWS of Notation's [envelope-malformed]",
  ),
  "envelope-algorithm": enveloped(
    { alg: "RS256" },
    "its signature is by an unsupported algorithm: it must be PS or ES with SHA-2 [envelope-algorithm]",
  ),
  "envelope-payload": enveloped(
    { contentType: "application/json" },
    "its signature is not of a Notation payload [envelope-payload]",
  ),
  "envelope-scheme": enveloped(
    { scheme: "notary.x509.signingAuthority" },
    "its signature is not by the signing scheme notary.x509 [envelope-scheme]",
  ),
  "envelope-critical": enveloped(
    { more: { verificationPlugin: "com.example" } },
    "its signature demands what is not understood here: " +
      "io.cncf.notary.verificationPlugin [envelope-critical]",
  ),
  "envelope-time": enveloped(
    { signingTime: undefined },
    "its signature does not say when it was made [envelope-time]",
  ),
  "envelope-expired": enveloped(
    { expiry: Date.parse(notation.NOW) / 1000 },
    "its signature expired at 2026-06-01T12:00:00Z [envelope-expired]",
  ),
  "envelope-chain": enveloped(
    { chain: [notation.CHAIN[0]!, notation.ROOT] },
    "its signature does not come with the certificates from the signer's to a root, " +
      "in this order [envelope-chain]",
  ),
  "envelope-signature": enveloped(
    { keys: notation.KEYS.middle },
    "its signature is not by the key of the certificate [envelope-signature]",
  ),
  "envelope-signer": {
    ...enveloped({}, "", {
      notation: {
        trustStore: [PEM(notation.ROOT)],
        trustedIdentities: ["x509.subject: C=US, ST=WA, O=A", "x509.subject: C=US, ST=WA, O=B"],
      },
    }),
    message:
      `${IMAGE}not signed by notation C=US, ST=WA, O=A or C=US, ST=WA, O=B: ` +
      "its signature says that it is by C=US, ST=WA, O=Acme, CN=signer, " +
      "who is not among the trusted identities [envelope-signer]",
  },
  "artifact-malformed": enveloped(
    { payload: {} },
    "its signature does not name an image [artifact-malformed]",
  ),
  "artifact-annotation": enveloped(
    {},
    'its signature is not with the annotation "env=prod" [artifact-annotation]',
    { annotations: { env: "prod" } },
  ),
  "tuf-malformed": byNotary(
    { ...tuf.repository(), root: Buffer.from("{}") },
    "Notary's metadata of root makes no sense [tuf-malformed]",
  ),
  "tuf-canonical": published(
    { edit: { root: (signed) => Object.assign(signed, { version: 1, more: 1.5 }) } },
    "Notary's metadata of root is not in the order and form that is signed [tuf-canonical]",
  ),
  "tuf-gun": {
    ...published({}, "", { gun: "" }),
    message:
      `${IMAGE}not signed by notary docker.io/library/nginx: its evidence has Notary's metadata ` +
      `of another repository: ${tuf.GUN} [tuf-gun]`,
  },
  "tuf-root": published(
    {},
    "Notary's metadata of root has none of the keys that are trusted here [tuf-root]",
    { root: { keys: [RELEASE.pem] } },
  ),
  "tuf-rollback": published(
    {},
    "Notary's metadata of root is older than the one that is trusted here [tuf-rollback]",
    {
      root: {
        rootJson: Buffer.from(tuf.repository({ versions: { root: 2 } })["root"]!).toString(),
      },
    },
  ),
  "tuf-threshold": published(
    { targets: { keys: [tuf.SIGNERS.targets], signers: [tuf.SIGNERS.releases] } },
    "Notary's metadata of targets is not signed by as many of its keys as must have [tuf-threshold]",
  ),
  "tuf-expired": published(
    { expires: { timestamp: "2026-06-01T11:59:59Z" } },
    "Notary's metadata of timestamp expired at 2026-06-01T11:59:59Z [tuf-expired]",
  ),
  "tuf-stale": published(
    { expires: { timestamp: "2026-06-05T12:00:00Z" } },
    "Notary's metadata of timestamp was made at 2026-05-22T12:00:00Z, " +
      "and may be no older than 1 day [tuf-stale]",
    { maxTimestampDays: 1 },
  ),
  "tuf-hash": byNotary(
    { ...tuf.repository(), snapshot: tuf.repository({ versions: { snapshot: 2 } })["snapshot"]! },
    "Notary's metadata of snapshot is not the one that timestamp names [tuf-hash]",
  ),
  "tuf-role-missing": {
    ...published({}, "", { delegations: ["targets/releases"] }),
    message:
      `${IMAGE}not signed by notary targets/releases of ${tuf.GUN}: ` +
      "Notary's metadata of targets/releases is not there [tuf-role-missing]",
  },
  "tuf-tag-missing": byNotary(
    tuf.repository(),
    'the tag "1.25" is not signed in Notary\'s metadata [tuf-tag-missing]',
  ),
  "tuf-digest-missing": {
    ...byNotary(tuf.repository(), "", {}, `nginx@${A}`),
    message:
      `containers[0] "c0" image "nginx@${A}" (rule 1, *): not signed by notary ${tuf.GUN}: ` +
      `no tag that is signed means ${A} [tuf-digest-missing]`,
  },
  "tuf-signers": {
    ...published(
      {
        targets: {
          keys: [tuf.SIGNERS.targets],
          targets: { "1.25": A },
          delegations: { "targets/releases": { keys: [tuf.SIGNERS.releases] } },
        },
      },
      "",
      { delegations: ["targets", "targets/releases"] },
    ),
    message:
      `${IMAGE}not signed by notary targets and targets/releases of ${tuf.GUN}: the tag "1.25" ` +
      "is not signed by as many roles as must have in Notary's metadata [tuf-signers]",
  },
};

/** What the message of a rule with keys from the cluster says when the host answers so. */
function fromCluster(answer: JsonObject, rule: JsonObject, message: string): Row {
  return {
    settings: { signatures: [{ image: "*", ...rule }] },
    host: says(JSON.stringify(answer)),
    message: `${IMAGE}${message}`,
  };
}

/** A key whose point has another y. */
function offCurve(pem: string): string {
  const der = Buffer.from(pem.replace(/-----.*-----/g, ""), "base64");
  der[der.length - 1]! ^= 1;
  return `-----BEGIN PUBLIC KEY-----\n${der.toString("base64")}\n-----END PUBLIC KEY-----\n`;
}

const ROOTS_FROM = {
  keyless: [{ issuer: "i", subject: "s" }],
  verifier: "policy",
  trustRootsFrom: { configMap: { name: "keys" } },
};
const KEYS_FROM = { keysFrom: [{ configMap: { name: "keys" } }] };

/** Where an artifact should be, and how it comes there. */
const artifactAt = (image: string) =>
  `docker.io/library/nginx:${image.replace(":", "-")}.evidence, where trusted-images evidence push puts it`;

const NO_SIGNATURE = "no signature found; sign it with cosign in the format of a .sig tag";
const UNNAMED = "(the rule names no namespace, so that of the request)";

/** Other words for the same codes. */
const WORDS: Record<string, Row> = {
  "a time that is for no key, where all must sign": fromCluster(
    configMap({ "a.pub": KEY, "a.pubs.not-after": "2020-01-01" }),
    KEYS_FROM,
    "all of its keys must sign; default/keys/a.pubs.not-after is for no key: " +
      "there is no public key a.pubs [key-unusable]",
  ),
  "a time that is for no key, where one is enough": fromCluster(
    configMap({ "a.pub": KEY, "a.pub.notAfter": "2020-01-01", "a.pub.not_before": "2020-01-01" }),
    { ...KEYS_FROM, threshold: 1 },
    "too few keys: needs 1, and has 0; " +
      "default/keys/a.pub.notAfter is for no key: its name must end in .not-before or .not-after; " +
      "default/keys/a.pub.not_before is for no key: its name must end in .not-before or .not-after [too-few-keys]",
  ),
  "a time for what is no public key": fromCluster(
    configMap({ "cosign.key": "secret", "cosign.key.not-after": "2020-01-01" }),
    KEYS_FROM,
    "no public key in PEM in ConfigMap keys in namespace default; " +
      "default/keys/cosign.key.not-after is for no key: there is no public key cosign.key [keys-missing]",
  ),
  "a key of the cluster off its curve, where all must sign": fromCluster(
    configMap({ a: KEY, b: offCurve(OTHER) }),
    KEYS_FROM,
    "all of its keys must sign; default/keys/b is not a public key: " +
      "its point is not on the curve [key-unusable]",
  ),
  "a key of the cluster off its curve, and too few are left": fromCluster(
    configMap({ a: KEY, b: offCurve(OTHER) }),
    { ...KEYS_FROM, threshold: 2 },
    "too few keys: needs 2, and has 1; default/keys/b is not a public key: " +
      "its point is not on the curve [too-few-keys]",
  ),
  "trust roots with a log's key off its curve": fromCluster(
    configMap({ "rekor.pub": offCurve(KEY) }),
    ROOTS_FROM,
    "ConfigMap keys in namespace default: its entry rekor.pub is broken: " +
      "it is not a public key: its point is not on the curve [trust-roots-unusable]",
  ),
  "an object that is not there, in a namespace that the rule names": byFiles(
    new Error("Cannot find v1/ConfigMap named 'signatures' inside of namespace 'Some(\"shop\")'"),
    "there is no ConfigMap signatures in namespace shop [resource-missing]",
    { evidenceFrom: [{ configMap: { name: "signatures", namespace: "shop" } }] },
  ),
  "objects that are not there": fromCluster(
    { items: [] },
    { keysFrom: [{ configMap: { labelSelector: "a=b" } }] },
    `there is no ConfigMap a=b in namespace default ${UNNAMED} [resource-missing]`,
  ),
  "a CosignKey that is not there": fromCluster(
    { items: [] },
    { keysFrom: [{ cosignKey: {} }] },
    "there is no CosignKey in namespace default [resource-missing]",
  ),
  "a namespace that is not there": {
    settings: { signatures: [{ ...ALL, namespaceSelector: { matchLabels: { a: "b" } } }] },
    host: () => new Error("Cannot find v1/Namespace named 'default' inside of namespace 'None'"),
    message: `${IMAGE}there is no Namespace default [resource-missing]`,
  },
  "no file in a ConfigMap": ofFiles(
    { README: "none" },
    `${NO_SIGNATURE}; no signature files in ConfigMap signatures in namespace default ${UNNAMED} [signature-missing]`,
  ),
  "no artifact beside the image": {
    settings: { signatures: [{ ...ALL, verifier: "policy", evidenceFrom: [{ artifact: true }] }] },
    host: (request, call) =>
      call.operation === "v1/oci_manifest" ? new Error("code: 404") : beside(A)(request, call),
    message: `${IMAGE}${NO_SIGNATURE}; no evidence document at ${artifactAt(A)} [signature-missing]`,
  },
  "no artifact with an envelope beside the image": {
    ...enveloped({}, ""),
    host: beside(A),
    message:
      `${IMAGE}not signed by notation C=US, ST=WA, O=Acme: its evidence documents have no signature of Notation's: ` +
      `sign it with notation; no evidence document at ${artifactAt(A)} [signature-missing]`,
  },
  "an artifact without Notary's metadata": {
    ...byNotary(tuf.repository(), ""),
    host: beside(A, documentOf(A)),
    message:
      `${IMAGE}not signed by notary ${tuf.GUN}: its evidence documents have no metadata of Notary's: ` +
      "collect it with --notary-server [signature-missing]",
  },
  "no file anywhere": byFiles(
    '{"items":[]}',
    `${NO_SIGNATURE}; no signature files in ConfigMap a=b in namespace shop; ` +
      "the object has no annotations trusted-images.dev/<name>.sig and .payload [signature-missing]",
    {
      evidenceFrom: [
        { configMap: { labelSelector: "a=b", namespace: "shop" } },
        { annotation: true },
      ],
    },
  ),
  "a payload that an editor has ended with a line break": ofPayload(
    `${PAYLOAD}\n`,
    'not signed by key "release": no signature of the image is by it; ' +
      "its payload ends with a line break: write that file without [signature-unmet]",
  ),
  "a signature that is a line break": ofFiles(
    { "web.sig": "\n", "web.payload": PAYLOAD },
    'not signed by key "release": no signature of the image is by it [signature-unmet]',
  ),
  "several keys that the host is asked for at once": {
    settings: { signatures: [{ image: "*", pubKeys: keys.slice(0, 2) }] },
    host: fails("missing signatures"),
    message:
      `${IMAGE}not signed by all of key "${fingerprint(KEY)}" and key "${fingerprint(OTHER)}": ` +
      "no signature that fits: missing signatures [signature-unmet]",
  },
  "trust roots that are none": fromCluster(
    configMap({ README: "none" }),
    ROOTS_FROM,
    "no certificates, log keys or trusted_root.json in ConfigMap keys in namespace default " +
      "[trust-roots-unusable]",
  ),
  "a trusted_root.json that is none": fromCluster(
    configMap({ "trusted_root.json": "{}" }),
    ROOTS_FROM,
    "ConfigMap keys in namespace default: its entry trusted_root.json is broken: " +
      "it is no trusted_root.json of Sigstore that is whole [trust-roots-unusable]",
  ),
};

/** These need bytes that no value has. */
const OF_BYTES: Record<string, { payload: Buffer; message: string }> = {
  "request-too-large": {
    payload: Buffer.alloc((8 << 20) + 1, " "),
    message: "request: it has more than 8 MiB [request-too-large]",
  },
  "request-not-json": {
    payload: Buffer.from('{"request":{},}'),
    message: "request: it is not JSON: unexpected character, at byte 14 [request-not-json]",
  },
  "duplicate-key": {
    payload: Buffer.from(
      JSON.stringify({ request: pod("nginx"), settings: { signatures: [ALL] } }).replace(
        '"image":"nginx"',
        '"image":"nginx","image":"evil"',
      ),
    ),
    message: 'request: the key "image" stands twice in one object [duplicate-key]',
  },
};

/** The answer to a row's request, a rejection. */
function decide({ request, settings, host, at }: Row) {
  const given = settings ?? { signatures: [ALL] };
  const asked = host ?? says("no call is expected");
  const answer = validate(request ?? pod("nginx:1.25"), given, asked, at);
  expect(answer.accepted).toBe(false);
  return answer;
}

describe("the message of", () => {
  test.each(Object.entries(TABLE))("%s", (code, row) => {
    const answer = decide(row);
    expect(answer.message).toBe(row.message);
    expect(codes(answer)).toEqual([code]);
  });

  test.each(Object.entries(WORDS))("%s", (_, row) => {
    expect(decide(row).message).toBe(row.message);
  });

  test.each(Object.entries(OF_BYTES))("%s", (code, { payload, message }) => {
    const answer = validateBytes(payload);
    expect(answer.message).toBe(message);
    expect(codes(answer)).toEqual([code]);
  });

  test("every code is asserted here", () => {
    const source = readFileSync(new URL("../../assembly/failure.ts", import.meta.url), "utf8");
    const names = [...source.matchAll(/^ {2}"([a-z0-9-]+)",$/gm)].map(([, name]) => name!);
    expect([...Object.keys(TABLE), ...Object.keys(OF_BYTES)].sort()).toEqual(names.sort());
  });

  test("two digests of one rule's keys names both", () => {
    const rule = { image: "*", pubKeys: keys, threshold: 2 };
    const host = says(trusted(A), trusted(B));
    expect(validate(pod("nginx"), { signatures: [rule] }, host).message).toBe(
      `containers[0] "c0" image "nginx" (rule 1, *): what was verified is ${B}, ` +
        `and by another answer ${A} [digests-differ]`,
    );
  });
});

describe("a key's time, and now", () => {
  const at = (window: JsonObject, now: string, host = refuseCalls) => {
    const pubKeys = [{ name: "release", key: KEY, ...window }];
    const answer = validate(pod("nginx"), { signatures: [{ image: "*", pubKeys }] }, host, now);
    return answer.message?.replace(/.*key "release" /, "").replace(" [key-outside-window]", "");
  };
  const refuseCalls: Oracle = () => new Error("no call is expected");
  const noon = "2026-06-01T12:00:00Z";

  test.each([
    [{ notAfter: "2026-06-01T11:59:59Z" }, "was valid until 2026-06-01T11:59:59Z, 1 second before"],
    [
      { notAfter: "2026-06-01T11:59:01Z" },
      "was valid until 2026-06-01T11:59:01Z, 59 seconds before",
    ],
    [{ notAfter: "2026-06-01T11:59:00Z" }, "was valid until 2026-06-01T11:59:00Z, 1 minute before"],
    [
      { notAfter: "2026-06-01T11:00:01Z" },
      "was valid until 2026-06-01T11:00:01Z, 59 minutes before",
    ],
    [{ notAfter: "2026-06-01" }, "was valid until 2026-06-01T00:00:00Z, 12 hours before"],
    [{ notAfter: "2024-02-29" }, "was valid until 2024-02-29T00:00:00Z, 823 days before"],
    [{ notAfter: "1970-01-01" }, "was valid until 1970-01-01T00:00:00Z, 20605 days before"],
    [{ notAfter: "1969-12-31" }, "was valid until a time before 1970, 20606 days before"],
    [{ notBefore: "2026-06-01T12:00:01Z" }, "is valid from 2026-06-01T12:00:01Z, 1 second after"],
    [{ notBefore: "2026-06-02T11:59:59Z" }, "is valid from 2026-06-02T11:59:59Z, 23 hours after"],
    [{ notBefore: "2026-06-02T12:00:00Z" }, "is valid from 2026-06-02T12:00:00Z, 1 day after"],
    [{ notBefore: "2100-03-01" }, "is valid from 2100-03-01T00:00:00Z, 26935 days after"],
    [
      { notBefore: "9999-12-31T23:59:59Z" },
      "is valid from 9999-12-31T23:59:59Z, 2912291 days after",
    ],
  ])("%j", (window, words) => {
    expect(at(window, noon)).toBe(`${words} ${noon}`);
  });

  test("both its ends belong to it", () => {
    const window = { notBefore: noon, notAfter: noon };
    expect(at(window, noon, says(trusted(A)))).toBeUndefined();
    expect(at(window, "2026-06-01T11:59:59Z")).toMatch(/^is valid from .*, 1 second after/);
    expect(at(window, "2026-06-01T12:00:01Z")).toMatch(/^was valid until .*, 1 second before/);
  });

  // Nor is a key that could not be asked for one that need not be asked for.
  test.each([
    ["alone", []],
    ["beside one that may be used at any time", [RELEASE.pem]],
  ])("of a host that has no clock, %s", (_, others) => {
    const bytes = readFileSync(packageFile("policy.wasm"));
    // Another name of the import: this host says of any but the clock that it does not have it.
    const name = bytes.indexOf("clock_time_get");
    bytes.write("clock_none_get", name);
    const guest = Guest.load(Uint8Array.from(bytes), {
      hostCall: () => {
        throw new Error("no call is expected");
      },
    });
    const pubKeys = [{ name: "release", key: KEY, notAfter: "2999-01-01" }, ...others];
    const settings = { signatures: [{ image: "*", pubKeys }] };
    const payload = Buffer.from(JSON.stringify({ request: pod("nginx"), settings }));
    const answer = JSON.parse(
      Buffer.from(guest.call("validate", payload)).toString(),
    ) as JsonObject;
    expect(answer["message"]).toBe(
      'containers[0] "c0" image "nginx" (rule 1, *): key "release" is valid at certain times only, ' +
        "and the host does not tell the time [key-outside-window]",
    );
  });
});

test("lines are in the order of the containers, then of the rules", () => {
  const request = podRequest({
    volumes: [{ name: "data", image: { reference: "d" } }],
    ephemeralContainers: [{ name: "debug", image: "c" }],
    containers: [
      { name: "web", image: "b" },
      { name: "side", image: "Bad" },
    ],
    initContainers: [{ name: "init", image: "a" }],
  });
  const signatures = [
    { image: "docker.io/library/*", pubKeys: [{ name: "one", key: KEY }] },
    { image: ["b", "c"], pubKeys: [{ name: "two", key: OTHER }] },
  ];
  const places = validate(request, { signatures }, fails(NONE))
    .message!.split("\n")
    .map((line) => line.replace(/: .*/, ""));
  expect(places).toEqual([
    'initContainers[0] "init" image "a" (rule 1, docker.io/library/*)',
    'containers[0] "web" image "b" (rule 1, docker.io/library/*)',
    'containers[0] "web" image "b" (rule 2, b)',
    'containers[1] "side" image "Bad"',
    'ephemeralContainers[0] "debug" image "c" (rule 1, docker.io/library/*)',
    'ephemeralContainers[0] "debug" image "c" (rule 2, b)',
    'volumes[0] "data" image "d" (rule 1, docker.io/library/*)',
  ]);
});

describe("text from outside", () => {
  const control = /[\x00-\x09\x0b-\x1f\x7f]/;

  test("leaves a reason on one line: image, name, rule's key, host's error", () => {
    const odd = "a\nb\rc\td\0e\x1bf\x7f";
    const request = podRequest({
      containers: [
        { name: odd, image: `x${odd}` },
        { name: odd, image: "nginx" },
      ],
    });
    const signatures = [{ image: "*", pubKeys: [{ name: odd, key: KEY }] }];
    const { message } = validate(request, { signatures }, fails(odd));
    const lines = message!.split("\n");
    expect(lines).toHaveLength(2);
    expect(message).not.toMatch(control);
    expect(lines[0]).toContain('"a?b?c?d?e?f?" image "xa?b?c?d?e?f?"');
    expect(lines[1]).toContain('key "a?b?c?d?e?f?"');
    expect(lines[1]).toMatch(/could not verify it: a \[host-failed\]$/);
  });

  test("leaves problems of the settings on one line", () => {
    const settings = {
      "a\nb": 1,
      signatures: [{ image: "a\nb [image-unmatched]\n", pubKeys: [KEY] }],
    };
    const { message } = validate(pod("nginx"), settings);
    expect(message).not.toMatch(/\n/);
    expect(message).toMatch(/ \[settings-invalid\]$/);
  });

  test("leaves kinds and keys that stand twice on one line", () => {
    const request = { ...pod("nginx"), kind: { group: "a\nb", kind: "c\nd" } };
    const { message } = validate(request, { signatures: [ALL] });
    expect(message).toContain("a c?d of a?b runs");
    expect(message).not.toMatch(/\n/);
  });

  test.each([
    ["in lines", ""],
    ["quoted in one", JSON.stringify(KEY)],
  ])("keys are not shown: not the settings', nor the host's, %s", (_, quoted) => {
    const host = fails(`missing signatures ${quoted}${KEY}`);
    const signatures = [{ image: "*", pubKeys: [KEY, OTHER], threshold: 1 }, ALL];
    const { message } = validate(pod("nginx"), { signatures }, host);
    expect(message).toContain(fingerprint(KEY));
    for (const line of KEY.trim().split("\n").slice(1)) expect(message).not.toContain(line);
  });

  test("long names of containers, keys and rules are cut", () => {
    const long = "n".repeat(500);
    const signatures = [{ image: ["a".repeat(500), "*"], pubKeys: [{ name: long, key: KEY }] }];
    const request = podRequest({ containers: [{ name: long, image: "nginx" }] });
    const { message } = validate(request, { signatures }, fails(NONE));
    expect(message).toContain(`"${"n".repeat(63)}..." image`);
    expect(message).toContain(`(rule 1, ${"a".repeat(64)}...)`);
    expect(message).toContain(`key "${"n".repeat(64)}..."`);
  });
});

test("a capability that this repository's host does not grant is told apart", async () => {
  const host = kubewarden({ handler: () => Promise.reject(new Error()), grants: parseGrants([]) });
  const { accepted, message } = await new Policy(module, host).validate(pod("nginx"), {
    signatures: [ALL],
  });
  expect(accepted).toBe(false);
  expect(message).toMatch(/hostCapabilities \[capability-denied\]$/);
});
