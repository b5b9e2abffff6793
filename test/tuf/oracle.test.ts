import { describe, expect, test } from "vitest";
import { ask, filesIn, fixtures, gunOf, pinOf, textFile, verdict, type Pin } from "./tuf.js";

/** When all was recorded: nothing had expired but what was made so. */
const AT = "2026-11-22T05:00:00Z";

const told = fixtures.flatMap((fixture) =>
  fixture.verifications.map((it) => ({ ...it, fixture, name: `${fixture.name} ${it.label}` })),
);
type Told = (typeof told)[number];

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

function questionOf(it: Told) {
  const [, gun, tag] = / (?:list|lookup) (\S+)(?: (\S+))?$/.exec(it.command)!;
  return { files: filesIn(it.fixture, folderOf(it)), pin: pinFor(it), gun: gun!, tag, at: AT };
}

/** Every tag with its digest: what a list of notary's says, or one line of it. */
const tagsIn = (stdout: string) =>
  [...stdout.matchAll(/^(\S+) +(?:sha256:)?([0-9a-f]{64}) +(\d+)(?: +(\S+))?$/gm)].map(
    ([, tag, digest, length, role]) => ({
      tag,
      digest: `sha256:${digest}`,
      length: +length!,
      role,
    }),
  );

/** Why each of the rejections. */
const CODES: Record<string, string> = {
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
const STRICTER: Record<string, { code: string; why: string }> = {
  "m-notary-lib forged-delegation": {
    code: "tuf-threshold",
    why: "notary warns of the role, and goes on as if it were not there",
  },
};

describe("what notary says of its metadata", () => {
  test("is recorded", () => {
    expect(told.filter(({ expected }) => expected === "ok")).toHaveLength(14);
    expect(told.filter(({ expected }) => expected === "fail")).toHaveLength(21);
    expect(told.filter(({ expected }) => expected === "?").map(({ name }) => name)).toEqual([
      "m-notary-lib forged-delegation-lookup",
      "m-notary-lib forged-delegation",
    ]);
  });

  test.each(told.map((it) => [it.name, it] as const))("%s", (name, it) => {
    const question = questionOf(it);
    const code = STRICTER[name.replace("-lookup", "")]?.code ?? CODES[name.replace(/-lookup$/, "")];
    if (it.expected !== "ok") {
      expect(verdict({ ...question, tag: question.tag ?? "v1.0" })).toBe(code);
      return;
    }
    const tags = tagsIn(it.stdout);
    expect(tags).toHaveLength(question.tag ? 1 : 2);
    for (const { tag, digest, length, role } of tags) {
      const target = { tag, digest, length };
      expect(ask({ ...question, tag: tag! })).toMatchObject(target);
      expect(ask({ ...question, tag: undefined, digest })).toMatchObject(target);
      if (role) expect(ask({ ...question, tag: tag! })).toMatchObject({ roles: [role] });
    }
  });
});

test.each(fixtures.map((it) => [it.name, it] as const))(
  "%s, by other pins of the same root",
  (_, it) => {
    const question = { files: filesIn(it, "tuf"), gun: gunOf(it), tag: "v1.0", at: AT };
    const certificates = [textFile(it, "keys/root-cert.pem")];
    expect(verdict({ ...question, pin: { certificates } })).toMatch(/^sha256:/);
    expect(verdict({ ...question, pin: { root: question.files["root"]! } })).toMatch(/^sha256:/);
    expect(verdict({ ...question, pin: {} })).toBe("tuf-root");
  },
);
