import { sign } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Item } from "../../host/evidence/item.js";
import { pem } from "../crypto/crypto.js";
import * as notation from "../notation/make.js";
import { JWS } from "../notation/notation.js";
import { codes, digest, pod, validate, type Oracle } from "../policy/guest.js";
import { payloadFor } from "../policy/signed.js";
import {
  bodies,
  bundle,
  DIGEST,
  ec,
  entry,
  envelope,
  rootWithLog,
  statement,
} from "../sigstore/made.js";
import * as tuf from "../tuf/make.js";
import { root as certificate } from "../x509/chain.js";
import { beside, documentOf, notationItem, notaryItem } from "./documents.js";

// Signatures in evidence documents cost what is done for them, however many rules and images ask.

const IMAGE = notation.DIGEST;
const files = tuf.repository({
  targets: { keys: [tuf.SIGNERS.targets], targets: { "1.0": IMAGE } },
});
const document = documentOf(IMAGE, notationItem(JWS, notation.jws()), notaryItem(tuf.GUN, files));
const trust = { trustStore: [pem("CERTIFICATE", notation.ROOT)], trustedIdentities: ["*"] };
const root = { keys: [tuf.publicPem(tuf.SIGNERS.root)] };

function ask(rules: number, rule: object, ...images: string[]) {
  const signatures = Array.from({ length: rules }, () => ({ image: "*", ...rule }));
  return validate(pod(...images), { signatures } as never, beside(IMAGE, document), notation.NOW);
}

test("an envelope is verified once for 256 rules, and its document is asked for once", () => {
  const answer = ask(256, { notation: trust }, `${tuf.GUN}@${IMAGE}`);
  expect(answer.accepted, answer.message).toBe(true);
  expect(answer.calls).toHaveLength(1);
});

test("metadata is verified once for 256 images of a repository", () => {
  const images = Array.from({ length: 128 }, () => [`${tuf.GUN}@${IMAGE}`, `${tuf.GUN}:1.0`]);
  const answer = ask(1, { notaryV1: { root } }, ...images.flat());
  expect(answer.accepted, answer.message).toBe(true);
  expect(answer.calls).toHaveLength(2);
});

test("metadata is verified for each rule, until that is too much work", () => {
  expect(ask(40, { notaryV1: { root } }, `${tuf.GUN}@${IMAGE}`).accepted).toBe(true);
  const answer = ask(256, { notaryV1: { root } }, `${tuf.GUN}@${IMAGE}`);
  expect(answer.accepted).toBe(false);
  expect(new Set(codes(answer))).toEqual(new Set(["too-many-checks"]));
  expect(answer.calls).toHaveLength(1);
});

