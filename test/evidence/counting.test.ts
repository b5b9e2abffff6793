import { p256 } from "@noble/curves/nist.js";
import { createPublicKey } from "node:crypto";
import { describe, expect, test } from "vitest";
import { contentBytes } from "../../host/registry/fixture.js";
import { pem } from "../crypto/crypto.js";
import { readFixture } from "../host/fixtures.js";
import { decide, layersOf, SIGNATURE } from "./signed-image.js";

const fixture = readFixture("a-single.json");
const image = fixture.images.find((name) => name.includes("@"))!;
const digest = image.split("@")[1]!;
const [layer] = layersOf(fixture, digest);
const own = contentBytes(fixture.files["keys/a1.pub"]!).toString();
const signature = p256.Signature.fromBytes(
  Buffer.from(layer!.annotations[SIGNATURE]!, "base64"),
  "der",
);
const payload = Buffer.from(layer!.digest.slice("sha256:".length), "hex");

/** The keys under which one ECDSA signature of a payload verifies: its signer's, and another. */
const keys = [0, 1].map((bit) => {
  const point = signature.addRecoveryBit(bit).recoverPublicKey(payload);
  const head = createPublicKey(own).export({ type: "spki", format: "der" }).subarray(0, -65);
  return pem("PUBLIC KEY", Buffer.concat([head, point.toBytes(false)]));
});

/** The layer with the other `s` that satisfies the equation as well. */
const twin = structuredClone(layer!);
const order = p256.Point.Fn.ORDER;
twin.annotations[SIGNATURE] = Buffer.from(
  new p256.Signature(signature.r, order - signature.s).toBytes("der"),
).toString("base64");

const rule = (pubKeys: string[], threshold = pubKeys.length) => ({
  image: "*",
  verifier: "policy",
  pubKeys,
  threshold,
});
const accepts = (pubKeys: string[], layers = [layer!], threshold?: number) =>
  decide(image, rule(pubKeys, threshold), layers).accepted;

describe("one signature counts for one key", () => {
  test("it verifies under two", () => {
    expect(keys.map((key) => createPublicKey(key).equals(createPublicKey(own))).sort()).toEqual([
      false,
      true,
    ]);
    for (const key of keys) expect(accepts([key])).toBe(true);
    for (const key of keys) expect(accepts([key], [twin])).toBe(true);
  });

  test.each([
    ["the signature", [layer!]],
    ["two copies of it", [layer!, layer!]],
    ["the signature and its twin", [layer!, twin]],
    ["all of them", [twin, layer!, twin, layer!]],
  ])("%s: not for both keys", (_, layers) => {
    expect(accepts(keys, layers)).toBe(false);
    expect(accepts([...keys].reverse(), layers)).toBe(false);
    expect(accepts(keys, layers, 1)).toBe(true);
  });

  test("the message says so", () => {
    expect(decide(image, rule(keys), [layer!]).message).toMatch(
      /no further signature of the image is by it \[signature-unmet\]$/,
    );
  });
});

test("three signatures count for three keys", () => {
  const three = readFixture("b-three-keys.json");
  const name = three.images.find((other) => other.includes("@"))!;
  const layers = layersOf(three, name.split("@")[1]!);
  const all = ["a1", "b2", "b3"].map((key) =>
    contentBytes(three.files[`keys/${key}.pub`]!).toString(),
  );
  expect(decide(name, rule(all), layers).accepted).toBe(true);
  for (const left of layers) {
    const others = layers.filter((other) => other !== left);
    expect(decide(name, rule(all), others).accepted).toBe(false);
    expect(decide(name, rule(all, 2), others).accepted).toBe(true);
  }
});
