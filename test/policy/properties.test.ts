import { readdirSync, readFileSync } from "node:fs";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../../host/document.js";
import { codes, digest, load, refuse, trusted, validateBytes, validateSettings } from "./guest.js";
import { pod, podRequest, type Oracle } from "./guest.js";
import { keys } from "./keys.js";
import { canonical, DIGESTS, image, judge, nameOf, rule, SIGNERS } from "./model.js";
import type { Image, Word, World } from "./model.js";
import { layer, manifestOf, newSigner, payloadFor, registry } from "./signed.js";
import { rawAt } from "./spans.js";
import { anything, choices, spelt } from "./spelling.js";

const ALL = { signatures: [{ image: "*", pubKeys: [keys[0]!] }] };

/** A payload of `validate`; with `choose`, the request is written in one of its many ways. */
function payloadOf(request: Json, settings: Json, choose?: (most: number) => number): Buffer {
  const text = choose ? spelt(request, choose) : JSON.stringify(request);
  return Buffer.from(`{"request":${text},"settings":${JSON.stringify(settings)}}`);
}

describe("what is accepted", () => {
  const words = "a a a a a a a a a a b b untrusted unsaid text error malformed denied".split(
    " ",
  ) as Word[];

  /** A host and a registry that say something to every question, and the same to the same. */
  const worlds = fc.integer().map((seed): World => {
    const choose = (most: number, ...question: string[]) =>
      createHash("sha1")
        .update(`${seed} ${question.join(" ")}`)
        .digest()
        .readUInt16BE() % most;
    return {
      host: (image, question) => words[choose(words.length, image, question)]!,
      // More often than not the one that the host says.
      digestOf: (image) =>
        [DIGESTS.a, DIGESTS.a, DIGESTS.a, DIGESTS.b, undefined][choose(5, image)],
      isSigned: (...question) => choose(4, ...question) > 0,
    };
  });

  /** The signatures that a world's registry has at a tag. */
  function signaturesAt(tag: string, { isSigned }: World): string | Error {
    const [, name = "", hex = ""] = /^(.*):sha256-(.*)\.sig$/.exec(tag)!;
    const digest = `sha256:${hex}`;
    const signers = SIGNERS.filter(({ pem }) => isSigned(name, digest, pem));
    if (signers.length === 0) return new Error("OCI API error: manifest unknown");
    // As cosign calls it.
    const called = name.replace(/^docker\.io\//, "index.docker.io/");
    return manifestOf(signers.map((signer) => layer(payloadFor(called, digest), signer)));
  }

  const answers: Record<Word, string | Error> = {
    a: trusted(DIGESTS.a),
    b: trusted(DIGESTS.b),
    untrusted: JSON.stringify({ is_trusted: false, digest: DIGESTS.a }),
    unsaid: JSON.stringify({ digest: DIGESTS.a }),
    text: JSON.stringify({ is_trusted: "true", digest: DIGESTS.a }),
    error: new Error("Callback evaluation failure: missing signatures"),
    malformed: JSON.stringify({ is_trusted: true, digest: DIGESTS.a.toUpperCase() }),
    denied: new Error("Policy has not been granted access to the 'oci/v2/verify' host capability."),
  };

  interface Scene {
    images: Image[];
    old: Image[];
    update: boolean;
  }

  /** A Pod's request; `old` are the images that the same containers had before. */
  function request({ images, old, update }: Scene): JsonObject {
    const { object, ...rest } = pod(...images.map(({ text }) => text));
    const before = pod(...old.map(({ text }) => text))["object"]!;
    const operation = update ? "UPDATE" : "CREATE";
    return { ...rest, namespace: "shop", operation, object: object!, oldObject: before };
  }

  // The important one: the policy agrees with the model of the decision, whatever the host says.
  test("is what the model accepts, pinned as the model pins", () => {
    let accepted = 0;
    let rejected = 0;
    const scene = fc.record({
      images: fc.array(image, { minLength: 1, maxLength: 4 }),
      old: fc.array(image, { maxLength: 4 }),
      update: fc.constantFrom(false, false, true),
    });
    const run = fc.property(
      scene,
      fc.array(rule, { minLength: 1, maxLength: 4 }),
      fc.constantFrom("accept", "accept", "warn", "reject"),
      fc.tuple(fc.boolean(), fc.boolean()),
      worlds,
      choices,
      (
        scene,
        rules,
        unmatchedImages,
        [modifyImagesWithDigest, verifyUnchangedImages],
        world,
        choose,
      ) => {
        const signatures = rules.map(({ settings }) => settings);
        const settings = {
          signatures,
          unmatchedImages,
          modifyImagesWithDigest,
          verifyUnchangedImages,
        };
        const asked: string[] = [];
        const oracle: Oracle = (request, { operation }) => {
          if (operation === "v2/verify") {
            const {
              image,
              pub_keys: pubKeys,
              owner,
            } = request as Record<string, string | string[]>;
            const question = pubKeys ? String(pubKeys) : String(owner);
            asked.push(`${String(image)} ${question}`);
            return answers[world.host(String(image), question)];
          }
          const image = request as unknown as string;
          asked.push(`${image} ${operation}`);
          if (operation === "v1/oci_manifest") return signaturesAt(image, world);
          const digest = world.digestOf(image);
          return digest ? JSON.stringify({ digest }) : new Error("connection refused");
        };
        const payload = payloadOf(request(scene), settings, choose);
        const answer = validateBytes(payload, oracle);

        const verdicts = scene.images.map((image, index) => {
          const unchanged = scene.update && scene.old[index]?.text === image.text;
          if (unchanged && !verifyUnchangedImages) return { accepted: true, pin: undefined };
          const verdict = judge(image, rules, unmatchedImages, world);
          return unchanged ? { ...verdict, pin: undefined } : verdict;
        });
        const expected = verdicts.every((one) => one.accepted);
        expect(answer.accepted, answer.message).toBe(expected);
        if (expected) accepted++;
        else rejected++;
        // No question twice, but that two names of one image are two looks at its signatures; and none about an
        // image that is not there.
        const once = asked.filter((one) => !one.endsWith("v1/oci_manifest"));
        expect(new Set(once).size).toBe(once.length);
        const names = [...scene.images.map(canonical), ...scene.images.map(nameOf)];
        for (const one of asked)
          expect(names).toContain(one.replace(/(:sha256-\w+\.sig)? .*/s, ""));

        const pins = verdicts.map(({ pin }) =>
          expected && modifyImagesWithDigest ? pin : undefined,
        );
        const images = scene.images.map(({ text }, index) =>
          pins[index] ? `${text}@${pins[index]}` : text,
        );
        if (pins.every((pin) => pin === undefined)) expect(answer.mutated_object).toBeUndefined();
        else expect(answer.mutated_object).toEqual(pod(...images)["object"]);
      },
    );
    fc.assert(run, { numRuns: 2500 });
    // A model that only ever says one thing would prove nothing.
    expect(Math.min(accepted, rejected)).toBeGreaterThan(200);
  });

  test("is never a Pod with an unsigned image, wherever it stands", () => {
    const lists = ["initContainers", "containers", "ephemeralContainers", "volumes"];
    const place = fc.record({
      list: fc.constantFrom(...lists),
      name: fc.string({ maxLength: 5 }),
      more: fc.dictionary(fc.string({ maxLength: 5 }), anything, { maxKeys: 3 }),
    });
    const run = fc.property(
      fc.array(place, { minLength: 1, maxLength: 8 }),
      fc.nat(),
      choices,
      (places, which, choose) => {
        const bad = which % places.length;
        const spec: Record<string, Json[]> = {};
        places.forEach(({ list, name, more }, index) => {
          const image = index === bad ? "ghcr.io/un/signed" : `ghcr.io/signed/i${index}`;
          const own =
            list === "volumes" ? { image: { ...more, reference: image } } : { ...more, image };
          (spec[list] ??= []).push({ ...own, name });
        });
        const oracle: Oracle = ({ image }, call) =>
          image === "ghcr.io/un/signed:latest" ? refuse({}, call) : trusted(digest("c"));
        const answer = validateBytes(payloadOf(podRequest(spec), ALL, choose), oracle);
        expect(codes(answer)).toEqual(["signature-unmet"]);
        expect(answer.calls).toHaveLength(places.length);
      },
    );
    fc.assert(run, { numRuns: 1000 });
  });
});

describe("the mutated object", () => {
  const container = fc.record({
    before: fc.dictionary(fc.string({ maxLength: 6 }), anything, { maxKeys: 3 }),
    after: fc.dictionary(fc.string({ maxLength: 6 }), anything, { maxKeys: 3 }),
    image: fc.constantFrom("nginx", "ghcr.io/a/b:1", "x/y", `ghcr.io/pinned@${DIGESTS.a}`),
  });
  const fields = fc.dictionary(fc.string(), anything, { maxKeys: 4 });

  function without(record: JsonObject, ...names: string[]): JsonObject {
    return Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));
  }

  const LISTS = ["containers", "initContainers", "ephemeralContainers", "volumes"];

  test("is the object with images set, and its bytes without the digests are the object's", () => {
    const run = fc.property(
      fc.array(container, { minLength: 1, maxLength: 5 }),
      fields,
      fields,
      choices,
      (containers, top, inSpec, choose) => {
        const make = (images: string[]): JsonObject => ({
          ...without(top, "spec", "metadata"),
          spec: {
            ...without(inSpec, ...LISTS),
            containers: containers.map(({ before, after }, index) => ({
              ...without(before, "image", "name"),
              image: images[index]!,
              ...without(after, "image", "name"),
            })),
          },
        });
        const images = containers.map(({ image }) => image);
        const request = { ...podRequest({}), object: make(images) };
        const payload = payloadOf(request, ALL, choose);
        const answer = validateBytes(payload, () => trusted(DIGESTS.a));
        expect(answer.accepted, answer.message).toBe(true);
        const pinned = images.map((one) => (one.includes("@") ? one : `${one}@${DIGESTS.a}`));
        if (pinned.every((one, index) => one === images[index])) {
          expect(answer.mutated_object).toBeUndefined();
          return;
        }
        expect(answer.mutated_object).toEqual(JSON.parse(JSON.stringify(make(pinned))));
        // In the text behind an image that was pinned already, the digest stands in the request as well.
        const mark = `@${DIGESTS.a}"`;
        const strip = (bytes: Buffer) => bytes.toString().replaceAll(mark, '"');
        expect(strip(rawAt(answer.bytes, "/mutated_object"))).toBe(
          strip(rawAt(payload, "/request/object")),
        );
      },
    );
    fc.assert(run, { numRuns: 600 });
  });
});

