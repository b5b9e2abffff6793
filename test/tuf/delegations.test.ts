import { describe, expect, test } from "vitest";
import { ask, verdict } from "./tuf.js";
import {
  bare,
  digestOf,
  EXPIRES,
  GUN,
  judge,
  NOW,
  publicPem,
  repository,
  SIGNERS,
  type Wanted,
  type WantedDelegation,
} from "./make.js";

const RELEASES = "targets/releases";
const [A, B] = [digestOf("a"), digestOf("b")];
const none = {};

/** A repository whose tags are those of delegations. */
const delegated = (
  delegations: Record<string, WantedDelegation>,
  own: Record<string, string> = none,
) => ({ targets: { keys: [SIGNERS.targets], targets: own, delegations } }) satisfies Wanted;
const releases = (changes: Partial<WantedDelegation> = {}): WantedDelegation => ({
  keys: [SIGNERS.releases],
  targets: { "1.0": A },
  ...changes,
});
const only = (changes: Partial<WantedDelegation> = {}) =>
  delegated({ [RELEASES]: releases(changes) });
const by = { delegations: [RELEASES] };

describe("a delegation", () => {
  test("signs tags, be it named or not", () => {
    expect(judge(only())).toBe(A);
    expect(judge(only(), by)).toBe(A);
    expect(judge(only(), { ...by, tag: "1.1" })).toBe("tuf-tag-missing");
    expect(judge(only(), { ...by, tag: undefined, digest: A })).toBe(A);
    expect(judge(only(), { ...by, tag: undefined, digest: B })).toBe("tuf-digest-missing");
  });

  test("is signed as its parent says", () => {
    const other = bare();
    expect(judge(only({ signers: [other] }))).toBe("tuf-threshold");
    expect(judge(only({ signers: [SIGNERS.targets] }))).toBe("tuf-threshold");
    const keys = [SIGNERS.releases, other];
    expect(judge(only({ keys, threshold: 2 }))).toBe(A);
    expect(judge(only({ keys, threshold: 2, signers: [other] }))).toBe("tuf-threshold");
    expect(judge(only({ keys, threshold: 1, signers: [other] }))).toBe(A);
  });

  test("expires", () => {
    expect(judge(only({ expires: "2026-05-31T00:00:00Z" }))).toBe("tuf-expired");
  });

  test("signs what is left to it, and no more", () => {
    expect(judge(only({ paths: ["1."] }))).toBe(A);
    expect(judge(only({ paths: ["2.", "1.0"] }))).toBe(A);
    expect(judge(only({ paths: ["1.0.0"] }))).toBe("tuf-tag-missing");
    expect(judge(only({ paths: ["2."] }), by)).toBe("tuf-tag-missing");
    expect(judge(only({ paths: [] }), by)).toBe("tuf-tag-missing");
    expect(judge(only({ paths: ["2."] }), { tag: undefined, digest: A })).toBe(
      "tuf-digest-missing",
    );
  });

  test("may delegate, and no more than it has", () => {
    const below = (paths: string[], more: Partial<WantedDelegation> = {}) =>
      only({
        targets: {},
        paths: ["1."],
        delegations: {
          "targets/releases/alice": releases({ keys: [SIGNERS.root], paths, ...more }),
        },
      });
    const alice = { delegations: ["targets/releases/alice"] };
    expect(judge(below(["1.0"]))).toBe(A);
    expect(judge(below(["1."]), alice)).toBe(A);
    expect(judge(below([""]), alice)).toBe("tuf-tag-missing");
    expect(judge(below(["1."]), by)).toBe("tuf-tag-missing");
    expect(judge(below(["1."], { signers: [SIGNERS.releases] }), alice)).toBe("tuf-threshold");
    expect(judge(below(["1."], { signers: [SIGNERS.releases] }))).toBe("tuf-threshold");
  });

  test("that does not count is not looked at", () => {
    const roles = {
      [RELEASES]: releases(),
      "targets/bob": releases({ signers: [bare()], targets: { "1.0": B } }),
    };
    expect(judge(delegated(roles), by)).toBe(A);
    expect(judge(delegated(roles))).toBe("tuf-threshold");
  });

  test("must be there", () => {
    const files = repository(only());
    const { [RELEASES]: own, ...others } = files;
    expect(judge({}, { files: others, ...by })).toBe("tuf-role-missing");
    expect(judge({}, { files: others })).toBe("tuf-role-missing");
    expect(
      judge({}, { files: { ...files, [RELEASES]: Buffer.concat([own!, Buffer.from(" ")]) } }),
    ).toBe("tuf-hash");
    expect(judge({}, { ...by, delegations: ["targets/bob"] })).toBe("tuf-role-missing");
    // Nobody has signed anything as that role yet: the snapshot does not name it.
    const unnamed: Wanted = {
      ...only(),
      edit: { snapshot: ({ meta }) => delete (meta as Record<string, unknown>)[RELEASES] },
    };
    expect(judge(unnamed, by)).toBe("tuf-role-missing");
    expect(judge(unnamed)).toBe("tuf-tag-missing");
  });

  test.each<[string, string]>([
    ["a name of another place", "targets/a/b"],
    ["a name above its parent", "root"],
    ["its parent's name", "targets"],
    ["no name", "targets/"],
    ["a name with dots", "targets/.."],
    ["a name in upper case", "targets/Releases"],
    ["a name with a line in it", "targets/a\nb"],
    ["a long name", `targets/${"a".repeat(248)}`],
  ])("with %s makes no sense", (_, name) => {
    const edit: Wanted["edit"] = {
      targets: ({ delegations }) => {
        const { roles } = delegations as unknown as { roles: { name: string }[] };
        roles[0]!.name = name;
      },
    };
    expect(judge({ ...only(), edit })).toBe("tuf-malformed");
  });

  test("twice makes no sense, and so do more than 64", () => {
    const edit: Wanted["edit"] = {
      targets: ({ delegations }) => {
        const { roles } = delegations as { roles: object[] };
        roles.push(roles[0]!);
      },
    };
    expect(judge({ ...only(), edit })).toBe("tuf-malformed");
    const many = (count: number) =>
      delegated(
        Object.fromEntries(Array.from({ length: count }, (_, i) => [`targets/r${i}`, releases()])),
      );
    expect(judge(many(64))).toBe(A);
    expect(judge(many(65))).toBe("tuf-malformed");
  });
});

