import { p256 } from "@noble/curves/nist.js";
import { encode } from "cborg";
import { sign } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import type { JsonObject } from "../../host/document.js";
import type { Item } from "../../host/evidence/item.js";
import { pem } from "../crypto/crypto.js";
import { fixtureRegistry, readFixture } from "../host/fixtures.js";
import * as notation from "../notation/make.js";
import { COSE, JWS } from "../notation/notation.js";
import { digest, type Oracle } from "../policy/guest.js";
import { payloadFor } from "../policy/signed.js";
import { bundle, encoding, envelope, messageSignature, statement } from "../sigstore/made.js";
import * as tuf from "../tuf/make.js";
import { collect } from "./companions.js";
import { imageOf, ruleOf, type ToldFixture } from "./commands.js";
import { beside, decide, documentOf, notationItem, notaryItem, outcome } from "./documents.js";

// One key, with one certificate, signs one image in every format: for each kind of rule only those of its own count.

const IMAGE = notation.DIGEST;
const OTHER = digest("b");
const AT = "2026-11-22T08:00:00Z";
const keys = notation.KEYS.leaf;
const publicKey = keys.publicKey.export({ format: "pem", type: "spki" }) as string;
const chain = notation.CHAIN.map((der) => `${pem("CERTIFICATE", der)}\n`);
const [certificate, ...above] = chain as [string, ...string[]];

const base64 = (text: string | Uint8Array) => Buffer.from(text).toString("base64");
const json = (value: object) => base64(JSON.stringify(value));
const signed = (payload: string | Uint8Array) =>
  sign("sha256", Buffer.from(payload), keys.privateKey);

function cosign(payload: string | Uint8Array, signature: Uint8Array = signed(payload)): Item {
  return {
    type: "cosign",
    payload: base64(payload),
    signature: base64(signature),
    certificate: base64(certificate),
    chain: base64(above.join("")),
  };
}

const bundled = (content: object, more: object = {}): Item => ({
  type: "sigstore-bundle",
  bundle: json(bundle(content, [], more)),
});

const statementOf = (image: string, more: object = {}) =>
  JSON.stringify(statement({ subject: [{ digest: { sha256: image.slice(7) } }], ...more }));
const targetOf = (image: string) => ({
  payload: { targetArtifact: { ...notation.ARTIFACT, digest: image } },
});
const byKey = tuf.bare(keys);
const EXPIRES = "2026-12-01T00:00:00Z";
const repository = (image: string, gun = tuf.GUN) =>
  tuf.repository({
    root: { keys: [tuf.certified(gun, keys)] },
    timestamp: { keys: [byKey] },
    snapshot: { keys: [byKey] },
    targets: { keys: [byKey], targets: { "1.0": image } },
    expires: { root: EXPIRES, timestamp: EXPIRES, snapshot: EXPIRES, targets: EXPIRES },
  });

/** What the key has signed for an image, in every format. */
const FORMATS: Record<string, (image: string) => Item> = {
  cosign: (image) => cosign(payloadFor(tuf.GUN, image)),
  "a bundle of an envelope": (image) =>
    bundled({ dsseEnvelope: envelope(keys, statementOf(image)) }),
  "a bundle with a certificate": (image) =>
    bundled(
      { dsseEnvelope: envelope(keys, statementOf(image)) },
      { publicKey: undefined, certificate: { rawBytes: base64(notation.CHAIN[0]!) } },
    ),
  "JWS of Notation's": (image) => notationItem(JWS, notation.jws(targetOf(image))),
  "COSE of Notation's": (image) => notationItem(COSE, notation.cose(targetOf(image))),
  "metadata of Notary's": (image) => notaryItem(tuf.GUN, repository(image)),
};

const sources: JsonObject = { evidenceFrom: [{ artifact: true }] };
const own: JsonObject = { verifier: "policy", ...sources };

