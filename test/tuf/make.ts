import { createHash, constants, sign, type KeyPairKeyObjectResult } from "node:crypto";
import { pem } from "../crypto/crypto.js";
import * as make from "../x509/make.js";
import { verdict, type Files, type Question } from "./tuf.js";

export const GUN = "registry.example.com/team/app";
export const NOW = "2026-06-01T12:00:00Z";
export const EXPIRES = "2026-06-15T12:00:00.123456789Z";

type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** Canonical JSON, by its definition. */
export function canonical(value: Json): string {
  if (typeof value === "string") return `"${value.replace(/["\\]/g, "\\$&")}"`;
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return String(value);
  const names = Object.keys(value).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return `{${names.map((name) => `${canonical(name)}:${canonical(value[name]!)}`).join(",")}}`;
}

/** A key as metadata has it, with what signs. */
export interface Signer {
  id: string;
  json: { keytype: string; keyval: { private: null; public: string } };
  keys: KeyPairKeyObjectResult;
}

function signer(keytype: string, bytes: Uint8Array, keys: KeyPairKeyObjectResult): Signer {
  const json = {
    keytype,
    keyval: { private: null, public: Buffer.from(bytes).toString("base64") },
  };
  return { id: createHash("sha256").update(canonical(json)).digest("hex"), json, keys };
}

const kindOf = (keys: KeyPairKeyObjectResult) =>
  keys.publicKey.asymmetricKeyType === "rsa" ? "rsa" : "ecdsa";

/** A bare key. */
export function bare(keys = make.KEYS.p256()): Signer {
  return signer(kindOf(keys), keys.publicKey.export({ format: "der", type: "spki" }), keys);
}

/** A key in a certificate of this name. */
export function certified(name: string, keys = make.KEYS.p256(), wanted: make.Wanted = {}): Signer {
  const algorithm = kindOf(keys) === "rsa" ? ("rsaSha256" as const) : ("ecdsaSha256" as const);
  const der = make.make({ subject: make.commonName(name), keys, algorithm, ...wanted });
  return signer(`${kindOf(keys)}-x509`, Buffer.from(pem("CERTIFICATE", der)), keys);
}

export const publicPem = ({ keys }: Signer) =>
  keys.publicKey.export({ format: "pem", type: "spki" }) as string;
export const certificatePem = ({ json }: Signer) =>
  Buffer.from(json.keyval.public, "base64").toString();

/** A signature over what is signed, in canonical JSON. */
export function signatureOf({ id, keys }: Signer, signed: string) {
  const isRsa = kindOf(keys) === "rsa";
  const key = keys.privateKey;
  const bytes = isRsa
    ? sign("sha256", Buffer.from(signed), {
        key,
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: 32,
      })
    : sign("sha256", Buffer.from(signed), { key, dsaEncoding: "ieee-p1363" });
  return { keyid: id, method: isRsa ? "rsapss" : "ecdsa", sig: bytes.toString("base64") };
}

/** Metadata signed by all of these. */
export function metadata(signed: Json, signers: Signer[]): Buffer {
  const text = canonical(signed);
  const signatures = signers.map((it) => signatureOf(it, text));
  return Buffer.from(`{"signed":${text},"signatures":${JSON.stringify(signatures)}}`);
}

/** How metadata names a file. */
export function metaOf(bytes: Uint8Array) {
  const hash = (name: string) => createHash(name).update(bytes).digest("base64");
  return { hashes: { sha256: hash("sha256"), sha512: hash("sha512") }, length: bytes.length };
}

/** How targets name an image. */
export const targetOf = (digest: string, length = 401) => ({
  hashes: { sha256: Buffer.from(digest.replace("sha256:", ""), "hex").toString("base64") },
  length,
});

export const digestOf = (text: string) =>
  `sha256:${createHash("sha256").update(text).digest("hex")}`;

/** A role: who may sign, how many must, and who does. */
export interface WantedRole {
  keys: Signer[];
  threshold?: number;
  signers?: Signer[];
}

