import { p256 } from "@noble/curves/nist.js";
import { createHash, createPublicKey } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../../host/document.js";
import type { HostCall } from "../../host/wapc.js";
import { pem } from "../crypto/crypto.js";
import { codes, digest, pod, validate, type Oracle } from "../policy/guest.js";
import {
  bundle as logEntry,
  layer,
  manifestOf,
  newSigner,
  payloadFor,
  type Signer,
} from "../policy/signed.js";
import { bundle, encoding, envelope, statement, type Envelope } from "../sigstore/made.js";

const A = digest("a");
const B = digest("b");
const [alice, bob] = [newSigner(), newSigner()];
const PAYLOAD = payloadFor("index.docker.io/library/nginx", A);

const base64 = (text: string) => Buffer.from(text).toString("base64");
const pair = ({ secret, pem }: Signer) => ({
  privateKey: secret,
  publicKey: createPublicKey(pem),
});

/** An item with the bundle that cosign 3 makes for an image. */
const bundleBy = (signer: Signer, image = A) => {
  const subject = [{ digest: { sha256: image.slice(7) } }];
  const dsseEnvelope = envelope(pair(signer), JSON.stringify(statement({ subject })));
  return { type: "sigstore-bundle", bundle: base64(JSON.stringify(bundle({ dsseEnvelope }))) };
};

const annotationsOf = (of: JsonObject) => of["annotations"] as Record<string, string>;

/** An item with what a layer has. */
const itemOf = (of: JsonObject) => ({
  type: "cosign",
  payload: base64(PAYLOAD),
  signature: annotationsOf(of)["dev.cosignproject.cosign/signature"]!,
});

const documentOf = (items: Json[], image = A) => ({
  mediaType: "application/vnd.trusted-images.evidence.v1+json",
  image,
  items,
});

const text = (document: object) => JSON.stringify(document);

interface World {
  /** Layers of the `.sig` manifest; none if there is none. */
  layers?: JsonObject[];
  /** The document in the artifact; none if there is none. */
  artifact?: object;
  /** The entry of the ConfigMap. */
  entry?: string;
}

function host({ layers, artifact, entry }: World): Oracle {
  return (_, { operation }: HostCall) => {
    if (operation === "v1/manifest_digest") return JSON.stringify({ digest: A });
    if (operation === "v1/oci_manifest")
      return layers ? manifestOf(layers) : new Error("code: 404");
    if (operation === "get_resource") {
      return JSON.stringify({
        metadata: { name: "evidence", namespace: "default" },
        data: { "evidence.json": entry },
      });
    }
    if (!artifact) return new Error("code: 404");
    const mediaType = "application/vnd.trusted-images.evidence.v1+json";
    return JSON.stringify({ manifest: { config: { mediaType } }, digest: B, config: artifact });
  };
}

const rule = (signers: Signer[], more: JsonObject = {}) => ({
  image: "*",
  verifier: "policy",
  pubKeys: signers.map(({ pem }) => pem),
  evidenceFrom: [{ artifact: true }],
  ...more,
});

/** The codes of the verdict, and the calls that it took. */
function decide(world: World, rules: JsonObject[], images: Json[] = ["nginx"]) {
  const answer = validate(pod(...images), { signatures: rules }, host(world));
  return {
    codes: codes(answer),
    accepted: answer.accepted,
    calls: answer.calls.map(({ operation }) => operation),
  };
}

describe("what is in several places", () => {
  test("counts together: one key's layer and another's bundle", () => {
    const world = { layers: [layer(PAYLOAD, alice)], artifact: documentOf([bundleBy(bob)]) };
    expect(decide(world, [rule([alice, bob])]).accepted).toBe(true);
    const half = { ...world, artifact: documentOf([bundleBy(alice)]) };
    expect(decide(half, [rule([alice, bob])]).codes).toEqual(["signature-unmet"]);
    expect(decide(half, [rule([alice, bob, newSigner()], { threshold: 2 })]).codes).toEqual([
      "threshold-unmet",
    ]);
  });

  test("is asked for last: not where one key of several has a layer", () => {
    const world = { layers: [layer(PAYLOAD, bob)], artifact: documentOf([bundleBy(alice)]) };
    const { accepted, calls } = decide(world, [rule([alice, bob], { threshold: 1 })]);
    expect(accepted).toBe(true);
    expect(calls).toEqual(["v1/manifest_digest", "v1/oci_manifest"]);
  });

  test("is asked for once, by whatever rules and spellings of images", () => {
    const artifact = documentOf([bundleBy(alice), bundleBy(bob)]);
    const rules = [rule([alice]), rule([bob]), rule([newSigner()])];
    const { codes, calls } = decide({ artifact }, rules, [`nginx@${A}`, `nginx:1@${A}`]);
    expect(codes).toEqual(["signature-unmet", "signature-unmet"]);
    expect(calls).toEqual(["v1/oci_manifest", "v1/oci_manifest_config"]);
  });

  test("is asked for by no rule that does not name an artifact", () => {
    const world = { artifact: documentOf([bundleBy(alice)]) };
    const { codes, calls } = decide(world, [rule([alice], { evidenceFrom: [] })]);
    expect(codes).toEqual(["signature-missing"]);
    expect(calls).not.toContain("v1/oci_manifest_config");
  });
});

