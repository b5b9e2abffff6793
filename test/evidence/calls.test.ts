import { expect, test } from "vitest";
import type { JsonObject } from "../../host/document.js";
import { pem } from "../crypto/crypto.js";
import * as notation from "../notation/make.js";
import { JWS } from "../notation/notation.js";
import { pod, validate, type Oracle } from "../policy/guest.js";
import { layer, manifestOf, newSigner, payloadFor } from "../policy/signed.js";
import * as made from "../sigstore/made.js";
import * as tuf from "../tuf/make.js";
import { artifactOf, documentOf, notationItem, notaryItem } from "./documents.js";

// A format costs no call where no rule needs it, and one for each image and carrier where rules do.

const DIGEST = notation.DIGEST;
const IMAGE = `${tuf.GUN}@${DIGEST}`;
const [inLayer, inBundle] = [newSigner(), made.ec()];
const statement = made.statement({ subject: [{ digest: { sha256: DIGEST.slice(7) } }] });
const bundle = made.bundle({ dsseEnvelope: made.envelope(inBundle, JSON.stringify(statement)) });
const document = documentOf(
  DIGEST,
  { type: "sigstore-bundle", bundle: Buffer.from(JSON.stringify(bundle)).toString("base64") },
  notationItem(JWS, notation.jws()),
  notaryItem(
    tuf.GUN,
    tuf.repository({ targets: { keys: [tuf.SIGNERS.targets], targets: { "1.0": DIGEST } } }),
  ),
);

const ARTIFACT = { artifact: true };
const CONFIG_MAP = { configMap: { name: "signatures" } };
const from =
  (...evidenceFrom: object[]) =>
  (signers: object) => ({ ...signers, evidenceFrom });
const byLayer = { verifier: "policy", pubKeys: [inLayer.pem] };
const byBundle = {
  verifier: "policy",
  pubKeys: [inBundle.publicKey.export({ type: "spki", format: "pem" }) as string],
};
const byNotation = {
  notation: { trustStore: [pem("CERTIFICATE", notation.ROOT)], trustedIdentities: ["*"] },
};
const byNotary = { notaryV1: { root: { keys: [tuf.publicPem(tuf.SIGNERS.root)] } } };
const inArtifact = from(ARTIFACT);
const inBoth = from(CONFIG_MAP, ARTIFACT);

const [TAG, SIG, EVIDENCE, MAP] = [
  "v1/manifest_digest",
  "v1/oci_manifest",
  "v1/oci_manifest_config",
  "get_resource",
] as const;

/** The layer is signed by one key, and the document, which is in the artifact, by all the others. */
function host(inMap: string): Oracle {
  const answers: Record<string, string> = {
    [TAG]: JSON.stringify({ digest: DIGEST }),
    [SIG]: manifestOf([layer(payloadFor(tuf.GUN, DIGEST), inLayer)]),
    [EVIDENCE]: artifactOf(document),
    [MAP]: JSON.stringify({
      metadata: { name: "signatures", namespace: "default" },
      data: { "evidence.json": inMap },
    }),
  };
  return (_, { operation }) => answers[operation] ?? new Error("not expected");
}
const EMPTY = documentOf(DIGEST);

test.each<[string, string[], object[], string, string[]]>([
  ["no rule has evidenceFrom", [IMAGE], [byLayer], EMPTY, [SIG]],
  ["a layer meets the rule", [IMAGE], [inArtifact(byLayer)], EMPTY, [SIG]],
  ["a layer meets the rule, files or not", [IMAGE], [inBoth(byLayer)], EMPTY, [MAP, SIG]],
  ["a layer does not meet the rule", [IMAGE], [inArtifact(byBundle)], EMPTY, [SIG, EVIDENCE]],
  [
    "several rules that it does not meet",
    [IMAGE],
    [inArtifact(byBundle), inArtifact(byLayer), inArtifact({ ...byBundle, threshold: 1 })],
    EMPTY,
    [SIG, EVIDENCE],
  ],
  [
    "several rules, of every format",
    [IMAGE],
    [inArtifact(byNotation), inArtifact(byBundle), inArtifact(byNotary)],
    EMPTY,
    [EVIDENCE, SIG],
  ],
  [
    "formats that no layer has",
    [IMAGE],
    [inArtifact(byNotation), inArtifact(byNotary)],
    EMPTY,
    [EVIDENCE],
  ],
  ["several containers", [IMAGE, IMAGE, IMAGE], [inArtifact(byNotation)], EMPTY, [EVIDENCE]],
  [
    "several spellings of an image",
    [IMAGE, `${tuf.GUN}:1.0`, `${tuf.GUN}:1.0@${DIGEST}`],
    [inArtifact(byNotation), inArtifact(byBundle)],
    EMPTY,
    [EVIDENCE, SIG, TAG],
  ],
  ["a ConfigMap has what the bundle is for", [IMAGE], [inBoth(byBundle)], document, [MAP]],
  [
    "a ConfigMap has it for every format",
    [IMAGE],
    [byBundle, byNotation, byNotary].map(inBoth),
    document,
    [MAP],
  ],
  [
    "a ConfigMap and an artifact, several rules and containers",
    [IMAGE, IMAGE],
    [byNotation, byBundle, byNotary, byNotation].map(inBoth),
    EMPTY,
    [MAP, EVIDENCE, SIG],
  ],
])("%s", (_, images, rules, inMap, operations) => {
  const signatures = rules.map((rule) => ({ image: "*", ...rule })) as JsonObject[];
  const answer = validate(pod(...images), { signatures }, host(inMap), notation.NOW);
  expect(answer.accepted, answer.message).toBe(true);
  expect(answer.calls.map(({ operation }) => operation)).toEqual(operations);
});