/** Payloads of the cases: something of everything. */
function seeds(): Buffer[] {
  const folder = new URL("../cases/bytes/", import.meta.url);
  const payloads = readdirSync(folder).flatMap((name) => {
    try {
      return [readFileSync(new URL(`${name}/payload.json`, folder))];
    } catch {
      return [];
    }
  });
  const update = { ...pod("nginx", "x"), operation: "UPDATE", oldObject: pod("x")["object"]! };
  const rich = {
    signatures: [
      {
        image: ["*", "a/b:1"],
        exclude: "ghcr.io/*",
        pubKeys: keys,
        threshold: 2,
        annotations: { a: "b" },
      },
      { image: "*", keyless: [{ issuer: "https://a.example", subject: "b" }], onFailure: "warn" },
      { image: "*", keylessPrefix: [{ issuer: "i", urlPrefix: "https://a.example/b" }] },
      { image: "*", githubActions: { owner: "a", repo: "b" }, namespaces: ["a-*"] },
      {
        image: "*",
        pubKeys: [{ key: keys[0]!, notBefore: "2001-01-01", notAfter: "2999-12-31T23:59:59Z" }],
        transparencyLog: { keys: [keys[1]!], required: false },
        trustRoots: { rekor: [keys[2]!] },
        verifier: "policy",
      },
    ],
    workloads: [{ apiGroup: "a.io", kind: "B", podSpecPath: "spec.pod" }],
  };
  const own = [pod("nginx"), update].map((request) => payloadOf(request, rich as unknown as Json));
  return [...payloads.filter(({ length }) => length > 0 && length < 5000), ...own];
}

