import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { call, callJson } from "../sdk/units.js";

const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;

/** In which senses a pattern is for an image; see `Pattern`. */
interface Judgement {
  /** It could mean the image: a rule with it demands signatures. */
  matches: boolean;
  /** It means the image: it is not one that no rule is for. */
  means: boolean;
  /** It exempts the image. */
  excludes: boolean;
}

function judge(pattern: string, image: string): Judgement {
  const { problem, excludeProblem, ...answer } = callJson<
    Judgement & { problem: string; excludeProblem: string }
  >("match", { pattern, image });
  expect(problem, pattern).toBe("");
  void excludeProblem;
  return answer;
}

describe("a pattern", () => {
  test.each<[string, string[], string[]]>([
    // pattern, images that it matches, images that it does not
    [
      "nginx",
      ["nginx", "nginx:1", "library/nginx", "docker.io/nginx", "index.docker.io/library/nginx:2"],
      ["nginx2", "nginx/nginx", "ghcr.io/nginx", "ghcr.io/library/nginx", "team/nginx"],
    ],
    [
      "docker.io/library/nginx",
      ["nginx", "registry-1.docker.io/nginx", "DOCKER.IO:443/nginx", `nginx@${DIGEST}`],
      ["library/library/nginx", "evil.io/docker.io/library/nginx", "docker.io:80/library/nginx"],
    ],
    [
      "library/nginx",
      ["nginx", "docker.io/nginx"],
      ["library/library/nginx", "ghcr.io/library/nginx"],
    ],
    [
      "team/app",
      ["team/app", "docker.io/team/app"],
      ["ghcr.io/team/app", "team/app/x", "x/team/app"],
    ],
    [
      "docker.io/*",
      ["nginx", "team/app", "a/b/c", "registry.hub.docker.com/nginx"],
      [
        "evil.io/docker.io/library/nginx",
        "docker.io.evil.io/nginx",
        "ghcr.io/app",
        "docker.io:80/x",
      ],
    ],
    ["docker.io/nginx*", ["nginx", "nginx-slim", "nginx/x"], ["team/nginx", "xnginx"]],
    ["docker.io/library/nginx*", ["nginx", "nginx-slim"], ["library/library/nginx", "team/nginx"]],
    ["docker.io/*/app", ["team/app", "a/b/app"], ["team/app/x", "ghcr.io/team/app"]],
    ["nginx*", ["nginx", "nginx-slim:1", "docker.io/nginx"], ["team/nginx", "nginx/unit"]],
    ["*nginx*", ["nginx", "ghcr.io/team/nginx-x", "nginx.io/app"], ["ghcr.io/team/app:nginx"]],
    ["*nginx", ["nginx", "ghcr.io/nginx", "team/nginx"], ["nginx-slim", "nginx.io/app"]],
    ["ngin?", ["nginx", "docker.io/nginy"], ["ngin", "nginxx", "ghcr.io/nginx"]],
    ["*", ["nginx", "ghcr.io/a/b/c", "localhost:5000/x", "[::1]:1/x", `a@${DIGEST}`], []],
    ["**", ["nginx", "ghcr.io/a/b/c"], []],
    [
      "*/nginx",
      ["nginx", "ghcr.io/nginx", "localhost:5000/nginx", "team/nginx"],
      ["ghcr.io/x/nginx", "a/b/nginx-x"],
    ],
    ["*/*", ["nginx", "ghcr.io/a/b"], []],
    [
      "*/library/nginx",
      ["nginx", "ghcr.io/library/nginx"],
      ["team/nginx", "ghcr.io/x/library/nginx"],
    ],
    ["team-?/app", ["team-a/app", "docker.io/team-b/app"], ["team-ab/app", "ghcr.io/team-a/app"]],
    ["team*/app", ["team/app", "team-a/b/app"], ["ghcr.io/team/app"]],
    [
      "ghcr.io/team/*",
      ["ghcr.io/team/app", "GHCR.IO/team/a/b", "ghcr.io:443/team/app", "ghcr.io:0443/team/app"],
      [
        "ghcr.io/team",
        "ghcr.io/teams/app",
        "ghcr.io/x/team/app",
        "ghcr.io:5000/team/app",
        "ghcr.io.evil.com/team/app",
        "evil-ghcr.io/team/app",
        "evil.com/ghcr.io/team/app",
        "team/app",
      ],
    ],
    ["GHCR.io:443/team/app", ["ghcr.io/team/app", "GHCR.IO/team/app"], ["ghcr.io/team/app2"]],
    [
      "*.trusted.example.com/org/*",
      ["x.trusted.example.com/org/app", "a.b.trusted.example.com/org/a/b"],
      [
        "attacker/x.trusted.example.com/org/evil",
        "attacker.io/x.trusted.example.com/org/evil",
        "trusted.example.com/org/app",
        "xtrusted.example.com/org/app",
        "x.trusted.example.com:5000/org/app",
      ],
    ],
    ["registry.example.com:5000/*", ["registry.example.com:5000/a"], ["registry.example.com/a"]],
    ["registry.example.com:*/*", ["registry.example.com:5000/a"], ["registry.example.com/a"]],
    ["registry.example.com*/app", ["registry.example.com:1/app", "registry.example.com.x/app"], []],
    ["[::1]:5000/*", ["[::1]:5000/app"], ["[::1]/app", "[::2]:5000/app"]],
    [
      "localhost/*",
      ["localhost/app", "LOCALHOST/app"],
      ["localhost:5000/app", "docker.io/localhost/app"],
    ],
    ["r?.example.com/a", ["r1.example.com/a"], ["r.example.com/a", "r/example.com/a"]],
    ["ghcr.io/a/*/b", ["ghcr.io/a/x/b", "ghcr.io/a/x/y/b"], ["ghcr.io/a/b"]],
    ["ghcr.io/?", ["ghcr.io/a"], ["ghcr.io/ab"]],
    ["ghcr.io/a?b", ["ghcr.io/a/b", "ghcr.io/a-b"], ["ghcr.io/ab"]],
  ])("%s", (pattern, matching, others) => {
    for (const image of matching) {
      const all = { matches: true, means: true, excludes: true };
      expect(judge(pattern, image), image).toEqual(all);
    }
    for (const image of others) {
      expect(judge(pattern, image), image).toMatchObject({ means: false, excludes: false });
    }
  });

  test.each<[string, string, boolean, boolean]>([
    ["nginx:1.25", "nginx:1.25", true, true],
    ["nginx:1.25", "nginx:1.26", false, false],
    ["nginx:1.25", "nginx", false, false],
    ["nginx:latest", "nginx", true, true],
    ["nginx:l*", "nginx", true, true],
    ["nginx:1.*", "nginx:1.25", true, true],
    ["nginx:1.*", "nginx:10", false, false],
    ["nginx:v?", "nginx:v1", true, true],
    ["nginx:V1", "nginx:v1", false, false],
    ["nginx:*", "nginx", true, true],
    ["*:1", "ghcr.io/a:1", true, true],
    ["*:1", "ghcr.io/a:2", false, false],
    ["ghcr.io/*:1", "ghcr.io/a:1", true, true],
    ["ghcr.io:5000/*:1", "ghcr.io:5000/a:1", true, true],
    // By digest: the tag is only a word that its writer chose.
    ["repo:exempt", `repo:exempt@${DIGEST}`, true, false],
    ["repo:exempt", `repo:other@${DIGEST}`, true, false],
    ["repo:exempt", `repo@${DIGEST}`, true, false],
    ["repo:*", `repo:exempt@${DIGEST}`, true, false],
    ["repo", `repo:exempt@${DIGEST}`, true, true],
    ["other:exempt", `repo:exempt@${DIGEST}`, false, false],
  ])("with a tag: %s and %s", (pattern, image, means, excludes) => {
    expect(judge(pattern, image)).toEqual({ matches: means, means, excludes });
  });

  // A rule demands rather too much than too little; an exemption, and what is known, the other way round.
  test.each([
    ["nginx*", "nginx.evil.io/malware"],
    ["nginx*", "nginx/unit"],
    ["nginx*", "nginxevil/x"],
    ["ngin?*", "nginx.evil.io/malware"],
    ["gh*/app", "ghcr.io/app"],
    ["*/nginx", "ghcr.io/x/nginx"],
    ["*kubewarden/*", "ghcr.io/kubewarden/app:1"],
    ["*/nginx:*", "ghcr.io/team/nginx:1"],
    ["ghcr.io/foo*1.0", "ghcr.io/foo:1.0"],
    ["*-prod", "ghcr.io/foo:x-prod"],
    ["*.trusted.example.com/org/*", "attacker/x.trusted.example.com/org/evil"],
    ["registry.example.com:*/team/*", "registry.example.com:443/team/x:1"],
    ["host.example.com:44?/*", "host.example.com/x"],
    ["index.docker.io*", "index.docker.io/library/nginx:1"],
    ["registry-1.docker.io*", "nginx"],
    ["*.docker.io/*", "index.docker.io/library/nginx:1"],
    ["docker*", "evil/app"],
    ["docker*/*", "evil/app"],
    ["d*/app", "app"],
    ["libr*/nginx", "nginx"],
  ])("%s could mean %s", (pattern, image) => {
    expect(judge(pattern, image)).toEqual({ matches: true, means: false, excludes: false });
  });

  test.each([
    ["nginx*", "nginx-slim", true],
    ["gh*/app", "ghost/app", true],
    ["*nginx*", "nginx.evil.io/malware", true],
    ["*/nginx", "ghcr.io/nginx", true],
    ["ghcr.io/*", "evil.io/ghcr.io/team/app", false],
    ["team/app", "ghcr.io/team/app", false],
    ["registry.example.com:5000/*", "registry.example.com/a", false],
  ])("%s and %s: %s, in every sense", (pattern, image, means) => {
    expect(judge(pattern, image)).toEqual({ matches: means, means, excludes: means });
  });

  test("does not go by a tag beside a digest, in any reading", () => {
    const image = `registry.example.com/app:v1-prod@${DIGEST}`;
    expect(judge("registry.example.com/*-prod", image).matches).toBe(false);
    expect(judge("registry.example.com/*-prod", "registry.example.com/app:v1-prod").matches).toBe(
      true,
    );
  });

  test("is not mistaken for a repository when its port is dropped", () => {
    for (const image of ["harbor:443/team/app:1", "HARBOR/team/app:1", "Harbor:0443/team/app:1"]) {
      const all = { matches: true, means: true, excludes: true };
      expect(judge("harbor:443/team/*", image), image).toEqual(all);
      expect(judge("harbor/team/*", image).means, image).toBe(false);
      expect(callJson("parse_reference", image)).toMatchObject({
        canonical: "harbor:443/team/app:1",
      });
    }
  });

  test("is normalised as the image is: each spelling of one matches each of the other", () => {
    const spellings = ["nginx", "library/nginx", "docker.io/nginx", "docker.io/library/nginx"];
    spellings.push("index.docker.io/nginx", "registry-1.docker.io/library/nginx");
    spellings.push("registry.hub.docker.com/nginx", "Docker.IO:443/nginx", "docker.io:00443/nginx");
    for (const pattern of spellings) {
      for (const image of spellings) expect(judge(pattern, image).matches, pattern).toBe(true);
    }
  });
});

