import fc from "fast-check";
import { expect, test } from "vitest";
import type { JsonObject } from "../../host/document.js";
import type { Item } from "../../host/evidence/item.js";
import { pem } from "../crypto/crypto.js";
import * as notation from "../notation/make.js";
import { JWS } from "../notation/notation.js";
import { digest, podRequest, validate, type Oracle } from "../policy/guest.js";
import { layer, manifestOf, payloadFor, signerOf } from "../policy/signed.js";
import * as made from "../sigstore/made.js";
import * as tuf from "../tuf/make.js";
import { CODE, leaf, LEAF, middle, root } from "../x509/chain.js";
import * as make from "../x509/make.js";
import { artifactOf, documentOf, notationItem, notaryItem } from "./documents.js";

// What is found out about a signature is found out once, for all rules and images: what a rule says of an image is the same
// whatever else is asked, and in whatever order.

const [ALICE, BOB] = [made.ec(), made.ec()];
const pemOf = (key: made.KeyPair) => pem("PUBLIC KEY", made.spki(key));
const base64 = (bytes: Uint8Array | string) => Buffer.from(bytes).toString("base64");
const at = (seconds: number) => new Date(seconds * 1000).toISOString().replace(".000", "");

const [A, B, C] = [notation.DIGEST, digest("bc"), digest("cd")];
const OTHER = "registry.example.com/other";
/** What tags mean, and images by digest. */
const TAGS: Record<string, string> = { [`${tuf.GUN}:1.0`]: A, [`${tuf.GUN}:1.1`]: B };
const IMAGES = [
  ...Object.keys(TAGS),
  ...[A, B, C].flatMap((it) => [`${tuf.GUN}@${it}`, `${OTHER}@${it}`]),
];

const SCAN = "https://example.com/scan/v1";
const APPROVAL = "https://example.com/approval/v1";
const ISSUER = "https://accounts.demo.example";
const subjects = (images: string[], annotations: object) =>
  images.map((image) => ({ digest: { sha256: image.slice(7) }, annotations }));

const dev = leaf({
  extensions: [
    make.DIGITAL_SIGNATURE,
    CODE,
    make.names(make.email("dev@demo.example")),
    make.extension("1.3.6.1.4.1.57264.1.8", make.utf8(ISSUER)),
  ],
  from: at(made.LOG_TIME - 60),
  until: at(made.LOG_TIME + 540),
});

function itemOf(bundle: object): Item {
  return { type: "sigstore-bundle", bundle: base64(JSON.stringify(bundle)) };
}

interface Said {
  by?: made.KeyPair;
  type?: string;
  predicate?: string;
  annotations?: object;
  images: string[];
  isLogged?: boolean;
}

function said(what: Said): Item {
  const { by = ALICE, type = made.SIGNATURE_TYPE, predicate = "{}", annotations = {} } = what;
  const statement = JSON.stringify(
    made.statement({
      subject: subjects(what.images, annotations),
      predicateType: type,
      predicate: 0,
    }),
  );
  const payload = statement.replace('"predicate":0', () => `"predicate":${predicate}`);
  const dsseEnvelope = made.envelope(by, payload);
  if (by !== LEAF) {
    const entries = what.isLogged ? [made.entry(made.bodies.dsse(dsseEnvelope, by))] : [];
    return itemOf(made.bundle({ dsseEnvelope }, entries));
  }
  const body = made.bodies.dsse(dsseEnvelope, LEAF);
  body.spec.signatures[0]!.verifier = base64(pem("CERTIFICATE", dev));
  const certificate = { rawBytes: base64(dev) };
  const holder = { publicKey: undefined, certificate };
  return itemOf(made.bundle({ dsseEnvelope }, [made.entry(body)], holder));
}

const scan = (predicate: string, images: string[], by = ALICE): Item =>
  said({ type: SCAN, predicate, images, by });
const jws = (image: string, annotations?: object) =>
  notationItem(
    JWS,
    notation.jws({
      artifact: { ...notation.ARTIFACT, digest: image, ...(annotations && { annotations }) },
    } as never),
  );
const cosign = (image: string, by: made.KeyPair, annotations?: JsonObject): Item => {
  const payload = payloadFor(tuf.GUN, image, annotations);
  const it = layer(payload, signerOf(by.privateKey));
  const signature = (it["annotations"] as JsonObject)[
    "dev.cosignproject.cosign/signature"
  ] as string;
  return { type: "cosign", payload: base64(payload), signature };
};
const files = tuf.repository({
  targets: { keys: [tuf.SIGNERS.targets], targets: { "1.0": A, "1.1": C } },
});

