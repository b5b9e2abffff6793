import { createHash, generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { describe, expect, test } from "vitest";
import { pem } from "../crypto/crypto.js";
import { digestOf } from "./cosign.js";
import { ask, type Bundle } from "./log.js";

// A log of our own, which promises what we like.

const base64 = (bytes: Uint8Array | string) => Buffer.from(bytes).toString("base64");
const spki = (key: KeyObject) => key.export({ type: "spki", format: "der" });

describe("entries signed here", () => {
  const KEYS = {
    "P-256": generateKeyPairSync("ec", { namedCurve: "P-256" }),
    "P-384": generateKeyPairSync("ec", { namedCurve: "P-384" }),
    "RSA 2048": generateKeyPairSync("rsa", { modulusLength: 2048 }),
    Ed25519: generateKeyPairSync("ed25519"),
  };
  const log = KEYS["P-256"];
  const signer = spki(generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey);
  const signature = base64("a signature");
  const digest = digestOf("a payload");
  const body = {
    apiVersion: "0.0.1",
    kind: "hashedrekord",
    spec: {
      data: { hash: { algorithm: "sha256", value: digest.slice(7) } },
      signature: { content: signature, publicKey: { content: base64(pem("PUBLIC KEY", signer)) } },
    },
  };

  function entry(body: unknown, { privateKey, publicKey } = log): Bundle {
    const payload = {
      body: base64(typeof body === "string" ? body : JSON.stringify(body)),
      integratedTime: 1_700_000_000,
      logID: createHash("sha256").update(spki(publicKey)).digest("hex"),
      logIndex: 0,
    };
    const hash = privateKey.asymmetricKeyType === "ed25519" ? null : "sha256";
    const timestamp = sign(hash, Buffer.from(JSON.stringify(payload)), privateKey);
    return { SignedEntryTimestamp: base64(timestamp), Payload: payload };
  }

  const askAbout = (bundle: unknown, { publicKey } = log) =>
    ask({
      bundle: typeof bundle === "string" ? bundle : JSON.stringify(bundle),
      keys: [base64(spki(publicKey))],
      digest,
      signature,
      key: base64(signer),
    });
  const GOOD = { time: 1_700_000_000, verify: null, names: null };

  test.each(Object.entries(KEYS))("by a log's key of kind %s", (_, pair) => {
    expect(askAbout(entry(body, pair), pair)).toEqual(GOOD);
  });

  const edited = (change: (copy: typeof body) => void) => {
    const copy = structuredClone(body);
    change(copy);
    return copy;
  };
  const twice = JSON.stringify(body).replace('"kind":', '"kind":"intoto","kind":');

  test.each<[string, unknown, string | null]>([
    ["as they should be", body, null],
    ["with a field that nobody reads", { ...body, more: 1 }, null],
    ["of kind intoto", { ...body, kind: "intoto" }, "log-entry-kind"],
    ["of kind dsse", { ...body, kind: "dsse", spec: {} }, "log-entry-kind"],
    ["of another version", { ...body, apiVersion: "0.0.2" }, "log-entry-kind"],
    ["of another spelling", { ...body, kind: "HashedRekord" }, "log-entry-kind"],
    ["without a kind", { ...body, kind: undefined }, "log-entry-malformed"],
    ["without a spec", { ...body, spec: null }, "log-entry-malformed"],
    ["that are no object", "[]", "log-entry-malformed"],
    ["that are no JSON", "{", "log-entry-malformed"],
    ["that say their kind twice", twice, "log-entry-malformed"],
    [
      "with another algorithm",
      edited((copy) => (copy.spec.data.hash.algorithm = "sha512")),
      "log-entry-payload",
    ],
    [
      "with a hash in upper case",
      edited((copy) => (copy.spec.data.hash.value = digest.slice(7).toUpperCase())),
      "log-entry-payload",
    ],
    [
      "with a signature that is not base64",
      edited((copy) => (copy.spec.signature.content = "*")),
      "log-entry-malformed",
    ],
    [
      "with a key that is no PEM",
      edited((copy) => (copy.spec.signature.publicKey.content = base64(signer))),
      "log-entry-malformed",
    ],
    [
      "with two keys",
      edited((copy) => {
        copy.spec.signature.publicKey.content = base64(
          pem("PUBLIC KEY", signer) + pem("PUBLIC KEY", signer),
        );
      }),
      "log-entry-malformed",
    ],
  ])("%s", (_, content, expected) => {
    expect(askAbout(entry(content))).toEqual({ ...GOOD, names: expected });
  });

  const { SignedEntryTimestamp, Payload } = entry(body);
  const withPayload = (payload: object) => ({
    SignedEntryTimestamp,
    Payload: { ...Payload, ...payload },
  });
  const text = JSON.stringify({ SignedEntryTimestamp, Payload });

  test.each<[string, unknown]>([
    ["is empty", ""],
    ["is null", "null"],
    ["is a list", "[]"],
    ["is cut off", text.slice(0, -1)],
    ["has more behind it", `${text}{}`],
    ["has no promise", { Payload }],
    ["has an empty promise", { SignedEntryTimestamp: "", Payload }],
    ["has a promise that is not base64", { SignedEntryTimestamp: "*", Payload }],
    ["has no payload", { SignedEntryTimestamp }],
    ["has no body", withPayload({ body: undefined })],
    ["has a body that is an object", withPayload({ body })],
    ["has a body with a line feed", withPayload({ body: `${Payload.body}\n` })],
    ["has no time", withPayload({ integratedTime: null })],
    ["has a time in words", withPayload({ integratedTime: "1700000000" })],
    ["has a negative time", withPayload({ integratedTime: -1 })],
    ["has a fraction of a time", text.replace("1700000000", "1700000000.0")],
    ["has an exponent", text.replace("1700000000", "17e8")],
    ["has a time beyond what numbers hold", text.replace("1700000000", "1700000000000000")],
    ["has no index", withPayload({ logIndex: undefined })],
    ["has an index that is none", withPayload({ logIndex: true })],
    ["has no log", withPayload({ logID: undefined })],
    [
      "has a log in upper case",
      withPayload({ logID: Payload.logID.toUpperCase().replace("0", "A") }),
    ],
    ["has half a log", withPayload({ logID: Payload.logID.slice(32) })],
    ["has its payload twice", text.replace('"Payload":', '"Payload":{},"Payload":')],
    [
      "has its time twice",
      text.replace('"integratedTime":', '"integratedTime":1,"integratedTime":'),
    ],
    ["spells its keys in lower case", text.replace("Payload", "payload")],
  ])("a bundle that %s is refused", (_, bundle) => {
    expect(askAbout(bundle)).toEqual({ read: "log-entry-malformed" });
  });

  test("the order of a bundle's keys and its white space do not matter", () => {
    const reversed = Object.fromEntries(Object.entries(Payload).reverse());
    expect(askAbout(JSON.stringify({ Payload: reversed, SignedEntryTimestamp }, null, 2))).toEqual(
      GOOD,
    );
  });
});
