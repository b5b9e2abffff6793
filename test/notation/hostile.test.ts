import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as make from "../x509/make.js";
import { fixtureFile } from "../x509/certificates.js";
import {
  ARTIFACT,
  CHAIN,
  cose,
  FORMS,
  judge,
  jws,
  KEYS,
  leaf,
  NOW,
  ROOT,
  SIGNER,
  type Form,
  type Wanted,
} from "./make.js";
import { essence } from "./essence.js";
import { artifactOf, ask, COSE, fixtures, JWS, signaturesOf, verdict } from "./notation.js";

/** Every envelope of the fixtures that is good at some time, with that time. */
const good = fixtures.flatMap((fixture) =>
  signaturesOf(fixture).flatMap(({ subject, ...kept }) => {
    const file = "keys/root.pem" in fixture.files ? "keys/root.pem" : "keys/cert.pem";
    const trustStore = fixtureFile(fixture.name, file);
    const question = { ...kept, trustStore, artifact: artifactOf(fixture, subject) };
    const signed = new Date(1000 * ask(question).signingTime);
    const at = signed.toISOString().replace(".000", "");
    return verdict({ ...question, at }) === "ok" ? [{ name: fixture.name, ...question, at }] : [];
  }),
);

/** Where in an envelope the name of the software stands, which nobody signs, with the header's name. */
function agentOf(envelope: Buffer): [number, number] {
  const from = envelope.indexOf("io.cncf.notary.signingAgent");
  const value = "notation-go/1.3.2";
  return [from, envelope.indexOf(value, from) + value.length];
}

test("the fixtures have good envelopes of both forms", () => {
  expect(good.filter(({ mediaType }) => mediaType === JWS)).toHaveLength(6);
  expect(good.filter(({ mediaType }) => mediaType === COSE)).toHaveLength(2);
});

test.each(good.map((it) => [`${it.name} ${it.mediaType}`, it] as const))(
  "a byte changed anywhere: %s",
  (_, it) => {
    const [from, to] = agentOf(it.envelope);
    for (let at = 0; at < it.envelope.length; at++) {
      const envelope = Buffer.from(it.envelope);
      envelope[at]! ^= 1 << (at % 8);
      if (verdict({ ...it, envelope }) !== "ok") continue;
      expect(at).toBeGreaterThanOrEqual(from);
      expect(at).toBeLessThan(to);
    }
  },
);

test.each(good.map((it) => [`${it.name} ${it.mediaType}`, it] as const))(
  "cut off anywhere: %s",
  (_, it) => {
    for (let at = 0; at < it.envelope.length; at++) {
      expect(verdict({ ...it, envelope: it.envelope.subarray(0, at) })).toBe("envelope-malformed");
    }
  },
);

describe("every signature is of one image, by one signer, in one form:", () => {
  const cases = good.flatMap((one) => good.map((other) => [one, other] as const));

  test("none is good for another image", () => {
    for (const [one, other] of cases) {
      if (one.artifact.digest === other.artifact.digest) continue;
      expect(verdict({ ...one, artifact: other.artifact })).toBe("digest-mismatch");
    }
  });

  test("none is good in the other form", () => {
    for (const it of good) {
      const mediaType = it.mediaType === JWS ? COSE : JWS;
      expect(verdict({ ...it, mediaType })).toBe("envelope-malformed");
    }
  });

  test("none is good by parts", () => {
    const other = leaf({ keys: make.KEYS.p256() });
    const signers = [
      { keys: KEYS.leaf, chain: CHAIN },
      { keys: make.KEYS.p256(), chain: [other, ...CHAIN.slice(1)] },
    ];
    const [a, b] = signers.map(
      (it, i) =>
        JSON.parse(jws({ ...it, signingTime: Date.parse(NOW) / 1000 - i }).toString()) as Record<
          string,
          unknown
        >,
    );
    const members = ["payload", "protected", "header", "signature"];
    for (let mask = 0; mask < 1 << members.length; mask++) {
      const mixed = Object.fromEntries(
        members.map((name, i) => [name, ((mask >> i) & 1 ? a : b)![name]]),
      );
      const envelope = Buffer.from(JSON.stringify(mixed));
      const code = verdict({
        mediaType: JWS,
        envelope,
        trustStore: [ROOT],
        artifact: ARTIFACT,
        at: NOW,
      });
      // Both payloads are the same; the second signer's certificate is that of another key.
      const isFirst = (mask & 0b1110) === 0b1110;
      expect(code).toBe(isFirst ? "ok" : "envelope-signature");
    }
  });
});

