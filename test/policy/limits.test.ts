import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../../host/document.js";
import { codes, codesOf, digest, pod, podRequest, trusted } from "./guest.js";
import { validate, validateBytes, validateSettings, type Oracle } from "./guest.js";
import * as chain from "../x509/chain.js";
import * as make from "../x509/make.js";
import { keys } from "./keys.js";
import {
  bundle,
  layer,
  manifestOf,
  newSigner,
  payloadFor,
  PEM,
  registry,
  signerOf,
} from "./signed.js";

const MIB = 1 << 20;
const ALL = { image: "*", pubKeys: [keys[0]!] };
const settings = { signatures: [ALL] };
const yes: Oracle = () => trusted(digest("a"));
const no = (message: string): Oracle => {
  return () => new Error(`Callback evaluation failure: ${message}`);
};

/** A payload of exactly this many bytes. */
function sized(bytes: number): Buffer {
  const payload = (padding: string) =>
    JSON.stringify({ request: { ...pod("nginx"), padding }, settings });
  return Buffer.from(payload("x".repeat(bytes - payload("").length)));
}

const many = (count: number, name = "image") =>
  Array.from({ length: count }, (_, index) => `${name}-${index}`);

describe("a request", () => {
  test("of 8 MiB is decided, pin and all", () => {
    const answer = validateBytes(sized(8 * MIB), yes);
    expect(answer.accepted).toBe(true);
    expect(answer.calls).toHaveLength(1);
  });

  test.each([8 * MIB + 1, 10_000_000])("of %i bytes is too large", (size) => {
    const answer = validateBytes(sized(size), yes);
    expect(codes(answer)).toEqual(["request-too-large"]);
    expect(answer.message).toContain("8 MiB");
    expect(answer.calls).toEqual([]);
  });

  test("of 10 MB that is no JSON is too large too", () => {
    expect(codes(validateBytes(Buffer.alloc(10_000_000, "[")))).toEqual(["request-too-large"]);
  });

  test.each(["[", '{"a":', '"', "0", " ", "[]", '""', "\\"])(
    "of 8 MiB of %j is answered",
    (unit) => {
      const payload = Buffer.alloc(8 * MIB, unit);
      expect(codes(validateBytes(payload))).toEqual(["request-not-json"]);
    },
  );

  test("of 8 MiB of small values in the object keeps them all", () => {
    const values = "[],".repeat(2_700_000);
    const text = `{"request":${JSON.stringify(pod("nginx")).replace(
      '"metadata"',
      `"x":[${values}0],"metadata"`,
    )},"settings":${JSON.stringify(settings)}}`;
    const answer = validateBytes(Buffer.from(text), yes);
    expect(answer.accepted).toBe(true);
    expect(answer.bytes.length).toBeGreaterThan(values.length);
  });

  test("may be 128 levels deep, and no deeper", () => {
    const nested = (levels: number) =>
      `{"request":${JSON.stringify(pod("nginx")).replace(
        '"metadata"',
        `"x":${"[".repeat(levels)}${"]".repeat(levels)},"metadata"`,
      )},"settings":${JSON.stringify(settings)}}`;
    // The payload, the request and the object are three levels.
    expect(validateBytes(Buffer.from(nested(125)), yes).accepted).toBe(true);
    const answer = validateBytes(Buffer.from(nested(126)), yes);
    expect(codes(answer)).toEqual(["request-not-json"]);
    expect(answer.message).toContain("at most 128");
  });
});

describe("a workload", () => {
  test("may have 256 images, and no more", () => {
    const most = validate(pod(...many(256)), settings, yes);
    expect(most.accepted).toBe(true);
    expect(most.calls).toHaveLength(256);
    const more = validate(pod(...many(257)), settings, yes);
    expect(codes(more)).toEqual(["too-many-images"]);
    expect(more.message).toContain("256 images");
    expect(more.calls).toEqual([]);
  });

  test("may have 256 images over all its lists", () => {
    const containers = (count: number, name: string) =>
      many(count, name).map((image) => ({ name: image, image }));
    const spec = (extra: number) => ({
      initContainers: containers(64, "a"),
      containers: containers(64, "b"),
      ephemeralContainers: containers(64, "c"),
      volumes: many(64 + extra, "d").map((reference) => ({
        name: reference,
        image: { reference },
      })),
    });
    expect(validate(podRequest(spec(0)), settings, yes).accepted).toBe(true);
    expect(codes(validate(podRequest(spec(1)), settings, yes))).toEqual(["too-many-images"]);
  });

  test("may have any number of other volumes", () => {
    const volumes = many(5000, "v").map((name) => ({ name, emptyDir: {} }));
    const containers = [{ name: "c", image: "nginx" }];
    expect(validate(podRequest({ containers, volumes }), settings, yes).accepted).toBe(true);
  });

  test("with 256 images that were there before costs no call", () => {
    const request = pod(...many(256));
    const update = { ...request, operation: "UPDATE", oldObject: request["object"]! };
    expect(validate(update, settings)).toMatchObject({ accepted: true, calls: [] });
  });
});