/** What lies beside each image, in its artifact, in ConfigMaps, and in annotations. */
const ARTIFACTS: Record<string, Item[]> = {
  [A]: [
    said({ images: [A, B], annotations: { env: "prod" } }),
    scan('{"critical":0,"a":{"b":1}}', [A, B]),
    scan('{"critical":9}', [A], BOB),
    said({ by: LEAF, images: [A], annotations: { env: "dev" } }),
    jws(A),
    notaryItem(tuf.GUN, files),
  ],
  [B]: [
    said({ images: [C], by: BOB }),
    said({ images: [B], by: BOB, isLogged: true }),
    said({ by: LEAF, type: SCAN, predicate: '{"critical":1}', images: [B] }),
    jws(A),
    jws(B, { env: "prod" }),
    notaryItem(tuf.GUN, files),
  ],
};
const CONFIG_MAPS: [string, Item[]][] = [
  [A, [said({ images: [A], type: APPROVAL, predicate: '{"by":"x"}', isLogged: true })]],
  [B, [scan('{"critical":0}', [B]), cosign(B, ALICE, { env: "prod" }), cosign(A, BOB)]],
  [C, [scan('{"critical":2}', [C], BOB), said({ images: [C], by: ALICE }), jws(C)]],
  [A, [cosign(A, BOB, { env: "dev" }), notaryItem(OTHER, files)]],
];
const OWN: [string, Item[]] = [
  C,
  [said({ images: [C, A], type: APPROVAL }), jws(C, { env: "dev" })],
];

const SIGNATURES: Record<string, JsonObject[]> = {
  [A]: [layer(payloadFor(tuf.GUN, A), signerOf(ALICE.privateKey))],
  [C]: [
    layer(payloadFor(tuf.GUN, C, { env: "prod" }), signerOf(BOB.privateKey)),
    layer(payloadFor(OTHER, C), signerOf(BOB.privateKey)),
  ],
};

const host: Oracle = (request, { operation }) => {
  const name = request as unknown as string;
  const tagged = /:sha256-(\w+)\.(sig|evidence)$/.exec(typeof name === "string" ? name : "");
  if (operation === "v1/manifest_digest") {
    const found = TAGS[name];
    return found ? JSON.stringify({ digest: found }) : new Error("code: 404");
  }
  if (operation === "list_resources_by_namespace") {
    const items = CONFIG_MAPS.map(([image, all], index) => ({
      metadata: { name: `c${index}`, namespace: "default", labels: { a: "b" } },
      data: { "evidence.json": documentOf(image, ...all) },
    }));
    return JSON.stringify({ apiVersion: "v1", kind: "ConfigMapList", metadata: {}, items });
  }
  const image = `sha256:${tagged?.[1]}`;
  if (operation === "v1/oci_manifest") {
    const layers = SIGNATURES[image];
    return layers ? manifestOf(layers) : new Error("code: 404");
  }
  const items = ARTIFACTS[image];
  if (operation === "v1/oci_manifest_config") {
    return items ? artifactOf(documentOf(image, ...items)) : new Error("code: 404");
  }
  return new Error("not expected");
};

const trusted = JSON.parse(made.rootWithLog()) as JsonObject;
const certificates = [middle(), root()].map((it) => ({ rawBytes: base64(it) }));
const trustedRoot = JSON.stringify({
  ...trusted,
  certificateAuthorities: [{ certChain: { certificates }, validFor: {} }],
});

