import { createHash, sign } from "node:crypto";
import { der, pem } from "../crypto/crypto.js";
import { KEYS, oid } from "../x509/make.js";
import * as make from "../x509/make.js";
import * as made from "../sigstore/made.js";
import { bundleItem, DIGEST, documentWith, fill, fromArtifacts, FROM, IMAGES } from "./costly.js";
import { RULES, sameImage, times, UNTIL, type Costly } from "./costly.js";

// Bundles that are costly to refuse.

const base64 = (bytes: Uint8Array | string) => Buffer.from(bytes).toString("base64");
const pemOf = (key: made.KeyPair) =>
  key.publicKey.export({ format: "pem", type: "spki" }) as string;

const signer = KEYS.p256();
const THIS = { digest: { sha256: DIGEST.slice(7) } };
const OTHER = { digest: { sha256: "0".repeat(64) } };
const STATEMENT = JSON.stringify(made.statement({ subject: [THIS] }));

/** A bundle with a signature of something else by this key. */
const unsigned = (key: made.KeyPair, payload = STATEMENT) => {
  const { signatures } = made.envelope(key, "other");
  return made.bundle({ dsseEnvelope: { ...made.envelope(key, payload), signatures } });
};
const signed = (payload: string) => made.bundle({ dsseEnvelope: made.envelope(signer, payload) });
const bundles = (count: number, bundle: object) =>
  documentWith(...times(count, () => bundleItem(bundle)));

const kinds: [string, made.KeyPair][] = [
  ["P-256", KEYS.p256()],
  ["P-384", KEYS.p384()],
  ["P-521", KEYS.p521()],
  ["Ed25519", KEYS.ed25519()],
  ["RSA 4096", KEYS.rsa(4096)],
];

/** A statement about the same subject over and over, of so many bytes. */
const wide = (bytes: number, subject: object, count = 0) => {
  const one = JSON.stringify(subject);
  const subjects =
    count > 0 ? times(count, () => one) : times(Math.floor(bytes / (one.length + 1)), () => one);
  return `{"_type":"https://in-toto.io/Statement/v1","predicateType":"${made.SIGNATURE_TYPE}","predicate":{},"subject":[${subjects.join()}]}`;
};
/** So many bytes of a payload become 1 MiB in a field: they are base64 of base64. */
const PAYLOAD = 560 << 10;
const SHARE = 34 << 10;

/** A log and entries of it that prove nothing, as late as can be. */
const log = KEYS.p256();
const logBody = made.bodies.dsse(made.envelope(signer, STATEMENT), signer);
function entryOf(keys: made.KeyPair, signatures: number) {
  const id = createHash("sha256").update(made.spki(keys)).digest();
  const text = base64(JSON.stringify(logBody));
  // An entry in the middle of a tree of 2^49 entries: 49 hashes lead to its root.
  const size = 1n << 49n;
  let index = 0x1_5555_5555_5555n;
  const shown = index;
  const sha = (...parts: Uint8Array[]) =>
    parts.reduce((hash, it) => hash.update(it), createHash("sha256")).digest();
  let hash = sha(Buffer.of(0), Buffer.from(JSON.stringify(logBody)));
  const sibling = Buffer.alloc(32, 7);
  const hashes = times(49, () => sibling);
  for (let i = 0; i < 49; i++, index >>= 1n) {
    hash = index & 1n ? sha(Buffer.of(1), sibling, hash) : sha(Buffer.of(1), hash, sibling);
  }
  const note = `log.example\n${size}\n${base64(hash)}\n`;
  const wrong = sign("sha256", Buffer.from("other"), keys.privateKey);
  const line = `— log.example ${base64(Buffer.concat([id.subarray(0, 4), wrong]))}\n`;
  return {
    logIndex: String(shown),
    logId: { keyId: base64(id) },
    kindVersion: { kind: logBody.kind, version: logBody.apiVersion },
    inclusionProof: {
      logIndex: String(shown),
      rootHash: base64(hash),
      treeSize: String(size),
      hashes: hashes.map(base64),
      checkpoint: { envelope: `${note}\n${line.repeat(signatures)}` },
    },
    canonicalizedBody: text,
  };
}
const logged = (keys: made.KeyPair) => {
  const entries = times(8, () => entryOf(keys, 32));
  return made.bundle({ dsseEnvelope: made.envelope(signer, STATEMENT) }, entries);
};

