import type { Descriptor, Pulled, RegistryClient } from "../registry/client.js";
import { formatReference, parseReference, type Reference } from "../registry/reference.js";
import { Refusal } from "../registry/requests.js";
import { UserError } from "../document.js";
import { companionTag, readCompanion } from "./companion.js";
import { canonical, EVIDENCE } from "./document.js";
import { isKnown, type Item } from "./item.js";
import { pullItem } from "./layer.js";

/** An item, and where it was found: more than one place may have it. */
export interface Finding {
  item: Item;
  where: string[];
}

/** What a document that is beside the image already is called in findings. */
export const THERE = "tag .evidence";

/** More referrers, and more layers of all manifests together, are not looked at. */
const MAX_REFERRERS = 256;
const MAX_LAYERS = 512;

/** An image and its digest: as its name says, else as its registry does. */
export async function resolveImage(
  client: RegistryClient,
  image: string,
): Promise<{ reference: Reference; digest: string }> {
  const reference = parseImage(image);
  const { digest } = reference;
  if (digest !== undefined) return { reference, digest };
  const pulled = await wording("pull", reference, () => client.pullManifest(reference));
  return { reference, digest: pulled.digest };
}

/** Parses an image's name as the user gave it. */
export function parseImage(image: string): Reference {
  try {
    return parseReference(image);
  } catch (error) {
    throw new UserError(`${image}: ${(error as Error).message}`);
  }
}

/**
 * Gathers what registries hold about an image, verified by nobody: cosign's signatures and attestations at its tags,
 * what refers to it by the API or by the fallback tag, and the document that was pushed for it.
 *
 * @param image whose tag does not count
 * @param companions the repository where the document is
 * @param note told what is passed over
 */
export async function gather(
  client: RegistryClient,
  { registry, repository }: Reference,
  digest: string,
  companions: Reference,
  note: (line: string) => void,
): Promise<Finding[]> {
  const image = { registry, repository };
  const tag = digest.replace(":", "-");
  const findings: Finding[] = [];
  const seen = new Set<string>();
  const budget = { layers: MAX_LAYERS };

  const take = async (from: Reference, where: string, pull: () => Promise<Pulled>) => {
    try {
      const pulled = await pull();
      if (seen.has(pulled.digest)) return;
      seen.add(pulled.digest);
      for (const item of await readManifest(client, from, pulled, digest, where, budget, note)) {
        findings.push({ item, where: [where] });
      }
    } catch (error) {
      note(`${where}: ${(error as Error).message}`);
    }
  };

  for (const [place, own, where] of [
    [image, `${tag}.sig`, "tag .sig"],
    [image, `${tag}.att`, "tag .att"],
    [companions, companionTag(digest), THERE],
  ] as const) {
    const pulled = await findManifest(client, { ...place, tag: own });
    if (pulled) await take(place, where, async () => pulled);
  }
  for (const referrer of await listReferrers(client, image, digest, note)) {
    const where = `referrer ${referrer.digest.slice(0, 19)}`;
    await take(image, where, async () => {
      const pulled = await client.pullManifest({ ...image, digest: referrer.digest });
      const subject = pulled.manifest.subject?.digest;
      if (subject === digest) return pulled;
      throw new Error(`it refers to ${subject ?? "nothing"}`);
    });
  }
  return joined(findings);
}

/** Each item once, with all of its places. */
function joined(findings: Finding[]): Finding[] {
  const byItem = new Map<string, Finding>();
  for (const { item, where } of findings) {
    const key = canonical(item);
    byItem.set(key, { item, where: [...(byItem.get(key)?.where ?? []), ...where] });
  }
  return [...byItem.values()];
}

/** The manifest at a tag; undefined if there is none. */
export async function findManifest(
  client: RegistryClient,
  tagged: Reference,
): Promise<Pulled | undefined> {
  try {
    return await wording("read", tagged, () => client.pullManifest(tagged));
  } catch (error) {
    const { cause } = error as Error;
    if (cause instanceof Refusal && cause.status === 404) return undefined;
    throw error;
  }
}

async function readManifest(
  client: RegistryClient,
  from: Reference,
  pulled: Pulled,
  digest: string,
  where: string,
  budget: { layers: number },
  note: (line: string) => void,
): Promise<Item[]> {
  const { manifest } = pulled;
  if (manifest.config?.mediaType === EVIDENCE) {
    const { items } = await readCompanion(client, from, pulled, digest);
    return items.filter(isKnown);
  }
  const all = manifest.layers ?? [];
  const layers = all.slice(0, budget.layers);
  budget.layers -= layers.length;
  if (layers.length < all.length) {
    note(`${where}: ${all.length - layers.length} layers, for no more than ${MAX_LAYERS} are read`);
  }
  const items: Item[] = [];
  for (const [index, layer] of layers.entries()) {
    try {
      items.push(await pullItem(client, from, layer, digest));
    } catch (error) {
      note(`${where}, layer ${index + 1}: ${(error as Error).message}`);
    }
  }
  return items;
}

/** By the API and by the fallback tag: a registry that has the one now may have had the other before. */
async function listReferrers(
  client: RegistryClient,
  image: Reference,
  digest: string,
  note: (line: string) => void,
): Promise<Descriptor[]> {
  let listed: Descriptor[] = [];
  try {
    listed = await client.pullReferrers(image, digest);
  } catch (error) {
    // A registry without the API answers 404, which is no news.
    if (!(error instanceof Refusal && error.status === 404)) {
      note(`the registry's list of referrers: ${(error as Error).message}`);
    }
  }
  const fallback = await findManifest(client, { ...image, tag: digest.replace(":", "-") });
  const all = [...listed, ...(fallback?.manifest.manifests ?? [])];
  if (all.length > MAX_REFERRERS)
    note(`of ${all.length} referrers the first ${MAX_REFERRERS} count`);
  return all.slice(0, MAX_REFERRERS);
}

/** Says what could not be done; what made it so is the cause. */
export async function wording<T>(
  what: string,
  reference: Reference,
  step: () => Promise<T>,
): Promise<T> {
  try {
    return await step();
  } catch (cause) {
    const why = (cause as Error).message;
    throw new UserError(`cannot ${what} ${formatReference(reference)}: ${why}`, { cause });
  }
}
