import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../host/document.js";
import type { Item } from "../../host/evidence/item.js";
import { contentBytes } from "../../host/registry/fixture.js";
import { pem } from "../crypto/crypto.js";
import { readFixture } from "../host/fixtures.js";
import * as notation from "../notation/make.js";
import { COSE, JWS } from "../notation/notation.js";
import { digest, type Oracle } from "../policy/guest.js";
import * as tuf from "../tuf/make.js";
import { beside, decide, documentOf, notationItem, notaryItem, outcome } from "./documents.js";

// An item counts as what it is, for its image, its tag and its repository, and as nothing else.

const IMAGE = notation.DIGEST;
const OTHER = digest("b");
const AT = notation.NOW;
const envelope = notation.jws();
const cose = notation.cose();
const files = tuf.repository({
  targets: { keys: [tuf.SIGNERS.targets], targets: { "1.0": IMAGE, "2.0": OTHER } },
});

const byNotation = (more: JsonObject = {}): JsonObject => ({
  notation: {
    trustStore: [pem("CERTIFICATE", notation.ROOT)],
    trustedIdentities: ["x509.subject: C=US, ST=WA, O=Acme"],
  },
  ...more,
});
const byNotary = (more: JsonObject = {}): JsonObject => ({
  notaryV1: { root: { keys: [tuf.publicPem(tuf.SIGNERS.root)] }, ...more },
});
const three = readFixture("b-three-keys.json");
const byKey: JsonObject = {
  pubKeys: [contentBytes(three.files["keys/a1.pub"]!).toString()],
  verifier: "policy",
  evidenceFrom: [{ artifact: true }],
};

/** What a rule says of `registry.example.com/team/app` with these items beside it. */
function judge(rule: JsonObject, items: Item[], image = `@${IMAGE}`, of = IMAGE): string {
  const host: Oracle = (request, call) =>
    call.operation === "v1/oci_manifest"
      ? new Error("code: 404")
      : beside(of, documentOf(of, ...items))(request, call);
  return outcome(decide(`${tuf.GUN}${image}`, rule, host, AT));
}

const NOTATION = notationItem(JWS, envelope);
const NOTARY = notaryItem(tuf.GUN, files);
const BUNDLE: Item = {
  type: "sigstore-bundle",
  bundle: Buffer.from(envelope).toString("base64"),
};
const COSIGN: Item = {
  type: "cosign",
  payload: Buffer.from(envelope).toString("base64"),
  signature: "AAAA",
};

describe("an item", () => {
  test.each<[string, string, JsonObject, Item[]]>([
    ["an envelope in JWS", "ok", byNotation(), [NOTATION]],
    ["an envelope in COSE", "ok", byNotation(), [notationItem(COSE, cose)]],
    ["metadata", "ok", byNotary(), [NOTARY]],
    ["an envelope among others", "ok", byNotation(), [BUNDLE, COSIGN, NOTARY, NOTATION]],
    ["metadata among others", "ok", byNotary(), [BUNDLE, COSIGN, NOTARY, NOTATION]],
    ["metadata behind that of another", "ok", byNotary(), [notaryItem("a", files), NOTARY]],
    ["nothing, for Notation", "signature-missing", byNotation(), []],
    ["nothing, for Notary", "signature-missing", byNotary(), []],
    ["metadata, for Notation", "signature-missing", byNotation(), [NOTARY]],
    ["an envelope, for Notary", "signature-missing", byNotary(), [NOTATION]],
    ["an envelope as a bundle", "signature-missing", byNotation(), [BUNDLE]],
    ["an envelope as cosign's", "signature-missing", byNotation(), [COSIGN]],
    ["JWS as COSE", "envelope-malformed", byNotation(), [notationItem(COSE, envelope)]],
    ["COSE as JWS", "envelope-malformed", byNotation(), [notationItem(JWS, cose)]],
    [
      "metadata as an envelope",
      "envelope-malformed",
      byNotation(),
      [notationItem(JWS, files["targets"]!)],
    ],
    [
      "an envelope as metadata",
      "tuf-hash",
      byNotary(),
      [notaryItem(tuf.GUN, { ...files, targets: envelope })],
    ],
    [
      "metadata with its roles exchanged",
      "tuf-hash",
      byNotary(),
      [notaryItem(tuf.GUN, { ...files, targets: files["snapshot"]! })],
    ],
    ["metadata under another name", "tuf-gun", byNotary(), [notaryItem("docker.io/a/b", files)]],
    [
      "metadata under another name that the rule wants",
      "tuf-gun",
      byNotary({ gun: "docker.io/a/b" }),
      [notaryItem("docker.io/a/b", files)],
    ],
  ])("%s: %s", (_, code, rule, items) => {
    expect(judge(rule, items)).toBe(code);
  });

  test("of neither kind counts for a key", () => {
    expect(judge(byKey, [NOTATION, NOTARY])).toBe("signature-missing");
  });

  test("is for its image", () => {
    expect(judge(byNotation(), [NOTATION], `@${OTHER}`, OTHER)).toBe("digest-mismatch");
    expect(judge(byNotation(), [NOTATION], ":1.0", OTHER)).toBe("digest-mismatch");
    expect(judge(byNotary(), [NOTARY], `@${digest("c")}`, digest("c"))).toBe("tuf-digest-missing");
    // The document says which image it is for, and that counts too.
    const moved = beside(OTHER, documentOf(IMAGE, NOTATION, NOTARY));
    for (const rule of [byNotation(), byNotary()]) {
      expect(outcome(decide(`${tuf.GUN}@${OTHER}`, rule, moved, AT))).toBe("evidence-image");
    }
  });

  test("is for its tag, and for any by the digest", () => {
    expect(judge(byNotary(), [NOTARY], ":1.0")).toBe("ok");
    expect(judge(byNotary(), [NOTARY], ":2.0")).toBe("digest-mismatch");
    expect(judge(byNotary(), [NOTARY], ":2.0", OTHER)).toBe("ok");
    expect(judge(byNotary(), [NOTARY], ":3.0")).toBe("tuf-tag-missing");
    expect(judge(byNotary(), [NOTARY], "")).toBe("tuf-tag-missing");
    expect(judge(byNotary(), [NOTARY], `:3.0@${IMAGE}`)).toBe("ok");
    const latest = tuf.repository({
      targets: { keys: [tuf.SIGNERS.targets], targets: { latest: IMAGE } },
    });
    expect(judge(byNotary(), [notaryItem(tuf.GUN, latest)], "")).toBe("ok");
  });
});