export interface WantedDelegation extends WantedRole {
  paths?: string[];
  /** Tags and digests. */
  targets?: Record<string, string>;
  expires?: string;
  /** Delegations of its own, by their names in full. */
  delegations?: Record<string, WantedDelegation>;
}

export interface Wanted {
  root?: WantedRole;
  timestamp?: WantedRole;
  snapshot?: WantedRole;
  targets?: WantedDelegation;
  expires?: Partial<Record<"root" | "timestamp" | "snapshot" | "targets", string>>;
  versions?: Partial<Record<"root" | "timestamp" | "snapshot" | "targets", number>>;
  /** Changes what a role has signed before it is. */
  edit?: Record<string, (signed: Record<string, Json>) => void>;
}

export const SIGNERS = {
  root: certified(GUN),
  timestamp: bare(),
  snapshot: bare(),
  targets: bare(),
  releases: bare(),
};
export const TAGS = { "1.0": digestOf("1.0"), "1.1": digestOf("1.1") };

const rolesJson = ({ keys, threshold = 1 }: WantedRole) => ({
  keyids: keys.map(({ id }) => id),
  threshold,
});
const keysJson = (signers: Signer[]) =>
  Object.fromEntries(signers.map(({ id, json }) => [id, json as unknown as Json]));

/** A whole repository of Notary's. */
export function repository(wanted: Wanted = {}): Files {
  const role = (name: "root" | "timestamp" | "snapshot" | "targets"): WantedRole =>
    wanted[name] ?? { keys: [SIGNERS[name]] };
  const common = (name: "root" | "timestamp" | "snapshot" | "targets", type: string) => ({
    _type: type,
    expires: wanted.expires?.[name] ?? EXPIRES,
    version: wanted.versions?.[name] ?? 1,
  });
  const files: Files = {};
  const write = (name: string, signed: Record<string, Json>, by: WantedRole) => {
    wanted.edit?.[name]?.(signed);
    files[name] = metadata(signed, by.signers ?? by.keys);
  };
  const names = ["root", "timestamp", "snapshot", "targets"] as const;
  write(
    "root",
    {
      ...common("root", "Root"),
      consistent_snapshot: false,
      keys: keysJson(names.flatMap((name) => role(name).keys)),
      roles: Object.fromEntries(names.map((name) => [name, rolesJson(role(name))])),
    },
    role("root"),
  );
  const writeTargets = (name: string, it: WantedDelegation) => {
    const below = Object.entries(it.delegations ?? {});
    write(
      name,
      {
        ...common("targets", "Targets"),
        ...(it.expires && { expires: it.expires }),
        delegations: {
          keys: keysJson(below.flatMap(([, { keys }]) => keys)),
          roles: below.map(([child, one]) => ({
            ...rolesJson(one),
            name: child,
            paths: one.paths ?? [""],
          })),
        },
        targets: Object.fromEntries(
          Object.entries(it.targets ?? (name === "targets" ? TAGS : {})).map(([tag, digest]) => [
            tag,
            targetOf(digest),
          ]),
        ),
      },
      it,
    );
    for (const [child, one] of below) writeTargets(child, one);
  };
  writeTargets("targets", wanted.targets ?? { keys: [SIGNERS.targets] });
  const meta = Object.entries(files).map(([name, bytes]) => [name, metaOf(bytes)]);
  write(
    "snapshot",
    { ...common("snapshot", "Snapshot"), meta: Object.fromEntries(meta) as Json },
    role("snapshot"),
  );
  write(
    "timestamp",
    {
      ...common("timestamp", "Timestamp"),
      meta: { snapshot: metaOf(files["snapshot"]!) } as unknown as Json,
    },
    role("timestamp"),
  );
  return files;
}

/** What comes of asking for the tag 1.0 of a repository whose root key is pinned. */
export function judge(wanted: Wanted = {}, question: Partial<Question> = {}): string {
  return verdict({
    files: question.files ?? repository(wanted),
    pin: { keys: [publicPem(SIGNERS.root)] },
    gun: GUN,
    tag: "1.0",
    at: NOW,
    ...question,
  });
}