describe("host calls", () => {
  const rules = (count: number) => keys.slice(0, count).map((key) => ({ ...ALL, pubKeys: [key] }));

  test("there may be 512", () => {
    const answer = validate(pod(...many(256)), { signatures: rules(2) }, yes);
    expect(answer).toMatchObject({ accepted: true });
    expect(answer.calls).toHaveLength(512);
  });

  test("the 513th is not made, and what it was for is rejected", () => {
    const answer = validate(pod(...many(171)), { signatures: rules(3) }, yes);
    expect(codes(answer)).toEqual(["too-many-calls"]);
    expect(answer.message).toMatch(/^containers\[170\] .*\(rule 3, \*\).*512 calls/);
    expect(answer.calls).toHaveLength(512);
    expect(answer.mutated_object).toBeUndefined();
  });

  test("an image that was asked about before is still decided behind the limit", () => {
    const answer = validate(pod(...many(171), "image-0"), { signatures: rules(3) }, yes);
    expect(codes(answer)).toEqual(["too-many-calls"]);
    expect(answer.calls).toHaveLength(512);
  });

  test("a threshold is not met by keys that were not asked", () => {
    const threshold = { image: "*", pubKeys: keys, threshold: 3 };
    const answer = validate(pod(...many(171)), { signatures: [threshold] }, yes);
    expect(answer.calls).toHaveLength(512);
    expect(codes(answer)).toEqual(["too-many-calls"]);
  });
});