/** The keys under which one ECDSA signature of a message verifies: its signer's, and another. */
function keysOf(signature: string, message: string, { pem: own }: Signer): Signer[] {
  const parsed = p256.Signature.fromBytes(Buffer.from(signature, "base64"), "der");
  const hash = createHash("sha256").update(message).digest();
  const head = createPublicKey(own).export({ type: "spki", format: "der" }).subarray(0, -65);
  return [0, 1].map((bit) => {
    const point = parsed.addRecoveryBit(bit).recoverPublicKey(hash).toBytes(false);
    return { secret: alice.secret, pem: pem("PUBLIC KEY", Buffer.concat([head, point])) };
  });
}

describe("one signature counts for one key", () => {
  const signed = layer(PAYLOAD, alice);
  const bundled = bundleBy(alice);
  const json = Buffer.from(bundled.bundle, "base64").toString();
  const { dsseEnvelope } = JSON.parse(json) as { dsseEnvelope: Envelope };
  const message = encoding(Buffer.from(dsseEnvelope.payload, "base64").toString());

  test.each<[string, Signer[], World]>([
    [
      "be it in a layer and in a document",
      keysOf(itemOf(signed).signature, PAYLOAD, alice),
      { layers: [signed], artifact: documentOf([itemOf(signed), itemOf(signed)]) },
    ],
    [
      "be it in two bundles",
      keysOf(dsseEnvelope.signatures[0]!.sig, message, alice),
      { artifact: documentOf([bundled, { ...bundled, bundle: base64(`${json} `) }]) },
    ],
  ])("%s", (_, keys, world) => {
    for (const key of keys) expect(decide(world, [rule([key])]).accepted).toBe(true);
    expect(decide(world, [rule(keys)]).codes).toEqual(["signature-unmet"]);
    expect(decide(world, [rule([...keys].reverse())]).codes).toEqual(["signature-unmet"]);
  });
});

