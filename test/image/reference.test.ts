import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { callJson } from "../sdk/units.js";

interface Parts {
  registry: string;
  repository: string;
  tag: string | null;
  digest: string | null;
  name: string;
  canonical: string;
}

const parse = (image: string | Uint8Array) =>
  callJson<Partial<Parts> & { failure?: string }>("parse_reference", image);

const HEX = "0123456789abcdef".repeat(4);
const SHA256 = `sha256:${HEX}`;
const SHA384 = `sha384:${"ab".repeat(48)}`;
const SHA512 = `sha512:${"0f".repeat(64)}`;
const long = (length: number) => "a".repeat(length);

describe("a reference", () => {
  test.each<[string, string, string, string | null, string | null]>([
    ["nginx", "docker.io", "library/nginx", null, null],
    ["library/nginx", "docker.io", "library/nginx", null, null],
    ["docker.io/nginx", "docker.io", "library/nginx", null, null],
    ["docker.io/library/nginx", "docker.io", "library/nginx", null, null],
    ["index.docker.io/nginx", "docker.io", "library/nginx", null, null],
    ["index.docker.io/library/nginx:1", "docker.io", "library/nginx", "1", null],
    ["registry-1.docker.io/nginx", "docker.io", "library/nginx", null, null],
    ["registry.hub.docker.com/nginx", "docker.io", "library/nginx", null, null],
    ["DOCKER.IO/nginx", "docker.io", "library/nginx", null, null],
    ["Index.Docker.io:443/nginx", "docker.io", "library/nginx", null, null],
    ["docker.io:443/nginx", "docker.io", "library/nginx", null, null],
    ["docker.io:80/nginx", "docker.io:80", "nginx", null, null],
    ["nginx:1.25", "docker.io", "library/nginx", "1.25", null],
    [`nginx@${SHA256}`, "docker.io", "library/nginx", null, SHA256],
    [`nginx:1.25@${SHA256}`, "docker.io", "library/nginx", "1.25", SHA256],
    [`nginx@${SHA384}`, "docker.io", "library/nginx", null, SHA384],
    [`nginx:a@${SHA512}`, "docker.io", "library/nginx", "a", SHA512],
    ["team/app", "docker.io", "team/app", null, null],
    ["team/app/part", "docker.io", "team/app/part", null, null],
    ["library/library/nginx", "docker.io", "library/library/nginx", null, null],
    ["ghcr.io/team/app", "ghcr.io", "team/app", null, null],
    ["GHCR.IO/team/app", "ghcr.io", "team/app", null, null],
    ["ghcr.io:443/team/app:1", "ghcr.io", "team/app", "1", null],
    ["ghcr.io:0443/team/app", "ghcr.io", "team/app", null, null],
    ["ghcr.io:4430/app", "ghcr.io:4430", "app", null, null],
    ["ghcr.io:05000/app", "ghcr.io:5000", "app", null, null],
    ["ghcr.io:0/app", "ghcr.io:0", "app", null, null],
    ["ghcr.io/nginx", "ghcr.io", "nginx", null, null],
    ["registry.example.com:5000/app:1", "registry.example.com:5000", "app", "1", null],
    ["localhost/app", "localhost", "app", null, null],
    ["localhost:5000/app", "localhost:5000", "app", null, null],
    ["localhost:5000", "docker.io", "library/localhost", "5000", null],
    ["LOCALHOST/app", "localhost", "app", null, null],
    // Without a dot its port is what makes it a registry.
    ["Team/app", "team:443", "app", null, null],
    ["harbor:443/team/app", "harbor:443", "team/app", null, null],
    ["a.b", "docker.io", "library/a.b", null, null],
    ["a.b:c", "docker.io", "library/a.b", "c", null],
    ["127.0.0.1/app", "127.0.0.1", "app", null, null],
    ["[::1]/app", "[::1]", "app", null, null],
    ["[FE80::1]:5000/app:1", "[fe80::1]:5000", "app", "1", null],
    ["[::1]:443/app", "[::1]", "app", null, null],
    ["[::0]/app", "[::0]", "app", null, null],
    ["a-b.c--d.e/app", "a-b.c--d.e", "app", null, null],
    ["a__b/c_d.e-f--g", "docker.io", "a__b/c_d.e-f--g", null, null],
    ["evil.io/docker.io/library/nginx", "evil.io", "docker.io/library/nginx", null, null],
    [`nginx:${long(128)}`, "docker.io", "library/nginx", long(128), null],
    ["nginx:_A.-", "docker.io", "library/nginx", "_A.-", null],
    [`ghcr.io/${long(255)}`, "ghcr.io", long(255), null, null],
    [long(247), "docker.io", `library/${long(247)}`, null, null],
    [`ghcr.io/${HEX}`, "ghcr.io", HEX, null, null],
    [`${HEX}/app`, "docker.io", `${HEX}/app`, null, null],
    [HEX.slice(1), "docker.io", `library/${HEX.slice(1)}`, null, null],
  ])("%s", (image, registry, repository, tag, digest) => {
    const name = `${registry}/${repository}`;
    const canonical = digest ? `${name}@${digest}` : `${name}:${tag ?? "latest"}`;
    expect(parse(image)).toEqual({ registry, repository, tag, digest, name, canonical });
  });
});

