import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Json } from "../../../host/document.js";
import { abridge, abridgeWords } from "../../../host/explain/abridge.js";
import { fingerprint } from "../../../host/explain/pem.js";
import { decodePem } from "../../../host/sigstore/key.js";
import { contentBytes } from "../../../host/registry/fixture.js";
import { readFixture } from "../fixtures.js";

const keyOf = (namedCurve: string) =>
  generateKeyPairSync("ec", {
    namedCurve,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  }).publicKey;
const key = keyOf("P-256");
const name = fingerprint(decodePem(key));
const base64 = (text: string) => Buffer.from(text).toString("base64");
const OTHER_DER = Buffer.from([0x30, 0x22, 0x04, 0x20, ...Buffer.alloc(32)]).toString("base64");
const fulcio = readFixture("l-fulcio-email.json");
const layer = Object.values(fulcio.manifests)
  .map((content) => JSON.parse(contentBytes(content).toString()) as { layers?: unknown[] })
  .flatMap(({ layers = [] }) => layers as { annotations?: Record<string, string> }[])
  .find(({ annotations }) => annotations?.["dev.sigstore.cosign/certificate"])!;

describe("a value is shown", () => {
  test.each<[string, Json, Json]>([
    ["short text as it is", "nginx:1.25", "nginx:1.25"],
    ["200 characters as they are", "ä".repeat(200), "ä".repeat(200)],
    ["the first half of more", "ä".repeat(201), `${"ä".repeat(100)}… (201 characters)`],
    ["a number, a boolean and nothing as they are", [1.5, true, null], [1.5, true, null]],
    ["a list of 8 as it is", [1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 3, 4, 5, 6, 7, 8]],
    ["8 items of more", Array<Json>(10).fill("x"), [...Array<Json>(8).fill("x"), "… and 2 more"]],
    ["a key by its kind and hash", key, `ECDSA P-256 public key ${name}`],
    ["a key in base64 likewise", base64(key), `ECDSA P-256 public key ${name}`],
    [
      "and the base64 of its DER",
      decodePem(key).toString("base64"),
      `ECDSA P-256 public key ${name}`,
    ],
    ["other DER as it is", OTHER_DER, OTHER_DER],
    ["JSON decoded", '{"a":[1]}', { a: [1] }],
    ["base64 of JSON decoded", base64('{"kind":"hashedrekord"}'), { kind: "hashedrekord" }],
    ["other base64 as it is", base64("just some text here"), base64("just some text here")],
    ["bytes of a PEM as that", [...Buffer.from(key)], `ECDSA P-256 public key ${name}`],
    [
      "a time of Rekor's",
      { integratedTime: 1e9 },
      { integratedTime: "1000000000 (2001-09-09T01:46:40Z)" },
    ],
    ["no time that is none", { integratedTime: 1e300 }, { integratedTime: 1e300 }],
    [
      "a PEM that holds something else for that",
      "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
      "CERTIFICATE of 3 bytes that cannot be read",
    ],
  ])("%s", (_, value, shown) => {
    expect(abridge(value)).toEqual(shown);
  });

  test("32 members of an object with more", () => {
    const members = Array.from({ length: 40 }, (_, index) => [`m${index}`, index]);
    const shown = abridge(Object.fromEntries(members) as Json) as object;
    expect(Object.entries(shown)).toEqual([...members.slice(0, 32), ["…", "and 8 more"]]);
  });

  test("never without end: JSON in JSON, deeper and deeper", () => {
    let text = "[1]";
    for (let depth = 0; depth < 8; depth++) text = JSON.stringify([text]);
    expect(JSON.stringify(abridge(text))).toBe(`${"[".repeat(9)}1${"]".repeat(9)}`);
    let list: Json = [];
    for (let depth = 0; depth < 1000; depth++) list = [list];
    expect(JSON.stringify(abridge(list)).length).toBeLessThan(100);
  });

  test("a certificate of Fulcio's by whom it is for, who vouched and issued, and when it is valid", () => {
    expect(abridge(layer.annotations!["dev.sigstore.cosign/certificate"]!)).toEqual({
      certificate: expect.stringMatching(/^SHA256:[0-9a-f]{16}$/) as string,
      identity: "dev@demo.example",
      "vouched for by": "https://accounts.demo.example",
      issuer: "O=Demo Org, CN=rig intermediate",
      valid: "2024-11-19T07:05:00Z to 2024-11-19T07:15:00Z",
      key: "ECDSA P-256",
    });
  });

  test("a chain as a list of certificates", () => {
    const chain = abridge(layer.annotations!["dev.sigstore.cosign/chain"]!) as {
      subject: string;
    }[];
    expect(chain.map(({ subject }) => subject)).toEqual([
      "O=Demo Org, CN=rig intermediate",
      "O=Demo Org, CN=rig root",
    ]);
  });

  test("a log entry with its time, and the signer in its body", () => {
    expect(abridge(layer.annotations!["dev.sigstore.cosign/bundle"]!)).toMatchObject({
      Payload: {
        integratedTime: "1732000200 (2024-11-19T07:10:00Z)",
        body: {
          kind: "hashedrekord",
          spec: { signature: { publicKey: { content: { identity: "dev@demo.example" } } } },
        },
      },
    });
  });
});

describe("an error's words", () => {
  test("are shown line by line, with keys by their hash", () => {
    expect(abridgeWords(`missing:\nkey: |\n${key}end\n`)).toEqual([
      "missing:",
      "key: |",
      `ECDSA P-256 public key ${name}`,
      "end",
    ]);
  });

  test("are cut if they are many", () => {
    const lines = abridgeWords(Array<string>(20).fill("x".repeat(500)).join("\n"));
    expect(lines).toHaveLength(9);
    expect(lines[0]).toBe(`${"x".repeat(200)}… (500 characters)`);
    expect(lines[8]).toBe("… and 12 more lines");
  });
});