describe("a document", () => {
  const inMap = { evidenceFrom: [{ configMap: { name: "evidence" } }] };
  const item = bundleBy(alice);
  const of = (entry: string) => decide({ entry }, [rule([alice], inMap)]).codes;

  test.each<[string, Json, string[]]>([
    ["of this image", documentOf([item]), []],
    ["with items of other types", documentOf([{ type: "other", bundle: 1 }, item]), []],
    ["of 64 items", documentOf([item, ...Array<Json>(63).fill({ type: "other" })]), []],
    [
      "of 65",
      documentOf([item, ...Array<Json>(64).fill({ type: "other" })]),
      ["too-many-evidence-items"],
    ],
    ["of another image, with a bundle of this one", documentOf([item], B), ["evidence-image"]],
    [
      "of this image, with a bundle of another one",
      documentOf([bundleBy(alice, B)]),
      ["payload-digest"],
    ],
    ["of a digest in upper case", documentOf([item], A.toUpperCase()), ["evidence-malformed"]],
    [
      "of a digest by another algorithm",
      documentOf([item], `sha512:${"a".repeat(128)}`),
      ["evidence-malformed"],
    ],
    ["of a digest without its algorithm", documentOf([item], A.slice(7)), ["evidence-malformed"]],
    ["without an image", { ...documentOf([item]), image: null }, ["evidence-malformed"]],
    ["of another version", { ...documentOf([item]), mediaType: "x" }, ["evidence-kind"]],
    ["with a field more", { ...documentOf([item]), note: "" }, ["evidence-malformed"]],
    ["whose items are none", { ...documentOf([]), items: { 0: item } }, ["evidence-malformed"]],
    ["with an item that is none", documentOf([item, "x"]), ["evidence-malformed"]],
    ["with an item without a type", documentOf([item, {}]), ["evidence-malformed"]],
    [
      "with a field more in an item",
      documentOf([{ ...item, hint: "eA==" }]),
      ["evidence-malformed"],
    ],
    ["with a field less", documentOf([{ type: "sigstore-bundle" }]), ["evidence-malformed"]],
    ["with an empty field", documentOf([{ ...item, bundle: "" }]), ["evidence-malformed"]],
    ["without padding", documentOf([{ ...item, bundle: "eA" }]), ["evidence-malformed"]],
    ["that is a list", [documentOf([item])], ["evidence-kind"]],
  ])("%s", (_, document, expected) => {
    expect(of(text(document as object))).toEqual(expected);
  });

  test("with a field of 1 MiB of base64, and of more", () => {
    const filled = (length: number) =>
      text(documentOf([item, { type: "sigstore-bundle", bundle: "A".repeat(length) }]));
    expect(of(filled(1 << 20))).toEqual([]);
    expect(of(filled((1 << 20) + 4))).toEqual(["evidence-malformed"]);
  });

  test("of 2 MiB, of more than the work of a request, and of more than 4 MiB", () => {
    const padded = (length: number) => text(documentOf([item])).padEnd(length);
    expect(of(padded(2 << 20))).toEqual([]);
    expect(of(padded(4 << 20))).toEqual(["too-many-checks"]);
    expect(of(padded((4 << 20) + 1))).toEqual(["evidence-too-large"]);
  });

  test.each(["mediaType", "image", "items", "type", "bundle"])("with %s twice", (name) => {
    const json = text(documentOf([item]));
    const value = name === "items" ? "[]" : '"x"';
    expect(of(json.replace(`"${name}"`, `"${name}":${value},"${name}"`))).not.toEqual([]);
    expect(of(json.replace(/\}$/, `,"${name}":${value}}`))).not.toEqual([]);
  });

  test("with bytes that are no text proves nothing, and traps never", () => {
    const bytes = Buffer.from([0xff, 0, 0xc0, 0x80, 0x7b]).toString("base64");
    const items = [
      { type: "cosign", payload: bytes, signature: bytes },
      {
        type: "cosign",
        payload: base64(PAYLOAD),
        signature: bytes,
        certificate: bytes,
        chain: bytes,
        bundle: bytes,
      },
      { type: "sigstore-bundle", bundle: bytes },
    ];
    for (const one of items) expect(of(text(documentOf([one as Json])))).toHaveLength(1);
    expect(of(text(documentOf([...(items as Json[]), item])))).toEqual([]);
  });
});

test("an item of cosign's is held against the log and the key, as a layer is", () => {
  const log = newSigner();
  const signed = layer(PAYLOAD, alice);
  const of = (item: object) =>
    decide({ artifact: documentOf([{ ...itemOf(signed), ...item } as Json]) }, [logged]).codes;
  const withEntry = (changes: object, by = log) => {
    const { signature } = itemOf(signed);
    const about = { digest: signed["digest"] as string, signature, key: alice.pem, ...changes };
    return of({ bundle: base64(logEntry(by, about)["dev.sigstore.cosign/bundle"] as string) });
  };
  const logged = rule([alice], { transparencyLog: { keys: [log.pem] } });
  expect(withEntry({})).toEqual([]);
  expect(withEntry({ key: bob.pem })).toEqual(["log-entry-key"]);
  expect(withEntry({ digest: B })).toEqual(["log-entry-payload"]);
  const again = itemOf(layer(PAYLOAD, alice));
  expect(withEntry({ signature: again.signature })).toEqual(["log-entry-signature"]);
  expect(withEntry({}, bob)).toEqual(["log-unknown"]);
  expect(of({})).toEqual(["log-entry-missing"]);
});

test("an item of cosign's has a certificate where one must be, and no key", () => {
  const item = { ...itemOf(layer(PAYLOAD, alice)), certificate: base64(alice.pem) };
  const keyless = { image: "*", verifier: "policy", evidenceFrom: [{ artifact: true }] };
  const rules = [{ ...keyless, keyless: [{ issuer: "https://issuer.example", subject: "a@b" }] }];
  expect(decide({ artifact: documentOf([item]) }, rules).codes).toEqual(["certificate-malformed"]);
});