describe("no reference", () => {
  test.each<[string | Uint8Array, string]>([
    ["", "reference-empty"],
    [`ghcr.io/${long(256)}`, "reference-too-long"],
    [long(248), "reference-too-long"],
    [`${long(300)}.io/${long(255)}:${long(128)}@${SHA512}${long(250)}`, "reference-too-long"],
    [long(1025), "reference-too-long"],
    ["https://ghcr.io/app", "reference-scheme"],
    ["oci://ghcr.io/app", "reference-scheme"],
    ["ghcr.io/a://b", "reference-scheme"],
    ["-ghcr.io/app", "reference-registry"],
    ["ghcr-.io/app", "reference-registry"],
    ["ghcr.-io/app", "reference-registry"],
    ["ghcr..io/app", "reference-registry"],
    [".ghcr.io/app", "reference-registry"],
    ["ghcr.io./app", "reference-registry"],
    ["ghcr.io:/app", "reference-registry"],
    ["ghcr.io:5000x/app", "reference-registry"],
    ["ghcr.io:-1/app", "reference-registry"],
    ["ghcr.io:50:50/app", "reference-registry"],
    [":5000/app", "reference-registry"],
    ["./app", "reference-registry"],
    ["../app", "reference-registry"],
    ["user:pass@ghcr.io/app", "reference-digest-algorithm"],
    ["gh_cr.io/app", "reference-registry"],
    [" ghcr.io/app", "reference-registry"],
    ["ghcr.io /app", "reference-registry"],
    ["ghcr%2eio.x/app", "reference-registry"],
    ["[::1/app", "reference-registry"],
    ["[]:1/app", "reference-registry"],
    ["[::1%25eth0]/app", "reference-registry"],
    ["[::ffff:1.2.3.4]/app", "reference-registry"],
    ["[::1]x:5/app", "reference-registry"],
    ["ghcr.io/Team/app", "reference-upper-case"],
    ["Nginx", "reference-upper-case"],
    ["nginX:1", "reference-upper-case"],
    ["/app", "reference-repository"],
    ["//app", "reference-repository"],
    ["ghcr.io/", "reference-repository"],
    ["ghcr.io//app", "reference-repository"],
    ["team//app", "reference-repository"],
    ["team/app/", "reference-repository"],
    ["team/../app", "reference-repository"],
    ["team/./app", "reference-repository"],
    ["ghcr.io/..", "reference-repository"],
    ["nginx ", "reference-repository"],
    [" nginx", "reference-repository"],
    ["ngi nx", "reference-repository"],
    ["nginx\n", "reference-repository"],
    ["nginx\0", "reference-repository"],
    ["\ufeffnginx", "reference-repository"],
    ["nginx\t:1", "reference-repository"],
    ["a___b", "reference-repository"],
    ["a..b", "reference-repository"],
    ["a._b", "reference-repository"],
    ["a-_b", "reference-repository"],
    ["a_-b", "reference-repository"],
    ["_a", "reference-repository"],
    ["a_", "reference-repository"],
    ["-a", "reference-repository"],
    ["a-", "reference-repository"],
    ["a/-b", "reference-repository"],
    ["a-/b", "reference-repository"],
    ["nginx*", "reference-repository"],
    ["nginx?tag=1", "reference-repository"],
    ["nginx#1", "reference-repository"],
    ["ghcr.io\\app", "reference-repository"],
    ["ngınx", "reference-repository"],
    ["nginх", "reference-repository"],
    [Uint8Array.of(0x61, 0xff), "reference-repository"],
    [HEX, "reference-hex-name"],
    [`${HEX}:1`, "reference-hex-name"],
    ["nginx:", "reference-tag"],
    [`nginx:${long(129)}`, "reference-tag"],
    ["nginx:-a", "reference-tag"],
    ["nginx:.a", "reference-tag"],
    ["nginx:a b", "reference-tag"],
    ["nginx:1\n", "reference-tag"],
    ["nginx:1+2", "reference-tag"],
    ["nginx:é", "reference-tag"],
    ["nginx::1", "reference-repository"],
    [":1", "reference-repository"],
    [`nginx:@${SHA256}`, "reference-tag"],
    [`@${SHA256}`, "reference-repository"],
    ["nginx@", "reference-digest-algorithm"],
    [`nginx@${HEX}`, "reference-digest-algorithm"],
    [`nginx@md5:${HEX.slice(32)}`, "reference-digest-algorithm"],
    [`nginx@SHA256:${HEX}`, "reference-digest-algorithm"],
    [`nginx@sha256+b64:${HEX}`, "reference-digest-algorithm"],
    [`nginx@latest@${SHA256}`, "reference-digest-algorithm"],
    ["nginx@sha256:", "reference-digest"],
    [`nginx@${SHA256.slice(0, -1)}`, "reference-digest"],
    [`nginx@${SHA256}0`, "reference-digest"],
    [`nginx@${SHA256.replace("f", "F")}`, "reference-digest"],
    [`nginx@${SHA256.replace("f", "g")}`, "reference-digest"],
    [`nginx@${SHA256}\n`, "reference-digest"],
    [`nginx@${SHA256}:1`, "reference-digest"],
    [`nginx@${SHA256}@${SHA256}`, "reference-digest"],
    [`nginx@sha512:${HEX}`, "reference-digest"],
    [`nginx@sha384:${HEX}`, "reference-digest"],
  ])("%j: %s", (image, failure) => {
    expect(parse(image)).toEqual({ failure });
  });
});

