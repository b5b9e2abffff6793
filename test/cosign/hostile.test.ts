import fc from "fast-check";
import { expect, test } from "vitest";
import { callJson } from "../sdk/units.js";
import { signedImages } from "./cosign.js";
import { ask } from "./log.js";

const manifests = signedImages.map(({ manifest }) => manifest);
const bundles = signedImages.flatMap(({ layers }) =>
  layers.flatMap(({ annotations }) => annotations?.["dev.sigstore.cosign/bundle"] ?? []),
);

/** One of the texts with some of its bytes changed, or cut off. */
const spoilt = (texts: string[]) =>
  fc
    .tuple(
      fc.constantFrom(...texts),
      fc.array(fc.tuple(fc.nat(), fc.constantFrom(...'{}[]",:\\01-=A\n\u007f')), { maxLength: 3 }),
      fc.nat(9),
      fc.nat(),
    )
    .map(([text, edits, mode, at]) => {
      const characters = [...text];
      for (const [at, byte] of edits) characters[at % characters.length] = byte;
      return characters.join("").slice(0, mode === 0 ? at % characters.length : undefined);
    });

test("no manifest traps, and no digest comes out that is none", () => {
  fc.assert(
    fc.property(spoilt(manifests), (manifest) => {
      const { layers = [] } = callJson<{ layers?: { digest: string }[] }>(
        "signature_manifest",
        manifest,
      );
      for (const { digest } of layers) expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    }),
    { numRuns: 2000 },
  );
});

test("no bundle traps", () => {
  const question = { keys: [], digest: "", signature: "", key: "" };
  fc.assert(
    fc.property(spoilt(bundles), (bundle) => {
      const { read, verify } = ask({ ...question, bundle });
      expect(read ?? verify).toMatch(/^log-(entry-malformed|unknown)$/);
    }),
    { numRuns: 2000 },
  );
});
