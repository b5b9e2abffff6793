import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../../host/document.js";
import type { Item } from "../../host/evidence/item.js";
import { pem } from "../crypto/crypto.js";
import * as notation from "../notation/make.js";
import { JWS } from "../notation/notation.js";
import { codes, digest, pod, validate, type Answer, type Oracle } from "../policy/guest.js";
import * as make from "../x509/make.js";
import * as tuf from "../tuf/make.js";
import { artifactOf, documentOf, notationItem, notaryItem } from "./documents.js";

// Whoever writes to a registry, to a namespace or to a workload decides what lies there, and not what is accepted.

const IMAGE = notation.DIGEST;
const OTHER = digest("b");
const repository = (signers: tuf.Wanted = {}) =>
  tuf.repository({
    targets: { keys: [tuf.SIGNERS.targets], targets: { "1.0": IMAGE } },
    ...signers,
  });

/** For each format: a rule, an item that meets it, and one that somebody else has made. */
const FORMATS: Record<string, { rule: JsonObject; good: Item; forged: Item }> = {
  notation: {
    rule: {
      notation: {
        trustStore: [pem("CERTIFICATE", notation.ROOT)],
        trustedIdentities: ["x509.subject: C=US, ST=WA, O=Acme"],
      },
    },
    good: notationItem(JWS, notation.jws()),
    forged: notationItem(JWS, notation.jws({ keys: make.KEYS.p256() })),
  },
  notaryV1: {
    rule: { notaryV1: { root: { keys: [tuf.publicPem(tuf.SIGNERS.root)] } } },
    good: notaryItem(tuf.GUN, repository()),
    forged: notaryItem(tuf.GUN, repository({ root: { keys: [tuf.certified(tuf.GUN)] } })),
  },
};
const FORGED: Record<string, string> = { notation: "envelope-signature", notaryV1: "tuf-root" };

interface World {
  /** What the tag means, the first time that is asked, and later. */
  digests?: string[];
  artifact?: string;
  entry?: string;
  /** An annotation of the workload. */
  annotation?: string;
}

function decide(
  rule: JsonObject,
  world: World,
  source: JsonObject,
  image = `${tuf.GUN}:1.0`,
): Answer {
  const digests = [...(world.digests ?? [IMAGE])];
  const host: Oracle = (_, { operation }) => {
    if (operation === "v1/manifest_digest") {
      const [first, ...later] = digests;
      if (later.length > 0) digests.shift();
      return JSON.stringify({ digest: first! });
    }
    if (operation === "v1/oci_manifest_config") {
      return world.artifact === undefined ? new Error("code: 404") : artifactOf(world.artifact);
    }
    const metadata = { name: "evidence", namespace: "default" };
    return JSON.stringify({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata,
      data: { "evidence.json": world.entry! },
    });
  };
  const request = pod(image) as { object: { metadata: Record<string, Json> } } & JsonObject;
  if (world.annotation) {
    request.object.metadata["annotations"] = {
      "trusted-images.dev/evidence.json": world.annotation,
    };
  }
  const signatures = [{ image: "*", evidenceFrom: [source], ...rule }];
  return validate(request, { signatures }, host, notation.NOW);
}

const CARRIERS: [string, JsonObject, (document: string) => World][] = [
  ["an artifact", { artifact: true }, (artifact) => ({ artifact })],
  [
    "a ConfigMap",
    { configMap: { name: "evidence", namespace: "default" } },
    (entry) => ({ entry }),
  ],
  ["an annotation", { annotation: true }, (annotation) => ({ annotation })],
];

describe.each(Object.entries(FORMATS))("%s", (format, { rule, good, forged }) => {
  test.each(CARRIERS)("in %s is verified, wherever it lies", (_, source, carry) => {
    const answer = decide(rule, carry(documentOf(IMAGE, good)), source);
    expect(answer.accepted, answer.message).toBe(true);
    // What was verified is what runs.
    expect(JSON.stringify(answer.mutated_object)).toContain(`"${tuf.GUN}:1.0@${IMAGE}"`);
    expect(codes(decide(rule, carry(documentOf(IMAGE, forged)), source))).toEqual([FORGED[format]]);
    expect(decide(rule, carry(documentOf(IMAGE, forged, good)), source).accepted).toBe(true);
    const asFor = (image: string) => codes(decide(rule, carry(documentOf(image, good)), source));
    expect(asFor(OTHER)).toEqual(["evidence-image"]);
  });

  test("in a source that the rule does not name counts for nothing", () => {
    for (const [, source] of CARRIERS) {
      for (const [, other, carry] of CARRIERS) {
        if (source === other) continue;
        const world = { entry: documentOf(IMAGE), ...carry(documentOf(IMAGE, good)) };
        expect(codes(decide(rule, world, source))).toEqual(["signature-missing"]);
      }
    }
  });

  test("is of what the tag meant when it was first asked", () => {
    const artifact = documentOf(IMAGE, good);
    const moving = decide(rule, { digests: [IMAGE, OTHER], artifact }, { artifact: true });
    expect(JSON.stringify(moving.mutated_object)).toContain(`@${IMAGE}"`);
    expect(moving.calls.filter(({ operation }) => operation === "v1/manifest_digest")).toHaveLength(
      1,
    );
    const moved = decide(rule, { digests: [OTHER, IMAGE], artifact }, { artifact: true });
    expect(codes(moved)).toEqual(["evidence-image"]);
    const relabelled = documentOf(OTHER, good);
    const again = decide(
      rule,
      { digests: [OTHER, IMAGE], artifact: relabelled },
      { artifact: true },
    );
    expect(codes(again)).toEqual(["digest-mismatch"]);
  });

  test("of an image by digest is of that, whatever the registry says", () => {
    const world = { digests: [IMAGE], artifact: documentOf(OTHER, good) };
    const answer = decide(rule, world, { artifact: true }, `${tuf.GUN}:1.0@${OTHER}`);
    expect(answer.accepted).toBe(false);
    expect(answer.calls.map(({ operation }) => operation)).toEqual(["v1/oci_manifest_config"]);
  });

  test("among more items than may be is not looked for", () => {
    const among = (count: number) => {
      const items = [good, ...Array.from({ length: count - 1 }, () => forged)];
      // As they are: the command writes equal ones once.
      const document = { ...(JSON.parse(documentOf(IMAGE)) as JsonObject), items: items as Json };
      return decide(rule, { entry: JSON.stringify(document) }, CARRIERS[1]![1]);
    };
    expect(among(64).accepted).toBe(true);
    expect(codes(among(65))).toEqual(["too-many-evidence-items"]);
  });
});