// The grammar of distribution/reference, with the digests that the OCI image spec registers.
const LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?";
const HOST = `(?:${LABEL}(?:\\.${LABEL})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const COMPONENT = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
const DIGEST = "sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128}";
const GRAMMAR = new RegExp(
  `^(?:${HOST}/)?${COMPONENT}(?:/${COMPONENT})*(?::\\w[\\w.-]{0,127})?(?:@(?:${DIGEST}))?$`,
);

const chars = (set: string, minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...set), minLength, maxLength });
const LOWER = "abcxyz0189";
const component = fc
  .array(fc.tuple(chars(LOWER, 1, 4), fc.constantFrom(".", "_", "__", "-", "---")), {
    minLength: 1,
    maxLength: 3,
  })
  .map((pairs) => pairs.map(([text, separator]) => text + separator).join("") + "z");
const label = fc
  .tuple(chars("abXYZ09", 1, 4), chars("aB0-", 0, 3), chars("abXYZ09", 1, 2))
  .map((parts) => parts.join(""));
const registry = fc
  .tuple(
    fc.oneof(
      fc.array(label, { minLength: 2, maxLength: 4 }).map((labels) => labels.join(".")),
      fc.constantFrom("localhost", "[::1]", "[2001:DB8::0]", "docker.io", "Index.Docker.IO"),
    ),
    fc.constantFrom("", ":443", ":0443", ":5000", ":65535"),
  )
  .map((parts) => parts.join(""));
const repository = fc.array(component, { minLength: 1, maxLength: 4 });
const tag = fc.tuple(chars("aZ09_", 1, 1), chars("aZ09_.-", 0, 127)).map((parts) => parts.join(""));
const hex = (length: number) => chars("0123456789abcdef", length, length);
const digest = fc.oneof(
  hex(64).map((digits) => `sha256:${digits}`),
  hex(96).map((digits) => `sha384:${digits}`),
  hex(128).map((digits) => `sha512:${digits}`),
);

test("legal parts are found again, and the canonical spelling is stable", () => {
  const legal = fc.record({
    registry: fc.option(registry),
    repository,
    tag: fc.option(tag),
    digest: fc.option(digest),
  });
  fc.assert(
    fc.property(legal, (parts) => {
      // Without a registry, a first part with a dot would be taken for one.
      fc.pre(
        parts.registry !== null ||
          parts.repository.length === 1 ||
          !/\./.test(parts.repository[0]!),
      );
      const path = parts.repository.join("/");
      const image =
        (parts.registry ? `${parts.registry}/` : "") +
        path +
        (parts.tag ? `:${parts.tag}` : "") +
        (parts.digest ? `@${parts.digest}` : "");
      expect(image).toMatch(GRAMMAR);
      const parsed = parse(image) as Parts;
      const host = (parts.registry ?? "docker.io").toLowerCase().replace(/:0?443$/, "");
      const isHub = ["docker.io", "index.docker.io"].includes(host);
      expect(parsed).toMatchObject({
        registry: isHub ? "docker.io" : host,
        repository: isHub && parts.repository.length === 1 ? `library/${path}` : path,
        tag: parts.tag,
        digest: parts.digest,
      });
      const again = parse(parsed.canonical) as Parts;
      expect(again).toMatchObject({ name: parsed.name, canonical: parsed.canonical });
      expect(again.digest).toBe(parsed.digest);
    }),
    { numRuns: 3000 },
  );
});

test("whatever is taken is in the grammar, and nothing traps", () => {
  const pieces = [
    "a",
    "Z",
    "0",
    ".",
    "-",
    "_",
    "/",
    ":",
    "@",
    "[",
    "]",
    " ",
    "\n",
    "é",
    "ghcr.io/",
  ];
  pieces.push("localhost", "docker.io", ":443", ":5000/", "..", "//", SHA256, "@sha256:", HEX);
  const text = fc.oneof(
    fc.string({ unit: fc.constantFrom(...pieces), maxLength: 8 }),
    fc.string({ unit: "binary", maxLength: 20 }),
  );
  let taken = 0;
  fc.assert(
    fc.property(text, (image) => {
      const parsed = parse(image);
      if (parsed.failure === undefined) {
        taken++;
        expect(image).toMatch(GRAMMAR);
        expect(parsed.name! + ":x").toMatch(GRAMMAR);
      } else if (GRAMMAR.test(image)) {
        // Beyond the grammar: an image's ID, lengths, and a first part like `a_a.b`, which by its dot is meant for a
        // registry and is none.
        const beyond = ["reference-hex-name", "reference-too-long", "reference-registry"];
        expect(beyond).toContain(parsed.failure);
      }
    }),
    { numRuns: 10_000 },
  );
  expect(taken).toBeGreaterThan(50);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => void parse(bytes)),
    { numRuns: 2000 },
  );
});
