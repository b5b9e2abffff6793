import { describe, expect, test } from "vitest";
import { readFixture } from "../host/fixtures.js";
import { ruleOf, type ToldFixture } from "./commands.js";
import { BUNDLE, CERTIFICATE, decide, layersOf, SIGNATURE, type Layer } from "./signed-image.js";

/** A fixture's signed image, its layer, and the rule that cosign accepted it with. */
function signed(name: string) {
  const fixture = readFixture(`${name}.json`) as ToldFixture;
  const told = fixture.verifications.find(
    ({ command, exit }) => exit === 0 && command.includes("--offline") && ruleOf(fixture, command),
  )!;
  const image = told.command.trim().split(" ").at(-1)!;
  const digest = image.split("@")[1]!;
  const [layer] = layersOf(fixture, digest);
  return { image, digest, layer: layer!, rule: ruleOf(fixture, told.command)! };
}

/** Every layer of which each part that both have is the one's or the other's, but for the two themselves. */
function mixtures(one: Layer, other: Layer): Layer[] {
  // A key's signature has no certificate, and to a rule of keys one that is there says nothing.
  const names = [SIGNATURE, CERTIFICATE, BUNDLE].filter(
    (name) => one.annotations[name] && other.annotations[name],
  );
  const count = 1 << (names.length + 1);
  return Array.from({ length: count - 2 }, (_, index) => {
    const choice = index + 1;
    const from = (bit: number) => (choice & (1 << bit) ? other : one);
    const annotations = names.map((name, bit) => [name, from(bit).annotations[name]!] as const);
    const { mediaType, digest } = from(names.length);
    return { mediaType, digest, annotations: Object.fromEntries(annotations) };
  });
}

// The signer's layer of its own image, of another image, and of another signer.
const pairs = [
  ["l-fulcio-email", "l-fulcio-uri"],
  ["l-fulcio-email", "l-fulcio-v1-only"],
  ["l-fulcio-uri", "l-rekor-key"],
  ["l-rekor-key", "l-fulcio-email"],
] as const;

describe.each(pairs)("parts of the layers of %s and %s", (first, second) => {
  const one = signed(first);
  const other = signed(second);

  test("each is accepted whole, by its own rule", () => {
    expect(decide(one.image, one.rule, [one.layer]).accepted).toBe(true);
    expect(decide(other.image, other.rule, [other.layer]).accepted).toBe(true);
    expect(decide(one.image, one.rule, [other.layer]).accepted).toBe(false);
  });

  const same = (a: Layer, b: Layer) => JSON.stringify(a) === JSON.stringify(b);
  const mixed = mixtures(one.layer, other.layer).filter(
    (layer) => !same(layer, one.layer) && !same(layer, other.layer),
  );

  test.each(mixed.map((layer, index) => ({ index, layer })))("mixture $index", ({ layer }) => {
    for (const { image, digest } of [one, other]) {
      for (const { rule } of [one, other]) {
        // Neither by itself, nor beside whole ones of the other image, nor with a host that trusts everything.
        expect(decide(image, rule, [layer]).accepted).toBe(false);
        expect(decide(image, rule, [layer], digest).accepted).toBe(false);
      }
    }
  });

  test("all mixtures together are no better", () => {
    for (const { image, rule } of [one, other]) {
      expect(decide(image, rule, mixed).accepted).toBe(false);
    }
  });
});
