import { IMAGE_INDEX, type Descriptor, type Manifest, type RegistryClient } from "./client.js";
import { pushManifest } from "./push.js";
import type { Reference } from "./reference.js";
import { Refusal } from "./requests.js";

/**
 * Lists a manifest at the fallback tag of what it refers to, as distribution-spec 1.1 has clients do where a registry does
 * not list it by itself (Pushing Manifests with Subject). What others listed there stays as it is.
 *
 * @param at the repository
 * @param subject the digest that the manifest refers to
 * @param replaced the digest of a manifest whose place it takes
 */
export async function listReferrer(
  client: RegistryClient,
  { registry, repository }: Reference,
  subject: string,
  descriptor: Descriptor,
  replaced?: string,
): Promise<void> {
  const tagged = { registry, repository, tag: subject.replace(":", "-") };
  const index = await pullIndex(client, tagged);
  if (!index.manifests) throw new Error(`what is at the tag ${tagged.tag} is no list`);
  const others = index.manifests.filter(({ digest }) => digest !== replaced);
  const isThere = others.some(({ digest }) => digest === descriptor.digest);
  const manifests = isThere ? others : [...others, descriptor];
  const bytes = Buffer.from(JSON.stringify({ ...index, manifests }));
  await pushManifest(client.requests, tagged, bytes, IMAGE_INDEX);
}

async function pullIndex(client: RegistryClient, tagged: Reference): Promise<Manifest> {
  try {
    return (await client.pullManifest(tagged)).manifest;
  } catch (error) {
    if (!(error instanceof Refusal && error.status === 404)) throw error;
    return Object.assign({ schemaVersion: 2 }, { mediaType: IMAGE_INDEX, manifests: [] });
  }
}
