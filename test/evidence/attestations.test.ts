import { p256 } from "@noble/curves/nist.js";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../host/document.js";
import type { Item } from "../../host/evidence/item.js";
import { packageFile } from "../../host/package.js";
import { Guest } from "../../host/wapc.js";
import { pem } from "../crypto/crypto.js";
import { digest, load, pod, type Oracle } from "../policy/guest.js";
import * as made from "../sigstore/made.js";
import { beside, decide, documentOf, outcome } from "./documents.js";

// What a rule with attestations takes for one: a statement of the type, for the image, by the signer, whose predicate is as
// it must be, all of it at once, by one signature.

const IMAGE = made.DIGEST;
const OTHER = digest("cd");
const AT = "2026-11-22T08:00:00Z";
const [ALICE, BOB, CAROL] = [made.ec(), made.ec(), made.ec("P-384")];
const pemOf = (key: made.KeyPair) => pem("PUBLIC KEY", made.spki(key));

const SCAN = "https://cosign.sigstore.dev/attestation/vuln/v1";
const APPROVAL = "https://example.com/approval/v1";
const FEW = { predicateType: SCAN, conditions: [{ path: "/critical", atMost: 0 }] };
const APPROVED = { predicateType: APPROVAL, conditions: [{ path: "/approved", equals: true }] };

interface Said {
  type?: string;
  /** A value, or how it is written. */
  predicate?: unknown;
  image?: string;
  by?: made.KeyPair;
  subject?: unknown;
  statement?: object;
  payloadType?: string;
  entry?: object;
}

/** An item with what somebody has attested: few vulnerabilities, by Alice, unless it is said otherwise. */
function said(what: Said = {}): Item {
  const { type = SCAN, predicate = { critical: 0 }, image = IMAGE, by = ALICE } = what;
  const statement = JSON.stringify({
    _type: "https://in-toto.io/Statement/v0.1",
    subject: what.subject ?? [{ name: "x", digest: { sha256: image.slice(7) } }],
    predicateType: type,
    predicate: 0,
    ...what.statement,
  });
  const written = typeof predicate === "string" ? predicate : JSON.stringify(predicate);
  const payload = statement.replace('"predicate":0', () => `"predicate":${written}`);
  return itemOf(payload, by, what);
}

function itemOf(payload: string, by: made.KeyPair, { payloadType, entry }: Said = {}): Item {
  const hash = by === CAROL ? "sha384" : "sha256";
  const dsseEnvelope = made.envelope(by, payload, hash, payloadType);
  const entries = entry ? [made.entry(made.bodies.dsse(dsseEnvelope, by), entry)] : [];
  return bundleItem(made.bundle({ dsseEnvelope }, entries));
}

function bundleItem(bundle: object): Item {
  return {
    type: "sigstore-bundle",
    bundle: Buffer.from(JSON.stringify(bundle)).toString("base64"),
  };
}

const RULE: JsonObject = {
  verifier: "policy",
  evidenceFrom: [{ artifact: true }],
  pubKeys: [pemOf(ALICE)],
};

/** What a rule says of an image, with these items beside it; nothing but the artifact is asked for. */
function judge(items: Item[], attestations: JsonObject[] = [FEW], more: JsonObject = {}) {
  const host = beside(IMAGE, documentOf(IMAGE, ...items));
  return decide(`example.com/a@${IMAGE}`, { ...RULE, attestations, ...more }, host, AT);
}

const approved = (what: Said = {}) =>
  said({ type: APPROVAL, predicate: { approved: true }, ...what });
const good = said();
const SIGNATURE = said({
  type: made.SIGNATURE_TYPE,
  statement: { _type: "https://in-toto.io/Statement/v1" },
});

describe("an attestation counts", () => {
  test.each<[string, Item[], JsonObject[]?, JsonObject?]>([
    ["of the type, by the key, for the image", [good]],
    ["in Statement v1", [said({ statement: { _type: "https://in-toto.io/Statement/v1" } })]],
    ["of the type alone", [said({ predicate: "7" })], [{ predicateType: SCAN }]],
    ["without a predicate", [withoutPredicate()], [{ predicateType: SCAN }]],
    [
      "with several subjects, of which one is the image",
      [said({ subject: [subject(OTHER), { name: "y", digest: {} }, subject(IMAGE)] })],
    ],
    [
      "with a subject of several digests",
      [said({ subject: [{ digest: { sha512: "0", sha256: IMAGE.slice(7) } }] })],
    ],
    ["among others", [SIGNATURE, approved(), said({ by: BOB }), said({ predicate: "{}" }), good]],
    ["beside one that says the contrary", [said({ predicate: { critical: 9 } }), good]],
    ["each of two types", [good, approved()], [FEW, APPROVED]],
    ["for two of one type", [good], [FEW, { predicateType: SCAN }]],
    ["by each of two keys", [good, said({ by: BOB })], [FEW], { pubKeys: keys(ALICE, BOB) }],
    [
      "each of two types by two of three keys",
      [good, approved(), said({ by: CAROL }), approved({ by: CAROL }), approved({ by: BOB })],
      [FEW, APPROVED],
      { pubKeys: keys(ALICE, BOB, CAROL), threshold: 2 },
    ],
    [
      "in the log",
      [said({ entry: {} })],
      [FEW],
      { transparencyLog: { required: true }, trustRoots: { trustedRoot: made.rootWithLog() } },
    ],
    ["in the key's time", [good], [FEW], inTime({ notBefore: "2026-01-01" })],
  ])("%s", (_, items, attestations, more) => {
    const answer = judge(items, attestations, more);
    expect(answer.accepted, answer.message).toBe(true);
    expect(answer.calls).toHaveLength(1);
  });
});

