import { createPublicKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { bundleFromJSON } from "@sigstore/bundle";
import { TrustedRoot } from "@sigstore/protobuf-specs";
import { toSignedEntity, toTrustMaterial, Verifier } from "@sigstore/verify";
import type { JsonObject } from "../../host/document.js";
import { contentBytes, type Fixture } from "../../host/registry/fixture.js";
import { readSeed } from "../../tools/seed.js";
import { callJson } from "../sdk/units.js";

/** What a bundle is asked. */
export interface Question {
  /** JSON, like the trusted root. */
  bundle: string;
  trustedRoot: string;
  /** Base64 of a SubjectPublicKeyInfo; null to take the bundle's certificate. */
  key: string | null;
  /** `sha256:…` of the image or of whatever else was signed. */
  digest: string;
  /** Name, value, name, value, … */
  annotations: string[];
  isLogRequired: boolean;
  now: number;
}

/** `read` if it could not be read; else what each part said: a code, or null for nothing wrong. */
export interface Answer {
  read?: string;
  /** Of a statement. */
  predicateType?: string;
  about?: string | null;
  refuse?: string | null;
  verify?: string | null;
  times?: number[] | string;
  /** Of a certificate. */
  holder?: string;
  issuer?: string;
  path?: string | null;
}

/** 2026-11-22, when the fixtures were made. */
export const NOW = 1_795_305_600;

export const ask = (question: Question) => callJson<Answer>("bundle", question);

/** The first reason why a bundle proves nothing; null if it does. */
export function failureOf(answer: Answer): string | null {
  const { read, verify, times, refuse, path } = answer;
  if (read) return read;
  if (verify) return verify;
  if (typeof times === "string") return times;
  return path ?? refuse ?? null;
}

/** Whether @sigstore/verify takes the bundle for a good one, of whomever; else why not. */
export function verifyAsSigstoreJs(question: Question, artifact?: Buffer): string | null {
  try {
    const material = toTrustMaterial(
      TrustedRoot.fromJSON(JSON.parse(question.trustedRoot)),
      question.key === null
        ? undefined
        : () => ({
            publicKey: createPublicKey({
              key: Buffer.from(question.key!, "base64"),
              format: "der",
              type: "spki",
            }),
            validFor: () => true,
          }),
    );
    const isKey = question.key !== null;
    const verifier = new Verifier(material, {
      ctlogThreshold: 0,
      tlogThreshold: question.isLogRequired ? 1 : 0,
      timestampThreshold: isKey ? 0 : 1,
    });
    verifier.verify(toSignedEntity(bundleFromJSON(JSON.parse(question.bundle)), artifact));
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Sigstore's public instances. */
export const PUBLIC_ROOT = JSON.stringify(readSeed());

interface ConformanceCase {
  name: string;
  passes: boolean;
  question: Question;
  artifact: Buffer;
}

/** What sigstore-conformance asks of every client. */
export function conformanceCases(): ConformanceCase[] {
  const file = new URL("../fixtures/sigstore-conformance.json", import.meta.url);
  const { artifacts, trustedRoots, bundles } = JSON.parse(readFileSync(file, "utf8")) as {
    artifacts: Record<string, string>;
    trustedRoots: Record<string, string>;
    bundles: {
      name: string;
      passes: boolean;
      trustedRoot?: string;
      artifact: string;
      key?: string;
      bundle: string;
    }[];
  };
  return bundles.map(({ name, passes, trustedRoot, artifact, key, bundle }) => ({
    name,
    passes,
    artifact: Buffer.from(artifacts[artifact]!, "base64"),
    question: {
      bundle,
      trustedRoot: trustedRoot ? trustedRoots[trustedRoot]! : PUBLIC_ROOT,
      key: key ? derOf(key) : null,
      digest: artifact,
      annotations: [],
      isLogRequired: true,
      now: NOW,
    },
  }));
}

/** Base64 of what a PEM holds, be it no key. */
export const derOf = (pem: string) =>
  Buffer.from(pem.replace(/-----[^-]+-----/g, ""), "base64").toString("base64");

/** A file of a fixture, as text. */
export const fileOf = ({ files }: Fixture, name: string) => contentBytes(files[name]!).toString();

/** The JSON with one value replaced or, for undefined, taken out: `path` is its keys and indexes. */
export function changed(json: string, path: (string | number)[], value: unknown): string {
  const whole = JSON.parse(json) as JsonObject;
  let at = whole as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) at = at[key] as Record<string | number, unknown>;
  const last = path.at(-1)!;
  if (value === undefined) delete at[last];
  else at[last] = value;
  return JSON.stringify(whole);
}
