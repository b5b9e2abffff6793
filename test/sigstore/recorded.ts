import { contentBytes } from "../../host/registry/fixture.js";
import { imageOf, type ToldFixture } from "../evidence/commands.js";
import { readFixtures } from "../host/fixtures.js";
import { derOf, fileOf, NOW, type Question } from "./bundles.js";

/** What cosign 3 was asked of an image with bundles, and what it said. */
export interface Told {
  name: string;
  /** The predicate type that it was asked for; null for a signature. */
  predicateType: string | null;
  /** Whose certificate it must be; null where a key was given. */
  identity: { holder: string; issuer: string } | null;
  /** About each bundle of the image. */
  questions: Question[];
  accepts: boolean;
}

const EMPTY_ROOT = JSON.stringify({
  mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
});

/** By the names that cosign has for them. */
const PREDICATES: Record<string, string> = {
  custom: "https://cosign.sigstore.dev/attestation/v1",
  slsaprovenance: "https://slsa.dev/provenance/v0.2",
  spdxjson: "https://spdx.dev/Document",
};

interface Manifest {
  layers: { mediaType: string; digest: string }[];
}

/** The bundles that refer to an image. */
function bundlesOf(fixture: ToldFixture, digest: string): string[] {
  const fallback = fixture.tags[digest.replace(":", "-")];
  const index = fixture.referrers[digest] ?? (fallback && fixture.manifests[fallback]);
  if (!index) return [];
  const { manifests } = JSON.parse(contentBytes(index).toString()) as {
    manifests: { digest: string }[];
  };
  return manifests.flatMap((manifest) => {
    const { layers } = JSON.parse(
      contentBytes(fixture.manifests[manifest.digest]!).toString(),
    ) as Manifest;
    return layers
      .filter(({ mediaType }) => mediaType.includes("sigstore.bundle"))
      .map((layer) => contentBytes(fixture.blobs[layer.digest]!).toString());
  });
}

/** Every command of cosign 3 that bundles can answer. */
export const told: Told[] = (readFixtures() as ToldFixture[])
  .filter(({ name }) => /^(h-v3-(?!legacy)|[in]-)/.test(name))
  .flatMap((fixture) =>
    fixture.verifications.flatMap(({ label, command, exit }) => {
      const option = (name: string) => new RegExp(`--${name} (\\S+)`).exec(command)?.[1];
      // Flags that it does not take with bundles, and hashes that the key is not used with.
      if (!/^cosign-v3 /.test(command) || /--(ca-roots|certificate-chain) /.test(command)) {
        return [];
      }
      const image = imageOf(command);
      const digest = image.split("@")[1] ?? fixture.tags[image.split(":").at(-1)!]!;
      const key = option("key");
      const holder = option("certificate-identity");
      const root = option("trusted-root");
      const type = option("type");
      const annotations = [...command.matchAll(/ -a (\S+?)=(\S+)/g)].flatMap(
        ([, name = "", value = ""]) => [name, value],
      );
      const question = {
        trustedRoot: root ? fileOf(fixture, root) : EMPTY_ROOT,
        key: key ? derOf(fileOf(fixture, key)) : null,
        digest,
        annotations,
        isLogRequired: !command.includes("--insecure-ignore-tlog"),
        now: NOW,
      };
      return [
        {
          name: `${fixture.name} ${label}`,
          predicateType: command.includes(" verify-attestation ") ? PREDICATES[type!]! : null,
          identity: holder ? { holder, issuer: option("certificate-oidc-issuer")! } : null,
          questions: bundlesOf(fixture, digest).map((bundle) => ({ ...question, bundle })),
          accepts: exit === 0,
        },
      ];
    }),
  );
