import { createHash } from "node:crypto";
import { companionManifest, companionTag } from "../../host/evidence/companion.js";
import { EVIDENCE, formatEvidence, type EvidenceDocument } from "../../host/evidence/document.js";
import { gather, parseImage } from "../../host/evidence/gather.js";
import type { RegistryClient } from "../../host/registry/client.js";
import type { Fixture } from "../../host/registry/fixture.js";

const OCI = "application/vnd.oci.image.manifest.v1+json";
const sha256 = (bytes: Buffer) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

/** What the command `evidence collect` gathers for an image that is named by digest. */
export async function collect(client: RegistryClient, image: string): Promise<EvidenceDocument> {
  const reference = parseImage(image);
  const digest = reference.digest!;
  const findings = await gather(client, reference, digest, reference, () => undefined);
  return { image: digest, items: findings.map(({ item }) => item) };
}

/** A fixture with the artifact of a document in its repository, as the command `evidence push` makes it. */
export function withCompanion(fixture: Fixture, document: EvidenceDocument): Fixture {
  const config = formatEvidence(document);
  return withArtifact(fixture, document.image, config, companionManifest(document, undefined));
}

/** The same, of whatever stands in the document's place, by whatever type. */
export function withConfig(
  fixture: Fixture,
  image: string,
  config: string,
  mediaType = EVIDENCE,
): Fixture {
  const bytes = Buffer.from(config);
  const descriptor = { mediaType, digest: sha256(bytes), size: bytes.length };
  const manifest = { schemaVersion: 2, mediaType: OCI, config: descriptor, layers: [] };
  return withArtifact(fixture, image, config, Buffer.from(JSON.stringify(manifest)));
}

function withArtifact(fixture: Fixture, image: string, config: string, manifest: Buffer): Fixture {
  const { tags, manifests, blobs } = fixture;
  const digest = sha256(manifest);
  return {
    ...fixture,
    tags: { ...tags, [companionTag(image)]: digest },
    manifests: { ...manifests, [digest]: { text: manifest.toString(), mediaType: OCI } },
    blobs: { ...blobs, [sha256(Buffer.from(config))]: { text: config } },
  };
}

/** A repository with nothing in it. */
export function emptyRepository(name: string): Fixture {
  return { name, images: [], tags: {}, manifests: {}, blobs: {}, referrers: {}, files: {} };
}
