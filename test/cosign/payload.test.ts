import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contentBytes } from "../../host/registry/fixture.js";
import { call, callJson } from "../sdk/units.js";
import { digestOf, signedImages, SIMPLE_SIGNING } from "./cosign.js";

/** The payload that the policy writes; checks on the way that its digest is right. */
function write(reference: string, digest: string, annotations: Record<string, string> = {}) {
  const answer = call("payload", {
    reference,
    digest,
    annotations: Object.entries(annotations).flat(),
  });
  const payload = answer.slice(0, answer.lastIndexOf("\n"));
  expect(answer.slice(payload.length + 1)).toBe(digestOf(payload));
  return payload;
}

interface SimpleSigning {
  critical: {
    identity: { "docker-reference": string };
    image: { "docker-manifest-digest": string };
  };
  optional: Record<string, string> | null;
}

/** Each payload of the fixtures, and the layer that says it holds it; numbered where a fixture has several. */
const payloads = signedImages
  .flatMap(({ name, fixture, repository, digest, layers }) =>
    layers.map((layer) => ({
      name,
      image: `${repository}@${digest}`,
      digest,
      layer,
      text: contentBytes(fixture.blobs[layer.digest]!).toString(),
    })),
  )
  .map((payload, _, all) => {
    const same = all.filter(({ name }) => name === payload.name);
    const number = same.length > 1 ? ` ${same.indexOf(payload)}` : "";
    return { title: payload.name + number, ...payload };
  });

// Made by hand, not by cosign.
const NOT_CANONICAL = [
  "k-annotation-int",
  "k-case-key",
  "k-dup-digest",
  "k-dup-digest-rev",
  "k-not-json",
  "k-pretty",
  "k-trailing-json",
  "k-type-gpg",
  "k-type-missing",
];

describe("a payload", () => {
  test.each(payloads.filter(({ title }) => !NOT_CANONICAL.includes(title)))(
    "of cosign's, written again from its parts: $title",
    ({ text, layer }) => {
      const { critical, optional } = JSON.parse(text) as SimpleSigning;
      const written = write(
        critical.identity["docker-reference"],
        critical.image["docker-manifest-digest"],
        optional ?? {},
      );
      expect(written).toBe(text);
      expect(digestOf(written)).toBe(layer.digest);
    },
  );

  test.each(payloads)("is found from the image alone, or not: $title", (payload) => {
    const optional = NOT_CANONICAL.includes(payload.title)
      ? null
      : (JSON.parse(payload.text) as SimpleSigning).optional;
    const found = callJson<string[]>("docker_references", payload.image).some(
      (reference) =>
        digestOf(write(reference, payload.digest, optional ?? {})) === payload.layer.digest,
    );
    // Other names for the image, other images, and what cosign would not have written.
    const isOther = [
      "c-container-identity",
      "c-other-repository",
      "k-copied 0",
      "k-mixed 1",
      "k-other-repo",
      "k-upper-digest",
      ...NOT_CANONICAL,
    ].includes(payload.title);
    expect(found).toBe(!isOther);
  });

  test("there are enough of them", () => {
    expect(payloads.length).toBeGreaterThan(60);
    expect(payloads.filter(({ layer }) => layer.mediaType === SIMPLE_SIGNING).length).toBe(
      payloads.length - 1,
    );
  });
});

test("signed with --sign-container-identity is found under that name", () => {
  const { digest, layer } = payloads.find(({ name }) => name === "c-container-identity")!;
  const references = callJson<string[]>("docker_references", "registry.example.test/mirror/app:9");
  expect(references.map((reference) => digestOf(write(reference, digest)))).toContain(layer.digest);
});

test("strings and the order of names are Go's", () => {
  const every = Array.from({ length: 0x30 }, (_, code) => String.fromCharCode(code)).join("");
  const text = `${every}<>&"\\/\x7f\x80\u2027\u2028\u2029\u202a\u2030\ufeff\ufffd😀`;
  // What encoding/json of Go 1.26 makes of it.
  const go = String.raw`\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f !\"#$%\u0026'()*+,-./\u003c\u003e\u0026\"\\/`;
  const rest = `\x7f\x80\u2027\\u2028\\u2029\u202a\u2030\ufeff\ufffd😀`;
  const written = write(text, "sha256:d", {
    [text]: text,
    z: "1",
    é: "2",
    "a<": "",
    a: "",
    A: "",
    ab: "",
    "😀": "",
    "\ufffd": "",
  });
  const whole = `"${go}${rest}"`;
  expect(written).toBe(
    `{"critical":{"identity":{"docker-reference":${whole}},"image":{"docker-manifest-digest":"sha256:d"},` +
      `"type":"cosign container image signature"},"optional":{${whole}:${whole},"A":"","a":"","a\\u003c":"",` +
      `"ab":"","z":"1","é":"2","\ufffd":"","😀":""}}`,
  );
});

test("whatever the strings, it is JSON that says them, the names in order", () => {
  const text = fc.string({ unit: "binary", maxLength: 20 });
  fc.assert(
    fc.property(text, fc.uniqueArray(text, { maxLength: 6 }), text, (reference, names, value) => {
      const annotations = Object.fromEntries(names.map((name) => [name, value]));
      const written = write(reference, "sha256:d", annotations);
      const parsed = JSON.parse(written) as SimpleSigning;
      expect(parsed.critical.identity["docker-reference"]).toBe(reference);
      expect(parsed.optional).toEqual(names.length ? annotations : null);
      const keys = [...written.matchAll(/"(?:[^"\\]|\\.)*"(?=:)/g)].slice(7);
      expect(keys.map(([key]) => JSON.parse(key) as string)).toEqual(
        names.toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other))),
      );
    }),
    { numRuns: 300 },
  );
});

describe("docker references", () => {
  test.each<[string, string[]]>([
    [
      "nginx",
      [
        "index.docker.io/library/nginx",
        "docker.io/library/nginx",
        "docker.io/library/nginx:latest",
      ],
    ],
    [
      "team/app:1@sha256:" + "a".repeat(64),
      ["index.docker.io/team/app", "docker.io/team/app", "docker.io/team/app:1"],
    ],
    ["team/app@sha256:" + "a".repeat(64), ["index.docker.io/team/app", "docker.io/team/app"]],
    ["ghcr.io/team/app:v2", ["ghcr.io/team/app", "ghcr.io/team/app:v2"]],
    ["GHCR.io:443/team/app", ["ghcr.io/team/app", "ghcr.io/team/app:latest"]],
    ["[::1]:5000/app:1", ["[::1]:5000/app", "[::1]:5000/app:1"]],
  ])("of %s", (image, expected) => {
    expect(callJson("docker_references", image)).toEqual(expected);
  });
});
