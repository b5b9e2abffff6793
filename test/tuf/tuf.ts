import { contentBytes, type Fixture } from "../../host/registry/fixture.js";
import { readFixtures } from "../host/fixtures.js";
import { callJson } from "../sdk/units.js";

/** Metadata by role: `root`, `timestamp`, `snapshot`, `targets`, `targets/releases` and so on. */
export type Files = Record<string, Uint8Array>;

/** What is known of the root: public keys and certificates in PEM, or a root. */
export interface Pin {
  keys?: string[];
  certificates?: string[];
  root?: Uint8Array;
}

export interface Question {
  files: Files;
  pin: Pin;
  gun: string;
  /** In seconds; any age if it is left out. */
  maxAge?: number;
  delegations?: string[];
  required?: number;
  tag?: string;
  digest?: string;
  at: string;
}

export interface Target {
  tag: string;
  digest: string;
  length: number;
  roles: string[];
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");

/** The target that is asked for, or the failure. */
export function ask(question: Question): Target | { failure: string; detail: string } {
  const { files, pin } = question;
  return callJson("tuf", {
    maxAge: 0,
    delegations: [],
    required: 0,
    ...question,
    files: Object.fromEntries(Object.entries(files).map(([role, it]) => [role, base64(it)])),
    pin: { ...pin, ...(pin.root && { root: base64(pin.root) }) },
  });
}

/** The digest, or the code of why there is none. */
export function verdict(question: Question): string {
  const answer = ask(question);
  return "failure" in answer ? answer.failure : answer.digest;
}

interface Verification {
  label: string;
  command: string;
  expected: "ok" | "fail" | "?";
  stdout: string;
  last: string;
}

/** The fixtures of Notary v1. */
export const fixtures = readFixtures().filter(({ name }) => name.startsWith("m-")) as (Fixture & {
  verifications: Verification[];
})[];

/** The fixture of this name. */
export const fixtureOf = (name: string) => fixtures.find((it) => it.name === name)!;

/** The metadata in a folder of a fixture. */
export function filesIn(fixture: Fixture, folder: string): Files {
  return Object.fromEntries(
    Object.entries(fixture.files)
      .filter(([name]) => name.startsWith(`${folder}/`) && name.endsWith(".json"))
      .map(([name, content]) => [
        name.slice(folder.length + 1, -".json".length),
        contentBytes(content),
      ]),
  );
}

/** A file of text in a fixture. */
export const textFile = (fixture: Fixture, name: string) =>
  contentBytes(fixture.files[name]!).toString();

/** The repository's name in a fixture. */
export const gunOf = (fixture: Fixture) => fixture.images[0]!.replace("gun: ", "");

/** The pin of a folder's own root key, or of the fixture's. */
export function pinOf(fixture: Fixture, folder = "keys"): Pin {
  const name = `${folder}/root-key.pub`;
  return { keys: [textFile(fixture, name in fixture.files ? name : "keys/root-key.pub")] };
}