describe("no pattern", () => {
  const CHARACTERS =
    "may have letters, digits, . _ - / : and the wildcards * and ?, and nothing else";
  const HOST_ALONE =
    "names a registry alone: write / and its repositories behind it, as in ghcr.io/*";
  const NOTHING =
    "matches nothing: a repository has letters and digits, with single . _ or -, or /, between them";
  const REGISTRY = "must begin with a host, and an optional port, or with a repository";
  test.each([
    ["a".repeat(513), "has more than 512 bytes"],
    ["https://ghcr.io/*", "must not begin with a scheme such as https://"],
    [`nginx@${DIGEST}`, "must not have a digest; images given by digest are matched by name"],
    ["nginx*@sha256:*", "must not have a digest; images given by digest are matched by name"],
    ["nginx ", CHARACTERS],
    ["^nginx$", CHARACTERS],
    ["ghcr.io/{a,b}", CHARACTERS],
    ["ghcr.io/a+", CHARACTERS],
    ["ghcr.io\\a", CHARACTERS],
    ["ghcr.io/é", CHARACTERS],
    ["nginx\n", CHARACTERS],
    ["/nginx", "must not begin with /"],
    ["ghcr.io/", "must not end in /; end it in /* for everything below"],
    ["*/", "must not end in /; end it in /* for everything below"],
    ["nginx:", "must not end in : without a tag"],
    ["ghcr.io//a", "must not have //"],
    ["-a.io/x", REGISTRY],
    ["a..b/x", REGISTRY],
    ["a.io:x/x", REGISTRY],
    ["[::1/x", REGISTRY],
    ["[::x]:1/x", REGISTRY],
    ["ghcr.io/Team/*", "matches nothing: repositories are in lower case"],
    ["Nginx", "matches nothing: repositories are in lower case"],
    ["*Nginx", "matches nothing: repositories are in lower case"],
    ["ghcr.io/a:b/c", "may have : and [ ] in the registry only"],
    ["ghcr.io/a:1:2", "may have : and [ ] in the registry only"],
    ["ghcr.io/[ab]", "may have : and [ ] in the registry only"],
    ["[a-z]*/x", "may have : and [ ] in the registry only"],
    ["ghcr.io", HOST_ALONE],
    ["registry.example.com:5000", HOST_ALONE],
    ["ghcr.io:443", HOST_ALONE],
    ["localhost:5000", HOST_ALONE],
    ["Team/*", "matches nothing: repositories are in lower case"],
    ["DEV*/app", "matches nothing: repositories are in lower case"],
    [":v1", "has no repository"],
    ["ghcr.io/:v1", "has no repository"],
    ["ghcr.io/a..b", NOTHING],
    ["a/-b", NOTHING],
    ["a.io/b-", NOTHING],
  ])("%j: %s", (pattern, problem) => {
    expect(callJson("match", { pattern, image: "nginx" })).toEqual({ problem });
  });

  test.each([
    ["registry.example.com*", HOST_ALONE],
    ["ghcr.io*:1", HOST_ALONE],
    ["localhost*", HOST_ALONE],
    ["nginx:*", ""],
    ["nginx*:1.*", ""],
    ["ghcr.io*/app", ""],
    ["ghcr.io/*", ""],
    ["*", ""],
    ["*nginx*", ""],
    ["nginx*", ""],
  ])("for an exemption: %j: %j", (pattern, problem) => {
    const answer = callJson<{ excludeProblem: string }>("match", { pattern, image: "nginx" });
    expect(answer.excludeProblem).toBe(problem);
  });

  test("is one of legal length", () => {
    expect(judge(`ghcr.io/${"*".repeat(504)}`, "ghcr.io/a").matches).toBe(true);
  });
});