describe("signatures that the policy verifies itself", () => {
  const A = digest("a");
  const image = "ghcr.io/team/app:1";
  const payload = payloadFor("ghcr.io/team/app", A);
  const signer = newSigner();
  const signed = layer(payload, signer);
  const rule = { image: "*", pubKeys: [signer.pem], verifier: "policy" };
  const annotated = (more: JsonObject) => manifestOf([layer(payload, signer, more)]);
  const decide = (manifest: string, changes: JsonObject = {}) =>
    validate(
      pod(image),
      { signatures: [{ ...rule, ...changes }] },
      registry(A, manifest),
      "2026-06-01T12:00:00Z",
    );

  /** `signed` behind as many other layers as make so many. */
  const behind = (other: JsonObject, count: number) =>
    manifestOf([...Array<JsonObject>(count - 1).fill(other), signed]);
  const anotherKeys = layer(payload, newSigner());

  /** A signature with so many certificates between its own and the root. */
  const identities = {
    keyless: [{ issuer: "https://issuer.example", subject: "dev@demo.example" }],
  };
  const log = newSigner();
  const trustRoots = { fulcio: [PEM(chain.root())], rekor: [log.pem] };
  const long = chain.ladder(8);
  const issuer = make.extension("1.3.6.1.4.1.57264.1.1", Buffer.from("https://issuer.example"));
  const extensions = [
    make.DIGITAL_SIGNATURE,
    chain.CODE,
    make.names(make.email("dev@demo.example")),
    issuer,
  ];
  const holder = PEM(chain.direct({ extensions }));
  const byHolder = (certificates: number) => {
    const owner = signerOf(chain.LEAF.privateKey);
    const bare = layer(payload, owner);
    const { "dev.cosignproject.cosign/signature": signature } = bare["annotations"] as JsonObject;
    const annotations = {
      ...(bare["annotations"] as JsonObject),
      "dev.sigstore.cosign/certificate": holder,
      "dev.sigstore.cosign/chain": PEM(chain.middle()).repeat(certificates),
      ...bundle(log, {
        digest: bare["digest"] as string,
        signature: signature as string,
        key: holder,
      }),
    };
    return manifestOf([{ ...bare, annotations }]);
  };
  const keyless = { ...identities, pubKeys: null, trustRoots };

  const byCertificate = (above: Buffer[]) => ({
    pubKeys: null,
    certificates: [PEM(long.leaf)],
    certificateChain: above.map(PEM),
    requireRekorBundle: false,
  });
  const byLeaf = manifestOf([layer(payload, signerOf(chain.LEAF.privateKey))]);

  test.each<[string, string, string, string, JsonObject?, JsonObject?]>([
    [
      "layers",
      behind({ mediaType: "a/b" }, 64),
      behind({ mediaType: "a/b" }, 65),
      "too-many-layers",
    ],
    ["signatures", behind(anotherKeys, 64), behind(anotherKeys, 65), "too-many-layers"],
    [
      "bytes of a manifest",
      manifestOf([signed]).padEnd(4 * MIB),
      manifestOf([signed]).padEnd(4 * MIB + 1),
      "signature-manifest-too-large",
    ],
    [
      "bytes of an annotation",
      annotated({ "dev.sigstore.cosign/bundle": "x".repeat(65536) }),
      annotated({ "dev.sigstore.cosign/bundle": "x".repeat(65537) }),
      "annotation-too-large",
    ],
    ["certificates of a signature", byHolder(8), byHolder(9), "too-many-certificates", keyless],
    [
      "certificates of the settings",
      byLeaf,
      byLeaf,
      "too-many-certificates",
      byCertificate([...long.intermediates, chain.root()]),
      byCertificate([...long.intermediates, chain.middle(), chain.root()]),
    ],
  ])("may have so many %s, and no more", (_, most, more, code, changes, beyond = changes) => {
    expect(decide(most, changes).message).toBeUndefined();
    expect(codes(decide(more, beyond))).toEqual([code]);
  });

  test("the manifests of all images may have 4 MiB, and no more", () => {
    const host: Oracle = (request, { operation }) => {
      if (operation === "v1/manifest_digest") return JSON.stringify({ digest: A });
      const [name] = (request as unknown as string).split(":sha256-");
      return manifestOf([layer(payloadFor(name!, A), signer)]).padEnd(MIB);
    };
    const images = many(5, "ghcr.io/team/app");
    expect(validate(pod(...images.slice(1)), { signatures: [rule] }, host).accepted).toBe(true);
    const answer = validate(pod(...images), { signatures: [rule] }, host);
    expect(codes(answer)).toEqual(["too-many-checks"]);
    expect(answer.message).toMatch(/^containers\[4\] /);
  });

  test("an annotation that nobody reads may be longer", () => {
    expect(decide(annotated({ "org.example/notes": "x".repeat(100_000) })).accepted).toBe(true);
  });

  test("a layer past a limit does not hide the next one", () => {
    const big = layer(payload, signer, { "dev.sigstore.cosign/bundle": "x".repeat(65537) });
    expect(decide(manifestOf([big, signed])).accepted).toBe(true);
  });

  // What each kind of key costs, in verifications of a P-256 signature.
  test.each<[string, () => { pem: string }, number]>([
    ["P-256", () => newSigner("P-256"), 1],
    ["P-384", () => newSigner("P-384"), 4],
    ["P-521", () => newSigner("P-521"), 9],
    ["RSA of 2048 bits", () => ({ pem: rsaOf(2048) }), 2],
    ["RSA of 4096 bits", () => ({ pem: rsaOf(4096) }), 6],
    ["RSA of 8192 bits", () => ({ pem: rsaOf(8192) }), 34],
  ])("there may be so many verifications with %s, and no more", (_, make, cost) => {
    const layers = cost > 20 ? 8 : 20;
    // A candidate costs a little by itself.
    const most = Math.floor((600 - 1) / layers / (cost + 1 / 64));
    const pubKeys = Array.from({ length: most + 1 }, () => make().pem);
    const manifest = manifestOf(Array<JsonObject>(layers).fill(anotherKeys));
    const by = (pubKeys: string[]) => codes(decide(manifest, { pubKeys, threshold: 1 }));
    expect(by(pubKeys.slice(1))).toEqual(["threshold-unmet"]);
    expect(by(pubKeys)).toEqual(["too-many-checks"]);
  });

  test("what was verified once costs nothing again", () => {
    const others = Array.from({ length: 10 }, () => newSigner().pem);
    const layers = manifestOf(Array<JsonObject>(50).fill(anotherKeys));
    const rules = Array<JsonObject>(5).fill({ ...rule, pubKeys: others, threshold: 1 });
    const answer = validate(pod(image), { signatures: rules }, registry(A, layers));
    expect(codes(answer)).toEqual(Array(5).fill("threshold-unmet"));
  });

  describe("cost calls of the host", () => {
    const images = (count: number) => many(count, "ghcr.io/team/app");
    /** A registry in which every image is signed. */
    const everything =
      (annotations?: JsonObject): Oracle =>
      (request, { operation }) => {
        if (operation === "v1/manifest_digest") return JSON.stringify({ digest: A });
        if (operation === "v2/verify") return trusted(A);
        const [name] = (request as unknown as string).split(":sha256-");
        return manifestOf([layer(payloadFor(name!, A, annotations), signer)]);
      };

    test("two for an image: its digest and its signatures", () => {
      const answer = validate(pod(...images(256)), { signatures: [rule] }, everything());
      expect(answer).toMatchObject({ accepted: true });
      expect(answer.calls).toHaveLength(512);
    });

    test("one for an image that is given by digest", () => {
      const named = images(256).map((name) => `${name}@${A}`);
      const answer = validate(pod(...named), { signatures: [rule] }, everything());
      expect(answer).toMatchObject({ accepted: true });
      expect(answer.calls).toHaveLength(256);
    });

    test("and no more for the same image under many rules", () => {
      const signatures = Array<JsonObject>(200).fill(rule);
      const answer = validate(pod(image, image), { signatures }, everything());
      expect(answer).toMatchObject({ accepted: true });
      expect(answer.calls).toHaveLength(2);
    });

    test.each<[string, JsonObject, JsonObject?]>([
      ["both verify", { verifier: "both" }],
      ["the host reads a payload", {}, { more: "x" }],
    ])("and a third if %s: the 513th is not made", (_, changes, annotations) => {
      const settings = { signatures: [{ ...rule, ...changes }] };
      const answer = validate(pod(...images(171)), settings, everything(annotations));
      expect(codes(answer)).toEqual(["too-many-calls"]);
      expect(answer.message).toMatch(/^containers\[170\] /);
      expect(answer.calls).toHaveLength(512);
    });
  });
});

