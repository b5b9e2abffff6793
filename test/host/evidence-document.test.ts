import Ajv from "ajv";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../../host/document.js";
import {
  EVIDENCE,
  formatEvidence,
  mergeEvidence,
  parseEvidence,
} from "../../host/evidence/document.js";
import type { Item } from "../../host/evidence/item.js";
import { root } from "./command-line.js";

const schema = JSON.parse(readFileSync(join(root, "docs/evidence.schema.json"), "utf8")) as object;
const conforms = new Ajv().compile(schema) as (document: Json) => boolean;

const image = `sha256:${"0123456789abcdef".repeat(4)}`;
const cosign: Item = { type: "cosign", payload: "e30=", signature: "MAA=" };
const full: Item = { ...cosign, certificate: "YQ==", chain: "YWI=", bundle: "YWJj" };
const bundle: Item = { type: "sigstore-bundle", bundle: "e30=" };
const notation: Item = { type: "notation", mediaType: "application/cose", envelope: "0oQ=" };
const metadata = { root: "YQ==", timestamp: "Yg==", snapshot: "Yw==", targets: "ZA==" };
const notary: Item = { type: "notary-v1", gun: "registry.example.com/team/web", metadata };
const released: Item = { ...notary, metadata: { ...metadata, "targets/releases": "ZQ==" } };
const later: Item = { ...notary, metadata: { ...metadata, timestamp: "Zg==" } };
const unknown = { type: "pgp", armor: ["-----BEGIN"], deep: { b: 1, a: null } };

const document = (items: Json[], others: JsonObject = {}): JsonObject => ({
  mediaType: EVIDENCE,
  image,
  items,
  ...others,
});
const parse = (value: Json) => parseEvidence(JSON.stringify(value), "file");

describe("takes", () => {
  test.each<[string, Json[]]>([
    ["nothing", []],
    ["a signature of cosign's", [cosign]],
    ["one with certificates and the log's entry", [full]],
    ["a bundle", [bundle]],
    ["Notation's envelopes", [notation, { ...notation, mediaType: "application/jose+json" }]],
    ["a Notary repository", [notary]],
    ["one with a delegation", [released]],
    ["an item of an unknown type, as it is", [unknown]],
    ["64 items", Array.from({ length: 64 }, (_, i) => ({ ...unknown, i }))],
    ["a field of 1 MiB", [{ ...bundle, bundle: "A".repeat(1 << 20) }]],
  ])("%s", (_, items) => {
    expect(conforms(document(items))).toBe(true);
    expect(parse(document(items))).toEqual({ image, items });
  });
});