/** Changes of bytes: what to do, where, with what. */
const changes = fc.array(
  fc.record({
    how: fc.constantFrom("set", "insert", "delete", "double", "cut"),
    at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    length: fc.nat(40),
    bytes: fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 4 }),
      fc.constantFrom(...'"\\{}[]:,0-.eutnf \n'.split("").map((one) => Buffer.from(one))),
      fc
        .constantFrom('"image"', '"spec":', "null", '{"a":1}', "\\u0000", "\\ud800", "1e400", '""')
        .map((one) => Buffer.from(one)),
    ),
  }),
  { minLength: 1, maxLength: 5 },
);

function change(
  seed: Buffer,
  list: typeof changes extends fc.Arbitrary<infer T> ? T : never,
): Buffer {
  let bytes = seed;
  for (const { how, at, length, bytes: piece } of list) {
    const from = Math.floor(at * bytes.length);
    const head = bytes.subarray(0, from);
    const part = bytes.subarray(from, from + length);
    const tail = bytes.subarray(from + length);
    if (how === "set") bytes = Buffer.concat([head, piece, bytes.subarray(from + piece.length)]);
    else if (how === "insert") bytes = Buffer.concat([head, piece, part, tail]);
    else if (how === "delete") bytes = Buffer.concat([head, tail]);
    else if (how === "double") bytes = Buffer.concat([head, part, part, tail]);
    else bytes = head;
  }
  return bytes;
}

