import { sign, X509Certificate } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { AsnConvert } from "@peculiar/asn1-schema";
import { Certificate, TBSCertificate } from "@peculiar/asn1-x509";
import { decode } from "cborg";
import type { JsonObject } from "../../host/document.js";
import { parseEvidence } from "../../host/evidence/document.js";
import { der, pem } from "../crypto/crypto.js";
import { artifactOf, documentOf, notationItem, notaryItem } from "../evidence/documents.js";
import { essence } from "../notation/essence.js";
import * as notation from "../notation/make.js";
import { COSE, JWS, verdict } from "../notation/notation.js";
import { pod, validate } from "../policy/guest.js";
import * as cbor from "../sdk/cbor.js";
import {
  ask,
  changed,
  conformanceCases,
  failureOf,
  verifyAsSigstoreJs,
} from "../sigstore/bundles.js";
import * as made from "../sigstore/made.js";
import { told } from "../sigstore/recorded.js";
import * as tuf from "../tuf/make.js";
import * as chain from "../x509/chain.js";
import * as make from "../x509/make.js";

/** Something that reads bytes of others. */
export interface Target {
  name: string;
  /** Who reads them too. */
  oracle: string;
  /** What is taken as it is, or read. */
  bases: Uint8Array[];
  /** Whether it is taken here, with some bytes in the place of one of these; traps are thrown. */
  takes: (bytes: Buffer, base: number) => boolean;
  /** Why the other one would not take them, or takes them for something else; null if it does. */
  refuses: (bytes: Buffer, base: number) => string | null;
}

