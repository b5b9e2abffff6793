import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  signaturesOf,
  fixtures as envelopes,
  JWS,
  verdict as envelopeVerdict,
} from "../notation/notation.js";
import { bare, GUN, judge, NOW, publicPem, repository, SIGNERS, TAGS } from "./make.js";
import { filesIn, fixtureOf, fixtures, gunOf, pinOf, verdict, type Question } from "./tuf.js";

const AT = "2026-11-22T05:00:00Z";

/** Every repository that notary accepts, asked for one of its tags. */
const good = [
  ["m-notary-server", "tuf"],
  ["m-notary-delegation", "tuf"],
  ["m-notary-lib", "tuf"],
  ["m-notary-lib", "tuf-delegation"],
].map(([name, folder]) => {
  const fixture = fixtureOf(name!);
  const question: Question = {
    files: filesIn(fixture, folder!),
    pin: pinOf(fixture, folder),
    gun: gunOf(fixture),
    tag: "v1.0",
    at: AT,
  };
  return { name: `${name} ${folder}`, question };
});

test("all are good", () => {
  for (const { question } of good) expect(verdict(question)).toMatch(/^sha256:/);
});

describe.each(good)("$name", ({ name, question }) => {
  const roles = Object.keys(question.files);

  test.each(roles)("a byte of %s changed anywhere", (role) => {
    const bytes = Buffer.from(question.files[role]!);
    // Every byte of the one that has all roles.
    const step = name === "m-notary-delegation tuf" ? 1 : 7;
    for (let at = 0; at < bytes.length; at += step) {
      const flipped = Buffer.from(bytes);
      flipped[at]! ^= 1 << (at % 8);
      const files = { ...question.files, [role]: flipped };
      expect(verdict({ ...question, files })).toMatch(/^tuf-/);
    }
  });

  test.each(roles)("%s cut off anywhere", (role) => {
    const bytes = question.files[role]!;
    for (let at = 0; at < bytes.length; at += 31) {
      const files = { ...question.files, [role]: bytes.subarray(0, at) };
      expect(verdict({ ...question, files })).toMatch(/^tuf-(malformed|hash)$/);
    }
  });

  test("files of another repository, or of another role", () => {
    for (const other of good) {
      for (const [role, bytes] of Object.entries(other.question.files)) {
        for (const own of roles) {
          if (question.files[own] === bytes) continue;
          const files = { ...question.files, [own]: bytes };
          expect(verdict({ ...question, files }), `${role} as ${own}`).toMatch(/^tuf-/);
        }
      }
    }
  });

  test("all files of another repository", () => {
    for (const { question: other } of good) {
      const { files } = other;
      if (files === question.files) continue;
      expect(verdict({ ...question, files })).toMatch(/^tuf-(gun|root)$/);
      expect(verdict({ ...question, files, pin: other.pin, gun: `${other.gun}-else` })).toBe(
        "tuf-gun",
      );
      expect(verdict({ ...question, files, gun: other.gun })).toMatch(/^tuf-root$/);
    }
  });

  test("an envelope of Notation's is no metadata, and metadata is no envelope", () => {
    for (const fixture of envelopes) {
      for (const { envelope } of signaturesOf(fixture)) {
        for (const role of roles) {
          const files = { ...question.files, [role]: envelope };
          expect(verdict({ ...question, files })).toMatch(/^tuf-(malformed|hash)$/);
        }
      }
    }
    for (const envelope of Object.values(question.files)) {
      const artifact = { mediaType: "", digest: "", size: 0 };
      const asked = { mediaType: JWS, envelope, trustStore: [], artifact, at: AT };
      expect(envelopeVerdict(asked)).toBe("envelope-malformed");
    }
  });
});

