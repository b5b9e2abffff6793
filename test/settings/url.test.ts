import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { call } from "../sdk/units.js";

const problem = (url: string) => call("url", url);

describe("a URL prefix", () => {
  test.each([
    "https://github.com/",
    "https://github.com",
    "http://github.com/kubewarden",
    "https://github.com/kubewarden/app/.github/workflows/ci.yml@refs/tags/",
    "https://GitHub.com/x",
    "https://a",
    "https://localhost:8080/",
    "https://a:1",
    "https://a:65535/",
    "https://a-b.c-d.example/a.b/..c/...",
    "https://1.2.3.4/",
    "https://255.255.255.255:443/",
    "https://1a.example/",
    "https://a/%41%zz",
    `https://${"a".repeat(63)}.example/`,
  ])("%s", (url) => {
    expect(problem(url)).toBe("");
  });
});

describe("no URL prefix", () => {
  const SCHEME = "must be an absolute URL that begins with https:// or http://";
  const ASCII = "must have printable ASCII characters only";
  const BACKSLASH = "must not have a backslash";
  const USER = "must not have user info before its host";
  const PORT = "has no port behind its host's :";
  const QUERY = "must not have a query or a fragment";
  const DOTS = "must not have . or .. for a part of its path";
  const HOST = "must have a domain name or an IPv4 address for its host";
  test.each([
    ["/kubewarden", SCHEME],
    ["github.com", SCHEME],
    ["//github.com/", SCHEME],
    ["ftp://github.com/", SCHEME],
    ["HTTPS://github.com/", SCHEME],
    ["https:/github.com/", SCHEME],
    ["https:github.com/", SCHEME],
    [" https://github.com/", SCHEME],
    ["javascript:alert(1)", SCHEME],
    ["https://github.com/a b", ASCII],
    ["https://github.com/\n", ASCII],
    ["https://github.com/\t", ASCII],
    ["https://github.com/é", ASCII],
    ["https://gıthub.com/", ASCII],
    ["https://github.com/\u007f", ASCII],
    ["https://github.com\\evil.io/", BACKSLASH],
    ["https://github.com/\\", BACKSLASH],
    ["https://user@github.com/", USER],
    ["https://user:pass@github.com/", USER],
    ["https://@github.com/", USER],
    ["https://github.com:443@evil.io/", USER],
    ["https://github.com:/", PORT],
    ["https://github.com:0/", PORT],
    ["https://github.com:65536/", PORT],
    ["https://github.com:000443/", PORT],
    ["https://github.com:44a/", PORT],
    ["https://github.com:1:2/", PORT],
    ["https://[::1]/", PORT],
    ["https:///", HOST],
    ["https://", HOST],
    ["https://?q", QUERY],
    ["https://a?b@c", QUERY],
    ["https://a.example/#f", QUERY],
    ["https://github.com/acme/../", DOTS],
    ["https://github.com/acme/..", DOTS],
    ["https://github.com/./acme", DOTS],
    ["https://github.com/acme/%2e%2E/x", DOTS],
    ["https://github.com/acme/.%2e", DOTS],
    ["https://.github.com/", HOST],
    ["https://github.com./", HOST],
    ["https://github..com/", HOST],
    ["https://-github.com/", HOST],
    ["https://github-.com/", HOST],
    ["https://git_hub.com/", HOST],
    ["https://github%2ecom/", HOST],
    ["https://*.github.com/", HOST],
    ["https://xn--a/", HOST],
    ["https://xn--bcher-kva.example/", HOST],
    ["https://ab--c.example/", HOST],
    [`https://${"a".repeat(64)}.example/`, HOST],
    ["https://1.2.3/", HOST],
    ["https://1.2.3.4.5/", HOST],
    ["https://1.2.3.256/", HOST],
    ["https://1.2.3.04/", HOST],
    ["https://01.2.3.4/", HOST],
    ["https://127.1/", HOST],
    ["https://2130706433/", HOST],
    ["https://0x7f.0.0.1/", HOST],
    ["https://127.0.0.0x1/", HOST],
    ["https://a.1/", HOST],
    ["https://a.0x/", HOST],
  ])("%j: %s", (url, expected) => {
    expect(problem(url)).toBe(expected);
  });
});

test("what is taken is the same host and port for the URL standard", () => {
  const pieces = [
    "a",
    "b-c",
    ".",
    "1",
    "255",
    "0x7f",
    "xn--",
    ":",
    ":443",
    ":0",
    "/",
    "?",
    "#",
    "@",
  ];
  pieces.push("\\", "%41", "-", "_", "é", "[::1]", " ", "example", "--", "A");
  const rest = fc.string({ unit: fc.constantFrom(...pieces), minLength: 1, maxLength: 7 });
  const byte = fc.string({ unit: "binary-ascii", maxLength: 12 });
  let taken = 0;
  fc.assert(
    fc.property(fc.constantFrom("https", "http"), fc.oneof(rest, byte), (scheme, rest) => {
      const url = `${scheme}://${rest}`;
      if (problem(url) !== "") return;
      taken++;
      const parsed = new URL(url);
      const authority = rest.split(/[/?#]/, 1)[0]!.toLowerCase();
      const [host, port] = authority.split(":") as [string, string?];
      expect(parsed.protocol).toBe(`${scheme}:`);
      expect(parsed.hostname).toBe(host);
      expect(parsed.username + parsed.password).toBe("");
      const standard = scheme === "https" ? "443" : "80";
      expect(parsed.port || standard).toBe(port ? String(Number(port)) : standard);
    }),
    { numRuns: 20_000 },
  );
  expect(taken).toBeGreaterThan(1000);
});
