import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../host/document.js";
import type { Item } from "../../host/evidence/item.js";
import { pem } from "../crypto/crypto.js";
import { codes, digest, pod, validate, type Oracle } from "../policy/guest.js";
import {
  bodies,
  bundle,
  entry,
  envelope,
  LOG_TIME,
  rootWithLog,
  spki,
  statement,
  type Body,
  type Envelope,
  type KeyPair,
} from "../sigstore/made.js";
import { CA, CODE, leaf, LEAF, middle, OTHER, root } from "../x509/chain.js";
import * as make from "../x509/make.js";
import { beside, documentOf } from "./documents.js";

// Bundles of somebody whom an authority of one's own has certified, and of those who would like to be taken for them.

const IMAGE = digest("a");
const ISSUER = "https://accounts.demo.example";
const rule = { keyless: [{ issuer: ISSUER, subject: "dev@demo.example" }] };

const base64 = (bytes: Uint8Array | string) => Buffer.from(bytes).toString("base64");
const at = (seconds: number) => new Date(seconds * 1000).toISOString().replace(".000", "");

const says = (address: string, issuer = ISSUER, former?: string) => [
  make.DIGITAL_SIGNATURE,
  CODE,
  make.names(make.email(address)),
  make.extension("1.3.6.1.4.1.57264.1.8", make.utf8(issuer)),
  ...(former ? [make.extension("1.3.6.1.4.1.57264.1.1", Buffer.from(former))] : []),
];
/** Certificates as Fulcio gives them: for ten minutes. */
const minutes = { from: at(LOG_TIME - 60), until: at(LOG_TIME + 540) };
const dev = leaf({ extensions: says("dev@demo.example"), ...minutes });
const mallory = leaf({ keys: OTHER, extensions: says("mallory@demo.example"), ...minutes });

const signed = (key: KeyPair = LEAF, image = IMAGE, more: object = {}) =>
  envelope(
    key,
    JSON.stringify(statement({ subject: [{ digest: { sha256: image.slice(7) } }], ...more })),
  );
const ours = signed();
const theirs = signed(OTHER);

/** What Rekor writes of an envelope and a certificate. */
const logged = (it: Envelope, certificate: Buffer): Body => {
  const body = bodies.dsse(it, LEAF);
  body.spec.signatures[0]!.verifier = base64(pem("CERTIFICATE", certificate));
  return body;
};

/** A bundle of version 0.3 with one certificate or, with more, of 0.2. */
function bundleOf(
  dsseEnvelope: Envelope,
  entries: object[],
  certificate: Buffer,
  ...chain: Buffer[]
): JsonObject {
  const rawBytes = (it: Buffer) => ({ rawBytes: base64(it) });
  const holder =
    chain.length === 0
      ? { certificate: rawBytes(certificate) }
      : { x509CertificateChain: { certificates: [certificate, ...chain].map(rawBytes) } };
  const whole = bundle({ dsseEnvelope }, entries, { publicKey: undefined, ...holder });
  const mediaType = chain.length === 0 ? whole.mediaType : whole.mediaType.replace("0.3", "0.2");
  return JSON.parse(JSON.stringify({ ...whole, mediaType })) as JsonObject;
}

interface Authority {
  certificates?: Buffer[];
  validFor?: object;
}

/** The log, and an authority of one's own. */
function trustedRoot({ certificates = [middle(), root()], validFor = {} }: Authority): string {
  const trusted = JSON.parse(rootWithLog()) as JsonObject;
  const chain = certificates.map((it) => ({ rawBytes: base64(it) }));
  return JSON.stringify({
    ...trusted,
    certificateAuthorities: [{ certChain: { certificates: chain }, validFor }],
  });
}

function decide(json: object, authority: Authority = {}, more: JsonObject = {}): string {
  const item: Item = { type: "sigstore-bundle", bundle: base64(JSON.stringify(json)) };
  const host: Oracle = (request, call) =>
    call.operation === "v1/oci_manifest"
      ? new Error("code: 404")
      : beside(IMAGE, documentOf(IMAGE, item))(request, call);
  const settings = {
    trustRoots: { trustedRoot: trustedRoot(authority) },
    signatures: [
      { image: "*", verifier: "policy", evidenceFrom: [{ artifact: true }], ...rule, ...more },
    ],
  };
  const answer = validate(pod(`a@${IMAGE}`), settings, host, "2026-11-22T00:00:00Z");
  return answer.accepted ? "ok" : codes(answer).join(" ");
}

const good = bundleOf(ours, [entry(logged(ours, dev))], dev);
const late = { time: LOG_TIME + 541 };

test.each<[string, object, Authority?]>([
  ["their bundle", good],
  ["with the chain beside it", bundleOf(ours, [entry(logged(ours, dev))], dev, middle())],
  [
    "with the chain alone",
    bundleOf(ours, [entry(logged(ours, dev))], dev, middle()),
    { certificates: [root()] },
  ],
  ["in the authority's time", good, { validFor: { end: at(LOG_TIME) } }],
])("counts: %s", (_, json, authority) => {
  expect(decide(json, authority)).toBe("ok");
});

