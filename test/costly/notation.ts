import type { KeyPairKeyObjectResult } from "node:crypto";
import { encode } from "cborg";
import { der, pem } from "../crypto/crypto.js";
import { ARTIFACT, CA, cose, jws, LEAF, PREFIX, type AlgorithmName } from "../notation/make.js";
import { COSE, JWS } from "../notation/notation.js";
import * as make from "../x509/make.js";
import { DIGEST, documentWith, fill, FROM, IMAGES, RULES, rule, sameImage } from "./costly.js";
import { times, UNTIL, type Costly } from "./costly.js";

// Signatures of Notation's that are costly to refuse.

const artifact = { ...ARTIFACT, digest: DIGEST };
const payload = { targetArtifact: artifact };
const item = (mediaType: string, envelope: Uint8Array) => ({
  type: "notation",
  mediaType,
  envelope: Buffer.from(envelope).toString("base64"),
});
const trusting = (root: Buffer, more: object = {}, annotations: object = {}) =>
  rule(
    {
      notation: {
        trustStore: [pem("CERTIFICATE", root)],
        trustedIdentities: ["*"],
        ...more,
      } as never,
    },
    { annotations: annotations as never, evidenceFrom: [{ artifact: true }] },
  );

interface Kind {
  name: string;
  keys: KeyPairKeyObjectResult;
  certificates: make.AlgorithmName;
  envelope: AlgorithmName;
}
const KINDS: Kind[] = [
  { name: "P-256", keys: make.KEYS.p256(), certificates: "ecdsaSha256", envelope: "ES256" },
  { name: "P-384", keys: make.KEYS.p384(), certificates: "ecdsaSha384", envelope: "ES384" },
  { name: "P-521", keys: make.KEYS.p521(), certificates: "ecdsaSha512", envelope: "ES512" },
  { name: "RSA 4096", keys: make.KEYS.rsa(4096), certificates: "rsaSha512", envelope: "PS512" },
];

/** Nine certificates, all of one key. */
function chainOf({ keys, certificates }: Kind, subject = make.commonName("signer")): Buffer[] {
  const common = { keys, algorithm: certificates, from: FROM, until: UNTIL };
  const names = times(8, (i) => make.commonName(`ca ${i}`));
  return [
    make.make({ ...common, subject, issuer: names[0]!, extensions: LEAF }),
    ...names.map((name, i) =>
      make.make({ ...common, subject: name, issuer: names[i + 1] ?? name, extensions: CA }),
    ),
  ];
}
const spoil = (text: string) => (text.startsWith("A") ? `B${text.slice(1)}` : `A${text.slice(1)}`);

const wrong = KINDS.flatMap((kind) => {
  const chain = chainOf(kind);
  const wanted = { keys: kind.keys, algorithm: kind.envelope, chain, payload };
  // Each has a time of its own: so it is another one.
  const at = (i: number) => ({ ...wanted, signingTime: 1_777_000_000 + i });
  const forms: [string, string, (i: number) => Buffer][] = [
    ["JWS", JWS, (i) => jws(at(i), (it) => (it["signature"] = spoil(String(it["signature"]))))],
    [
      "COSE",
      COSE,
      (i) => cose(at(i), (parts) => (parts[3] = Buffer.from(parts[3] as Buffer).reverse())),
    ],
  ];
  return forms.map(([form, mediaType, write]): Costly => ({
    name: `notation, wrong signatures, ${form}, ${kind.name}`,
    images: sameImage(IMAGES),
    rules: [trusting(chain.at(-1)!)],
    document: documentWith(...times(64, (i) => item(mediaType, write(i)))),
    code: "too-many-checks",
  }));
});

const [kind] = KINDS;
const signed = { keys: kind!.keys, algorithm: kind!.envelope };
/** A name of as many attributes as are read. */
const longName = der(0x30, ...times(32, (i) => make.attribute("2.5.4.11", make.utf8(`${i}`))));
const named = chainOf(kind!, longName);
const root = named.at(-1)!;
const chain = chainOf(kind!);
const identities = times(64, (i) => `x509.subject: OU=0, C=US, ST=WA, O=Acme ${i}`);
const many = (write: (i: number) => object, count = 2) => documentWith(...times(count, write));

export const notationRequests: Costly[] = [
  ...wrong,
  {
    name: "notation, names of 32 attributes, 256 rules of 64 identities",
    images: sameImage(1),
    rules: times(RULES, () => trusting(root, { trustedIdentities: identities })),
    document: many(
      (i) => item(JWS, jws({ ...signed, chain: named, payload, signingTime: 1_777_000_000 + i })),
      16,
    ),
    code: "envelope-signer",
  },
  {
    name: "notation, names of 32 attributes, 256 images",
    images: sameImage(IMAGES),
    rules: [trusting(root, { trustedIdentities: identities })],
    document: many(
      (i) => item(JWS, jws({ ...signed, chain: named, payload, signingTime: 1_777_000_000 + i })),
      16,
    ),
    code: "envelope-signer",
  },
  {
    name: "notation, many annotations, 256 rules of 64",
    images: sameImage(1),
    rules: times(RULES, () =>
      trusting(chain.at(-1)!, {}, Object.fromEntries(times(64, (i) => [`a${i}`, "x"]))),
    ),
    document: many((k) =>
      item(
        JWS,
        jws({
          ...signed,
          chain,
          payload: JSON.stringify(payload).replace(
            "}}",
            `,"annotations":{${fill('"k":"",', 100 << 10)}${times(63, (i) => `"a${i}":"x"`).join()},"n":"${k}"}}}`,
          ),
        }),
      ),
    ),
    code: "artifact-annotation",
  },
  {
    name: "notation, many critical headers",
    images: sameImage(IMAGES),
    rules: [trusting(chain.at(-1)!)],
    document: many(() =>
      item(
        JWS,
        jws({ ...signed, chain, payload, critical: times(4000, () => `${PREFIX}signingScheme`) }),
      ),
    ),
    code: "envelope-critical",
  },
  {
    name: "notation, many headers",
    images: sameImage(IMAGES),
    rules: [trusting(chain.at(-1)!)],
    document: many(() =>
      item(
        JWS,
        jws({
          ...signed,
          chain,
          payload,
          plain: Object.fromEntries(times(10_000, (i) => [`k${i}`, 0])),
        }),
      ),
    ),
    code: "envelope-malformed",
  },
  {
    name: "notation, certificates of one byte",
    images: sameImage(IMAGES),
    rules: [trusting(chain.at(-1)!)],
    document: many(() =>
      item(JWS, jws({ ...signed, chain: times(24_000, () => Buffer.of(0)), payload })),
    ),
    code: "too-many-certificates",
  },
  {
    name: "notation, CBOR of as many items as there may be",
    images: sameImage(IMAGES),
    rules: [trusting(chain.at(-1)!)],
    document: documentWith(
      ...times(64, () => item(COSE, encode(times(15, (i) => new Map(times(60, (k) => [k, i])))))),
    ),
    code: "envelope-malformed",
  },
  {
    name: "notation, a payload of 128 KiB",
    images: sameImage(IMAGES),
    rules: [trusting(chain.at(-1)!)],
    document: many(() =>
      item(
        JWS,
        jws(
          {
            ...signed,
            chain,
            payload: JSON.stringify(payload).replace("}}", `},"x":[${fill("[],", 128 << 10)}0]}`),
          },
          (it) => (it["signature"] = spoil(String(it["signature"]))),
        ),
      ),
    ),
    code: "envelope-signature",
  },
];
