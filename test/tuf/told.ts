import { filesIn, fixtures, pinOf, type Pin } from "./tuf.js";

/** When all was recorded: nothing had expired but what was made so. */
export const AT = "2026-11-22T05:00:00Z";

/** What notary was asked of the fixtures, and what it said. */
export const told = fixtures.flatMap((fixture) =>
  fixture.verifications.map((it) => ({ ...it, fixture, name: `${fixture.name} ${it.label}` })),
);
export type Told = (typeof told)[number];

/** The folder that notary's server was made to serve. */
function folderOf({ fixture, label }: Told): string {
  const name = label.replace(/-lookup$|^lookup.*/, "");
  const known = Object.keys(fixture.files).some((file) => file.startsWith(`${name}/root.json`));
  return known ? name : name === "delegation" ? "tuf-delegation" : "tuf";
}

/** notary had a pin where it says so; elsewhere it took the root as it was, for the first time. */
function pinFor(it: Told): Pin {
  const { fixture, label } = it;
  const folder = folderOf(it);
  if (!label.startsWith("pinned-other")) return pinOf(fixture, folder);
  return pinOf(fixtures.find(({ name }) => name === "m-notary-lib")!);
}

/** The question that a command asked; a list asks about no tag. */
export function questionOf(it: Told) {
  const [, gun, tag] = / (?:list|lookup) (\S+)(?: (\S+))?$/.exec(it.command)!;
  return { files: filesIn(it.fixture, folderOf(it)), pin: pinFor(it), gun: gun!, tag, at: AT };
}

/** Every tag with its digest: what a list of notary's says, or one line of it. */
export const tagsIn = (stdout: string) =>
  [...stdout.matchAll(/^(\S+) +(?:sha256:)?([0-9a-f]{64}) +(\d+)(?: +(\S+))?$/gm)].map(
    ([, tag, digest, length, role]) => ({
      tag,
      digest: `sha256:${digest}`,
      length: +length!,
      role,
    }),
  );

/** Why each of the rejections. */
export const CODES: Record<string, string> = {
  "m-notary-lib expired-all": "tuf-expired",
  "m-notary-lib expired-timestamp": "tuf-expired",
  "m-notary-lib forged-targets": "tuf-threshold",
  "m-notary-lib mixed": "tuf-threshold",
  "m-notary-lib other-gun": "tuf-gun",
  "m-notary-server lookup-missing": "tuf-tag-missing",
  "m-notary-server pinned-other": "tuf-root",
  "m-notary-server tampered-root": "tuf-threshold",
  "m-notary-server tampered-snapshot": "tuf-hash",
  "m-notary-server tampered-targets": "tuf-hash",
  "m-notary-server tampered-timestamp": "tuf-threshold",
};

/** Where the policy is stricter, on purpose. */
export const STRICTER: Record<string, { code: string; why: string }> = {
  "m-notary-lib forged-delegation": {
    code: "tuf-threshold",
    why: "notary warns of the role, and goes on as if it were not there",
  },
};