const SOURCES: JsonObject[][] = [
  [{ artifact: true }],
  [{ configMap: { labelSelector: "a=b" } }, { artifact: true }],
  [{ annotation: true }],
  [{ annotation: true }, { configMap: { labelSelector: "a=b" } }, { artifact: true }],
  [{ configMap: { labelSelector: "a=b" } }],
];
const KEYS: JsonObject[] = [
  { pubKeys: [pemOf(ALICE)] },
  { pubKeys: [pemOf(BOB)] },
  { pubKeys: [pemOf(ALICE), pemOf(BOB)] },
  { pubKeys: [pemOf(ALICE), pemOf(BOB)], threshold: 1 },
  { pubKeys: [pemOf(BOB)], transparencyLog: { required: true } },
  { pubKeys: [pemOf(ALICE)], transparencyLog: { required: true } },
  { pubKeys: [{ key: pemOf(ALICE), notAfter: "2025-01-01" }] },
  { keyless: [{ issuer: ISSUER, subject: "dev@demo.example" }] },
  { keylessPrefix: [{ issuer: ISSUER, urlPrefix: "https://example.com/" }] },
];
const scanned = (...conditions: JsonObject[]) => ({ predicateType: SCAN, conditions });
const DEMANDS: JsonObject[] = [
  {},
  { annotations: { env: "prod" } },
  { annotations: { env: "dev" } },
  { attestations: [scanned({ path: "/critical", atMost: 0 })] },
  { attestations: [scanned({ path: "/critical", atMost: 5 })] },
  { attestations: [scanned({ path: "/a/b", equals: 1 })] },
  { attestations: [scanned({ path: "/critical", exists: false })] },
  { attestations: [scanned(), { predicateType: APPROVAL }] },
  { attestations: [{ predicateType: APPROVAL }] },
  { attestations: [{ predicateType: APPROVAL, conditions: [{ path: "/by", equals: "x" }] }] },
];
const NOTATION = {
  notation: {
    trustStore: [pem("CERTIFICATE", notation.ROOT)],
    trustedIdentities: ["x509.subject: C=US, ST=WA, O=Acme"],
  },
};
const STRANGER = {
  notation: {
    trustStore: [pem("CERTIFICATE", notation.ROOT)],
    trustedIdentities: ["x509.subject: C=US, ST=WA, O=Acme, CN=other"],
  },
};
const pin = { root: { keys: [tuf.publicPem(tuf.SIGNERS.root)] } };
const RULES: JsonObject[] = SOURCES.flatMap((evidenceFrom) => [
  ...KEYS.flatMap((signer) =>
    DEMANDS.map((demand) => ({ ...signer, ...demand, evidenceFrom, verifier: "policy" })),
  ),
  ...[NOTATION, STRANGER].flatMap((it) => [
    { ...it, evidenceFrom },
    { ...it, evidenceFrom, annotations: { env: "prod" } },
    { ...it, evidenceFrom, annotations: { env: "dev" } },
  ]),
  { notaryV1: pin, evidenceFrom },
  { notaryV1: { ...pin, gun: tuf.GUN }, evidenceFrom },
  { notaryV1: { ...pin, delegations: ["targets/releases"] }, evidenceFrom },
]);

/** Which images do not meet which of these rules, and why: `container rule code`. */
function unmet(rules: JsonObject[], images: string[]): string[] {
  const settings = {
    trustRoots: { trustedRoot },
    signatures: rules.map((rule) => ({ image: "*", ...rule })),
  };
  const request = podRequest({
    containers: images.map((image, index) => ({ name: `c${index}`, image })),
  });
  (request["object"] as { metadata: JsonObject }).metadata["annotations"] = {
    "trusted-images.dev/evidence.json": documentOf(OWN[0], ...OWN[1]),
  };
  const answer = validate(request, settings, host, notation.NOW);
  if (answer.accepted) return [];
  const lines = answer.message!.split("\n");
  return lines.map((line) => {
    const found = /^containers\[(\d+)\] .*?\(rule (\d+), \*\).*\[([a-z0-9-]+)\]$/.exec(line);
    expect(found, line).not.toBeNull();
    return `${found![1]} ${found![2]} ${found![3]}`;
  });
}

/** What came of a rule for an image that were alone. */
const alone = new Map<string, string | null>();
function judge(rule: number, image: number): string | null {
  const key = `${rule} ${image}`;
  if (!alone.has(key)) {
    const found = unmet([RULES[rule]!], [IMAGES[image]!]);
    alone.set(key, found.length === 0 ? null : found[0]!.split(" ")[2]!);
  }
  return alone.get(key)!;
}

/** So many different ones of a list, by index. */
const some = (list: unknown[], maxLength: number) =>
  fc.uniqueArray(fc.nat({ max: list.length - 1 }), { minLength: 1, maxLength });

test("each rule says the same of each image, whatever else is asked", () => {
  const tally = { met: 0, unmet: 0 };
  const property = fc.property(some(RULES, 5), some(IMAGES, 3), (rules, images) => {
    const expected = images.flatMap((image, container) =>
      rules.flatMap((rule, index) => {
        const code = judge(rule, image);
        tally[code === null ? "met" : "unmet"]++;
        return code === null ? [] : [`${container} ${index + 1} ${code}`];
      }),
    );
    const found = unmet(
      rules.map((it) => RULES[it]!),
      images.map((it) => IMAGES[it]!),
    );
    expect(found.sort()).toEqual(expected.sort());
  });
  fc.assert(property, { numRuns: 200 });
  expect(Math.min(tally.met, tally.unmet)).toBeGreaterThan(30);
}, 60_000);
