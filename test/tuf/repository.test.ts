import { describe, expect, test } from "vitest";
import { der } from "../crypto/crypto.js";
import * as make from "../x509/make.js";
import {
  bare,
  canonical,
  certificatePem,
  certified,
  digestOf,
  GUN,
  judge,
  NOW,
  publicPem,
  repository,
  SIGNERS,
  signatureOf,
  TAGS,
  type Signer,
  type Wanted,
} from "./make.js";
import { verdict } from "./tuf.js";

const OK = TAGS["1.0"];
const ROLES = ["root", "timestamp", "snapshot", "targets"] as const;
const TYPES = { root: "Root", timestamp: "Timestamp", snapshot: "Snapshot", targets: "Targets" };

test("a repository as it should be", () => {
  expect(judge()).toBe(OK);
  expect(judge({}, { tag: "1.1" })).toBe(TAGS["1.1"]);
  expect(judge({}, { tag: "1.2" })).toBe("tuf-tag-missing");
  expect(judge({}, { tag: "" })).toBe("tuf-tag-missing");
});

describe.each(ROLES)("%s", (role) => {
  const one = role === "root" ? () => certified(GUN) : () => bare();
  const pin = (signers: Signer[]) =>
    role === "root" ? { pin: { keys: signers.map(publicPem) } } : {};
  const [a, b, c] = [one(), one(), one()];
  const by = (signers: Signer[], threshold: number, keys = [a, b, c]) =>
    judge({ [role]: { keys, threshold, signers } }, pin(keys));

  test("is signed by as many as must have", () => {
    expect(by([a], 1)).toBe(OK);
    expect(by([b, c], 2)).toBe(OK);
    expect(by([b], 2)).toBe("tuf-threshold");
    expect(by([b, b], 2)).toBe("tuf-threshold");
    expect(by([a, b, c], 3)).toBe(OK);
    expect(by([], 1)).toBe("tuf-threshold");
    expect(by([SIGNERS.targets], 1)).toBe("tuf-threshold");
    expect(by([a, b, c], 4)).toBe("tuf-threshold");
  });

  test("is signed by one key once, whatever it is called", () => {
    const keys = make.KEYS.p256();
    const twins =
      role === "root"
        ? [certified(GUN, keys), certified(GUN, keys, { from: "2026-02-01T00:00:00Z" })]
        : [bare(keys), certified("twin", keys)];
    expect(by(twins, 1, twins)).toBe(OK);
    expect(by(twins, 2, twins)).toBe("tuf-threshold");
  });

  test.each([
    ["P-384", make.KEYS.p384()],
    ["P-521", make.KEYS.p521()],
    ["RSA", make.KEYS.rsa()],
  ])("may be signed with %s", (_, keys) => {
    const it = role === "root" ? certified(GUN, keys) : bare(keys);
    expect(by([it], 1, [it])).toBe(OK);
    const other = role === "root" ? certified(GUN, keys) : certified("any", keys);
    expect(by([other], 1, [other])).toBe(OK);
  });

  test("expires", () => {
    const until = (expires: string) => judge({ expires: { [role]: expires } });
    expect(until(NOW)).toBe(OK);
    expect(until("2026-06-01T14:00:00+02:00")).toBe(OK);
    expect(until("2026-06-01T11:59:59.999999999Z")).toBe("tuf-expired");
    expect(until("2026-06-01")).toBe("tuf-malformed");
    expect(until("never")).toBe("tuf-malformed");
  });

  test.each<[string, Wanted["edit"]]>([
    ["of another type", { [role]: (it) => (it["_type"] = role === "root" ? "Targets" : "Root") }],
    ["of a type in another case", { [role]: (it) => (it["_type"] = TYPES[role].toLowerCase()) }],
    ["of no type", { [role]: (it) => delete it["_type"] }],
    ["without an end", { [role]: (it) => delete it["expires"] }],
    ["of no version", { [role]: (it) => delete it["version"] }],
    ["of version 0", { [role]: (it) => (it["version"] = 0) }],
  ])("%s makes no sense", (_, edit) => expect(judge({ edit: edit! })).toBe("tuf-malformed"));

  test("is what its role has signed, and no other", () => {
    for (const other of ROLES) {
      if (other === role) continue;
      const files = repository();
      files[role] = files[other]!;
      expect(judge({}, { files })).not.toMatch(/^sha256/);
    }
  });

  test("by an unknown method is not signed", () => {
    const files = repository();
    const change = (edit: (it: ReturnType<typeof signatureOf>) => object) => {
      const it = JSON.parse(Buffer.from(files[role]!).toString()) as {
        signatures: ReturnType<typeof signatureOf>[];
      };
      it.signatures = it.signatures.map(edit) as typeof it.signatures;
      return { ...files, [role]: Buffer.from(JSON.stringify(it)) };
    };
    // What names this file by its hash no longer does, but it is asked for its signatures first where nothing does.
    const expected = role === "root" || role === "timestamp" ? "tuf-threshold" : "tuf-hash";
    for (const method of ["rsapss", "eddsa", "ECDSA", ""]) {
      expect(judge({}, { files: change((it) => ({ ...it, method })) })).toBe(expected);
    }
    const malformed = expected === "tuf-hash" ? expected : "tuf-malformed";
    expect(judge({}, { files: change((it) => ({ ...it, sig: "-" })) })).toBe(malformed);
    expect(judge({}, { files: change(({ keyid, method }) => ({ keyid, method })) })).toBe(
      malformed,
    );
  });
});

