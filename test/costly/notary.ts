import * as tuf from "../tuf/make.js";
import type { Files } from "../tuf/tuf.js";
import * as make from "../x509/make.js";
import { DIGEST, documentWith, FROM, IMAGES, RULES, rule, sameImage, times } from "./costly.js";
import { UNTIL, type Costly } from "./costly.js";

// Metadata of Notary's that is costly to refuse.

const GUN = "registry.example.com/shop/web";
const item = (files: Files) => ({
  type: "notary-v1",
  gun: GUN,
  metadata: Object.fromEntries(
    Object.entries(files).map(([role, it]) => [role, Buffer.from(it).toString("base64")]),
  ),
});
const valid = { from: FROM, until: UNTIL };
const root = tuf.certified(GUN, make.KEYS.p256(), valid);
const [timestamp, snapshot, targets] = times(3, () => tuf.bare());
const expires = Object.fromEntries(
  ["root", "timestamp", "snapshot", "targets"].map((role) => [role, UNTIL]),
);
const base: tuf.Wanted = {
  root: { keys: [root] },
  timestamp: { keys: [timestamp!] },
  snapshot: { keys: [snapshot!] },
  targets: { keys: [targets!] },
  expires,
};
const trusting = (...keys: tuf.Signer[]) =>
  rule(
    { notaryV1: { root: { keys: keys.map(tuf.publicPem) }, gun: GUN } },
    { evidenceFrom: [{ artifact: true }] },
  );
const rules = (count: number) => times(count, () => trusting(root));

/** Keys of a role of which each has signed something else. */
const wrong = (name: string, keys: () => ReturnType<typeof make.KEYS.p256>): Costly => {
  const pair = keys();
  // As many certificates of one key: they have ids of their own.
  const signers = times(64, (i) =>
    tuf.certified(GUN, pair, { ...valid, edit: (fields) => (fields.serial = make.integer(i + 1)) }),
  );
  const files = tuf.repository({ ...base, root: { keys: signers, threshold: 1 } });
  const text = Buffer.from(files["root"]!).toString();
  files["root"] = Buffer.from(text.replace('"version":1', '"version":2'));
  return {
    name: `notary, 64 wrong signatures of a root, ${name}`,
    images: sameImage(IMAGES),
    rules: [trusting(signers[0]!)],
    document: documentWith(...times(8, () => item(files))),
    code: "too-many-checks",
  };
};

/** An object of many small entries beside those that are there. */
const crowded =
  (field: string, count: number, value: never = 0 as never) =>
  (signed: Record<string, unknown>) => {
    const object = signed[field] as Record<string, unknown>;
    for (let i = 0; i < count; i++) object[`~${i.toString(36)}`] = value;
  };
const delegations = (count: number) => (signed: Record<string, unknown>) => {
  const roles = times(count, (i) => ({
    keyids: [],
    name: `targets/${i.toString(36)}`,
    paths: [""],
    threshold: 1,
  }));
  signed["delegations"] = { keys: {}, roles };
};
/** 64 keys to which each of so many roles is delegated. */
const sharedKeys =
  (count: number, keys: number, crowd: number) => (signed: Record<string, unknown>) => {
    const all = times(keys, () => tuf.bare());
    const json = Object.fromEntries(all.map(({ id, json }) => [id, json as unknown]));
    for (let i = 0; i < crowd; i++) json[`~${i.toString(36)}`] = 0;
    const keyids = all.map(({ id }) => id);
    const roles = times(count, (i) => ({
      keyids,
      name: `targets/${i.toString(36)}`,
      paths: [""],
      threshold: 1,
    }));
    signed["delegations"] = { keys: json, roles };
  };
const request = (
  name: string,
  wanted: tuf.Wanted,
  code: string,
  more: Partial<Costly> = {},
): Costly => ({
  name: `notary, ${name}`,
  images: sameImage(1),
  rules: rules(1),
  document: documentWith(item(tuf.repository({ ...base, ...wanted }))),
  code,
  ...more,
});
const tags = (count: number, digest: string) =>
  Object.fromEntries(times(count, (i) => [i.toString(36), digest]));
const OTHER = tuf.digestOf("another image");
const certificates = times(64, (i) =>
  tuf.certified(GUN, make.KEYS.p521(), {
    ...valid,
    algorithm: "ecdsaSha512",
    edit: (fields) => (fields.serial = make.integer(i + 1)),
  }),
);

export const notaryRequests: Costly[] = [
  wrong("P-256", make.KEYS.p256),
  wrong("P-384", make.KEYS.p384),
  wrong("P-521", make.KEYS.p521),
  wrong("RSA 4096", () => make.KEYS.rsa(4096)),
  request(
    "a root of 60,000 entries beside 64 keys",
    { root: { keys: [root, ...certificates.slice(1)] }, edit: { root: crowded("keys", 60_000) } },
    "too-many-checks",
  ),
  request(
    "a root of 30,000 entries beside 64 keys, 256 rules",
    { root: { keys: [root, ...certificates.slice(1)] }, edit: { root: crowded("keys", 30_000) } },
    "tuf-digest-missing",
    { rules: rules(RULES) },
  ),
  request(
    "a root of 64 certificates, 256 rules",
    { root: { keys: [root, ...certificates.slice(1)] } },
    "tuf-digest-missing",
    { rules: rules(RULES) },
  ),
  request(
    "4,000 delegations, and 40,000 files in the snapshot",
    { edit: { targets: delegations(4000), snapshot: crowded("meta", 40_000) } },
    "too-many-checks",
  ),
  request(
    "delegations to 64 keys",
    { edit: { targets: sharedKeys(100, 64, 0) } },
    "too-many-checks",
  ),
  request(
    "delegations to 64 keys of many",
    { edit: { targets: sharedKeys(60, 64, 40_000) } },
    "too-many-checks",
  ),
  request(
    "6,000 tags of other images, 256 images",
    { targets: { keys: [targets!], targets: tags(6000, OTHER) } },
    "tuf-digest-missing",
    { images: sameImage(IMAGES) },
  ),
  request(
    "3,000 tags of the image, each missing in a delegation",
    {
      targets: {
        keys: [targets!],
        targets: tags(3000, DIGEST),
        delegations: { "targets/a": { keys: [snapshot!], targets: {} } },
      },
    },
    "too-many-checks",
    {
      rules: times(RULES, () => ({
        ...trusting(root),
        notaryV1: {
          ...(trusting(root)["notaryV1"] as object),
          delegations: ["targets/a", "targets"],
        },
      })) as never,
    },
  ),
];
