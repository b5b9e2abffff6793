import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../host/document.js";
import { pem } from "../crypto/crypto.js";
import { readFixtures } from "../host/fixtures.js";
import { imageOf, ruleOf, type ToldFixture } from "./commands.js";
import { BUNDLE, CERTIFICATE, decide, layersOf, SIGNATURE, type Layer } from "./signed-image.js";

/** An image that is accepted by one of its layers alone. */
interface Accepted {
  name: string;
  image: string;
  digest: string;
  rule: JsonObject;
  layer: Layer;
}

/** Every image by digest that cosign accepts, once with each rule, with one layer that counts. */
const accepted: Accepted[] = (readFixtures() as ToldFixture[]).flatMap((fixture) => {
  const seen = new Set<string>();
  return fixture.verifications.flatMap(({ command, exit, label }) => {
    const image = imageOf(command);
    const rule = ruleOf(fixture, command);
    if (exit !== 0 || !rule || !/^([a-gkl]-|h-v3-legacy)/.test(fixture.name)) return [];
    const digest = image.split("@")[1];
    if (!digest || seen.has(digest + JSON.stringify(rule))) return [];
    seen.add(digest + JSON.stringify(rule));
    return layersOf(fixture, digest)
      .filter((layer) => decide(image, rule, [layer], digest).accepted)
      .slice(0, 1)
      .map((layer) => ({ name: `${fixture.name} ${label}`, image, digest, rule, layer }));
  });
});

/** The bytes with one of them changed, for each of them. */
function* flips(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at++) {
    const flipped = Buffer.from(bytes);
    flipped[at]! ^= 1 << (at % 8);
    yield flipped;
  }
}

/** The layer with another value of an annotation. */
const withAnnotation = (layer: Layer, name: string, value: string): Layer => ({
  ...layer,
  annotations: { ...layer.annotations, [name]: value },
});

const der = (text: string) =>
  Buffer.from(text.replace(/-----[^-]+-----/g, "").replace(/\s/g, ""), "base64");

/** A hex digit that is another one. */
const otherDigit = (digit: string) => (digit === "0" ? "1" : "0");

/** A digest with one digit changed, for each of them. */
function* otherDigests(digest: string): Generator<string> {
  for (let at = "sha256:".length; at < digest.length; at++) {
    yield digest.slice(0, at) + otherDigit(digest[at]!) + digest.slice(at + 1);
  }
}

test("there are as many as there were", () => {
  expect(accepted.length).toBe(50);
});

describe.each(accepted)("$name", ({ image, digest, rule, layer }) => {
  // Not even a host that trusts everything makes up for what does not verify here.
  const rejects = (changed: Layer, by: JsonObject = rule) => {
    const answer = decide(image, by, [changed], digest);
    expect(answer.accepted, JSON.stringify(changed)).toBe(false);
  };

  test("no byte of the signature can be another", () => {
    for (const flipped of flips(Buffer.from(layer.annotations[SIGNATURE]!, "base64"))) {
      rejects(withAnnotation(layer, SIGNATURE, flipped.toString("base64")));
    }
  });

  test("no digit of the payload's digest can be another", () => {
    for (const other of otherDigests(layer.digest)) rejects({ ...layer, digest: other });
  });

  test("no digit of the image's digest can be another", () => {
    for (const other of otherDigests(digest)) {
      const answer = decide(image.replace(digest, other), rule, [layer]);
      expect(answer.accepted, other).toBe(false);
    }
  });

  const keys = rule["pubKeys"] as string[] | undefined;
  if (keys) {
    test("no byte of the key can be another", () => {
      for (const flipped of flips(der(keys![0]!))) {
        rejects(layer, { ...rule, pubKeys: [pem("PUBLIC KEY", flipped)] });
      }
    });
  }

  const certificate = layer.annotations[CERTIFICATE];
  if (rule["keyless"]) {
    test("no byte of the certificate can be another", () => {
      for (const flipped of flips(der(certificate!))) {
        rejects(withAnnotation(layer, CERTIFICATE, pem("CERTIFICATE", flipped)));
      }
    });
  }

  const certificates = rule["certificates"] as string[] | undefined;
  const chain = rule["certificateChain"] as string[] | undefined;
  if (chain?.length) {
    test("no byte of the certificate of the rule can be another", () => {
      for (const flipped of flips(der(certificates![0]!))) {
        rejects(layer, { ...rule, certificates: [pem("CERTIFICATE", flipped)] });
      }
    });
  }

  const isLogged = rule["keyless"] || rule["transparencyLog"];
  if (isLogged) {
    test("no character of the log entry can be another", () => {
      for (const flipped of flips(Buffer.from(layer.annotations[BUNDLE]!))) {
        rejects(withAnnotation(layer, BUNDLE, flipped.toString("latin1")));
      }
    });
  }
});