describe("nothing traps, and nothing is taken:", () => {
  const files = repository();
  const roles = Object.keys(files);
  const letters = [...'{}[]",:\\019aA=-. \n\0'].map((it) => it.charCodeAt(0));
  const edit = fc.tuple(fc.nat(), fc.oneof(fc.constantFrom(...letters), fc.nat(255)), fc.nat(2));

  test.each(roles)("%s with some of it changed", (role) => {
    const bytes = Buffer.from(files[role]!);
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (list) => {
        let spoilt = bytes;
        for (const [place, byte, mode] of list) {
          const at = place % (spoilt.length + 1);
          const inserted = Buffer.from(mode === 1 ? [] : [byte]);
          spoilt = Buffer.concat([
            spoilt.subarray(0, at),
            inserted,
            spoilt.subarray(mode === 2 ? at : at + 1),
          ]);
        }
        if (spoilt.equals(bytes)) return;
        const code = judge({}, { files: { ...files, [role]: spoilt } });
        if (code !== TAGS["1.0"]) {
          expect(code).toMatch(/^tuf-/);
          return;
        }
        // What is signed may have been written with more white space, where no hash says how it was.
        expect(role).toBe("timestamp");
        const meaning = (it: Buffer) => JSON.parse(it.toString()) as unknown;
        expect(meaning(spoilt)).toEqual(meaning(bytes));
      }),
      { numRuns: 1500 },
    );
  });

  test("any bytes at all", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.constantFrom(...roles), (bytes, role) => {
        const code = judge({}, { files: { ...files, [role]: bytes } });
        expect(code).toMatch(/^tuf-(malformed|hash)$/);
      }),
      { numRuns: 1000 },
    );
  });

  /** Where in a JSON value there are others. */
  const places = (value: unknown): (string | number)[][] =>
    Array.isArray(value) || (typeof value === "object" && value !== null)
      ? Object.entries(value).flatMap(([name, it]) => [
          [name],
          ...places(it).map((path) => [name, ...path]),
        ])
      : [];
  const VALUES = [
    null,
    true,
    0,
    2,
    "",
    "a",
    "AAAA",
    [],
    {},
    [0],
    [null],
    [""],
    { a: 1 },
    [{}],
  ].concat([
    999_999_999_999_999,
    "targets",
    "targets/releases",
    "9999-12-31T23:59:59Z",
    "0000-01-01T00:00:00Z",
  ]);

  test("a value of what is signed exchanged for another, and all signed anew", () => {
    const below = { "targets/releases/a": { keys: [SIGNERS.targets], paths: ["2."], targets: {} } };
    const releases = { keys: [SIGNERS.releases], targets: TAGS, delegations: below };
    const targets = {
      keys: [SIGNERS.targets],
      targets: {},
      delegations: { "targets/releases": releases },
    };
    const [one, other] = [TAGS["1.0"], TAGS["1.1"]];
    const questions = [{}, { delegations: ["targets/releases"] }, { tag: undefined, digest: one }];
    fc.assert(
      fc.property(
        fc.constantFrom(...roles, "targets/releases"),
        fc.nat(),
        fc.constantFrom(...VALUES),
        fc.constantFrom(...questions),
        (role, place, value, question) => {
          const change = (signed: Record<string, unknown>) => {
            for (const [name, it] of Object.entries(signed)) signed[name] = structuredClone(it);
            const all = places(signed);
            const path = all[place % all.length]!;
            let at = signed;
            for (const step of path.slice(0, -1)) at = at[step] as Record<string, unknown>;
            at[path.at(-1)!] = structuredClone(value);
          };
          const code = judge({ targets, edit: { [role]: change } }, question);
          expect(code).not.toBe(other);
          if (code !== one) expect(code).toMatch(/^tuf-/);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test("JSON that is as deep as it may be, and deeper", () => {
    const question = { pin: { keys: [publicPem(SIGNERS.root)] }, gun: GUN, tag: "1.0", at: NOW };
    for (const depth of [100, 126, 127, 128, 100_000]) {
      const custom = `{"signed":{"_type":"Root","custom":${"[".repeat(depth)}${"]".repeat(depth)},"expires":"2026-06-15T00:00:00Z","version":1},"signatures":[]}`;
      const spoilt = { ...files, root: Buffer.from(custom) };
      expect(verdict({ ...question, files: spoilt })).toBe("tuf-malformed");
    }
  });
});

test("a file may have as many tags as fit into the work", () => {
  const many = (count: number, length: number) => {
    const targets = Object.fromEntries(
      Array.from({ length: count }, (_, i) => [String(i).padStart(length, "0"), TAGS["1.0"]]),
    );
    return { targets: { keys: [SIGNERS.targets], targets: { ...targets, ...TAGS } } };
  };
  expect(judge(many(8000, 5))).toBe(TAGS["1.0"]);
  expect(judge(many(8000, 5), { tag: undefined, digest: TAGS["1.1"] })).toBe(TAGS["1.1"]);
  expect(judge(many(4, 1 << 20))).toBe("too-many-checks");
});

describe("keys are looked up as long as the work lasts", () => {
  const signers = Array.from({ length: 64 }, () => bare());
  const keyids = signers.map(({ id }) => id);
  // Before those that are looked up.
  const keys = {
    ...Object.fromEntries(Array.from({ length: 40_000 }, (_, i) => [`!${i}`, 0])),
    ...Object.fromEntries(signers.map(({ id, json }) => [id, json])),
  };

  /** What comes of so many delegations of a delegation's own, each with all these keys. */
  const delegating = (count: number) =>
    judge({
      targets: {
        keys: [SIGNERS.targets],
        targets: TAGS,
        delegations: { "targets/releases": { keys: [SIGNERS.releases] } },
      },
      edit: {
        "targets/releases": (signed) => {
          const roles = Array.from({ length: count }, (_, i) => ({
            keyids,
            name: `targets/releases/r${i}`,
            paths: [""],
            threshold: 1,
          }));
          signed["delegations"] = { keys: { ...keys }, roles };
        },
      },
    });

  test("for delegations", () => {
    expect(delegating(1)).toBe(TAGS["1.0"]);
    expect(delegating(20)).toBe("too-many-checks");
  });
});

test("every fixture is read", () => {
  expect(fixtures.map(({ name }) => name)).toEqual([
    "m-notary-delegation",
    "m-notary-lib",
    "m-notary-server",
  ]);
});