describe("a message", () => {
  // 8 KiB, and the line that says how many reasons there was no room for.
  const most = 8192 + 32;

  test("has as many reasons as there is room for, and says how many more there are", () => {
    const answer = validate(pod(...many(256, "Image")), settings);
    const lines = answer.message!.split("\n");
    const [, left] = /^and (\d+) more reasons$/.exec(lines.at(-1)!)!;
    expect(lines.length - 1 + Number(left)).toBe(256);
    expect(answer.message!.length).toBeGreaterThan(8000);
    expect(Buffer.byteLength(answer.message!)).toBeLessThanOrEqual(most);
    expect(codesOf(lines.slice(0, -1))).toEqual(lines.slice(1).map(() => "reference-upper-case"));
  });

  test("of one reason for each of 64 keys has its length too, and its code", () => {
    const pubKeys = many(64, "k").map((name, index) => ({
      name: name.repeat(20),
      key: key(index),
    }));
    const rule = { image: "*", pubKeys, threshold: 1 };
    const answer = validate(pod("nginx"), { signatures: [rule] }, no("x".repeat(5000)));
    expect(answer.calls).toHaveLength(64);
    expect(codes(answer)).toEqual(["host-failed"]);
    expect(Buffer.byteLength(answer.message!)).toBeLessThanOrEqual(most);
  });

  test("of many problems of the settings has its length too, and its code", () => {
    const rules = many(256).map(() => ({
      [`unknown ${"x".repeat(100)}`]: 1,
      image: "#".repeat(99),
    }));
    const answer = validate(pod("nginx"), { signatures: rules });
    expect(codes(answer)).toEqual(["settings-invalid"]);
    expect(Buffer.byteLength(answer.message!)).toBeLessThanOrEqual(most);
  });

  test("shows 256 bytes of an image, cut between characters", () => {
    const shown = (image: string) =>
      /image "(.*?)":/.exec(validate(pod(image), settings).message!)![1];
    expect(shown("A".repeat(256))).toBe("A".repeat(256));
    expect(shown("A".repeat(257))).toBe(`${"A".repeat(256)}...`);
    expect(shown("é".repeat(200))).toBe(`${"é".repeat(128)}...`);
    expect(shown(`A${"é".repeat(200)}`)).toBe(`A${"é".repeat(127)}...`);
    expect(shown("A".repeat(1_000_000))).toBe(`${"A".repeat(256)}...`);
  });

  test("shows 256 bytes of a host's error", () => {
    const shown = (error: string) => validate(pod("nginx"), settings, no(error)).message!;
    expect(shown("e".repeat(256))).toContain(`: ${"e".repeat(256)} [host-failed]`);
    expect(shown("e".repeat(257))).toContain(`: ${"e".repeat(256)}... [host-failed]`);
    expect(shown("e".repeat((64 << 10) - 100))).toContain(`: ${"e".repeat(256)}... [host-failed]`);
    expect(shown("e".repeat((64 << 10) + 1))).toContain(
      ": the host's error has more than 64 KiB [host-failed]",
    );
  });
});

