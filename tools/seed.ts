import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

interface Interval {
  start: string;
  end?: string;
}

/** What the seed's trusted_root.json says of those that the policy believes; base64 is DER. */
export interface Seed {
  /** Version of the npm package. */
  version: string;
  /** Version of the TUF root that the seed comes with, and when that root expires. */
  root: { version: number; expires: string };
  certificateAuthorities: {
    certChain: { certificates: { rawBytes: string }[] };
    validFor: Interval;
  }[];
  timestampAuthorities: Seed["certificateAuthorities"];
  tlogs: {
    baseUrl: string;
    publicKey: { rawBytes: string; keyDetails: string; validFor: Interval };
    logId: { keyId: string };
  }[];
}

/** Sigstore's public instances as @sigstore/tuf knows them without network. */
export function readSeed(): Seed {
  const manifest = createRequire(import.meta.url).resolve("@sigstore/tuf/package.json");
  const read = (file: string) => readFileSync(join(dirname(manifest), file), "utf8");
  const { version } = JSON.parse(read("package.json")) as { version: string };
  const seeds = JSON.parse(read("seeds.json")) as Record<
    string,
    { "root.json": string; targets: Record<string, string> }
  >;
  const seed = seeds["https://tuf-repo-cdn.sigstore.dev"]!;
  const decode = (base64: string) => JSON.parse(Buffer.from(base64, "base64").toString());
  const { signed: root } = decode(seed["root.json"]) as { signed: Seed["root"] };
  return { version, root, ...decode(seed.targets["trusted_root.json"]!) };
}

/** `assembly/trust/sigstore.ts`: all DER in one run of bytes, which costs a start nothing but its copying. */
export function trustRootsSource(seed: Seed): string {
  const bytes: number[] = [];
  const place = (base64: string) => {
    const der = Buffer.from(base64, "base64");
    bytes.push(...der);
    return `der(${bytes.length - der.length}, ${der.length})`;
  };
  const authority = ({ certChain, validFor }: Seed["certificateAuthorities"][number]) => {
    const ders = certChain.certificates.map(({ rawBytes }) => place(rawBytes));
    return `new Authority([${ders.join(", ")}], ${window(validFor)})`;
  };
  const authorities = seed.certificateAuthorities.map(authority);
  const timestampAuthorities = seed.timestampAuthorities.map(authority);
  const logs = seed.tlogs.map(({ publicKey, logId }) => {
    // Of Rekor 2, the ID is not that of the key alone.
    const id = publicKey.keyDetails === "PKIX_ED25519" ? `, ${place(logId.keyId)}` : "";
    return `new LogKey(${place(publicKey.rawBytes)}, ${window(publicKey.validFor)}${id})`;
  });
  return `// Written by \`node build/tools/trust-roots.js\` from the seed in the npm package @sigstore/tuf ${seed.version}, whose
// TUF root is version ${seed.root.version} and expires on ${seed.root.expires.slice(0, 10)}. Not to be edited.
import { Text } from "../sdk";
import { Window } from "../time/window";
import { Authority } from "./authority";
import { LogKey } from "./log-key";

// prettier-ignore
const DER = memory.data<u8>([
${rows(bytes)}
]);

function der(at: usize, length: i32): Text {
  return new Text(DER + at, length);
}

/** Fulcio, as long as it has existed. */
// prettier-ignore
export function sigstoreAuthorities(): Array<Authority> {
  return [
${list(authorities)}
  ];
}

/** Its authority of time. */
// prettier-ignore
export function sigstoreTimestampAuthorities(): Array<Authority> {
  return [
${list(timestampAuthorities)}
  ];
}

/** Rekor, 1 and 2. */
// prettier-ignore
export function sigstoreLogs(): Array<LogKey> {
  return [
${list(logs)}
  ];
}
`;
}

/** A window in whole seconds since 1970, both ends in it. */
function window({ start, end }: Interval): string {
  const from = Math.ceil(Date.parse(start) / 1000);
  const until = end === undefined ? "" : `, ${Math.floor(Date.parse(end) / 1000)}`;
  return `new Window(${from}${until})`;
}

const list = (calls: string[]) => calls.map((call) => `    ${call},`).join("\n");

function rows(bytes: number[]): string {
  const hex = bytes.map((byte) => `0x${byte.toString(16).padStart(2, "0")},`);
  const count = Math.ceil(hex.length / 16);
  return Array.from(
    { length: count },
    (_, i) => `  ${hex.slice(16 * i, 16 * i + 16).join(" ")}`,
  ).join("\n");
}