describe("a glob", () => {
  const glob = (pattern: string, text: string) => call("glob", { glob: pattern, text });

  test("matches what the same regular expression does", () => {
    const pattern = fc.string({ unit: fc.constantFrom("a", "b", "*", "?", "/"), maxLength: 10 });
    const text = fc.string({ unit: fc.constantFrom("a", "b", "/"), maxLength: 14 });
    fc.assert(
      fc.property(pattern, text, (pattern, text) => {
        const source = pattern.replaceAll("*", ".*").replaceAll("?", ".");
        expect(glob(pattern, text)).toBe(String(new RegExp(`^${source}$`).test(text)));
      }),
      { numRuns: 10_000 },
    );
  });

  test.each([
    ["", "", true],
    ["", "a", false],
    ["*", "", true],
    ["?", "", false],
    ["a.c", "abc", false],
    ["a*", "ba", false],
    ["*a", "ab", false],
  ])("%j and %j: %s", (pattern, text, matches) => {
    expect(glob(pattern, text)).toBe(String(matches));
  });

  test("of nothing but stars is soon done with", () => {
    const text = "a".repeat(10_000);
    expect(glob("*a".repeat(250) + "b", text)).toBe("false");
    expect(glob("*".repeat(500), text)).toBe("true");
    expect(glob("*?".repeat(250), text)).toBe("true");
  });

  test("never traps, whatever pattern and image there are", () => {
    const pieces = ["a", "*", "?", "/", ":", ".", "[", "]", "-", "docker.io", "A", "@", "é", " "];
    const text = fc.string({ unit: fc.constantFrom(...pieces), maxLength: 8, minLength: 1 });
    fc.assert(
      fc.property(text, (pattern) => {
        for (const image of ["nginx", "ghcr.io/a/b:c", `localhost:5000/a@${DIGEST}`]) {
          callJson("match", { pattern, image });
        }
      }),
      { numRuns: 3000 },
    );
  });
});