/** Rules of all kinds, and the formats that count for each. */
const RULES: Record<string, [JsonObject, string[]]> = {
  pubKeys: [
    { pubKeys: [publicKey], ...own },
    ["cosign", "a bundle of an envelope", "a bundle with a certificate"],
  ],
  certificates: [
    { certificates: [certificate], certificateChain: above, requireRekorBundle: false, ...own },
    // The certificate is the rule's: it need not come with the signature.
    ["cosign", "a bundle of an envelope", "a bundle with a certificate"],
  ],
  notation: [
    {
      notation: {
        trustStore: [above.at(-1)!],
        trustedIdentities: ["x509.subject: C=US, ST=WA, O=Acme"],
      },
    },
    ["JWS of Notation's", "COSE of Notation's"],
  ],
  notaryV1: [{ notaryV1: { root: { keys: [publicKey] } } }, ["metadata of Notary's"]],
};

/** What a rule says of an image with these items in the document beside it. */
function judge(
  rule: JsonObject,
  items: Item[],
  image: string,
  tag = `@${image}`,
  of = image,
): string {
  const host: Oracle = (request, call) =>
    call.operation === "v1/oci_manifest"
      ? new Error("code: 404")
      : beside(image, documentOf(of, ...items))(request, call);
  return outcome(decide(`${tuf.GUN}${tag}`, rule, host, AT));
}

describe.each(Object.entries(RULES))("a rule with %s", (kind, [rule, formats]) => {
  test.each(Object.entries(FORMATS))("and %s", (format, make) => {
    const counts = formats.includes(format);
    expect(judge(rule, [make(IMAGE)], IMAGE)).toMatch(
      counts ? /^ok$/ : /^signature-(missing|unmet)$/,
    );
    if (!counts) return;
    // The same of another image, with a document that says whose it is, or does not.
    expect(judge(rule, [make(OTHER)], IMAGE)).toMatch(
      /^(payload-digest|digest-mismatch|tuf-digest-missing)$/,
    );
    expect(judge(rule, [make(IMAGE)], OTHER)).toMatch(
      /^(payload-digest|digest-mismatch|tuf-digest-missing)$/,
    );
    expect(judge(rule, [make(IMAGE)], OTHER, ":1.0")).toMatch(/^(payload-digest|digest-mismatch)$/);
    expect(judge(rule, [make(IMAGE)], IMAGE, undefined, OTHER)).toBe("evidence-image");
    // All at once are no obstacle, and all of another image no help.
    const all = (image: string) => Object.values(FORMATS).map((it) => it(image));
    expect(judge(rule, all(IMAGE), IMAGE)).toBe("ok");
    expect(judge(rule, all(OTHER), IMAGE)).not.toBe("ok");
  });

  test("and all other formats at once", () => {
    const others = Object.entries(FORMATS).filter(([format]) => !formats.includes(format));
    const items = others.map(([, make]) => make(IMAGE));
    expect(judge(rule, items, IMAGE)).toMatch(/^signature-(missing|unmet)$/);
  });

  test("and metadata of another repository by the same keys", () => {
    const other = "registry.example.com/team/other";
    for (const gun of [other, tuf.GUN]) {
      const item = notaryItem(gun, repository(IMAGE, other));
      expect(judge(rule, [item], IMAGE)).toBe(
        kind === "notaryV1" ? "tuf-gun" : "signature-missing",
      );
    }
  });
});