/** A timestamp by an authority that has another key, of a content of so many bytes. */
const tsaKeys = KEYS.p256();
const TSA = [
  make.keyUsage(7, 0x80),
  make.extension("2.5.29.37", der(0x30, oid("1.3.6.1.5.5.7.3.8")), true),
];
const issuer = make.commonName("tsa root");
const tsaRoot = make.make({
  subject: issuer,
  keys: tsaKeys,
  extensions: [make.basicConstraints(make.TRUE), make.CERT_SIGN],
  from: FROM,
  until: UNTIL,
});
const tsaLeaf = make.make({
  subject: make.commonName("tsa"),
  issuer,
  keys: tsaKeys,
  signer: tsaKeys,
  extensions: TSA,
  from: FROM,
  until: UNTIL,
});
function timestamp(signature: Uint8Array, bytes: number): Buffer {
  const sha512 = der(0x30, oid("2.16.840.1.101.3.4.2.3"), make.NULL);
  const digest = (it: Uint8Array) => createHash("sha512").update(it).digest();
  const TST = oid("1.2.840.113549.1.9.16.1.4");
  const info = der(
    0x30,
    make.integer(1),
    oid("1.2.3"),
    der(0x30, sha512, der(4, digest(signature))),
    make.integer(1),
    der(0x18, Buffer.from("20260101000000Z")),
    der(0xa1, Buffer.alloc(bytes)),
  );
  const attributes = Buffer.concat([
    der(0x30, oid("1.2.840.113549.1.9.3"), der(0x31, TST)),
    der(0x30, oid("1.2.840.113549.1.9.4"), der(0x31, der(4, digest(info)))),
  ]);
  const wrong = sign("sha512", Buffer.from("other"), tsaKeys.privateKey);
  const signerInfo = der(
    0x30,
    make.integer(1),
    der(0x30, issuer, make.integer(1)),
    sha512,
    der(0xa0, attributes),
    der(0x30, oid("1.2.840.10045.4.3.4")),
    der(4, wrong),
  );
  const data = der(
    0x30,
    make.integer(3),
    der(0x31, sha512),
    der(0x30, TST, der(0xa0, der(4, info))),
    der(0x31, signerInfo),
  );
  const token = der(0x30, oid("1.2.840.113549.1.7.2"), der(0xa0, data));
  return der(0x30, der(0x30, make.integer(0)), token);
}
const stamped = (count: number, bytes: number) => {
  const envelope = made.envelope(signer, STATEMENT);
  const stamp = base64(timestamp(Buffer.from(envelope.signatures[0]!.sig, "base64"), bytes));
  const rfc3161Timestamps = times(count, () => ({ signedTimestamp: stamp }));
  return made.bundle({ dsseEnvelope: envelope }, [], {
    timestampVerificationData: { rfc3161Timestamps },
  });
};
const authority = (uri: string) => ({
  mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
  tlogs: [
    {
      baseUrl: uri,
      hashAlgorithm: "SHA2_256",
      publicKey: {
        rawBytes: base64(made.spki(log)),
        keyDetails: "PKIX_ECDSA_P256_SHA_256",
        validFor: { start: FROM },
      },
      logId: { keyId: base64(createHash("sha256").update(made.spki(log)).digest()) },
    },
  ],
  timestampAuthorities: [
    {
      subject: {},
      uri,
      certChain: { certificates: [tsaLeaf, tsaRoot].map((it) => ({ rawBytes: base64(it) })) },
      validFor: { start: FROM },
    },
  ],
});

/** Nine certificates, of which the signer's is by an authority of the right name, and is broken at its end. */
function certified(keys: made.KeyPair, algorithm: make.AlgorithmName) {
  const CA = [make.basicConstraints(make.TRUE), make.CERT_SIGN];
  const name = make.commonName("root");
  const wanted = { keys: keys as never, algorithm, from: FROM, until: UNTIL };
  const root = make.make({ ...wanted, subject: name, extensions: CA });
  const id = make.extension("1.3.6.1.4.1.57264.1.1", Buffer.from("https://issuer.example"));
  const leaf = make.make({
    ...wanted,
    subject: der(0x30),
    issuer: name,
    keys: signer,
    signer: keys as never,
    extensions: [
      make.DIGITAL_SIGNATURE,
      make.purposes(make.CODE_SIGNING),
      make.names(make.email("dev@demo.example")),
      id,
    ],
  });
  const broken = Buffer.from(leaf);
  broken[broken.length - 1]! ^= 1;
  const certificates = [broken, ...times(8, () => root)].map((it) => ({ rawBytes: base64(it) }));
  const bundle = {
    mediaType: "application/vnd.dev.sigstore.bundle+json;version=0.2",
    verificationMaterial: { x509CertificateChain: { certificates } },
    dsseEnvelope: made.envelope(signer, STATEMENT),
  };
  const trustRoots = { fulcio: times(16, () => pem("CERTIFICATE", root)), rekor: [pemOf(log)] };
  const keyless = [{ issuer: "https://issuer.example", subject: "dev@demo.example" }];
  return { bundle, rule: fromArtifacts({ keyless, trustRoots }) };
}

const byKeys = (...keys: string[]) => fromArtifacts({ pubKeys: keys, threshold: 1 });
const bySigner = byKeys(pemOf(signer));
const inLog = (keys: made.KeyPair) =>
  fromArtifacts({
    pubKeys: [pemOf(signer)],
    transparencyLog: { required: true },
    trustRoots: { rekor: [pemOf(keys)] },
  });