describe("roles that say different things", () => {
  const two = (first: string, second: string, own: Record<string, string> = none) =>
    delegated(
      {
        [RELEASES]: releases({ targets: { "1.0": first } }),
        "targets/alice": releases({ keys: [SIGNERS.root], targets: { "1.0": second } }),
      },
      own,
    );
  const both = { delegations: [RELEASES, "targets/alice"] };

  test("without a list, the first that knows the tag is believed", () => {
    expect(judge(two(A, B))).toBe(A);
    expect(judge(two(A, A, { "1.0": B }))).toBe(B);
    // What that hides is no image of the tag's.
    expect(judge(two(A, B), { tag: undefined, digest: B })).toBe("tuf-digest-missing");
  });

  test("with one, they must agree", () => {
    expect(judge(two(A, A), both)).toBe(A);
    expect(judge(two(A, B), both)).toBe("digests-differ");
    expect(judge(two(A, B), { ...both, required: 1 })).toBe("digests-differ");
    expect(judge(two(A, B), { ...both, tag: undefined, digest: A })).toBe("tuf-digest-missing");
    expect(judge(two(A, A, { "1.0": B }), both)).toBe(A);
    expect(judge(two(A, A, { "1.0": B }), { delegations: ["targets"] })).toBe(B);
  });

  test("as many must have signed as the rule asks for, by default all", () => {
    const one = delegated({
      [RELEASES]: releases(),
      "targets/alice": releases({ keys: [SIGNERS.root], targets: { "1.1": A } }),
    });
    expect(judge(one, both)).toBe("tuf-signers");
    expect(judge(one, { ...both, required: 1 })).toBe(A);
    expect(judge(one, { ...both, required: 2 })).toBe("tuf-signers");
    // Both have signed the image, and neither tag is signed by both.
    expect(judge(one, { ...both, tag: undefined, digest: A })).toBe("tuf-digest-missing");
    expect(judge(one, { ...both, required: 1, tag: undefined, digest: A })).toBe(A);
    expect(judge(one, { required: 2 })).toBe("tuf-signers");
  });

  test("as many signers must be different ones: one key signs for one of the roles", () => {
    const alice = "targets/alice";
    const bob = "targets/bob";
    const [one, other] = [bare(), bare()];
    const by = (...keys: ReturnType<typeof bare>[]) => releases({ keys, threshold: keys.length });
    const all = { delegations: [RELEASES, alice, bob] };
    // As docker trust does: the signer's own role, and that of all.
    const signed = (own: ReturnType<typeof by>, second: ReturnType<typeof by>) =>
      delegated({ [RELEASES]: by(one), [alice]: own, [bob]: second });
    const elsewhere = { targets: { "1.1": A } };
    expect(judge(signed(by(one), by(other)), { ...all, required: 2 })).toBe(A);
    expect(judge(signed(by(one), by(other)), { ...all, required: 3 })).toBe("tuf-signers");
    expect(judge(signed(by(one), by(other)), all)).toBe(A);
    const alone = signed(by(one), { ...by(other), ...elsewhere });
    expect(judge(alone, { ...all, required: 1 })).toBe(A);
    expect(judge(alone, { ...all, required: 2 })).toBe("tuf-signers");
    expect(judge(alone, { ...all, required: 2, tag: undefined, digest: A })).toBe(
      "tuf-digest-missing",
    );
    expect(judge(signed(by(one), by(one)), { ...all, required: 2 })).toBe("tuf-signers");
    expect(judge(signed(by(one, other), by(other)), { ...all, required: 2 })).toBe(A);
  });

  test("are named", () => {
    const question = {
      files: repository(two(A, A)),
      pin: { keys: [publicPem(SIGNERS.root)] },
      gun: GUN,
      at: NOW,
      ...both,
    };
    expect(ask({ ...question, tag: "1.0" })).toEqual({
      tag: "1.0",
      digest: A,
      length: 401,
      roles: [RELEASES, "targets/alice"],
    });
    expect(verdict({ ...question, digest: A })).toBe(A);
    expect(EXPIRES > NOW).toBe(true);
  });
});

test("a target that makes no sense is none", () => {
  const broken: Wanted = {
    edit: {
      targets: ({ targets }) => ((targets as Record<string, unknown>)["1.0"] = { length: 1 }),
    },
  };
  expect(judge(broken)).toBe("tuf-malformed");
  expect(judge(broken, { tag: "1.1" })).toMatch(/^sha256:/);
});
