import { describe, expect, test } from "vitest";
import {
  ask,
  changed,
  conformanceCases,
  failureOf,
  verifyAsSigstoreJs,
  type Question,
} from "./bundles.js";
import { told } from "./recorded.js";

/** A bundle that is accepted. */
interface Base {
  name: string;
  question: Question;
  artifact?: Buffer;
  /** Of long fields, every so many bytes. */
  step: number;
}

const bases: Base[] = [
  ...["n-v3-rekor-key v3", "n-v3-fulcio-email v3"].map((name) => ({
    name,
    question: told.find((one) => one.name === name)!.questions[0]!,
    step: 1,
  })),
  ...conformanceCases()
    .filter(({ name }) => ["rekor2-happy-path", "happy-path-v0.1"].includes(name))
    .map((base) => ({ ...base, step: 13 })),
];

/** A string of a document, and where it is. */
interface Leaf {
  path: (string | number)[];
  value: string;
}

function leavesOf(value: unknown, path: (string | number)[] = []): Leaf[] {
  if (typeof value === "string") return [{ path, value }];
  return Object.entries(value as object).flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
}

const TIMESTAMP =
  "verificationMaterial.timestampVerificationData.rfc3161Timestamps.0.signedTimestamp";

const isBase64 = (text: string) =>
  text.length > 12 && Buffer.from(text, "base64").toString("base64") === text;

/** The text, once for each of its bytes with a bit of it flipped: those that base64 stands for. */
function* flips(text: string, step: number): Generator<{ at: number; flipped: string }> {
  const encoding = isBase64(text) ? "base64" : "utf8";
  const bytes = Buffer.from(text, encoding);
  for (let at = 0; at < bytes.length; at += bytes.length > 300 ? step : 1) {
    const flipped = Buffer.from(bytes);
    flipped[at]! ^= 1 << (at % 7);
    yield { at, flipped: flipped.toString(encoding) };
  }
}

/** Bytes that prove nothing and are not gone by: from and to, of fields. */
const UNREAD: Record<string, [field: string, from: number, to: number][]> = {
  "n-v3-rekor-key v3": [["verificationMaterial.publicKey.hint", 0, 31]],
  // What is not signed: an index in the log, the hashes that a timestamp will be using, and the certificate with it.
  "rekor2-happy-path": [
    ["verificationMaterial.tlogEntries.0.logIndex", 0, 2],
    [TIMESTAMP, 37, 49],
    [TIMESTAMP, 251, 781],
  ],
};

describe.each(bases)("$name", ({ name, question, artifact, step }) => {
  test("is accepted, here and by @sigstore/verify", () => {
    expect(failureOf(ask(question))).toBeNull();
    expect(verifyAsSigstoreJs(question, artifact)).toBeNull();
  });

  const leaves = leavesOf(JSON.parse(question.bundle)).map((leaf) => ({
    ...leaf,
    field: leaf.path.join("."),
  }));

  test.each(leaves)("no byte of $field can be another", ({ field, path, value }) => {
    const unread = (UNREAD[name] ?? []).filter(([other]) => other === field);
    for (const { at, flipped } of flips(value, step)) {
      const other = { ...question, bundle: changed(question.bundle, path, flipped) };
      const failure = failureOf(ask(other));
      if (unread.some(([, from, to]) => from <= at && at <= to)) expect(failure).toBeNull();
      else expect(failure, `byte ${at} of ${field}`).not.toBeNull();
    }
  });
});

describe("what is refused here and not by @sigstore/verify", () => {
  const [{ question }] = bases as [Base];
  const path = ["verificationMaterial", "tlogEntries", 0];

  test.each<[string, (string | number)[], unknown, string]>([
    [
      "another root than the checkpoint's",
      ["inclusionProof", "rootHash"],
      "AAAA",
      "log-proof-invalid",
    ],
    [
      "another size than the checkpoint's",
      ["inclusionProof", "treeSize"],
      "3",
      "log-proof-invalid",
    ],
    ["a field that nobody knows", ["more"], "x", "bundle-malformed"],
  ])("%s", (_, field, value, code) => {
    const other = { ...question, bundle: changed(question.bundle, [...path, ...field], value) };
    expect(failureOf(ask(other))).toBe(code);
    expect(verifyAsSigstoreJs(other)).toBeNull();
  });
});
