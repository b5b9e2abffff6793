import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ask, changed, conformanceCases, failureOf, type Question } from "./bundles.js";
import { bodies, bundle, ec, entry, envelope, question, spki, statement } from "./made.js";
import { told } from "./recorded.js";

const key = ec();
const dsseEnvelope = envelope(key, JSON.stringify(statement()));

/** Accepted ones, one of each kind. */
const bases: { name: string; question: Question }[] = [
  {
    name: "made",
    question: question(key, bundle({ dsseEnvelope }, [entry(bodies.dsse(dsseEnvelope, key))]), {
      isLogRequired: true,
    }),
  },
  ...told
    .filter(({ name }) => /^n-v3-(rekor-key|fulcio-uri) v3$/.test(name))
    .map(({ name, questions }) => ({ name, question: questions[0]! })),
  ...conformanceCases().filter(({ name }) => name === "rekor2-timestamp-with-embedded-cert"),
];

/** The same JSON with its keys in order, without what proves nothing. */
function plain(json: string): unknown {
  const copy = JSON.parse(json) as {
    verificationMaterial: {
      publicKey?: { hint?: string };
      tlogEntries: { logIndex?: string; inclusionPromise?: object }[];
      timestampVerificationData?: object;
    };
  };
  const { publicKey, tlogEntries } = copy.verificationMaterial;
  if (publicKey) delete publicKey.hint;
  for (const one of tlogEntries) if (!one.inclusionPromise) delete one.logIndex;
  delete copy.verificationMaterial.timestampVerificationData;
  return copy;
}

const change = fc.record({
  at: fc.nat(),
  gone: fc.nat({ max: 8 }),
  put: fc.oneof(
    fc.string({ maxLength: 4 }),
    fc.constantFrom("{", "}", "[", "]", '"', ",", "null", "\\u0000", "\\ud800", '"":{},', "\0"),
  ),
});

describe.each(bases)("$name", ({ question: asked }) => {
  const text = asked.bundle;

  test("is accepted", () => {
    expect(failureOf(ask(asked))).toBeNull();
  });

  test("is not when it is changed, and traps never", () => {
    const property = fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
      let other = text;
      for (const { at, gone, put } of changes) {
        const from = at % other.length;
        other = other.slice(0, from) + put + other.slice(from + gone);
      }
      if (failureOf(ask({ ...asked, bundle: other })) === null) {
        expect(plain(other)).toEqual(plain(text));
      }
    });
    fc.assert(property, { numRuns: 1500, seed: 62 });
  });

  test("is not cut off anywhere", () => {
    const step = Math.ceil(text.length / 500);
    for (let end = 0; end < text.length; end += step) {
      expect(ask({ ...asked, bundle: text.slice(0, end) }).read).toBe("bundle-malformed");
    }
  });
});

describe("a certificate in a bundle", () => {
  const { question: asked } = bases.find(({ name }) => name === "n-v3-fulcio-uri v3")!;
  const path = ["verificationMaterial", "certificate", "rawBytes"];
  const read = (bytes: Uint8Array) =>
    failureOf(
      ask({ ...asked, bundle: changed(asked.bundle, path, Buffer.from(bytes).toString("base64")) }),
    );

  test("is one: a key in its place vouches for nobody", () => {
    expect(read(spki(key))).toBe("certificate-malformed");
  });

  test("is never one when it is changed at random", () => {
    const der = Buffer.from(
      (JSON.parse(asked.bundle) as { verificationMaterial: { certificate: { rawBytes: string } } })
        .verificationMaterial.certificate.rawBytes,
      "base64",
    );
    const edit = fc.record({
      at: fc.nat(der.length - 1),
      gone: fc.nat(4),
      put: fc.uint8Array({ maxLength: 4 }),
    });
    fc.assert(
      fc.property(edit, ({ at, gone, put }) => {
        const other = Buffer.concat([der.subarray(0, at), put, der.subarray(at + gone)]);
        fc.pre(!other.equals(der));
        expect(read(other)).not.toBeNull();
      }),
      { numRuns: 1500, seed: 5280 },
    );
  });
});

describe("a bundle that is meant to take long", () => {
  const failureFor = (json: object) => failureOf(ask(question(key, json)));

  test.each<[number, string | null]>([
    [3_000_000, null],
    [5_000_000, "too-many-checks"],
  ])("with a payload of %i bytes", (size, expected) => {
    const payload = JSON.stringify(statement({ predicate: { x: "y".repeat(size) } }));
    expect(failureFor(bundle({ dsseEnvelope: envelope(key, payload) }))).toBe(expected);
  });

  test("with 100 000 subjects", () => {
    const subject = Array(100_000).fill({ digest: { sha256: "00" } });
    const payload = JSON.stringify(statement({ subject }));
    expect(failureFor(bundle({ dsseEnvelope: envelope(key, payload) }))).toMatch(
      /payload-digest|too-many/,
    );
  });

  test("with 32 signatures under its log's hint, in each of 8 entries", () => {
    const one = entry(bodies.dsse(dsseEnvelope, key));
    const { envelope: note } = one.inclusionProof!.checkpoint;
    const [text, line] = note.split("\n\n") as [string, string];
    const [dash, name, signature] = line.trim().split(" ") as [string, string, string];
    const wrong = Buffer.from(signature, "base64");
    wrong[wrong.length - 1]! ^= 1;
    const lines = `${dash} ${name} ${wrong.toString("base64")}\n`.repeat(31);
    const checkpoint = { envelope: `${text}\n\n${lines}${line}` };
    const slow = { ...one, inclusionProof: { ...one.inclusionProof, checkpoint } };
    expect(failureFor(bundle({ dsseEnvelope }, Array<object>(8).fill(slow)))).toBeNull();
  });
});
