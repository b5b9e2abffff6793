import { createHash, constants, sign, type KeyPairKeyObjectResult } from "node:crypto";
import { encode, Tagged } from "cborg";
import { der } from "../crypto/crypto.js";
import * as make from "../x509/make.js";
import { COSE, JWS, MANIFEST, verdict, type Question } from "./notation.js";

export const PREFIX = "io.cncf.notary.";
export const NOW = "2026-06-01T12:00:00Z";
const SIGNED_AT = "2026-05-01T12:00:00Z";

const { attribute, basicConstraints, commonName, keyUsage, TRUE, utf8 } = make;

/** `C=US, ST=WA, O=Acme, CN=…` */
export const nameOf = (common: string) =>
  der(
    0x30,
    attribute("2.5.4.6", der(0x13, Buffer.from("US"))),
    attribute("2.5.4.8", utf8("WA")),
    attribute("2.5.4.10", utf8("Acme")),
    attribute("2.5.4.3", utf8(common)),
  );

export const SIGNER = nameOf("signer");
export const KEYS = { root: make.KEYS.p256(), middle: make.KEYS.p256(), leaf: make.KEYS.p256() };
export const CA = [basicConstraints(TRUE), make.CERT_SIGN];
export const LEAF = [keyUsage(7, 0x80), make.purposes(make.CODE_SIGNING)];

export const root = (changes: make.Wanted = {}) =>
  make.make({ subject: commonName("root"), keys: KEYS.root, extensions: CA, ...changes });
export const middle = (changes: make.Wanted = {}) =>
  make.make({
    subject: commonName("middle"),
    issuer: commonName("root"),
    keys: KEYS.middle,
    signer: KEYS.root,
    extensions: CA,
    ...changes,
  });
export const leaf = (changes: make.Wanted = {}) =>
  make.make({
    subject: SIGNER,
    issuer: commonName("middle"),
    keys: KEYS.leaf,
    signer: KEYS.middle,
    extensions: LEAF,
    ...changes,
  });
/** The certificate of somebody who has certified himself. */
export const own = (changes: make.Wanted = {}) =>
  make.make({ subject: SIGNER, keys: KEYS.leaf, extensions: LEAF, ...changes });

export const ROOT = root();
export const CHAIN = [leaf(), middle(), ROOT];

export const DIGEST = `sha256:${createHash("sha256").update("an image").digest("hex")}`;
export const ARTIFACT = { mediaType: MANIFEST, digest: DIGEST, size: 401 };

/** How each algorithm is called, and what Node makes it with. */
export const ALGORITHMS = {
  PS256: { number: -37, hash: "sha256", pss: true },
  PS384: { number: -38, hash: "sha384", pss: true },
  PS512: { number: -39, hash: "sha512", pss: true },
  ES256: { number: -7, hash: "sha256", pss: false },
  ES384: { number: -35, hash: "sha384", pss: false },
  ES512: { number: -36, hash: "sha512", pss: false },
};
export type AlgorithmName = keyof typeof ALGORITHMS;

/** Headers and payload by name; `undefined` leaves one out. Times are seconds since 1970. */
export interface Wanted {
  algorithm?: AlgorithmName;
  /** What the headers say of it instead. */
  alg?: unknown;
  keys?: KeyPairKeyObjectResult;
  saltLength?: number;
  chain?: Uint8Array[];
  contentType?: unknown;
  critical?: unknown;
  scheme?: unknown;
  signingTime?: number | undefined;
  expiry?: number;
  /** Headers beside these, without the prefix. */
  more?: Record<string, unknown>;
  /** Headers of other names. */
  plain?: Record<string, unknown>;
  /** Changes the signed headers as they are written. */
  rewrite?: (headers: Buffer) => Buffer;
  /** Headers that are not signed, with their names in full. */
  unsigned?: Record<string, unknown>;
  payload?: unknown;
}

const seconds = (text: string) => Date.parse(text) / 1000;

function headersOf(wanted: Wanted) {
  const expires = "expiry" in wanted;
  return {
    algorithm: "ES256" as AlgorithmName,
    alg: undefined as unknown,
    keys: KEYS.leaf,
    chain: CHAIN as Uint8Array[],
    contentType: "application/vnd.cncf.notary.payload.v1+json",
    critical: [`${PREFIX}signingScheme`, ...(expires ? [`${PREFIX}expiry`] : [])],
    scheme: "notary.x509",
    signingTime: seconds(SIGNED_AT) as number | undefined,
    more: {} as Record<string, unknown>,
    plain: {} as Record<string, unknown>,
    rewrite: (headers: Buffer) => headers,
    unsigned: {} as Record<string, unknown>,
    payload: { targetArtifact: ARTIFACT } as unknown,
    ...wanted,
  };
}