function isJson(bytes: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
    return true;
  } catch {
    return false;
  }
}

describe("no input traps", () => {
  const payloads = seeds();
  const seed = fc.constantFrom(...payloads);

  /** Every answer is a verdict; one instance for all, for what is left from a call to harm the next. */
  function answers(payload: Uint8Array, guest: ReturnType<typeof load>["guest"]) {
    const bytes = guest.call("validate", payload);
    const answer = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as {
      accepted: unknown;
    };
    expect([true, false]).toContain(answer.accepted);
    if (!isJson(payload)) expect(answer.accepted).toBe(false);
    const settings = guest.call("validate_settings", payload);
    const { valid } = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(settings)) as {
      valid: unknown;
    };
    expect([true, false]).toContain(valid);
  }

  test("of changed payloads, whatever the host says", () => {
    expect(payloads.length).toBeGreaterThan(20);
    for (const oracle of [refuse, () => trusted(DIGESTS.a)]) {
      const { guest } = load(oracle);
      const run = fc.property(seed, changes, (bytes, list) => answers(change(bytes, list), guest));
      fc.assert(run, { numRuns: 4000 });
    }
  });

  test("of random bytes", () => {
    const { guest } = load();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => answers(bytes, guest)),
      { numRuns: 2000 },
    );
  });

  test("of random answers of the host, and none of them is trusted", () => {
    const answer = Buffer.from(trusted(DIGESTS.a));
    const isTrusted = (bytes: Buffer) => {
      if (!isJson(bytes)) return false;
      const value = JSON.parse(bytes.toString()) as JsonObject | null;
      return (
        value?.["is_trusted"] === true && /^sha256:[0-9a-f]{64}$/.test(String(value["digest"]))
      );
    };
    const payload = payloadOf(pod("nginx"), ALL);
    const run = fc.property(changes, (list) => {
      const changed = change(answer, list);
      const { guest } = loadRaw(changed);
      const response = JSON.parse(Buffer.from(guest.call("validate", payload)).toString()) as {
        accepted: boolean;
      };
      // The policy may refuse what JSON.parse takes, as two equal keys; never the other way round.
      if (!isTrusted(changed)) expect(response.accepted).toBe(false);
    });
    fc.assert(run, { numRuns: 2000 });
  });

  test("of a changed .sig manifest, and what is accepted has the signature in it", () => {
    const signer = newSigner();
    const payload = payloadFor("ghcr.io/a/b", DIGESTS.a);
    const signed = layer(payload, signer, {
      "dev.sigstore.cosign/bundle": JSON.stringify({ SignedEntryTimestamp: "AA==", Payload: {} }),
    });
    const manifest = Buffer.from(manifestOf([signed]));
    const rule = { image: "*", pubKeys: [signer.pem], verifier: "policy" };
    const { signature } = JSON.parse(
      JSON.stringify(signed["annotations"]).replace("dev.cosignproject.cosign/", ""),
    ) as { signature: string };
    const request = payloadOf(pod("ghcr.io/a/b:1"), { signatures: [rule] });
    let accepted = 0;
    const run = fc.property(changes, (list) => {
      const changed = change(manifest, list);
      const { guest } = load(registry(DIGESTS.a, changed));
      const answer = JSON.parse(Buffer.from(guest.call("validate", request)).toString()) as {
        accepted: boolean;
      };
      if (!answer.accepted) return;
      accepted++;
      expect(isJson(changed)).toBe(true);
      const text = JSON.stringify(JSON.parse(changed.toString()));
      expect(text).toContain(signature);
      expect(text).toContain(signed["digest"]);
    });
    fc.assert(run, { numRuns: 3000 });
    expect(accepted).toBeGreaterThan(0);
  });

  /** A host whose answers are these bytes. */
  function loadRaw(bytes: Buffer) {
    const loaded = load();
    const options = (loaded.guest as unknown as { options: { hostCall: () => Uint8Array } })
      .options;
    options.hostCall = () => bytes;
    return loaded;
  }

  test("of a changed object, and an image that nobody signed is in none that is accepted", () => {
    const { guest } = load();
    const [head, tail] = ['{"request":', `,"settings":${JSON.stringify(ALL)}}`];
    const object = Buffer.from(JSON.stringify(pod("nginx", "ghcr.io/a/b:1")["object"]));
    const rest = JSON.stringify({ ...pod(), object: undefined });
    const start = Buffer.from(`${head}${rest.slice(0, -1)},"object":`);
    const run = fc.property(changes, (list) => {
      const payload = Buffer.concat([start, change(object, list), Buffer.from(`}${tail}`)]);
      const answer = JSON.parse(Buffer.from(guest.call("validate", payload)).toString()) as {
        accepted: boolean;
      };
      expect(answer.accepted).toBe(false);
    });
    fc.assert(run, { numRuns: 4000 });
  });
});

