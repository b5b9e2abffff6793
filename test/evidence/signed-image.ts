import type { JsonObject } from "../../host/document.js";
import { contentBytes, type Fixture } from "../../host/registry/fixture.js";
import { Guest, type HostCall } from "../../host/wapc.js";
import { readFileSync } from "node:fs";
import { packageFile } from "../../host/package.js";
import type { ValidationResponse } from "../../host/response.js";

/** A layer of a `.sig` manifest. */
export interface Layer {
  mediaType: string;
  digest: string;
  annotations: Record<string, string>;
}

export const SIGNATURE = "dev.cosignproject.cosign/signature";
export const CERTIFICATE = "dev.sigstore.cosign/certificate";
export const CHAIN = "dev.sigstore.cosign/chain";
export const BUNDLE = "dev.sigstore.cosign/bundle";

/** The layers of the signature manifest of a fixture's image, which is named by its digest. */
export function layersOf(fixture: Fixture, digest: string): Layer[] {
  const tag = fixture.tags[`${digest.replace(":", "-")}.sig`];
  if (!tag) throw new Error(`${fixture.name} has no signatures of ${digest}`);
  const manifest = JSON.parse(contentBytes(fixture.manifests[tag]!).toString()) as {
    layers: Layer[];
  };
  return structuredClone(manifest.layers);
}

/** What the guest's host answers from now on. */
let answerCall: (call: HostCall) => Uint8Array;
const bytes = Uint8Array.from(readFileSync(packageFile("policy.wasm")));
const guest = Guest.load(bytes, { hostCall: (call) => answerCall(call) });
const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

/** What the policy says of an image under one rule, when its registry answers with these layers whatever the tag. */
export function decide(
  image: string,
  rule: JsonObject,
  layers: Layer[],
  /** What the host's own verification answers; by default it trusts nothing. */
  hostTrusts?: string,
): ValidationResponse {
  answerCall = ({ operation }) => {
    if (operation === "v1/oci_manifest") {
      const mediaType = "application/vnd.oci.image.manifest.v1+json";
      return encode({ schemaVersion: 2, mediaType, layers });
    }
    if (operation === "v2/verify" && hostTrusts) {
      return encode({ is_trusted: true, digest: hostTrusts });
    }
    throw new Error("Image verification failed: missing signatures");
  };
  const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "p" } };
  const request = {
    uid: "u",
    kind: { group: "", version: "v1", kind: "Pod" },
    operation: "CREATE",
    namespace: "default",
    object: { ...pod, spec: { containers: [{ name: "c", image }] } },
  };
  const settings = { signatures: [rule] };
  const answer = guest.call("validate", encode({ request, settings }));
  return JSON.parse(new TextDecoder().decode(answer)) as ValidationResponse;
}
