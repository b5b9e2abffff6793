import { EVIDENCE, formatEvidence } from "../../host/evidence/document.js";
import type { Fixture } from "../../host/registry/fixture.js";
import { collect, emptyRepository, withCompanion, withConfig } from "../evidence/companions.js";
import { fixtureRegistry } from "../host/fixtures.js";

/** The image of which there are odd artifacts. */
export const ODD_IMAGE = "h-v3-referrers";

/**
 * Fixtures, with the artifacts of evidence beside the images that have bundles, and repositories of nothing but
 * artifacts: `evidence`, and `evidence-…` for what is not as it should be.
 */
export async function withEvidence(fixtures: Fixture[]): Promise<Fixture[]> {
  const bare = await fixtureRegistry(fixtures);
  const found: Fixture[] = [];
  for (const fixture of fixtures) {
    let all = fixture;
    const digests = Object.entries(fixture.tags).filter(([tag]) => !tag.startsWith("sha256-"));
    for (const [, digest] of /^(h-v3|i-attest|n-v3)/.test(fixture.name) ? digests : []) {
      const image = `127.0.0.1:5555/demo/${fixture.name}@${digest}`;
      all = withCompanion(all, await collect(bare.client, image));
    }
    found.push(all);
  }
  const image = fixtures.find(({ name }) => name === ODD_IMAGE)!.tags["1.0"]!;
  const good = await collect(bare.client, `127.0.0.1:5555/demo/${ODD_IMAGE}@${image}`);
  await bare.registry.close();
  const { items } = good;
  const [bundle] = items;
  const of = (fields: object) =>
    JSON.stringify({ ...(JSON.parse(formatEvidence(good)) as object), ...fields });
  const odd: Record<string, string> = {
    "not-json": "{",
    "of-another-image": of({ image: `sha256:${"0".repeat(64)}` }),
    "broken-item": of({ items: [bundle, { ...bundle, hint: "" }] }),
    "too-many-items": of({ items: Array<unknown>(65).fill({ type: "other" }) }),
    "unknown-items": of({ items: [{ type: "other", bundle: [] }, bundle] }),
    "no-items": of({ items: [] }),
    "another-version": of({ mediaType: EVIDENCE.replace("v1", "v2") }),
    "no-digest": of({ image: image.slice(7) }),
    "broken-bundle": of({ items: [{ type: "sigstore-bundle", bundle: "e30=" }] }),
  };
  return [
    ...found,
    withCompanion(emptyRepository("evidence"), good),
    withConfig(emptyRepository("evidence-other-type"), image, of({}), "application/json"),
    ...Object.entries(odd).map(([name, text]) =>
      withConfig(emptyRepository(`evidence-${name}`), image, text),
    ),
  ];
}