describe("settings", () => {
  const base: JsonObject[] = [
    ALL,
    JSON.parse(seeds().at(-1)!.toString()).settings as JsonObject,
    { unmatchedImages: "reject", signatures: [] },
  ];
  const names = fc.constantFrom(
    ...["image", "pubKeys", "threshold", "exclude", "namespaces", "onFailure", "verifier", "rule"],
    ...[
      "keyless",
      "issuer",
      "subject",
      "githubActions",
      "owner",
      "repo",
      "annotations",
      "signatures",
    ],
    ...["unmatchedImages", "workloads", "kind", "podSpecPath", "certificates", "name", "key", "x"],
    ...["transparencyLog", "keys", "required", "trustRoots", "fulcio", "rekor", "notBefore"],
  );
  const values = fc.oneof(
    fc.constantFrom<Json>("", null, true, 0, 1, 2, "*", "warn", "accept", [], {}, "a/b", keys[0]!),
    fc.constantFrom<Json>("policy", "both", "host", "2001-01-01", keys, { keys }),
    anything,
  );

  /** Changes one place of a value: sets, deletes or adds. */
  function edit(value: Json, path: number[], name: string, set: Json): Json {
    if (typeof value !== "object" || value === null || path.length === 0) return set;
    const [step = 0, ...rest] = path;
    const entries = Object.entries(value);
    const which = step % (entries.length + 2);
    if (which < entries.length) entries[which]![1] = edit(entries[which]![1], rest, name, set);
    else if (which === entries.length) entries.splice(step % (entries.length + 1), 1);
    else entries.push([name, set]);
    if (Array.isArray(value)) return entries.map(([, item]) => item);
    return Object.fromEntries(entries);
  }

  test("are valid exactly when requests are decided by them", () => {
    let valid = 0;
    let invalid = 0;
    const edits = fc.array(
      fc.record({
        path: fc.array(fc.nat(20), { minLength: 1, maxLength: 5 }),
        name: names,
        set: values,
      }),
      { minLength: 1, maxLength: 2 },
    );
    const run = fc.property(fc.constantFrom(...base), edits, choices, (start, list, choose) => {
      const settings = list.reduce<Json>(
        (all, { path, name, set }) => edit(all, path, name, set),
        start,
      );
      const text = spelt(settings, choose);
      const problems = validateSettings(Buffer.from(text));
      const request = JSON.stringify(pod("nginx"));
      const answer = validateBytes(Buffer.from(`{"request":${request},"settings":${text}}`));
      expect(codes(answer).includes("settings-invalid"), `${problems.join()} ${text}`).toBe(
        problems.length > 0,
      );
      if (problems.length > 0) invalid++;
      else valid++;
    });
    fc.assert(run, { numRuns: 3000 });
    expect(Math.min(valid, invalid)).toBeGreaterThan(100);
  });

  test("are read the same from their bytes", () => {
    const texts = base.map((settings) => Buffer.from(JSON.stringify(settings)));
    const run = fc.property(fc.constantFrom(...texts), changes, (text, list) => {
      const changed = change(text, list);
      fc.pre(isJson(changed));
      // A point that is not on its curve is told with the settings, and to a request when the key is needed.
      const problems = validateSettings(changed).filter((line) => !line.endsWith("on the curve"));
      const request = Buffer.from(`{"request":${JSON.stringify(pod("nginx"))},"settings":`);
      const answer = validateBytes(Buffer.concat([request, changed, Buffer.from("}")]));
      // What no string may be, half a surrogate pair, makes the payload no JSON, and the settings neither.
      const refused = codes(answer).some((code) =>
        /^(settings-invalid|request-not-json)$/.test(code),
      );
      expect(refused).toBe(problems.length > 0);
    });
    fc.assert(run, { numRuns: 1000 });
  });
});