describe("refuses", () => {
  test.each<[string, Json, string]>([
    ["a list", [], "it is no JSON object"],
    ["another version", document([], { mediaType: EVIDENCE.replace("v1", "v2") }), "its mediaType"],
    ["another field", document([], { note: "" }), "a document has no field note"],
    ["an image by name", document([], { image: "web:1.0" }), "image must be a digest"],
    [
      "another hash",
      document([], { image: image.replace("256", "512") }),
      "image must be a digest",
    ],
    ["upper case", document([], { image: image.toUpperCase() }), "image must be a digest"],
    ["items that are no list", document([], { items: {} }), "items must be a list"],
    ["65 items", document(Array.from({ length: 65 }, (_, i) => ({ ...unknown, i }))), "64 items"],
    ["an item that is no object", document(["cosign"]), "items[0]: it must be an object"],
    ["an item of no type", document([without(cosign, "type")]), "items[0]: it must be an object"],
    ["a type that is no string", document([{ type: 1 }]), "items[0]: it must be an object"],
    ["a signature of nothing", document([{ type: "cosign", signature: "MAA=" }]), "no payload"],
    ["an unknown field", document([{ ...bundle, hint: "MAA=" }]), "has no field hint"],
    [
      "a field that objects inherit",
      document([{ ...bundle, valueOf: "MAA=" }]),
      "no field valueOf",
    ],
    [
      "an empty field",
      document([bundle, { ...bundle, bundle: "" }]),
      "items[1].bundle: it is empty",
    ],
    ["base64 without padding", document([{ ...bundle, bundle: "e30" }]), "not base64"],
    ["base64 with more bits", document([{ ...bundle, bundle: "e31=" }]), "not base64"],
    ["base64url", document([{ ...bundle, bundle: "--__" }]), "not base64"],
    ["base64 in lines", document([{ ...bundle, bundle: "e30=\n" }]), "not base64"],
    ["bytes as a list", document([{ ...bundle, bundle: [1] }]), "must be a string"],
    ["null", document([{ ...cosign, chain: null }]), "items[0].chain: it must be a string"],
    ["more than 1 MiB", document([{ ...bundle, bundle: "A".repeat((1 << 20) + 4) }]), "1 MiB"],
    ["another envelope", document([{ ...notation, mediaType: "text/plain" }]), "it must be appl"],
    ["no name", document([{ ...notary, gun: "" }]), "items[0].gun: it must be a name"],
    ["a long name", document([{ ...notary, gun: "a".repeat(513) }]), "items[0].gun: it must be"],
    [
      "metadata without a root",
      document([{ ...notary, metadata: without(metadata, "root") }]),
      "no root",
    ],
    ["another role", document([{ ...notary, metadata: { ...metadata, mirrors: "YQ==" } }]), "role"],
    [
      "metadata as text",
      document([{ ...notary, metadata: "YQ==" }]),
      "metadata: it must be an obj",
    ],
  ])("%s", (_, value, words) => {
    expect(conforms(value)).toBe(false);
    expect(() => parse(value)).toThrow(words);
  });

  test("a key that is there twice", () => {
    const text = JSON.stringify(document([bundle])).replace('"type"', '"bundle":"YQ==","type"');
    expect(() => parseEvidence(text, "file")).toThrow("duplicate field `bundle`");
  });

  test("more than 4 MiB", () => {
    const items = Array.from({ length: 4 }, () => ({ ...bundle, bundle: "A".repeat(1 << 20) }));
    expect(() => parse(document(items))).toThrow("the file is no evidence document: it has more");
    const more = items.map((item, i) => ({
      ...item,
      bundle: `${"ABCD"[i]}${item.bundle.slice(1)}`,
    }));
    expect(() => formatEvidence({ image, items: more })).toThrow("more than 4 MiB");
  });

  test("text that is no JSON, by its name", () => {
    expect(() => parseEvidence("mediaType: x", "evidence a.json")).toThrow(
      "the evidence a.json is",
    );
  });
});

describe("writes", () => {
  test("the same bytes for the same items, whatever their order and that of their keys", () => {
    const turned = Object.fromEntries(Object.entries(full).reverse()) as Item;
    const one = formatEvidence({ image, items: [unknown, notary, full, bundle, cosign, notation] });
    const other = formatEvidence({
      image,
      items: [
        notation,
        turned,
        cosign,
        notary,
        bundle,
        { ...unknown, deep: { a: null, b: 1 } },
        full,
      ],
    });
    expect(other).toBe(one);
    const parsed = parseEvidence(one, "file");
    expect(parsed.items).toHaveLength(6);
    expect(formatEvidence(parsed)).toBe(one);
    expect(conforms(JSON.parse(one) as Json)).toBe(true);
  });

  test("no more than a reader takes", () => {
    const items = Array.from({ length: 65 }, (_, i) => ({ ...unknown, i }));
    expect(() => formatEvidence({ image, items })).toThrow("there are 65 items");
  });
});

describe("merges", () => {
  test.each<[string, Json[], Item[], Json[]]>([
    ["what is new", [cosign], [bundle], [cosign, bundle]],
    ["what is there already", [cosign, bundle], [bundle], [cosign, bundle]],
    ["beside what is not known", [unknown], [cosign], [cosign, unknown]],
    [
      "a Notary repository's later state for the earlier",
      [notary, cosign],
      [later],
      [cosign, later],
    ],
    [
      "and leaves another repository's",
      [{ ...notary, gun: "other" }],
      [later],
      [{ ...notary, gun: "other" }, later],
    ],
  ])("%s", (_, before, added, expected) => {
    const merged = mergeEvidence(parse(document(before)), added);
    expect(formatEvidence(merged)).toBe(formatEvidence(parse(document(expected))));
  });
});

function without(value: JsonObject, key: string): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key)) as JsonObject;
}