function signatureOf(wanted: ReturnType<typeof headersOf>, message: Uint8Array): Buffer {
  const { hash, pss } = ALGORITHMS[wanted.algorithm];
  const key = wanted.keys.privateKey;
  const saltLength = wanted.saltLength ?? constants.RSA_PSS_SALTLEN_DIGEST;
  if (!pss) return sign(hash, message, { key, dsaEncoding: "ieee-p1363" });
  return sign(hash, message, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength });
}

const present = (entries: [string | number, unknown][]) =>
  entries.filter(([, value]) => value !== undefined);
const payloadBytes = (payload: unknown) =>
  Buffer.from(typeof payload === "string" ? payload : JSON.stringify(payload));

/** An envelope as JWS; `edit` changes what is written last. */
export function jws(
  wanted: Wanted = {},
  edit?: (envelope: Record<string, unknown>) => void,
): Buffer {
  const it = headersOf(wanted);
  const time = (at?: number) => at && new Date(1000 * at).toISOString().replace(".000", "");
  const headers = Object.fromEntries(
    present([
      ["alg", it.alg ?? it.algorithm],
      ["cty", it.contentType],
      ["crit", it.critical],
      [`${PREFIX}signingScheme`, it.scheme],
      [`${PREFIX}signingTime`, time(it.signingTime)],
      [`${PREFIX}expiry`, time(it.expiry)],
      ...Object.entries(it.more).map(
        ([name, value]) => [PREFIX + name, value] as [string, unknown],
      ),
      ...Object.entries(it.plain),
    ]),
  );
  const signed = it.rewrite(Buffer.from(JSON.stringify(headers))).toString("base64url");
  const payload = payloadBytes(it.payload).toString("base64url");
  const x5c = it.chain.map((bytes) => Buffer.from(bytes).toString("base64"));
  const envelope: Record<string, unknown> = {
    payload,
    protected: signed,
    header: { x5c, [`${PREFIX}signingAgent`]: "made here", ...it.unsigned },
    signature: signatureOf(it, Buffer.from(`${signed}.${payload}`)).toString("base64url"),
  };
  edit?.(envelope);
  return Buffer.from(JSON.stringify(envelope));
}

/** An envelope as COSE; `edit` changes the parts before they are put together. */
export function cose(wanted: Wanted = {}, edit?: (parts: unknown[]) => void): Buffer {
  const it = headersOf(wanted);
  const time = (at?: number) => at && new Tagged(1, at);
  const headers = new Map(
    present([
      [1, it.alg ?? ALGORITHMS[it.algorithm].number],
      [2, it.critical],
      [3, it.contentType],
      [`${PREFIX}signingScheme`, it.scheme],
      [`${PREFIX}signingTime`, time(it.signingTime)],
      [`${PREFIX}expiry`, time(it.expiry)],
      ...Object.entries(it.more).map(
        ([name, value]) => [PREFIX + name, value] as [string, unknown],
      ),
      ...Object.entries(it.plain),
    ]),
  );
  const signed = it.rewrite(Buffer.from(encode(headers)));
  const payload = payloadBytes(it.payload);
  const message = encode(["Signature1", signed, new Uint8Array(), payload]);
  const unsigned = new Map<unknown, unknown>([
    [33, it.chain],
    [`${PREFIX}signingAgent`, "made here"],
    ...Object.entries(it.unsigned),
  ]);
  const parts: unknown[] = [signed, unsigned, payload, signatureOf(it, message)];
  edit?.(parts);
  return Buffer.from(encode(new Tagged(18, parts)));
}

/** Both, and what they are called. */
export const FORMS = { JWS: [JWS, jws], COSE: [COSE, cose] } as const;
export type Form = keyof typeof FORMS;

/** What comes of an envelope of this form, asked by a rule that trusts the root. */
export function judge(form: Form, wanted: Wanted = {}, question: Partial<Question> = {}): string {
  const [mediaType, write] = FORMS[form];
  return verdict({
    mediaType,
    envelope: write(wanted),
    trustStore: [ROOT],
    artifact: ARTIFACT,
    at: NOW,
    ...question,
  });
}