describe("warnings", () => {
  const warn = (count: number) =>
    validate(pod(...many(count)), {
      ...settings,
      signatures: [{ ...ALL, image: "ghcr.io/x" }],
      unmatchedImages: "warn",
    }).warnings!;

  test("there are 32 of them, and one that says how many more", () => {
    expect(warn(32)).toHaveLength(32);
    const more = warn(35);
    expect(more).toHaveLength(33);
    expect(more.at(-1)).toBe("and 3 more warnings");
    expect(codesOf(more.slice(0, 32))).toEqual(Array(32).fill("image-unmatched"));
  });

  test("each has at most 120 bytes, its code among them", () => {
    const signatures = [{ ...ALL, onFailure: "warn" }];
    for (let length = 1; length < 300; length++) {
      for (const letter of ["a", "é"]) {
        const name = letter.repeat(letter === "a" ? 1 : length);
        const image = `ghcr.io/${"a".repeat(Math.min(length, 240))}`;
        const request = podRequest({ containers: [{ name, image }] });
        const answer = validate(request, { signatures }, no("e".repeat(length)));
        expect(answer.accepted).toBe(true);
        expect(Buffer.byteLength(answer.warnings![0]!)).toBeLessThanOrEqual(120);
        expect(codesOf(answer.warnings!)).toEqual(["host-failed"]);
      }
    }
  });
});

test("an audit annotation is cut", () => {
  const signatures = many(100).map(() => ALL);
  const answer = validate(pod("nginx"), { signatures }, yes);
  expect(answer.audit_annotations!["containers.0"]).toMatch(/^docker.io\/library\/nginx@.*\.\.\.$/);
  expect(answer.audit_annotations!["containers.0"]!.length).toBeLessThanOrEqual(1027);
});

describe("settings", () => {
  const problems = (value: Json) => validateSettings(Buffer.from(JSON.stringify(value)));
  const rule = (more: JsonObject) => ({ signatures: [{ ...ALL, ...more }] });
  const keyList = (count: number) => many(count).map((_, index) => key(index));
  const identities = (count: number) =>
    many(count).map((subject) => ({ issuer: "https://issuer.example.com", subject }));
  const bare = { image: "*" };

  test.each<[string, (count: number) => JsonObject, number]>([
    ["rules", (count) => ({ signatures: many(count).map(() => ALL) }), 256],
    ["keys", (count) => ({ signatures: [{ ...bare, pubKeys: keyList(count) }] }), 64],
    ["identities", (count) => ({ signatures: [{ ...bare, keyless: identities(count) }] }), 64],
    ["images", (count) => rule({ image: many(count) }), 64],
    ["excludes", (count) => rule({ exclude: many(count) }), 64],
    ["namespaces", (count) => rule({ namespaces: many(count) }), 64],
    [
      "annotations",
      (n) => rule({ annotations: Object.fromEntries(many(n).map((a) => [a, a])) }),
      64,
    ],
    ["bytes of a pattern", (count) => rule({ image: "a".repeat(count) }), 512],
    [
      "bytes of a key",
      (n) => rule({ pubKeys: [`${keys[0]!.trim()}${" ".repeat(n)}`.slice(0, n)] }),
      16384,
    ],
    [
      "workloads",
      (count) => ({
        ...settings,
        workloads: many(count, "Kind").map((kind) => ({ kind, podSpecPath: "spec" })),
      }),
      64,
    ],
  ])("may have so many %s, and no more", (_, make, most) => {
    expect(problems(make(most))).toEqual([]);
    expect(problems(make(most + 1)).join()).toMatch(/more than (\d+|16 KiB)/);
  });

  test("of more than 8 MiB are refused", () => {
    const big = (bytes: number) => {
      const text = JSON.stringify({ ...settings, description: "" });
      return Buffer.from(text.replace('""', `"${"x".repeat(bytes - text.length)}"`));
    };
    expect(validateSettings(big(8 * MIB))).toEqual([]);
    expect(validateSettings(big(8 * MIB + 1)).join()).toContain("8 MiB");
  });
});