const stampedRule = (i: number) =>
  fromArtifacts({
    pubKeys: [{ key: pemOf(signer), notAfter: "2099-01-01" }] as never,
    transparencyLog: { required: true },
    trustRoots: { trustedRoot: JSON.stringify(authority(`https://tsa-${i}.example`)) },
  });

export const bundleRequests: Costly[] = [
  ...kinds.map(([name, key]) => ({
    name: `bundles, wrong signatures, ${name}`,
    images: sameImage(IMAGES),
    rules: [byKeys(pemOf(key))],
    document: bundles(64, unsigned(key)),
    code: name === "P-521" ? "too-many-checks" : "signature-unmet",
  })),
  {
    name: "bundles, wrong signatures of 64 keys, P-521",
    images: sameImage(IMAGES),
    rules: [byKeys(...times(64, () => pemOf(KEYS.p521())))],
    document: bundles(64, unsigned(signer)),
    code: "too-many-checks",
  },
  {
    name: "bundles, statements of 4 MiB, 256 images",
    images: sameImage(IMAGES),
    rules: [bySigner],
    document: bundles(64, unsigned(signer, wide(SHARE, OTHER))),
    code: "too-many-checks",
  },
  {
    name: "bundles, a statement of 560 KiB, 256 images",
    images: sameImage(IMAGES),
    rules: [bySigner],
    document: bundles(1, unsigned(signer, wide(PAYLOAD, OTHER))),
    code: "payload-digest",
  },
  {
    name: "bundles, a statement of 560 KiB, 256 rules",
    images: sameImage(1),
    rules: times(RULES, () => bySigner),
    document: bundles(1, unsigned(signer, wide(PAYLOAD, OTHER))),
    code: "payload-digest",
  },
  {
    name: "bundles, a statement without the annotations, 256 rules",
    images: sameImage(1),
    rules: times(RULES, () => ({
      ...bySigner,
      annotations: Object.fromEntries(times(64, (i) => [`a${i}`, "x"])),
    })),
    document: bundles(
      1,
      signed(
        wide(PAYLOAD, {
          ...THIS,
          annotations: Object.fromEntries(times(63, (i) => [`a${i}`, "x"])),
        }),
      ),
    ),
    code: "too-many-checks",
  },
  {
    name: "bundles, one subject of many annotations, 256 rules of 64",
    images: sameImage(1),
    rules: times(RULES, () => ({
      ...bySigner,
      annotations: Object.fromEntries(times(64, (i) => [`a${i}`, "x"])),
    })),
    document: bundles(
      1,
      signed(
        wide(0, THIS, 1).replace(
          '"}}',
          `"},"annotations":{${fill('"k":0,', PAYLOAD)}${times(63, (i) => `"a${i}":"x"`).join()}}}`,
        ),
      ),
    ),
    code: "too-many-checks",
  },
  {
    name: "bundles, a dense predicate, 256 images",
    images: sameImage(IMAGES),
    rules: [bySigner],
    document: bundles(
      1,
      unsigned(
        signer,
        STATEMENT.replace('"predicate":{}', `"predicate":{"x":[${fill("[],", PAYLOAD)}0]}`),
      ),
    ),
    code: "signature-unmet",
  },
  ...(
    [
      ["P-256", log],
      ["P-521", KEYS.p521()],
      ["RSA 4096", KEYS.rsa(4096)],
    ] as [string, made.KeyPair][]
  ).map(([name, keys]) => ({
    name: `bundles, 8 entries with checkpoints of 32 signatures, ${name}`,
    images: sameImage(IMAGES),
    rules: [inLog(keys)],
    document: bundles(4, logged(keys)),
    code: name === "P-256" ? "checkpoint-unsigned" : "too-many-checks",
  })),
  {
    name: "bundles, a timestamp of 560 KiB, 256 rules",
    images: sameImage(1),
    rules: times(RULES, stampedRule),
    document: bundles(1, stamped(1, PAYLOAD)),
    code: "timestamp-invalid",
  },
  {
    name: "bundles, 8 timestamps of 70 KiB, two rules, 256 images",
    images: sameImage(IMAGES),
    rules: times(2, stampedRule),
    document: bundles(1, stamped(8, PAYLOAD >> 3)),
    code: "timestamp-invalid",
  },
  ...(
    [
      ["P-256", KEYS.p256(), "ecdsaSha256"],
      ["P-521", KEYS.p521(), "ecdsaSha512"],
      ["RSA 4096", KEYS.rsa(4096), "rsaSha256"],
    ] as [string, made.KeyPair, make.AlgorithmName][]
  ).flatMap(([name, keys, algorithm]) => {
    const { bundle, rule } = certified(keys, algorithm);
    return [
      {
        name: `bundles, 9 certificates, ${name}`,
        images: sameImage(IMAGES),
        rules: [rule],
        document: bundles(64, bundle),
        code: "log-entry-missing",
      },
      {
        name: `bundles, 9 certificates, ${name}, 256 rules`,
        images: sameImage(1),
        rules: times(RULES, () => rule),
        document: bundles(64, bundle),
        code: "log-entry-missing",
      },
    ];
  }),
];