describe("a document", () => {
  const text = documentOf(IMAGE, NOTATION, NOTARY);
  const edit = (change: (items: Record<string, unknown>[]) => void): string => {
    const document = JSON.parse(text) as { items: Record<string, unknown>[] };
    change(document.items);
    return JSON.stringify(document);
  };
  const notationOf = (items: Record<string, unknown>[]) =>
    items.find(({ type }) => type === "notation")!;
  const metadataOf = (items: Record<string, unknown>[]) =>
    items.find(({ type }) => type === "notary-v1")!["metadata"] as Record<string, unknown>;
  const gunOf = (gun: string) =>
    edit((it) =>
      Object.assign(
        it.find((one) => one["gun"])!,
        { gun },
      ),
    );

  test.each<[string, string]>([
    ["another media type", edit((it) => (notationOf(it)["mediaType"] = "application/jose"))],
    ["no media type", edit((it) => delete notationOf(it)["mediaType"])],
    ["no envelope", edit((it) => delete notationOf(it)["envelope"])],
    ["an envelope that is no base64", edit((it) => (notationOf(it)["envelope"] = "e30"))],
    ["an empty envelope", edit((it) => (notationOf(it)["envelope"] = ""))],
    ["a field more", edit((it) => (notationOf(it)["more"] = "e30="))],
    ["no name of the repository", gunOf("")],
    ["a name of 513 characters", gunOf("ä".repeat(513))],
    ["no root", edit((it) => delete metadataOf(it)["root"])],
    ["no timestamp", edit((it) => delete metadataOf(it)["timestamp"])],
    ["a role that is none", edit((it) => (metadataOf(it)["target"] = "e30="))],
    ["a delegation without a name", edit((it) => (metadataOf(it)["targets/"] = "e30="))],
    ["a role that is no text", edit((it) => (metadataOf(it)["targets/a"] = 1))],
    ["a role that is no base64", edit((it) => (metadataOf(it)["targets/a"] = "e30"))],
    ["a role twice", text.replace('"root":', '"targets/a":"e30=","targets/a":"e30=","root":')],
    ["an item's type twice", text.replace('"type":"notation"', '"type":"a","type":"notation"')],
    [
      "65 delegations",
      edit((it) => {
        for (let i = 0; i < 65; i++) metadataOf(it)[`targets/${i}`] = "e30=";
      }),
    ],
    ["metadata that is a list", edit((it) => Object.assign(it[1]!, { metadata: [] }))],
  ])("with %s counts for nothing", (_, document) => {
    for (const rule of [byNotation(), byNotary()]) {
      const host: Oracle = (_, { operation }) =>
        operation === "v1/oci_manifest_config"
          ? `{"manifest":{"config":{"mediaType":"application/vnd.trusted-images.evidence.v1+json"}},"config":${document}}`
          : new Error("it is not expected");
      expect(outcome(decide(`${tuf.GUN}@${IMAGE}`, rule, host, AT))).toBe("evidence-malformed");
    }
  });

  test("with 64 delegations, and a name of 512 characters, counts", () => {
    const metadata = Object.fromEntries(
      Array.from({ length: 64 }, (_, i) => [`targets/${i}`, Buffer.from("{}")]),
    );
    const gun = "ä".repeat(512);
    const items = [notaryItem(tuf.GUN, { ...files, ...metadata }), notaryItem(gun, files)];
    expect(judge(byNotary(), items)).toBe("ok");
  });
});