/** What a function throws, in words; else what it gives, null for nothing. */
function reason(run: () => string | null): string | null {
  try {
    return run();
  } catch (error) {
    return (error as Error).message;
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const same = (one: unknown, other: unknown, what: string) =>
  isDeepStrictEqual(one, other) ? null : `${what} is another`;

/** What a certificate's issuer signs. */
const signedPart = (der: Buffer) =>
  Buffer.from(AsnConvert.serialize(AsnConvert.parse(der, Certificate).tbsCertificate));
/** Certificates without their signatures: whatever they say, their issuers have signed it. */
const certificates = [chain.leaf(), chain.middle()].map(signedPart);
const ISSUERS = [chain.MIDDLE, chain.ROOT];
const issued = (signed: Buffer, base: number) =>
  der(
    0x30,
    signed,
    make.ALGORITHMS.ecdsaSha256[0],
    make.bits(0, ...sign("sha256", signed, ISSUERS[base]!.privateKey)),
  );
const roots = [chain.root()];
const hasPath = (certificate: Buffer, base: number) =>
  chain.verify(
    ...((base === 0 ? [certificate, [chain.middle()]] : [chain.leaf(), [certificate]]) as [
      Buffer,
      Buffer[],
    ]),
    roots,
  ) === "";

const bundles = [
  ...told
    .filter(({ name }) => /^n-v3-(rekor-key|fulcio-uri) v3$/.test(name))
    .map(({ questions }) => ({ question: questions[0]!, artifact: undefined })),
  ...conformanceCases().filter(({ name }) =>
    ["rekor2-happy-path", "happy-path-v0.1"].includes(name),
  ),
];

const STAMP = [
  "verificationMaterial",
  "timestampVerificationData",
  "rfc3161Timestamps",
  0,
  "signedTimestamp",
];
const stamped = bundles.filter(({ question }) => question.bundle.includes("signedTimestamp"));
const stampOf = (bundle: string) =>
  STAMP.reduce<unknown>(
    (at, key) => (at as Record<string | number, unknown>)[key],
    JSON.parse(bundle),
  ) as string;
const withStamp = (base: number, bytes: Buffer) => {
  const { question, artifact } = stamped[base]!;
  return {
    question: { ...question, bundle: changed(question.bundle, STAMP, bytes.toString("base64")) },
    artifact,
  };
};

/**
 * Where in the timestamp of `rekor2-happy-path` the certificates are that come with it, and the hashes that it says to
 * use: nobody has signed them, and they are not read here.
 */
const UNREAD: [from: number, to: number][] = [
  [37, 49],
  [251, 781],
];
const isWithin = (ranges: [from: number, to: number][], bytes: Buffer, base: Uint8Array) =>
  bytes.length === base.length &&
  bytes.every(
    (byte, at) => byte === base[at] || ranges.some(([from, to]) => from <= at && at <= to),
  );

/** Where a certificate has its names: they are not read before somebody asks for them. */
function namesOf(signed: Uint8Array): [from: number, to: number][] {
  const { subject, issuer } = AsnConvert.parse(signed, TBSCertificate);
  return [issuer, subject].map((name) => {
    const bytes = Buffer.from(AsnConvert.serialize(name));
    const from = Buffer.from(signed).lastIndexOf(bytes);
    return [from, from + bytes.length];
  });
}

/** A bundle with the timestamp of another one, if theirs are the same as far as they are read. */
function withReadStamp(bundle: string, other: string): string {
  if (!other.includes("signedTimestamp")) return bundle;
  const [stamp, good] = [bundle, other].map((it) => Buffer.from(stampOf(it), "base64")) as [
    Buffer,
    Buffer,
  ];
  return isWithin(UNREAD, stamp, good) ? changed(bundle, STAMP, good.toString("base64")) : bundle;
}

const signer = made.ec();
const STATEMENTS = [
  made.statement(),
  made.statement({
    subject: [{ name: "a", digest: { sha256: "0".repeat(64) } }, ...made.statement().subject],
  }),
].map((it) => Buffer.from(JSON.stringify(it)));
const signs = (payload: string) => ({
  ...made.question(signer, made.bundle({ dsseEnvelope: made.envelope(signer, payload) })),
  annotations: ["env", "prod"],
});
interface Statement {
  _type: string;
  predicateType: string;
  subject: { digest?: { sha256?: string }; annotations?: Record<string, string> }[];
}
function refusesStatement(text: string): string | null {
  const { _type, predicateType, subject } = JSON.parse(text) as Statement;
  const isOne =
    _type === "https://in-toto.io/Statement/v1" && predicateType === made.SIGNATURE_TYPE;
  const isAbout = subject.some(
    ({ digest, annotations }) =>
      `sha256:${digest?.sha256}` === made.DIGEST && annotations?.["env"] === "prod",
  );
  return isOne && isAbout ? null : "it is no signature of the image";
}

const files = tuf.repository();
const roles = Object.keys(files);

const envelopes: Record<string, Uint8Array> = { [JWS]: notation.jws(), [COSE]: notation.cose() };
const envelopeTarget = (name: string, mediaType: string): Target => ({
  name,
  oracle: mediaType === JWS ? "JSON.parse" : "cborg",
  bases: [envelopes[mediaType]!],
  takes: (envelope) =>
    verdict({
      mediaType,
      envelope,
      trustStore: [notation.ROOT],
      artifact: notation.ARTIFACT,
      at: notation.NOW,
    }) === "ok",
  refuses: (envelope) =>
    same(essence(mediaType, envelope), essence(mediaType, envelopes[mediaType]!), "what is signed"),
});

const IMAGE = notation.DIGEST;
const documents = [
  documentOf(
    IMAGE,
    notationItem(JWS, notation.jws()),
    notaryItem(
      tuf.GUN,
      tuf.repository({ targets: { keys: [tuf.SIGNERS.targets], targets: { "1.0": IMAGE } } }),
    ),
    {
      type: "sigstore-bundle",
      bundle: Buffer.from(
        JSON.stringify(
          made.bundle({
            dsseEnvelope: made.envelope(
              signer,
              JSON.stringify(made.statement({ subject: [{ digest: { sha256: IMAGE.slice(7) } }] })),
            ),
          }),
        ),
      ).toString("base64"),
    },
  ),
];
const RULES: JsonObject[] = [
  {
    notation: { trustStore: [pem("CERTIFICATE", notation.ROOT)], trustedIdentities: ["*"] },
    evidenceFrom: [{ artifact: true }],
  },
  {
    notaryV1: { root: { keys: [tuf.publicPem(tuf.SIGNERS.root)] } },
    evidenceFrom: [{ artifact: true }],
  },
  {
    pubKeys: [signer.publicKey.export({ format: "pem", type: "spki" }) as string],
    verifier: "policy",
    evidenceFrom: [{ artifact: true }],
  },
];
const [whole] = documents as [string];
const answer = artifactOf(whole);
const takesDocument = (text: Buffer) =>
  RULES.some((it) => {
    const [before, behind] = answer.split(whole) as [string, string];
    const bytes = Buffer.concat([Buffer.from(before), text, Buffer.from(behind)]);
    const host = (_: JsonObject, { operation }: { operation: string }) =>
      operation === "v1/oci_manifest_config" ? bytes : new Error("code: 404");
    return validate(
      pod(`${tuf.GUN}@${IMAGE}`),
      { signatures: [{ image: "*", ...it }] },
      host,
      notation.NOW,
    ).accepted;
  });

const all: Target[] = [
  {
    name: "CBOR",
    oracle: "cborg",
    bases: [
      notation.cose(),
      decode(notation.cose(), {
        useMaps: true,
        tags: { 18: (content) => content() },
      })[0] as Uint8Array,
    ],
    takes: (bytes) => cbor.read(bytes) !== null,
    refuses: (bytes) => {
      const why = reason(() =>
        same(cbor.written(decode(bytes, cbor.OPTIONS)), cbor.read(bytes), "what it says"),
      );
      // It knows no other tags, and reads numbers of other kinds that are only passed over here.
      return why?.includes("tag not supported") ? null : why;
    },
  },
  {
    name: "certificates (DER)",
    oracle: "Node's OpenSSL, @peculiar/asn1-x509",
    bases: certificates,
    takes: (bytes, base) => hasPath(issued(bytes, base), base),
    refuses: (bytes, base) => {
      if (isWithin(namesOf(certificates[base]!), bytes, certificates[base]!)) return null;
      const certificate = issued(bytes, base);
      AsnConvert.parse(certificate, Certificate);
      const { ca, validFrom, validTo } = new X509Certificate(certificate);
      const isValid =
        new Date(validFrom) <= new Date(chain.NOW) && new Date(chain.NOW) <= new Date(validTo);
      return isValid && ca === (base === 1) ? null : "it is not valid, or is another's";
    },
  },
  {
    name: "timestamps (CMS)",
    oracle: "@sigstore/verify",
    bases: stamped.map(({ question }) => Buffer.from(stampOf(question.bundle), "base64")),
    takes: (bytes, base) => failureOf(ask(withStamp(base, bytes).question)) === null,
    refuses: (bytes, base) => {
      const { question, artifact } = withStamp(base, bytes);
      if (isWithin(UNREAD, bytes, Buffer.from(stampOf(stamped[base]!.question.bundle), "base64")))
        return null;
      return verifyAsSigstoreJs(question, artifact);
    },
  },
  {
    name: "bundles",
    oracle: "@sigstore/verify",
    bases: bundles.map(({ question }) => Buffer.from(question.bundle)),
    takes: (bytes, base) =>
      failureOf(ask({ ...bundles[base]!.question, bundle: bytes.toString() })) === null,
    refuses: (bytes, base) => {
      const { question, artifact } = bundles[base]!;
      return verifyAsSigstoreJs(
        { ...question, bundle: withReadStamp(bytes.toString(), question.bundle) },
        artifact,
      );
    },
  },
  {
    name: "in-toto statements",
    oracle: "JSON.parse",
    bases: STATEMENTS,
    takes: (bytes) => failureOf(ask(signs(bytes.toString()))) === null,
    refuses: (bytes) => refusesStatement(bytes.toString()),
  },
  envelopeTarget("JWS", JWS),
  envelopeTarget("COSE", COSE),
  {
    name: "Notary's metadata",
    oracle: "JSON.parse",
    bases: roles.map((role) => files[role]!),
    takes: (bytes, base) =>
      tuf.judge({}, { files: { ...files, [roles[base]!]: bytes } }) === tuf.TAGS["1.0"],
    refuses: (bytes, base) =>
      same(
        JSON.parse(utf8.decode(bytes)),
        JSON.parse(utf8.decode(files[roles[base]!]!)),
        "what it says",
      ),
  },
  {
    name: "evidence documents",
    oracle: "JSON.parse, the command's reader",
    bases: documents.map((it) => Buffer.from(it)),
    takes: takesDocument,
    refuses: (bytes) => {
      parseEvidence(utf8.decode(bytes), "document");
      return null;
    },
  },
];

export const targets = all.map((it) => ({
  ...it,
  refuses: (bytes: Buffer, base: number) => reason(() => it.refuses(bytes, base)),
}));
