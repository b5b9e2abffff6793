import { createHash, generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { NOW, type Question } from "./bundles.js";

export interface KeyPair {
  privateKey: KeyObject;
  publicKey: KeyObject;
}

export const SIGNATURE_TYPE = "https://sigstore.dev/cosign/sign/v1";
export const DIGEST = `sha256:${"ab".repeat(32)}`;

const base64 = (bytes: Uint8Array | string) => Buffer.from(bytes).toString("base64");
export const spki = ({ publicKey }: KeyPair) => publicKey.export({ type: "spki", format: "der" });
const pemOf = ({ publicKey }: KeyPair) => publicKey.export({ type: "spki", format: "pem" });
const sha256 = (...parts: (Uint8Array | string)[]) => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};

export const ec = (namedCurve = "P-256"): KeyPair => generateKeyPairSync("ec", { namedCurve });
const hashFor = (key: KeyPair, hash: string) =>
  key.publicKey.asymmetricKeyType === "ed25519" ? null : hash;

/** What cosign 3 signs for an image. */
export const statement = (more: object = {}) => ({
  _type: "https://in-toto.io/Statement/v1",
  subject: [{ digest: { sha256: DIGEST.slice(7) }, annotations: { env: "prod" } }],
  predicateType: SIGNATURE_TYPE,
  predicate: {},
  ...more,
});

export interface Envelope {
  payload: string;
  payloadType: string;
  signatures: { sig: string; keyid?: string }[];
}

const IN_TOTO = "application/vnd.in-toto+json";

/** The pre-authentication encoding. */
export const encoding = (payload: string, type = IN_TOTO) =>
  `DSSEv1 ${Buffer.byteLength(type)} ${type} ${Buffer.byteLength(payload)} ${payload}`;

/** An envelope around a text, signed. */
export function envelope(key: KeyPair, payload: string, hash = "sha256", type = IN_TOTO): Envelope {
  const signature = sign(hashFor(key, hash), Buffer.from(encoding(payload, type)), key.privateKey);
  return { payload: base64(payload), payloadType: type, signatures: [{ sig: base64(signature) }] };
}

/** A signature of a message. */
export const messageSignature = (key: KeyPair, message: string, algorithm = "SHA2_256") => ({
  messageDigest: {
    algorithm,
    digest: createHash(algorithm.replace("SHA2_", "sha")).update(message).digest("base64"),
  },
  signature: base64(sign(algorithm.replace("SHA2_", "sha"), Buffer.from(message), key.privateKey)),
});

export const LOG_TIME = NOW - 1000;

/** The body of an entry, such as Rekor writes it. */
export const bodies = {
  hashed: (signature: string, digestHex: string, key: KeyPair) => ({
    apiVersion: "0.0.1",
    kind: "hashedrekord",
    spec: {
      data: { hash: { algorithm: "sha256", value: digestHex } },
      signature: { content: signature, publicKey: { content: base64(pemOf(key)) } },
    },
  }),
  hashed2: (signature: string, digest: string, key: KeyPair, algorithm = "SHA2_256") => ({
    apiVersion: "0.0.2",
    kind: "hashedrekord",
    spec: {
      hashedRekordV002: {
        data: { algorithm, digest },
        signature: {
          content: signature,
          verifier: { keyDetails: "x", publicKey: { rawBytes: base64(spki(key)) } },
        },
      },
    },
  }),
  dsse: ({ payload, signatures }: Envelope, key: KeyPair) => ({
    apiVersion: "0.0.1",
    kind: "dsse",
    spec: {
      envelopeHash: { algorithm: "sha256", value: "00" },
      payloadHash: {
        algorithm: "sha256",
        value: sha256(Buffer.from(payload, "base64")).toString("hex"),
      },
      signatures: [{ signature: signatures[0]!.sig, verifier: base64(pemOf(key)) }],
    },
  }),
  dsse2: ({ payload, signatures }: Envelope, key: KeyPair) => ({
    apiVersion: "0.0.2",
    kind: "dsse",
    spec: {
      dsseV002: {
        payloadHash: {
          algorithm: "SHA2_256",
          digest: sha256(Buffer.from(payload, "base64")).toString("base64"),
        },
        signatures: [
          {
            content: signatures[0]!.sig,
            verifier: { keyDetails: "x", publicKey: { rawBytes: base64(spki(key)) } },
          },
        ],
      },
    },
  }),
};

export type Body = { apiVersion: string; kind: string };

/** A private log. */
export const log = ec();
export const logId = sha256(spki(log));

/** An entry of the log that is alone in its tree. */
export function entry(body: Body, { promise = true, proof = true, time = LOG_TIME } = {}) {
  const text = base64(JSON.stringify(body));
  const root = sha256(Buffer.of(0), JSON.stringify(body)).toString("base64");
  const note = `log.example\n1\n${root}\n`;
  const signed = JSON.stringify({
    body: text,
    integratedTime: time,
    logID: logId.toString("hex"),
    logIndex: 5,
  });
  const byLog = (message: string) => sign("sha256", Buffer.from(message), log.privateKey);
  const signature = base64(Buffer.concat([logId.subarray(0, 4), byLog(note)]));
  return {
    logIndex: "5",
    logId: { keyId: base64(logId) },
    kindVersion: { kind: body.kind, version: body.apiVersion },
    ...(promise && {
      integratedTime: String(time),
      inclusionPromise: { signedEntryTimestamp: base64(byLog(signed)) },
    }),
    ...(proof && {
      inclusionProof: {
        rootHash: root,
        treeSize: "1",
        checkpoint: { envelope: `${note}\n— log.example ${signature}\n` },
      },
    }),
    canonicalizedBody: text,
  };
}

/** A trusted root with the log. */
export const rootWithLog = (validFor: object = { start: "2024-01-01T00:00:00Z" }) =>
  JSON.stringify({
    mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
    tlogs: [
      {
        baseUrl: "https://log.example",
        hashAlgorithm: "SHA2_256",
        publicKey: {
          rawBytes: base64(spki(log)),
          keyDetails: "PKIX_ECDSA_P256_SHA_256",
          validFor,
        },
        logId: { keyId: base64(logId) },
      },
    ],
  });

/** A bundle of version 0.3 with a key's hint. */
export const bundle = (content: object, tlogEntries: object[] = [], more: object = {}) => ({
  mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
  verificationMaterial: { publicKey: { hint: "x" }, tlogEntries, ...more },
  ...content,
});

/** Asks whether a bundle is a signature of the image by a key. */
export const question = (key: KeyPair, json: object | string, more: Partial<Question> = {}) => ({
  bundle: typeof json === "string" ? json : JSON.stringify(json),
  trustedRoot: rootWithLog(),
  key: base64(spki(key)),
  digest: DIGEST,
  annotations: [],
  isLogRequired: false,
  now: NOW,
  ...more,
});