describe("the root", () => {
  const keys = make.KEYS.p256();
  const root = (it: Signer, gun = GUN) =>
    judge({ root: { keys: [it] } }, { gun, pin: { keys: [publicPem(it)] } });

  test("is of a repository by the name in its certificate", () => {
    expect(root(certified(GUN, keys))).toBe(OK);
    expect(root(certified("registry.example.com/team/*", keys))).toBe(OK);
    expect(root(certified("registry.example.com/team/app2", keys))).toBe("tuf-gun");
    expect(root(certified("registry.example.com/team/ap", keys))).toBe("tuf-gun");
    expect(root(certified("registry.example.com/team/ap*", keys))).toBe("tuf-gun");
    expect(root(certified("registry.example.com/other/*", keys))).toBe("tuf-gun");
    expect(root(certified("registry.example.com/team/app/*", keys))).toBe("tuf-gun");
    expect(root(certified("*", keys))).toBe("tuf-gun");
    expect(root(certified(GUN.toUpperCase(), keys))).toBe("tuf-gun");
    expect(root(bare(keys))).toBe("tuf-gun");
    expect(root(certified(GUN, keys), "registry.example.com/team")).toBe("tuf-gun");
    expect(root(certified(GUN, keys), "")).toBe("tuf-gun");
  });

  test("is of no repository by a name that readers take for different ones", () => {
    const text = (type: string, value: string) => make.attribute(type, make.utf8(value));
    const [common, mail] = ["2.5.4.3", "1.2.840.113549.1.9.1"];
    const named = (...attributes: Buffer[]) =>
      root(certified(GUN, keys, { subject: der(0x30, ...attributes) }));
    expect(named(text("2.5.4.10", "Acme"), text(common, GUN))).toBe(OK);
    expect(named(text(common, GUN), text(common, "other"))).toBe("tuf-gun");
    expect(named(text(common, "other"), text(common, GUN))).toBe("tuf-gun");
    expect(named(text(common, GUN), text(mail, "a@b"), text(common, "other"))).toBe("tuf-gun");
    expect(named(text(common, GUN), text(mail, "a@b"))).toBe("tuf-gun");
  });

  test("is of no repository by a bare key that is called a certificate", () => {
    const it = certified(GUN, keys);
    const json = structuredClone(it.json);
    json.keyval.public = Buffer.from(publicPem(it)).toString("base64");
    const id = digestOf(canonical(json)).slice(7);
    expect(root({ ...it, id, json })).toBe("tuf-gun");
  });

  test("is of no repository by the certificate of a CA, or one that is not valid", () => {
    const CA = { extensions: [make.basicConstraints(make.TRUE)] };
    expect(root(certified(GUN, keys, CA))).toBe("tuf-gun");
    expect(root(certified(GUN, keys, { until: "2026-05-31T00:00:00Z" }))).toBe("tuf-gun");
    expect(root(certified(GUN, keys, { from: "2026-06-02T00:00:00Z" }))).toBe("tuf-gun");
  });

  test("has a key that is pinned, by itself or by its certificate", () => {
    const [one, other] = [certified(GUN), certified(GUN)];
    const wanted = (signers: Signer[]) => ({ root: { keys: [one, other], signers } });
    for (const pin of [{ keys: [publicPem(one)] }, { certificates: [certificatePem(one)] }]) {
      expect(judge(wanted([one]), { pin })).toBe(OK);
      expect(judge(wanted([one, other]), { pin })).toBe(OK);
      expect(judge(wanted([other]), { pin })).toBe("tuf-threshold");
      expect(judge({ root: { keys: [other] } }, { pin })).toBe("tuf-root");
    }
    const again = certified(GUN, one.keys, { until: "2026-11-30T00:00:00Z" });
    const pin = { certificates: [certificatePem(again)] };
    expect(judge(wanted([one]), { pin })).toBe("tuf-root");
  });

  test("follows a root that is trusted", () => {
    const [one, other] = [certified(GUN), certified(GUN)];
    const first = repository({ root: { keys: [one] }, versions: { root: 3 } })["root"]!;
    const next = (signers: Signer[], version: number) =>
      judge(
        { root: { keys: [other], signers }, versions: { root: version } },
        { pin: { root: first } },
      );
    expect(judge({ root: { keys: [one] }, versions: { root: 3 } }, { pin: { root: first } })).toBe(
      OK,
    );
    expect(next([one, other], 4)).toBe(OK);
    expect(next([one, other], 2)).toBe("tuf-rollback");
    expect(next([other], 4)).toBe("tuf-threshold");
    expect(next([one], 4)).toBe("tuf-threshold");
    expect(next([], 4)).toBe("tuf-threshold");
    expect(judge({}, { pin: { root: Buffer.from("{}") } })).toBe("tuf-malformed");
  });

  interface Root {
    roles: Record<string, Record<string, unknown>>;
    keys: Record<string, unknown>;
  }
  const { targets, snapshot } = SIGNERS;

  test.each<[string, (signed: Root) => void]>([
    ["without a role", ({ roles }) => delete roles["snapshot"]],
    ["without a key of a role's", (it) => delete it.keys[snapshot.id]],
    ["with a role that needs nobody", ({ roles }) => (roles["targets"]!["threshold"] = 0)],
    ["with a threshold in words", ({ roles }) => (roles["targets"]!["threshold"] = "1")],
    [
      "with a key twice in a role",
      ({ roles }) => (roles["targets"]!["keyids"] = [targets.id, targets.id]),
    ],
    ["with a key by another name", (it) => (it.keys[targets.id] = snapshot.json)],
    ["with a key of no value", (it) => (it.keys[targets.id] = { keytype: "ecdsa" })],
  ])("%s makes no sense", (_, edit) => {
    expect(judge({ edit: { root: edit as never } })).toBe("tuf-malformed");
  });

  test("may have 64 keys for a role, and no more", () => {
    const keys = Array.from({ length: 64 }, () => bare());
    expect(judge({ targets: { keys, signers: keys.slice(-1) } })).toBe(OK);
    const more = [...keys, bare()];
    expect(judge({ targets: { keys: more, signers: more.slice(-1) } })).toBe("tuf-malformed");
  });

  test("with keys that cannot be used has signatures that do not count", () => {
    for (const it of [
      { ...bare(), json: { keytype: "ed25519", keyval: { private: null, public: "AAAA" } } },
      certified("two\n", make.KEYS.rsa(1024)),
    ]) {
      expect(judge({ targets: { keys: [it as Signer] } })).toMatch(/^tuf-(malformed|threshold)$/);
    }
  });
});

