import type { JsonObject } from "../../host/document.js";
import { contentBytes, type Fixture } from "../../host/registry/fixture.js";

/** What a real verifier was asked of a fixture's image, and what it said. */
export interface Verification {
  label: string;
  command: string;
  exit: number;
  /** `ok` or `fail`, or `?` where the verifier was only watched. */
  expected: string;
}

export type ToldFixture = Fixture & { verifications: Verification[] };

const REQUIRED = { required: true };

/** What cosign's names for predicates stand for. */
const PREDICATE_TYPES: Record<string, string> = {
  custom: "https://cosign.sigstore.dev/attestation/v1",
  slsaprovenance: "https://slsa.dev/provenance/v0.2",
  spdxjson: "https://spdx.dev/Document",
};

/** A command of cosign's as a rule of the settings; undefined for what no rule can ask. */
export function ruleOf(fixture: Fixture, command: string): JsonObject | undefined {
  const text = (file: string) => contentBytes(fixture.files[file]!).toString();
  const option = (name: string) => new RegExp(`--${name} (\\S+)`).exec(command)?.[1];
  const environment = (name: string) => new RegExp(`${name}=(\\S+)`).exec(command)?.[1];
  // Identities by pattern, signatures in files or elsewhere, and claims that are not looked at.
  if (/-regexp|--signature |verify-blob|COSIGN_REPOSITORY|--check-claims=false/.test(command)) {
    return undefined;
  }
  if (!/cosign\S* verify(-attestation)? /.test(command) || /ctlog|CT_LOG/i.test(command)) {
    return undefined;
  }

  const annotations = Object.fromEntries(
    [...command.matchAll(/ -a '?([^'\s=]+)=([^']*?)'?(?= -| \d)/g)].map(([, name, value]) => [
      name,
      value,
    ]),
  ) as JsonObject;
  const noLog = command.includes("--insecure-ignore-tlog");
  const rekor = environment("SIGSTORE_REKOR_PUBLIC_KEY");
  const root = option("trusted-root");
  if (!noLog && !root && (!rekor || !fixture.files[rekor])) return undefined;
  const rooted = root && !noLog ? { trustRoots: { trustedRoot: text(root) } } : undefined;
  const type = PREDICATE_TYPES[option("type") ?? ""];
  const asked: JsonObject = type ? { attestations: [{ predicateType: type }] } : { annotations };
  const base: JsonObject = { image: "*", verifier: "policy", ...asked };

  const key = option("key");
  if (key) {
    if (rooted) return { ...base, pubKeys: [text(key)], transparencyLog: REQUIRED, ...rooted };
    const log: JsonObject = noLog ? {} : { transparencyLog: { keys: [text(rekor!)] } };
    return { ...base, pubKeys: [text(key)], ...log };
  }
  const certificate = option("certificate");
  const chain = option("certificate-chain");
  if (certificate) {
    return {
      ...base,
      certificates: [text(certificate)],
      certificateChain: chain ? pems(text(chain)) : [],
      requireRekorBundle: !noLog,
      ...(noLog ? {} : { trustRoots: { rekor: [text(rekor!)] } }),
    };
  }
  const issuer = option("certificate-oidc-issuer");
  const subject = option("certificate-identity");
  // A certificate that lives for minutes says nothing without the log's time.
  if (!issuer || !subject || noLog || !command.includes("--insecure-ignore-sct")) return undefined;
  if (rooted) return { ...base, keyless: [{ issuer, subject }], ...rooted };
  const files = [
    environment("SIGSTORE_ROOT_FILE"),
    option("ca-roots"),
    option("ca-intermediates"),
  ].filter((file) => file !== undefined);
  return {
    ...base,
    keyless: [{ issuer, subject }],
    trustRoots: { fulcio: files.flatMap((file) => pems(text(file))), rekor: [text(rekor!)] },
  };
}

/** The image that a command is about. */
export const imageOf = (command: string) => command.trim().split(/\s+/).at(-1)!;

/** The PEM blocks of a file. */
export function pems(text: string): string[] {
  return text.match(/-----BEGIN[^]+?-----END[^\n]+/g) ?? [];
}