describe("what others may write", () => {
  const besideAlone =
    (image: string, document: string): Oracle =>
    (request, call) =>
      call.operation === "v1/oci_manifest"
        ? new Error("code: 404")
        : beside(image, document)(request, call);
  const key = ec();
  const pubKeys = [key.publicKey.export({ type: "spki", format: "pem" }) as string];
  const bundleItem = (json: object): Item => ({
    type: "sigstore-bundle",
    bundle: Buffer.from(JSON.stringify(json)).toString("base64"),
  });

  const byKey = { pubKeys, verifier: "policy" };
  const elsewhere = documentOf(IMAGE);

  test.each<[number, string, string, number, object, string[]]>([
    [2000, "documents of another image", elsewhere, 64, byKey, ["evidence-image"]],
    [
      8000,
      "documents of another image",
      elsewhere,
      16,
      byKey,
      ["evidence-image", "too-many-checks"],
    ],
    [20_000, "broken documents", "{}", 64, byKey, ["evidence-kind", "too-many-checks"]],
    [
      20_000,
      "broken documents for Notation",
      "{}",
      64,
      { notation: trust },
      ["evidence-kind", "too-many-checks"],
    ],
  ])("%i %s, for all rules and 256 images", (count, _, text, rules, signer, expected) => {
    const items = Array.from({ length: count }, (_, i) => ({
      metadata: { name: `c${i}`, namespace: "default", labels: { a: "b" } },
      data: { "evidence.json": text },
    }));
    const host: Oracle = (_, { operation }) =>
      operation === "list_resources_by_namespace"
        ? JSON.stringify({ apiVersion: "v1", kind: "ConfigMapList", metadata: {}, items })
        : new Error("code: 404");
    const rule = { image: "*", evidenceFrom: [{ configMap: { labelSelector: "a=b" } }], ...signer };
    const signatures = Array<object>(rules).fill(rule);
    const images = Array.from(
      { length: 256 },
      (_, i) => `a@${digest(i.toString(16).padStart(2, "0"))}`,
    );
    const answer = validate(pod(...images), { signatures } as never, host);
    expect([...new Set(codes(answer))]).toEqual(expected);
  });

  test("a bundle with 100 000 subjects and an entry eight times, for 256 rules", () => {
    const subject = [...Array<object>(100_000).fill({}), { digest: { sha256: IMAGE.slice(7) } }];
    const dsseEnvelope = envelope(key, JSON.stringify(statement({ subject })));
    const entries = Array<object>(8).fill(entry(bodies.dsse(dsseEnvelope, key)));
    const long = documentOf(IMAGE, bundleItem(bundle({ dsseEnvelope }, entries)));
    const rule = {
      image: "*",
      pubKeys,
      verifier: "policy",
      evidenceFrom: [{ artifact: true }],
      transparencyLog: { required: true },
    };
    const settings = {
      trustRoots: { trustedRoot: rootWithLog() },
      signatures: Array<object>(256).fill(rule),
    };
    const host = besideAlone(IMAGE, long);
    const answer = validate(pod(`a@${IMAGE}`), settings as never, host);
    expect(answer.accepted, answer.message).toBe(true);
  });

  test("a timestamp of half a megabyte, read for rules that trust each another authority", () => {
    const dsseEnvelope = envelope(key, JSON.stringify(statement()));
    const signedTimestamp = "A".repeat(500_000);
    const timestampVerificationData = { rfc3161Timestamps: [{ signedTimestamp }] };
    const json = bundle({ dsseEnvelope }, [], { timestampVerificationData });
    const host = besideAlone(DIGEST, documentOf(DIGEST, bundleItem(json)));
    const certificates = [{ rawBytes: certificate().toString("base64") }];
    const trustedRoot = JSON.stringify({
      ...(JSON.parse(rootWithLog()) as object),
      timestampAuthorities: [{ certChain: { certificates } }],
    });
    const rule = { image: "*", ...byKey, evidenceFrom: [{ artifact: true }] };
    const logged = { ...rule, transparencyLog: { required: true }, trustRoots: { trustedRoot } };
    const decide = (count: number) => {
      const signatures = Array<object>(count).fill(logged);
      return codes(validate(pod(`a@${DIGEST}`), { signatures } as never, host));
    };
    expect(decide(1)).toEqual(["timestamp-malformed"]);
    expect(new Set(decide(64))).toEqual(new Set(["timestamp-malformed", "too-many-checks"]));
  });

  test("a payload of 700 KB with an annotation in escapes, for 256 rules and 8 images", () => {
    const { privateKey } = key;
    const payload = payloadFor("a", IMAGE, { a: 0 }).replace(
      '"a":0',
      () => `"a":"${"\\u0061".repeat(115_000)}"`,
    );
    const signature = sign("sha256", Buffer.from(payload), privateKey).toString("base64");
    const item = { type: "cosign", payload: Buffer.from(payload).toString("base64"), signature };
    const host: Oracle = (_, { operation }) =>
      operation === "get_resource"
        ? JSON.stringify({
            metadata: { name: "s", namespace: "default" },
            data: { "evidence.json": documentOf(IMAGE, item as Item) },
          })
        : new Error("code: 404");
    const evidenceFrom = [{ configMap: { name: "s" } }];
    const rule = { image: "*", ...byKey, evidenceFrom, annotations: { a: "b" } };
    const decide = (rules: number, images: number) => {
      const signatures = Array<object>(rules).fill(rule);
      const names = Array.from({ length: images }, (_, i) => `a${i}@${IMAGE}`);
      return validate(pod(...names), { signatures } as never, host);
    };
    expect(codes(decide(1, 1))).toEqual(["payload-annotations"]);
    expect(new Set(codes(decide(256, 8)))).toContain("too-many-checks");
  });

  test("names of 150 KB in certificates, for 4 rules and 256 images", () => {
    const chain = [
      notation.leaf({ subject: notation.nameOf("x".repeat(150_000)) }),
      notation.middle(),
      notation.ROOT,
    ];
    const item = notationItem(JWS, notation.jws({ chain }));
    const data = { "evidence.json": documentOf(IMAGE, ...Array<Item>(12).fill(item)) };
    const host: Oracle = () =>
      JSON.stringify({ metadata: { name: "s", namespace: "default" }, data });
    const trustedIdentities = ["x509.subject: C=US, ST=WA, O=Other"];
    const rule = {
      image: "*",
      evidenceFrom: [{ configMap: { name: "s" } }],
      notation: { ...trust, trustedIdentities },
    };
    const decide = (rules: number, images: number) => {
      const signatures = Array<object>(rules).fill(rule);
      const names = Array.from({ length: images }, (_, i) => `a${i}@${IMAGE}`);
      return validate(pod(...names), { signatures } as never, host, notation.NOW);
    };
    expect(decide(1, 1).message).toMatch(/CN=x{95,}\.\.\., who is not .* \[envelope-signer\]$/);
    expect(codes(decide(4, 256))).toContain("envelope-signer");
  });
});