describe("no attestation is", () => {
  test.each<[string, string, Item[], JsonObject[]?, JsonObject?]>([
    ["nothing", "attestation-missing", []],
    ["a signature", "attestation-missing", [SIGNATURE]],
    ["a statement as cosign's payload", "payload-malformed", [asCosign(good)]],
    ["one of another type", "attestation-missing", [approved()]],
    ["one of almost the type", "attestation-missing", [said({ type: `${SCAN}/` })]],
    ["one by another key", "attestation-missing", [said({ by: BOB })]],
    ["one for another image", "payload-digest", [said({ image: OTHER })]],
    ["a signature of the manifest", "payload-digest", [signedMessage()]],
    ["one of a digest by another algorithm", "payload-digest", [ofSha512()]],
    ["one of a digest in upper case", "payload-digest", [ofUpperCase()]],
    ["one without a subject", "payload-digest", [said({ subject: [] })]],
    ["one with another payload type", "payload-type", [said({ payloadType: "application/json" })]],
    ["no statement", "payload-type", [said({ statement: { _type: "https://a.example" } })]],
    ["a statement with its type twice", "payload-malformed", [typeTwice()]],
    ["a statement with its predicate twice", "payload-malformed", [predicateTwice()]],
    ["one that is not so", "attestation-condition", [said({ predicate: { critical: 1 } })]],
    ["one that does not say", "attestation-condition", [said({ predicate: {} })]],
    [
      "one that says it in words",
      "attestation-condition",
      [said({ predicate: { critical: "0" } })],
    ],
    ["one that says it in a list", "attestation-condition", [said({ predicate: "[0]" })]],
    ["one without a predicate", "attestation-condition", [withoutPredicate()]],
    [
      "one that says both",
      "payload-malformed",
      [said({ predicate: '{"critical":0,"critical":9}' })],
    ],
    [
      "one that says both in another spelling",
      "payload-malformed",
      [said({ predicate: '{"critical":0,"\\u0063ritical":9}' })],
    ],
    ["one of two types", "attestation-missing", [good], [FEW, APPROVED]],
    [
      "one of two types, and another's",
      "attestation-missing",
      [good, approved({ by: BOB })],
      [FEW, APPROVED],
    ],
    [
      "one that is good for one of two",
      "attestation-condition",
      [good, approved({ predicate: { approved: "true" } })],
      [FEW, APPROVED],
    ],
    [
      "halves of two",
      "attestation-condition",
      [said({ predicate: { critical: 0 } }), said({ predicate: { fixable: 0, critical: 1 } })],
      [{ ...FEW, conditions: [...FEW.conditions, { path: "/fixable", atMost: 0 }] }],
    ],
    [
      "that of one of two keys",
      "attestation-missing",
      [good],
      [FEW],
      { pubKeys: keys(ALICE, BOB) },
    ],
    [
      "those of two keys, half each",
      "threshold-unmet",
      [good, approved({ by: BOB })],
      [FEW, APPROVED],
      { pubKeys: keys(ALICE, BOB), threshold: 1 },
    ],
    [
      "one that is not in the log",
      "log-entry-missing",
      [good],
      [FEW],
      { transparencyLog: { required: true }, trustRoots: { trustedRoot: made.rootWithLog() } },
    ],
    [
      "one whose log entry is another's",
      "log-entry-payload",
      [withEntryOf(good, said({ predicate: { critical: 9 }, entry: {} }))],
      [FEW],
      { transparencyLog: { required: true }, trustRoots: { trustedRoot: made.rootWithLog() } },
    ],
    [
      "one before the key's time",
      "key-outside-window",
      [good],
      [FEW],
      inTime({ notBefore: "2027-01-01" }),
    ],
    ["one behind it", "key-outside-window", [good], [FEW], inTime({ notAfter: "2026-01-01" })],
    [
      "one that the log saw behind it",
      "key-outside-window",
      [said({ entry: {} })],
      [FEW],
      {
        ...inTime({ notAfter: "2026-01-01" }),
        threshold: 1,
        transparencyLog: { required: true },
        trustRoots: { trustedRoot: made.rootWithLog() },
      },
    ],
  ])("%s: %s", (_, code, items, attestations, more) => {
    expect(outcome(judge(items, attestations, more))).toBe(code);
  });

  test("a bit that is not as it was signed", () => {
    for (const at of [0, 40, 100]) {
      const item = good as Item & { bundle: string };
      const bundle = JSON.parse(Buffer.from(item.bundle, "base64").toString()) as {
        dsseEnvelope: made.Envelope;
      };
      const { signatures } = bundle.dsseEnvelope;
      const sig = Buffer.from(signatures[0]!.sig, "base64");
      sig[at % sig.length]! ^= 1;
      signatures[0]!.sig = sig.toString("base64");
      expect(outcome(judge([bundleItem(bundle)]))).toBe("attestation-missing");
    }
  });
});

