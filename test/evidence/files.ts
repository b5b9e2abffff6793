import { readFileSync } from "node:fs";
import type { JsonObject } from "../../host/document.js";
import { packageFile } from "../../host/package.js";
import { contentBytes, type Fixture } from "../../host/registry/fixture.js";
import type { ValidationResponse } from "../../host/response.js";
import { Guest } from "../../host/wapc.js";
import { BUNDLE, CERTIFICATE, CHAIN, layersOf, SIGNATURE } from "./signed-image.js";

/** A signature as files: what each holds, by its ending. */
export type SignatureFiles = Record<string, string>;

/** The signatures of a fixture's image, with the payloads that its registry has of them. */
export function filesOf(fixture: Fixture, digest: string): SignatureFiles[] {
  const annotations = { sig: SIGNATURE, cert: CERTIFICATE, chain: CHAIN, bundle: BUNDLE };
  return layersOf(fixture, digest).map((layer) => {
    const files: SignatureFiles = {
      payload: contentBytes(fixture.blobs[layer.digest]!).toString(),
    };
    for (const [ending, name] of Object.entries(annotations)) {
      const text = layer.annotations?.[name];
      if (text !== undefined) files[ending] = text;
    }
    return files;
  });
}

/** Where signatures lie as files: where a rule looks for them, and what is there. */
interface Carrier {
  source: JsonObject;
  /** Before the name of each file. */
  prefix: string;
}

export const CARRIERS: Record<string, Carrier> = {
  "a ConfigMap": { source: { configMap: { name: "signatures" } }, prefix: "" },
  annotations: { source: { annotation: true }, prefix: "trusted-images.dev/" },
};

let data: SignatureFiles;
const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const bytes = Uint8Array.from(readFileSync(packageFile("policy.wasm")));
const guest = Guest.load(bytes, {
  hostCall({ operation }) {
    if (operation === "get_resource")
      return encode({ metadata: { name: "signatures", namespace: "default" }, data });
    // A registry that holds no signatures, and a host that trusts everything.
    if (operation === "v2/verify") return encode({ is_trusted: true, digest: "sha256:0" });
    throw new Error("Registry error: OCI API error: manifest unknown");
  },
});

/** What the policy says of an image under one rule if these are the signatures that lie there. */
export function decideFiles(
  image: string,
  rule: JsonObject,
  signatures: SignatureFiles[],
  { source, prefix }: Carrier,
): ValidationResponse {
  const named = signatures.flatMap((files, index) =>
    Object.entries(files).map(([ending, text]) => [`${prefix}${index}.${ending}`, text]),
  );
  data = Object.fromEntries(named) as SignatureFiles;
  const request = {
    uid: "u",
    kind: { group: "", version: "v1", kind: "Pod" },
    operation: "CREATE",
    namespace: "default",
    object: {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "p", annotations: data },
      spec: { containers: [{ name: "c", image }] },
    },
  };
  const settings = { signatures: [{ ...rule, verifier: "policy", evidenceFrom: [source] }] };
  const answer = guest.call("validate", encode({ request, settings }));
  return JSON.parse(new TextDecoder().decode(answer)) as ValidationResponse;
}