describe("nothing traps, and nothing is taken:", () => {
  const QUESTION = { trustStore: [ROOT], artifact: ARTIFACT, at: NOW };
  const edits = fc.array(fc.tuple(fc.nat(), fc.nat(255), fc.nat(2)), {
    minLength: 1,
    maxLength: 4,
  });

  /** The bytes with some changed, left out or put in. */
  function spoil(bytes: Uint8Array, list: [number, number, number][]): Buffer {
    let spoilt = Buffer.from(bytes);
    for (const [place, byte, mode] of list) {
      const at = place % (spoilt.length + 1);
      const behind = spoilt.subarray(mode === 2 ? at : at + 1);
      const inserted = mode === 1 ? [] : [byte];
      spoilt = Buffer.concat([spoilt.subarray(0, at), Buffer.from(inserted), behind]);
    }
    return spoilt;
  }

  test.each([
    [JWS, jws()],
    [COSE, cose()],
  ])("envelopes in %s", (mediaType, bytes) => {
    fc.assert(
      fc.property(edits, (list) => {
        const envelope = spoil(bytes, list);
        if (verdict({ ...QUESTION, mediaType, envelope }) !== "ok") return;
        expect(essence(mediaType, envelope)).toEqual(essence(mediaType, bytes));
      }),
      { numRuns: 4000 },
    );
  });

  test("signed headers of a COSE_Sign1", () => {
    let signed = Buffer.alloc(0);
    cose({}, ([first]) => (signed = Buffer.from(first as Uint8Array)));
    fc.assert(
      fc.property(edits, (list) => {
        const bytes = spoil(signed, list);
        if (bytes.equals(signed)) return;
        const envelope = cose({}, (parts) => (parts[0] = bytes));
        expect(verdict({ ...QUESTION, mediaType: COSE, envelope })).not.toBe("ok");
      }),
      { numRuns: 3000 },
    );
  });

  test.each([0, 1, 2])("certificate %d of a chain", (index) => {
    fc.assert(
      fc.property(edits, (list) => {
        const bytes = spoil(CHAIN[index]!, list);
        if (bytes.equals(CHAIN[index]!)) return;
        const chain = CHAIN.map((it, i) => (i === index ? bytes : it));
        // One of those that are left is trusted.
        const trustStore = CHAIN.filter((_, i) => i !== index);
        const envelope = jws({ chain });
        expect(verdict({ ...QUESTION, trustStore, mediaType: JWS, envelope })).not.toBe("ok");
      }),
      { numRuns: 1500 },
    );
  });

  test.each(Object.keys(FORMS) as Form[])(
    "headers and payloads of other values in %s, signed",
    (form) => {
      const values = [
        null,
        true,
        0,
        -1,
        2 ** 53,
        1.5,
        "",
        "a",
        [],
        {},
        [0],
        [null],
        [""],
        { a: 1 },
        "ES256",
      ];
      const value = fc.constantFrom<unknown>(...values);
      const options = { requiredKeys: [] as [] };
      const target = fc.record(
        { mediaType: value, digest: value, size: value, annotations: value },
        options,
      );
      const wanted = fc.record(
        {
          alg: value,
          contentType: value,
          critical: value,
          scheme: value,
          more: fc.record({ expiry: value, signingTime: value, other: value }, options),
          payload: fc.oneof(
            fc.constant({ targetArtifact: ARTIFACT }),
            target.map((it) => ({ targetArtifact: { ...ARTIFACT, ...it } })),
            value.map((it) => ({ targetArtifact: it })),
            value.map((it) => it ?? {}),
          ),
        },
        options,
      );
      fc.assert(
        fc.property(wanted, (it) => {
          const code = judge(form, it as Wanted, { annotations: { env: "prod" } });
          expect(code).toMatch(/^(envelope|artifact|digest)-/);
        }),
        { numRuns: 2000 },
      );
    },
  );

  test("any bytes at all", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.constantFrom(JWS, COSE),
        (envelope, mediaType) => {
          expect(verdict({ ...QUESTION, envelope, mediaType })).toBe("envelope-malformed");
        },
      ),
      { numRuns: 2000 },
    );
  });
});

test("asked by ever so many rules, it costs what it costs once", () => {
  const keys = make.KEYS.rsa(4096);
  const own = make.make({
    subject: SIGNER,
    keys,
    algorithm: "rsaSha256",
    extensions: [make.keyUsage(7, 0x80)],
  });
  const envelope = jws({ keys, algorithm: "PS512", chain: [own] });
  const question = { mediaType: JWS, envelope, trustStore: [own], artifact: ARTIFACT };
  const times = Array.from({ length: 500 }, () => NOW);
  expect(new Set(ask(question, ...times).failures)).toEqual(new Set([null]));
});