describe("a signature rule and one for attestations", () => {
  test("each ask for their own", () => {
    const byKey = { ...RULE, image: "*" };
    const both: JsonObject = { signatures: [byKey, { ...byKey, attestations: [FEW] }] };
    const asked = (items: Item[]) => {
      const answers: Oracle = (request, call) =>
        call.operation === "v1/oci_manifest"
          ? new Error("code: 404")
          : beside(IMAGE, documentOf(IMAGE, ...items))(request, call);
      const { guest } = load(answers, AT);
      const request = pod(`example.com/a@${IMAGE}`);
      const bytes = guest.call(
        "validate",
        Buffer.from(JSON.stringify({ request, settings: both })),
      );
      return JSON.parse(Buffer.from(bytes).toString()) as {
        accepted: boolean;
        message?: string;
        audit_annotations?: JsonObject;
      };
    };
    expect(asked([good]).message).toMatch(/\(rule 1, \*\).* \[predicate-type\]$/);
    expect(asked([SIGNATURE]).message).toMatch(/\(rule 2, \*\).* \[attestation-missing\]$/);
    const { accepted, audit_annotations: audit } = asked([good, SIGNATURE]);
    expect(accepted).toBe(true);
    expect(audit!["containers.0"]).toMatch(
      /^example.com\/a@sha256:\S+ signed by key "\S+" \(rule 1\); attested by key "\S+" \(rule 2\)$/,
    );
  });
});

test("one attestation counts for one key, in whatever spelling", () => {
  const item = good as Item & { bundle: string };
  const { dsseEnvelope } = JSON.parse(Buffer.from(item.bundle, "base64").toString()) as {
    dsseEnvelope: made.Envelope;
  };
  const payload = Buffer.from(dsseEnvelope.payload, "base64").toString();
  const hash = createHash("sha256").update(made.encoding(payload)).digest();
  const der = Buffer.from(dsseEnvelope.signatures[0]!.sig, "base64");
  const signature = p256.Signature.fromBytes(der, "der");
  const head = made.spki(ALICE).subarray(0, -65);
  const pubKeys = [0, 1].map((bit) => {
    const point = signature.addRecoveryBit(bit).recoverPublicKey(hash);
    return pem("PUBLIC KEY", Buffer.concat([head, point.toBytes(false)]));
  });
  for (const key of pubKeys) expect(outcome(judge([good], [FEW], { pubKeys: [key] }))).toBe("ok");
  expect(outcome(judge([good], [FEW], { pubKeys }))).toBe("attestation-missing");
  expect(outcome(judge([good], [FEW], { pubKeys, threshold: 1 }))).toBe("ok");
});

describe("the time", () => {
  const fresh = { predicateType: SCAN, conditions: [{ path: "/at", after: "7d" }] };
  const at = (time: string) => [said({ predicate: { at: time } })];

  test.each([
    ["2026-11-20T08:00:00Z", "ok"],
    ["2026-11-15T07:59:59Z", "attestation-condition"],
    ["2026-11-22T08:06:00Z", "attestation-condition"],
  ])("of a scan at %s: %s", (time, code) => {
    expect(outcome(judge(at(time), [fresh]))).toBe(code);
  });

  test("that nobody tells proves nothing", () => {
    const module = readFileSync(packageFile("policy.wasm"));
    // Another name of the import: this host says of any but the clock that it does not have it.
    module.write("clock_none_get", module.indexOf("clock_time_get"));
    const host = beside(IMAGE, documentOf(IMAGE, ...at("2026-11-20T08:00:00Z")));
    const guest = Guest.load(Uint8Array.from(module), {
      hostCall: (call) => Buffer.from(host({}, call) as string),
    });
    const settings = { signatures: [{ ...RULE, image: "*", attestations: [fresh] }] };
    const request = pod(`example.com/a@${IMAGE}`);
    const answer = guest.call("validate", Buffer.from(JSON.stringify({ request, settings })));
    expect((JSON.parse(Buffer.from(answer).toString()) as JsonObject)["message"]).toMatch(
      /: \/at of its predicate is "2026-11-20T08:00:00Z", and must be a time no older than 7d, but the host does not tell the time \[attestation-condition\]$/,
    );
  });
});