describe("a timestamp", () => {
  const aged = (maxAge: number, expires = "2026-06-13T12:00:00Z") =>
    judge({ expires: { timestamp: expires } }, { maxAge });

  test("is as old as the rule lets it be", () => {
    // It lasts 14 days: it was made two days ago.
    expect(aged(0)).toBe(OK);
    expect(aged(2 * 86_400)).toBe(OK);
    expect(aged(2 * 86_400 - 1)).toBe("tuf-stale");
    expect(aged(86_400, "2026-06-15T12:00:00Z")).toBe(OK);
    expect(aged(999_999, "2026-06-15T12:00:01Z")).toBe("tuf-stale");
    expect(aged(0, "2046-01-01T00:00:00Z")).toBe(OK);
    expect(aged(999_999, "2046-01-01T00:00:00Z")).toBe("tuf-stale");
    // It expires now, and was made 14 days ago at the latest.
    expect(aged(14 * 86_400, NOW)).toBe(OK);
    expect(aged(14 * 86_400 - 1, NOW)).toBe("tuf-stale");
  });
});

test("without the time nothing is valid", () => {
  expect(judge({}, { at: "" })).toBe("tuf-gun");
});

describe("metadata is named by the one before it", () => {
  const names: [string, string][] = [
    ["timestamp", "snapshot"],
    ["snapshot", "targets"],
    ["snapshot", "root"],
  ];
  test.each(names)("%s names %s by hashes and length", (by, role) => {
    interface Meta {
      hashes: Record<string, string>;
      length?: number;
    }
    const change = (edit: (meta: Meta) => void) =>
      judge({
        edit: { [by]: ({ meta }) => edit((meta as unknown as Record<string, Meta>)[role]!) },
      });
    const other = Buffer.alloc(32).toString("base64");
    const longer = Buffer.alloc(64).toString("base64");
    expect(change(() => {})).toBe(OK);
    expect(change(({ hashes }) => delete hashes["sha512"])).toBe(OK);
    expect(change(({ hashes }) => delete hashes["sha256"])).toBe("tuf-hash");
    expect(change(({ hashes }) => (hashes["sha256"] = other))).toBe("tuf-hash");
    expect(change(({ hashes }) => (hashes["sha512"] = other))).toBe("tuf-hash");
    expect(change(({ hashes }) => (hashes["sha512"] = longer))).toBe("tuf-hash");
    expect(change((meta) => (meta.length = 1))).toBe("tuf-hash");
    expect(change((meta) => delete meta.length)).toBe("tuf-hash");
    expect(
      judge({ edit: { [by]: ({ meta }) => delete (meta as Record<string, never>)[role] } }),
    ).toBe("tuf-hash");
  });
});

