import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../host/document.js";
import { bundle, layer, newSigner, payloadFor } from "../policy/signed.js";
import { decide, type Layer } from "./signed-image.js";

// A payload that the policy cannot write itself is known to the host alone, which looks the manifest up again. Its word is
// for the key, and for nothing else that had to be proven.

const NAME = "registry.example.com/team/app";
const DIGEST = `sha256:${"e".repeat(64)}`;
const image = `${NAME}@${DIGEST}`;
const key = newSigner();
const log = newSigner();

/** A signature by the key over a payload, logged in 2024 if it is old. */
function signature(payload: string, isOld: boolean, more: JsonObject = {}): Layer {
  const bare = layer(payload, key) as unknown as Layer;
  const [content] = Object.values(bare.annotations);
  const entry = isOld
    ? bundle(log, { digest: bare.digest, signature: content!, key: key.pem, time: 1_732_000_200 })
    : {};
  return layer(payload, key, { ...bare.annotations, ...entry, ...more }) as unknown as Layer;
}

const another = payloadFor("registry.example.com/team/old", `sha256:${"0".repeat(64)}`);
const own = payloadFor(NAME, DIGEST, { build: "7" });
const old = signature(another, true);
const fresh = signature(own, false);
const unreadable = signature(own, false, { "dev.sigstore.cosign/chain": "x".repeat(70_000) });
const unlike = { ...fresh, mediaType: "application/octet-stream" };

const byKey = { image: "*", verifier: "policy", pubKeys: [key.pem] };
const logged = { ...byKey, transparencyLog: { keys: [log.pem] } };
const inItsTime = { ...logged, pubKeys: [{ key: key.pem, notAfter: "2024-12-31" }], threshold: 1 };

describe("the host's word on a payload", () => {
  test.each<[string, JsonObject, Layer[], boolean]>([
    ["counts for a key alone", byKey, [fresh], true],
    ["does not count beside another layer by the key", byKey, [old, fresh], false],
    ["does not count beside a layer that cannot be read", byKey, [old, unreadable], false],
    ["does not count beside a layer of another kind", byKey, [old, unlike], false],
    ["does not count where a log must prove the signature", logged, [old], false],
    ["nor where it proves the time", inItsTime, [old], false],
    ["nor beside a layer that cannot be read", inItsTime, [old, unreadable], false],
    ["nor where both verify", { ...inItsTime, verifier: "both" }, [old, unreadable], false],
  ])("%s", (_, rule, layers, accepted) => {
    const answer = decide(image, rule, layers, DIGEST);
    expect(answer.accepted, answer.message ?? "").toBe(accepted);
    if (!accepted) expect(answer.message).toMatch(/\[payload-unknown\]$/);
  });

  test("is not asked for where the payload is known", () => {
    const plain = signature(payloadFor(NAME, DIGEST), true);
    for (const rule of [byKey, logged, inItsTime]) {
      expect(decide(image, rule, [plain]).accepted).toBe(true);
    }
  });
});