/** A key that no other index gives. */
function key(index: number): string {
  const modulus = Buffer.alloc(256, 0xc1);
  modulus.writeUInt16BE(index, 100);
  return rsaKey(modulus);
}

let made = 0;

/** Another key of so many bits each time. */
function rsaOf(length: number): string {
  const modulus = Buffer.alloc(length / 8, 0xc1);
  modulus.writeUInt16BE(made++, 100);
  return rsaKey(modulus);
}

/** A key of RSA's numbers, with no real modulus. */
function rsaKey(modulus: Buffer): string {
  const signed = Buffer.concat([Buffer.of(0), modulus]);
  const numbers = der(0x30, der(0x02, signed), der(0x02, Buffer.from([1, 0, 1])));
  const rsa = Buffer.from("300d06092a864886f70d0101010500", "hex");
  const spki = der(0x30, rsa, der(0x03, Buffer.from([0]), numbers));
  return `-----BEGIN PUBLIC KEY-----\n${spki.toString("base64")}\n-----END PUBLIC KEY-----\n`;
}

function der(tag: number, ...parts: Buffer[]): Buffer {
  const contents = Buffer.concat(parts);
  const { length } = contents;
  const header = length < 0x80 ? [tag, length] : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(header), contents]);
}

describe("an answer about the cluster", () => {
  const rule = (labelSelector: string) => ({
    signatures: [{ image: "*", keysFrom: [{ configMap: { labelSelector } }], threshold: 1 }],
  });
  const item = (index: number, data: JsonObject) => ({
    metadata: { name: `m${index}`, namespace: "default" },
    data,
  });
  const list = (count: number, data: JsonObject): Oracle => {
    const items = Array.from({ length: count }, (_, index) => item(index, data));
    return (_, { operation }) =>
      operation === "v2/verify" ? trusted(digest("a")) : JSON.stringify({ items });
  };
  const decide = (host: Oracle) => validate(pod("nginx"), rule("a=b"), host);

  test("of 5,000 objects without a key is looked through", () => {
    const answer = decide(list(5000, { a: "x", "a.not-after": "2030-01-01" }));
    expect(codes(answer)).toEqual(["keys-missing"]);
  });

  test("of 5,000 objects with a key each ends at the limit", () => {
    const answer = decide(list(5000, { a: keys[0]! }));
    expect(codes(answer)).toEqual(["too-many-keys"]);
  });

  test("may have 512 keys, be they equal, and no more", () => {
    expect(decide(list(512, { a: keys[0]! })).accepted).toBe(true);
    expect(codes(decide(list(513, { a: keys[0]! })))).toEqual(["too-many-keys"]);
  });

  test("of 5 MB is read, wherever the key is in it", () => {
    const answer = decide(list(1, { a: "x".repeat(5_000_000), b: keys[0]! }));
    expect(answer.accepted).toBe(true);
  });

  test("of 300,000 entries that tell times of no key is read", () => {
    const times = Array.from({ length: 300_000 }, (_, index) => [`${index}.not-after`, "x"]);
    const answer = decide(list(1, { ...Object.fromEntries(times), b: keys[0]! }));
    expect(codes(answer)).toEqual(["too-few-keys"]);
  });

  test("of more than 8 MiB is too large", () => {
    const answer = decide(list(1, { a: "x".repeat(8 * MIB), b: keys[0]! }));
    expect(codes(answer)).toEqual(["resource-too-large"]);
  });
});