describe("counts for nothing", () => {
  const again = signed();
  const elsewhere = signed(LEAF, digest("b"));
  const provenance = signed(LEAF, IMAGE, { predicateType: "https://slsa.dev/provenance/v1" });
  const asked = (certificate: Buffer, it = ours) =>
    bundleOf(it, [entry(logged(it, certificate))], certificate);
  const twice = says("dev@demo.example", ISSUER, "https://accounts.evil.example");
  const asCa = {
    subject: make.commonName("dev"),
    extensions: [...CA, ...says("dev@demo.example").slice(1)],
  };
  const below = leaf({
    issuer: make.commonName("dev"),
    signer: LEAF,
    keys: OTHER,
    extensions: says("dev@demo.example"),
  });
  const named = leaf({
    ...minutes,
    subject: make.commonName("dev"),
    extensions: says("dev@demo.example"),
  });
  const byStranger = {
    signer: OTHER,
    keys: OTHER,
    extensions: says("dev@demo.example"),
    ...minutes,
  };
  const own = leaf({ ...byStranger, issuer: make.commonName("evil") });
  const evil = root({ subject: make.commonName("evil"), keys: OTHER });
  const over = { until: at(LOG_TIME - 1) };
  const timeless = entry(logged(ours, dev), { promise: false });

  test.each<[string, object, string, Authority?]>([
    ["a bundle by somebody else", asked(mallory, theirs), "signature-unmet"],
    [
      "their certificate on a signature by another",
      bundleOf(theirs, [entry(logged(theirs, mallory))], dev),
      "signature-unmet",
    ],
    [
      "somebody else's certificate before theirs",
      bundleOf(theirs, [entry(logged(theirs, mallory))], mallory, dev),
      "signature-unmet",
    ],
    [
      "theirs, used as that of an authority",
      bundleOf(theirs, [entry(logged(theirs, below))], below, named),
      "certificate-not-ca",
    ],
    ["theirs, if it is one", asked(leaf({ ...minutes, ...asCa })), "certificate-purpose"],
    [
      "the certificate of an authority that nobody trusts",
      asked(leaf(byStranger), theirs),
      "certificate-untrusted",
    ],
    [
      "that authority brought along",
      bundleOf(theirs, [entry(logged(theirs, own))], own, evil),
      "certificate-untrusted",
    ],
    ["a key in the certificate's place", asked(Buffer.from(spki(LEAF))), "certificate-malformed"],
    [
      "a key's hint in the certificate's place",
      bundle({ dsseEnvelope: ours }, [entry(logged(ours, dev))]),
      "signature-unmet",
    ],
    ["two issuers", asked(leaf({ ...minutes, extensions: twice })), "certificate-issuers-differ"],
    [
      "the same name by another issuer",
      asked(leaf({ ...minutes, extensions: says("dev@demo.example", `${ISSUER}.evil`) })),
      "signature-unmet",
    ],
    [
      "the same issuer for another name",
      asked(leaf({ ...minutes, extensions: says("dev@demo.example.evil") })),
      "signature-unmet",
    ],
    [
      "a signature after the certificate's time",
      bundleOf(ours, [entry(logged(ours, dev), late)], dev),
      "certificate-expired",
    ],
    ["one whose time was left out", bundleOf(ours, [timeless], dev), "time-unproven"],
    ["one that no log has", bundleOf(ours, [], dev), "log-entry-missing"],
    [
      "the entry of another signature by them",
      bundleOf(ours, [entry(logged(again, dev))], dev),
      "log-entry-signature",
    ],
    [
      "the entry of another payload of theirs",
      bundleOf(ours, [entry(logged(elsewhere, dev))], dev),
      "log-entry-payload",
    ],
    [
      "an entry that names the key alone",
      bundleOf(ours, [entry(bodies.dsse(ours, LEAF))], dev),
      "log-entry-key",
    ],
    [
      "a good entry beside one of something else",
      bundleOf(ours, [entry(logged(ours, dev)), entry(logged(theirs, mallory))], dev),
      "log-entry-signature",
    ],
    ["a bundle of another image", asked(dev, elsewhere), "payload-digest"],
    ["an attestation of theirs", asked(dev, provenance), "predicate-type"],
    [
      "an authority that had expired",
      good,
      "certificate-expired",
      { certificates: [middle(over), root()] },
    ],
    [
      "a root that had expired",
      good,
      "certificate-expired",
      { certificates: [middle(), root(over)] },
    ],
    [
      "an authority that is trusted no more",
      good,
      "certificate-untrusted",
      { validFor: { end: at(LOG_TIME - 1) } },
    ],
    [
      "an authority that is not trusted yet",
      good,
      "certificate-untrusted",
      { validFor: { start: at(LOG_TIME + 1) } },
    ],
    [
      "an authority for something else",
      good,
      "certificate-purpose",
      { certificates: [middle({ extensions: [...CA, make.purposes(make.SERVER_AUTH)] }), root()] },
    ],
    [
      "an authority that may have none below it, with one",
      bundleOf(ours, [entry(logged(ours, dev))], dev, middle()),
      "certificate-path-length",
      {
        certificates: [
          root({ extensions: [make.basicConstraints(make.TRUE, make.integer(0)), make.CERT_SIGN] }),
        ],
      },
    ],
    [
      "a chain of nine",
      bundleOf(ours, [entry(logged(ours, dev))], dev, ...Array<Buffer>(9).fill(middle())),
      "too-many-certificates",
    ],
  ])("%s", (_, json, expected, authority) => {
    expect(decide(json, authority)).toBe(expected);
  });

  test("another annotation than the rule's", () => {
    expect(decide(good, {}, { annotations: { env: "prod" } })).toBe("payload-annotations");
  });
});