test("a repository's files are of one time", () => {
  const [old, today] = [
    repository(),
    repository({ versions: { targets: 2, snapshot: 2, timestamp: 2 } }),
  ];
  for (let mask = 0; mask < 16; mask++) {
    const files = Object.fromEntries(
      ROLES.map((role, i) => [role, ((mask >> i) & 1 ? old : today)[role]!]),
    );
    // The roots are the same, signed twice; which of the two signatures it was is in the snapshot.
    const isOne = mask === 0 || mask === 15;
    expect(judge({}, { files }) === OK).toBe(isOne);
  }
});

test("an image by digest is a signed tag's", () => {
  const ask = (digest: string) => judge({}, { tag: undefined, digest });
  expect(ask(TAGS["1.1"])).toBe(TAGS["1.1"]);
  expect(ask(TAGS["1.1"].replace(/.$/, (it) => (it === "0" ? "1" : "0")))).toBe(
    "tuf-digest-missing",
  );
  expect(ask(TAGS["1.1"].toUpperCase())).toBe("tuf-digest-missing");
  expect(ask("")).toBe("tuf-digest-missing");
});

test("another repository's metadata is not this one's, be it by the same keys", () => {
  const other = {
    root: { keys: [certified("registry.example.com/team/other", SIGNERS.root.keys)] },
  };
  expect(judge(other)).toBe("tuf-gun");
  const files = { ...repository(other), root: repository()["root"]! };
  expect(judge({}, { files })).toBe("tuf-hash");
  const question = { pin: { keys: [publicPem(SIGNERS.root)] }, tag: "1.0", at: NOW };
  expect(
    verdict({ ...question, files: repository(other), gun: "registry.example.com/team/other" }),
  ).toBe(OK);
});