describe("what the key has signed in one format, offered as a payload of cosign's or a bundle's:", () => {
  const der = (raw: Uint8Array) => p256.Signature.fromBytes(raw, "compact").toBytes("der");
  const jws = JSON.parse(notation.jws().toString()) as Record<string, string>;
  const parts: Uint8Array[] = [];
  notation.cose({}, (it) => parts.push(...(it as Uint8Array[])));
  const dsse = envelope(keys, statementOf(IMAGE));
  const targets = repository(IMAGE)["targets"]!;
  const text = Buffer.from(targets).toString();
  const { signatures } = JSON.parse(text) as { signatures: { sig: string }[] };

  const SIGNED: Record<string, [string | Uint8Array, Uint8Array]> = {
    "a JWS": [
      `${jws["protected"]}.${jws["payload"]}`,
      der(Buffer.from(jws["signature"]!, "base64url")),
    ],
    "a COSE_Sign1": [encode(["Signature1", parts[0], new Uint8Array(), parts[2]]), der(parts[3]!)],
    "an envelope": [encoding(statementOf(IMAGE)), Buffer.from(dsse.signatures[0]!.sig, "base64")],
    metadata: [
      text.slice('{"signed":'.length, text.lastIndexOf(',"signatures":')),
      der(Buffer.from(signatures[0]!.sig, "base64")),
    ],
  };

  test.each(Object.entries(SIGNED))("%s", (_, [message, signature]) => {
    expect(judge(RULES["pubKeys"]![0], [cosign(message, signature)], IMAGE)).toMatch(
      /^payload-(malformed|type)$/,
    );
    const content = { ...messageSignature(keys, ""), signature: base64(signature) };
    const item = bundled({ messageSignature: content });
    expect(judge(RULES["pubKeys"]![0], [item], IMAGE)).toBe("payload-digest");
  });
});

describe("an identity's signature", () => {
  const COSIGN = "l-fulcio-uri";
  const BUNDLE = "n-v3-fulcio-uri";
  const worlds = [COSIGN, BUNDLE].map((name) => {
    const fixture = readFixture(`${name}.json`) as ToldFixture;
    const told = fixture.verifications.find(
      ({ command, expected }) => expected === "ok" && ruleOf(fixture, command)?.["keyless"],
    )!;
    const { keyless, trustRoots } = ruleOf(fixture, told.command)!;
    const [{ issuer, subject }] = keyless as [{ issuer: string; subject: string }];
    const [, owner, repo] = /^https:\/\/github\.com\/([^/]+)\/([^/]+)/.exec(subject)!;
    const common = { ...own, trustRoots: trustRoots! };
    const rules: Record<string, JsonObject> = {
      keyless: { keyless: [{ issuer, subject }], ...common },
      keylessPrefix: {
        keylessPrefix: [{ issuer, urlPrefix: `https://github.com/${owner}/` }],
        ...common,
      },
      githubActions: { githubActions: { owner: owner!, repo: repo! }, ...common },
    };
    return { name, fixture, image: imageOf(told.command), rules };
  });
  const items = new Map<string, Item[]>();

  beforeAll(async () => {
    const { client, registry } = await fixtureRegistry(worlds.map(({ fixture }) => fixture));
    for (const { name, image } of worlds)
      items.set(name, (await collect(client, image)).items as Item[]);
    await registry.close();
  });

  const cases = worlds.flatMap((world) =>
    Object.entries(world.rules).map(([kind, rule]) => [world.name, kind, world, rule] as const),
  );
  test.each(cases)("of %s, for a rule with %s", (name, kind, { image }, rule) => {
    const digest = image.split("@")[1]!;
    // Its certificate has Fulcio's word on whom it is for, but not on the repository.
    expect(judge(rule, items.get(name)!, digest)).toBe(
      kind === "githubActions" ? "signature-unmet" : "ok",
    );
    const [other] = [COSIGN, BUNDLE].filter((it) => it !== name);
    expect(judge(rule, items.get(other!)!, digest)).toBe("payload-digest");
    expect(judge(rule, items.get(name)!, OTHER)).toBe("payload-digest");
    // The same image, signed by another key in every format.
    for (const [format, make] of Object.entries(FORMATS)) {
      expect(judge(rule, [make(digest)], digest), format).toMatch(
        /^signature-(missing|unmet)$|^certificate-/,
      );
    }
    // And for other kinds of rules it is nobody's whom they know.
    for (const [theirs, [other]] of Object.entries(RULES)) {
      expect(judge(other, items.get(name)!, digest), theirs).toMatch(/^signature-(missing|unmet)$/);
    }
  });
});