describe("what rules, images and objects of the cluster multiply to is bounded", () => {
  const digestOf = `sha256:${"4".repeat(64)}`;
  const key = (more: JsonObject = {}) => ({ image: "*", threshold: 1, ...more });
  const own: Json = [{ configMap: { name: "own" } }];
  const images = (count: number) =>
    podRequest({
      containers: many(count).map((name) => ({ name, image: `example.com/${name}@${digestOf}` })),
    });
  const times = <T>(count: number, of: (index: number) => T) =>
    Array.from({ length: count }, (_, index) => of(index));
  const entries = (all: [string, Json][]) => Object.fromEntries(all) as JsonObject;

  /** Every object has these fields; without any, there is no object and no signature. */
  const holding =
    (fields?: JsonObject, labels: Json = null): Oracle =>
    ({ name, namespace }, { operation }) => {
      const isList = operation.startsWith("list");
      if (!fields || !(isList || operation === "get_resource")) {
        return new Error(operation === "get_resource" ? "Cannot find it" : "manifest unknown");
      }
      const metadata = { name: name ?? "own", namespace: namespace ?? undefined, labels };
      const object = { metadata, ...fields } as JsonObject;
      return JSON.stringify(isList ? { items: [object] } : object);
    };
  const decide = (count: number, rules: Json[], host: Oracle) => {
    const answer = validate(images(count), { signatures: rules }, host);
    return [...new Set(codes(answer))];
  };
  const root = (fields: string) => ({
    data: {
      "trusted_root.json": `{"mediaType":"application/vnd.dev.sigstore.trustedroot+json",${fields}}`,
    },
  });
  const keyless = {
    image: "*",
    verifier: "policy",
    keyless: [{ issuer: "https://example.com", subject: "a@example.com" }],
    trustRootsFrom: { configMap: { name: "own" } },
  };
  const valid = '"validFor":{"start":"2024-01-01T00:00:00Z"}';
  const log = `"tlogs":[{"publicKey":{"rawBytes":"AAAA",${valid}}}]`;

  test.each<[string, number, Json[], Oracle, string[]]>([
    [
      "windows in an object of 500 keys",
      1,
      times(8, () => key({ keysFrom: own })),
      holding({
        data: entries([
          ...times<[string, Json]>(500, (i) => [`k${i}`, keys[0]!]),
          ...times<[string, Json]>(50_000, (i) => [`${i}.not-`, ""]),
        ]),
      }),
      ["too-many-checks"],
    ],
    [
      "names of broken keys",
      256,
      times(256, () => key({ keysFrom: own })),
      holding({
        data: entries(times(30, (i) => [`${i}`.padStart(250, "0"), "PUBLIC KEY-----"])),
      }),
      ["too-few-keys"],
    ],
    [
      "empty keys of a CosignKey",
      1,
      [{ image: "*", keysFrom: [{ cosignKey: {} }] }],
      holding({ spec: { authorities: { key: times(500_000, () => "") } } }),
      ["too-many-keys"],
    ],
    [
      "lists of 15 MiB",
      1,
      times(256, (i) => key({ keysFrom: [{ configMap: { labelSelector: `a=${i}` } }] })),
      holding({ data: { a: "x".repeat(15 * MIB) } }),
      ["resource-too-large"],
    ],
    [
      "rules that read one trusted_root.json",
      1,
      times(256, () => keyless),
      holding(root(`${log},"x":[${"0,".repeat(400_000)}0]`)),
      ["host-failed"],
    ],
    [
      "logs of a trusted_root.json",
      1,
      times(64, () => keyless),
      holding(root(`"tlogs":[${times(30_000, () => '{"publicKey":{"rawBytes":""}}').join(",")}]`)),
      ["trust-roots-unusable"],
    ],
    [
      "objects with files that are not there",
      256,
      times(256, () => ({
        image: "*",
        verifier: "policy",
        pubKeys: [keys[0]!],
        evidenceFrom: times(64, (i) => ({ configMap: { name: `files-${i}` } })),
      })),
      holding(),
      ["resource-missing"],
    ],
    [
      "labels and what is asked of them",
      256,
      times(256, () => ({
        image: "*",
        pubKeys: [keys[0]!],
        namespaceSelector: {
          matchExpressions: times(64, (i) => ({
            key: `${"a".repeat(250)}/${`${i}`.padStart(49, "a")}`,
            operator: "DoesNotExist",
          })),
        },
      })),
      holding(
        {},
        entries(times(1000, (i) => [`${"a".repeat(250)}/${`${i}`.padStart(49, "b")}`, ""])),
      ),
      ["too-many-checks"],
    ],
  ])("%s", (_, count, rules, host, expected) => {
    expect(decide(count, rules, host)).toEqual(expected);
  });
});
