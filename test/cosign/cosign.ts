import { createHash } from "node:crypto";
import { contentBytes, type Fixture } from "../../host/registry/fixture.js";
import { readFixtures } from "../host/fixtures.js";

export const SIMPLE_SIGNING = "application/vnd.dev.cosign.simplesigning.v1+json";

/** A layer of a `.sig` manifest, as the manifest says it. */
export interface SignatureLayer {
  mediaType: string;
  digest: string;
  annotations: Record<string, string>;
}

/** One fixture's `.sig` manifest and the image that it is about. */
export interface SignedImage {
  name: string;
  fixture: Fixture;
  /** Registry and repository. */
  repository: string;
  /** The image's digest. */
  digest: string;
  manifest: string;
  layers: SignatureLayer[];
}

/** Every `.sig` manifest of the fixtures. */
export const signedImages: SignedImage[] = readFixtures().flatMap((fixture) =>
  Object.entries(fixture.tags)
    .filter(([tag]) => tag.endsWith(".sig"))
    .map(([tag, manifestDigest]) => {
      const manifest = contentBytes(fixture.manifests[manifestDigest]!).toString();
      const { layers } = JSON.parse(manifest) as { layers: SignatureLayer[] };
      return {
        name: fixture.name,
        fixture,
        repository: fixture.images[0]!.replace(/^.* /, "").replace(/(@.*|:[^:/]*)$/, ""),
        digest: tag.slice(0, -".sig".length).replace("-", ":"),
        manifest,
        layers,
      };
    }),
);

/** The only `.sig` manifest of a fixture. */
export function signedImage(name: string): SignedImage {
  const found = signedImages.filter((image) => image.name === name);
  if (found.length !== 1) throw new Error(`${name} has ${found.length} .sig manifests`);
  return found[0]!;
}

/** `sha256:…` of some bytes. */
export function digestOf(bytes: Uint8Array | string): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
