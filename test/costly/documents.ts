import {
  DIGEST,
  documentWith,
  DOCUMENT,
  fill,
  fromArtifacts,
  IMAGES,
  REPOSITORY,
} from "./costly.js";
import { sameImage, rule, RULES, times, type Costly } from "./costly.js";
import { KEYS } from "../x509/make.js";

// Evidence documents that are costly to read, whatever a rule wants of them.

const key = KEYS.p256().publicKey.export({ format: "pem", type: "spki" }) as string;
const byKey = fromArtifacts({ pubKeys: [key] });
const inConfigMaps = (signers: object) =>
  rule(
    { ...signers },
    { verifier: "policy", evidenceFrom: [{ configMap: { labelSelector: "a=b" } }] },
  );
const notary = { notaryV1: { root: { keys: [key] } } };

const images = (count: number) => times(count, (i) => `${REPOSITORY}:${i}`);
const bytes = DOCUMENT - 1024;
/** Bytes of objects of the cluster that a request may read. */
const CLUSTER = (8 << 20) - 1024;
const dense = (unit: string) => documentWith(`{"type":"other","x":[${fill(unit, bytes)}0]}`);
const keys = (unit: string) => documentWith(`{"type":"other",${fill(unit, bytes)}"z":0}`);
const delegated = (filling: string) => {
  const roles = times(64, (i) => `"targets/${i}":"AAAA"`);
  const base = ["root", "timestamp", "snapshot", "targets"].map((it) => `"${it}":"AAAA"`);
  return `{"type":"notary-v1","gun":"${REPOSITORY}","metadata":{${[...base, ...roles].join()}${filling}}}`;
};

export const documents: Costly[] = [
  ...[
    ["[],", "small values"],
    ['"\\n",', "escaped texts"],
    [`${"[".repeat(120)}${"]".repeat(120)},`, "nested values"],
  ].map(([unit, what]) => ({
    name: `a document of 4 MiB of ${what}`,
    images: images(IMAGES),
    rules: [byKey],
    document: dense(unit!),
    code: "too-many-checks",
  })),
  {
    name: "a document of 4 MiB of keys",
    images: images(IMAGES),
    rules: [byKey],
    document: keys('"k":0,'),
    code: "too-many-checks",
  },
  {
    name: "a document of 4 MiB, 256 rules",
    images: [`${REPOSITORY}@${DIGEST}`],
    rules: times(RULES, () => byKey),
    document: dense("[],"),
    code: "too-many-checks",
  },
  {
    name: "an item of 4 MiB of metadata with 64 delegations",
    images: images(IMAGES),
    rules: [rule(notary, { evidenceFrom: [{ artifact: true }] })],
    document: documentWith(delegated(`,${fill('"k":0,', bytes - 2048)}"z":0`)),
    code: "too-many-checks",
  },
  ...[1, RULES].flatMap((count) => [
    {
      name: `ConfigMaps of 8 MiB of small values, ${count} rules`,
      images: sameImage(IMAGES / count),
      rules: times(count, () => inConfigMaps({ pubKeys: [key] })),
      answer: `{"items":[],"x":[${fill("[],", CLUSTER)}0]}`,
      code: "signature-missing",
    },
    {
      name: `ConfigMaps of 8 MiB of data, ${count} rules`,
      images: sameImage(IMAGES / count),
      rules: times(count, () => inConfigMaps({ pubKeys: [key] })),
      answer: `{"items":[{"metadata":{"name":"a","namespace":"shop"},"data":{${fill('"k":"",', CLUSTER)}"z":""}}]}`,
      code: "signature-missing",
    },
    {
      name: `keys of ConfigMaps of 8 MiB of data, ${count} rules`,
      images: sameImage(IMAGES / count),
      rules: times(count, () =>
        rule(
          { keysFrom: [{ configMap: { labelSelector: "a=b" } }], threshold: 1 },
          { verifier: "policy" },
        ),
      ),
      answer: `{"items":[{"metadata":{"name":"a","namespace":"shop"},"data":{${fill('"k":"",', CLUSTER)}"z":""}}]}`,
      code: "keys-missing",
    },
  ]),
  {
    name: "64 items of 64 delegations",
    images: images(IMAGES),
    rules: [rule(notary, { evidenceFrom: [{ artifact: true }] })],
    document: documentWith(...times(64, () => delegated(""))),
    code: "tuf-malformed",
  },
  {
    name: "10,000 documents in ConfigMaps, 256 images",
    images: images(IMAGES),
    rules: [inConfigMaps({ pubKeys: [key] })],
    configMaps: times(10_000, () => documentWith().replace(DIGEST, `sha256:${"0".repeat(64)}`)),
    code: "evidence-image",
  },
  {
    name: "10,000 documents in ConfigMaps, 256 rules",
    images: [`${REPOSITORY}@${DIGEST}`],
    rules: times(RULES, () => inConfigMaps({ pubKeys: [key] })),
    configMaps: times(10_000, () => documentWith().replace(DIGEST, `sha256:${"0".repeat(64)}`)),
    code: "evidence-image",
  },
  {
    name: "10,000 documents of the image in ConfigMaps, 256 images",
    images: sameImage(IMAGES),
    rules: [inConfigMaps({ pubKeys: [key] })],
    configMaps: times(10_000, () => documentWith()),
    code: "signature-missing",
  },
];