describe("where attestations are looked for", () => {
  const text = documentOf(IMAGE, good);
  const image = `example.com/a@${IMAGE}`;

  test("annotations and the artifact count together, and the artifact is asked for only if it is needed", () => {
    const request = (items: Item[]) => {
      const asked = pod(image) as { object: { metadata: JsonObject } };
      asked.object.metadata["annotations"] = {
        "trusted-images.dev/evidence.json": documentOf(IMAGE, ...items),
      };
      return asked as unknown as JsonObject;
    };
    const rule = {
      ...RULE,
      image: "*",
      evidenceFrom: [{ artifact: true }, { annotation: true }],
      attestations: [FEW, APPROVED],
    };
    const run = (own: Item[], artifact: string | undefined) => {
      const { guest, calls } = load(beside(IMAGE, artifact), AT);
      const settings = { signatures: [rule] };
      const payload = Buffer.from(JSON.stringify({ request: request(own), settings }));
      const { accepted } = JSON.parse(Buffer.from(guest.call("validate", payload)).toString()) as {
        accepted: boolean;
      };
      return [accepted, calls.length];
    };
    expect(run([good, approved()], undefined)).toEqual([true, 0]);
    expect(run([approved()], text)).toEqual([true, 1]);
    expect(run([], text)).toEqual([false, 1]);
    expect(run([good], undefined)).toEqual([false, 1]);
  });

  test.each<[string, string | undefined, string]>([
    ["no artifact", undefined, "attestation-missing"],
    ["an artifact without items", documentOf(IMAGE), "attestation-missing"],
    ["one for another image", documentOf(OTHER, good), "evidence-image"],
    ["one with a broken item", text.replace('"bundle":"', '"bundle":"!'), "evidence-malformed"],
  ])("%s", (_, document, code) => {
    const rule = { ...RULE, attestations: [FEW] };
    expect(outcome(decide(image, rule, beside(IMAGE, document), AT))).toBe(code);
  });
});

function subject(image: string) {
  return { name: "x", digest: { sha256: image.slice(7) } };
}

function keys(...all: made.KeyPair[]) {
  return all.map(pemOf);
}

function inTime(window: JsonObject): JsonObject {
  return { pubKeys: [{ key: pemOf(ALICE), ...window }] };
}

/** What an attestation says as the payload of a cosign signature, its envelope's signature and all. */
function asCosign(item: Item): Item {
  const { dsseEnvelope } = JSON.parse(
    Buffer.from((item as { bundle: string }).bundle, "base64").toString(),
  ) as { dsseEnvelope: made.Envelope };
  const payload = Buffer.from(
    made.encoding(Buffer.from(dsseEnvelope.payload, "base64").toString()),
  );
  return {
    type: "cosign",
    payload: payload.toString("base64"),
    signature: dsseEnvelope.signatures[0]!.sig,
  };
}

function withoutPredicate(): Item {
  return said({ statement: { predicate: undefined } });
}

function signedMessage(): Item {
  return bundleItem(made.bundle({ messageSignature: made.messageSignature(ALICE, "a") }));
}

function ofSha512(): Item {
  return said({ subject: [{ digest: { sha512: IMAGE.slice(7) } }] });
}

function ofUpperCase(): Item {
  return said({ subject: [{ digest: { sha256: IMAGE.slice(7).toUpperCase() } }] });
}

function typeTwice(): Item {
  const type = JSON.stringify(SCAN);
  const rest = JSON.stringify({ subject: [subject(IMAGE)], predicate: { critical: 0 } }).slice(1);
  const head = `{"_type":"https://in-toto.io/Statement/v1","predicateType":${type}`;
  return itemOf(`${head},"predicateType":${type},${rest}`, ALICE);
}

function predicateTwice(): Item {
  return said({ predicate: '{"critical":0},"predicate":{"critical":9}' });
}

/** A bundle with the log entries of another. */
function withEntryOf(item: Item, other: Item): Item {
  const read = (one: Item) =>
    JSON.parse(Buffer.from((one as { bundle: string }).bundle, "base64").toString()) as {
      verificationMaterial: object;
    };
  const { verificationMaterial } = read(other);
  return bundleItem({ ...read(item), verificationMaterial });
}
