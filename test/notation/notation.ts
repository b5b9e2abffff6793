import type { JsonObject } from "../../host/document.js";
import { contentBytes, type Fixture } from "../../host/registry/fixture.js";
import { readFixtures } from "../host/fixtures.js";
import { callJson } from "../sdk/units.js";

export const JWS = "application/jose+json";
export const COSE = "application/cose";
export const MANIFEST = "application/vnd.oci.image.manifest.v1+json";

/** The manifest of an image, by its descriptor. */
export interface Artifact {
  mediaType: string;
  digest: string;
  size: number;
}

/** A signature, and what is asked about it. */
export interface Question {
  mediaType: string;
  envelope: Uint8Array;
  /** DER of certificates. */
  trustStore: Uint8Array[];
  identities?: string[];
  skipsRevocation?: boolean;
  artifact: Artifact;
  annotations?: Record<string, string>;
  at: string;
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");

interface Answer {
  read?: string;
  signer: string;
  signingTime: number;
  expiry: number | null;
  failures: (string | null)[];
}

/** All that comes of a question that is asked at some times. */
export function ask(question: Omit<Question, "at">, ...at: string[]): Answer {
  return callJson<Answer>("notation", {
    ...question,
    envelope: base64(question.envelope),
    trustStore: question.trustStore.map(base64),
    identities: question.identities ?? [],
    annotations: Object.entries(question.annotations ?? {}).flat(),
    at,
  });
}

/** The code of why the signature proves nothing, or `ok`. */
export function verdict(question: Question): string {
  const { read, failures } = ask(question, question.at);
  return read ?? failures[0] ?? "ok";
}

/** A signature in a fixture's registry, with the image that it is kept beside. */
export interface Kept {
  mediaType: string;
  envelope: Buffer;
  subject: string;
}

/** The fixtures of Notation. */
export const fixtures = readFixtures().filter(({ name }) => name.startsWith("j-")) as (Fixture & {
  verifications: { label: string; command: string; expected: "ok" | "fail" | "?" }[];
})[];

/** What is signed, of a fixture's manifest. */
export function artifactOf(fixture: Fixture, digest: string): Artifact {
  const manifest = fixture.manifests[digest]!;
  return { mediaType: manifest.mediaType, digest, size: contentBytes(manifest).length };
}

/** The signatures that a registry keeps beside its images. */
export function signaturesOf(fixture: Fixture): Kept[] {
  return Object.values(fixture.manifests).flatMap((content) => {
    const manifest = JSON.parse(contentBytes(content).toString()) as {
      subject?: { digest: string };
      layers?: { mediaType: string; digest: string }[];
    };
    const { subject, layers = [] } = manifest;
    if (!subject) return [];
    return layers.map(({ mediaType, digest }) => ({
      mediaType,
      envelope: contentBytes(fixture.blobs[digest]!),
      subject: subject.digest,
    }));
  });
}

/** A file of JSON in a fixture. */
export function jsonFile(fixture: Fixture, name: string): JsonObject | undefined {
  const content = fixture.files[name];
  return content && (JSON.parse(contentBytes(content).toString()) as JsonObject);
}
