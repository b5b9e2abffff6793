import { describe, expect, test } from "vitest";
import { der } from "../crypto/crypto.js";
import { callJson } from "../sdk/units.js";
import { fixtureFile } from "./certificates.js";
import * as make from "./make.js";

const KINDS = ["email", "uri", "username"];

interface Holder {
  kind: number;
  subject: string;
  issuer: string | null;
  repository: string | null;
}

function holder(bytes: Buffer): string | [string, string, string | null, string | null] {
  const read = callJson<Holder | string>("x509.holder", Uint8Array.from(bytes));
  if (typeof read === "string") return read;
  return [KINDS[read.kind]!, read.subject, read.issuer, read.repository];
}

const { email, extension, names, oid, uri, utf8 } = make;
const FULCIO = "1.3.6.1.4.1.57264.1";
const bare = (id: number, text: string) => extension(`${FULCIO}.${id}`, Buffer.from(text));
const encoded = (id: number, text: string) => extension(`${FULCIO}.${id}`, utf8(text));
const username = (type: string, value: Buffer) => der(0xa0, oid(type), der(0xa0, value));
const of = (...extensions: Buffer[]) => holder(make.make({ extensions }));

const DEV = "dev@demo.example";
const ACCOUNTS = "https://accounts.demo.example";
const ACTIONS = "https://token.actions.githubusercontent.com";
const WORKFLOW = "https://github.com/demo/app/.github/workflows/release.yml@refs/heads/main";
const named = names(email(DEV));

describe("whom a certificate is for", () => {
  test.each([
    ["g-cert-valid", ["email", DEV, null, null]],
    ["l-fulcio-email", ["email", DEV, ACCOUNTS, null]],
    ["l-fulcio-v1-only", ["email", DEV, ACCOUNTS, null]],
    ["l-fulcio-v2-only", ["email", DEV, ACCOUNTS, null]],
    // Its extensions name the repository on GitHub, and one elsewhere.
    ["l-fulcio-uri", ["uri", WORKFLOW, ACTIONS, null]],
    [
      "l-fulcio-issuers-differ",
      "the certificate names two different issuers of its holder's identity [certificate-issuers-differ]",
    ],
  ])("of %s", (name, expected) => {
    expect(holder(fixtureFile(name, "keys/leaf.pem")[0]!)).toEqual(expected);
  });

  type Case = [string, Buffer[], ReturnType<typeof holder>];
  const cases: Case[] = [
    ["an e-mail address", [named], ["email", DEV, null, null]],
    ["a URI", [names(uri(WORKFLOW))], ["uri", WORKFLOW, null, null]],
    [
      "a user name",
      [names(username(`${FULCIO}.7`, utf8("zoë!demo.example")))],
      ["username", "zoë!demo.example", null, null],
    ],
    ["the former issuer", [named, bare(1, ACCOUNTS)], ["email", DEV, ACCOUNTS, null]],
    ["the issuer", [named, encoded(8, ACCOUNTS)], ["email", DEV, ACCOUNTS, null]],
    [
      "both issuers",
      [encoded(8, ACCOUNTS), bare(1, ACCOUNTS), named],
      ["email", DEV, ACCOUNTS, null],
    ],
    ["an issuer that looks like DER", [named, bare(1, ".x")], ["email", DEV, ".x", null]],
    ["the workflow's repository", [named, bare(5, "demo/app")], ["email", DEV, null, "demo/app"]],
    [
      "the source repository",
      [named, encoded(12, "https://github.com/demo/app")],
      ["email", DEV, null, "demo/app"],
    ],
    [
      "both repositories",
      [named, bare(5, "demo/app"), encoded(12, "https://github.com/demo/app")],
      ["email", DEV, null, "demo/app"],
    ],
    [
      "two repositories",
      [named, bare(5, "demo/app"), encoded(12, "https://github.com/demo/lib")],
      ["email", DEV, null, null],
    ],
    [
      "a repository in another spelling",
      [named, bare(5, "demo/app"), encoded(12, "https://github.com/Demo/app")],
      ["email", DEV, null, null],
    ],
    [
      "a repository elsewhere",
      [named, encoded(12, "https://gitlab.com/demo/app")],
      ["email", DEV, null, null],
    ],
    [
      "a repository elsewhere too",
      [named, bare(5, "demo/app"), encoded(12, "https://gitlab.com/demo/app")],
      ["email", DEV, null, null],
    ],
    [
      "extensions that are not read",
      [named, encoded(9, "x"), bare(2, "push"), encoded(22, "public"), encoded(1000, "x")],
      ["email", DEV, null, null],
    ],
    [
      "issuers of others",
      [named, extension("1.3.6.1.4.1.57265.1.8", utf8("x")), extension(`${FULCIO}.8.1`, utf8("x"))],
      ["email", DEV, null, null],
    ],
  ];
  test.each(cases)("%s", (_, extensions, expected) => {
    expect(of(...extensions)).toEqual(expected);
  });
});

const BROKEN = "the name of the certificate's holder is broken [certificate-subject-missing]";
const AMBIGUOUS =
  "the certificate has more than one name of its holder [certificate-subject-ambiguous]";
const OTHER =
  "the certificate names its holder by no e-mail address, URI or user name [certificate-subject-missing]";

describe("no holder", () => {
  const type = `${FULCIO}.7`;
  const dns = der(0x82, Buffer.from("demo.example"));
  test.each([
    ["no names", [], "the certificate does not name its holder [certificate-subject-missing]"],
    ["an empty list of names", [names()], BROKEN],
    ["two e-mail addresses", [names(email(DEV), email("eve@demo.example"))], AMBIGUOUS],
    ["the same address twice", [names(email(DEV), email(DEV))], AMBIGUOUS],
    ["an address and a URI", [names(email(DEV), uri(WORKFLOW))], AMBIGUOUS],
    ["a domain and an address", [names(dns, email(DEV))], AMBIGUOUS],
    ["a domain", [names(dns)], OTHER],
    ["an IP address", [names(der(0x87, Buffer.of(127, 0, 0, 1)))], OTHER],
    ["a constructed address", [names(der(0xa1, Buffer.from(DEV)))], OTHER],
    ["an empty address", [names(email(""))], BROKEN],
    ["an address with a NUL", [names(email(`${DEV}\0.evil.example`))], BROKEN],
    ["an address with a line's end", [names(email(`${DEV}\n`))], BROKEN],
    ["an address with a space", [names(email(`${DEV} `))], BROKEN],
    ["an address with DEL", [names(email(`${DEV}\x7f`))], BROKEN],
    ["an address that is not ASCII", [names(email("zoë@demo.example"))], BROKEN],
    ["a URI with a NUL", [names(uri(`${WORKFLOW}\0`))], BROKEN],
    [
      "a user name of another type",
      [names(username("1.3.6.1.4.1.311.20.2.3", utf8("dev")))],
      BROKEN,
    ],
    [
      "a user name in another string",
      [names(username(type, der(0x16, Buffer.from("dev"))))],
      BROKEN,
    ],
    [
      "two user names in one",
      [names(username(type, Buffer.concat([utf8("a"), utf8("b")])))],
      BROKEN,
    ],
    ["an empty user name", [names(username(type, utf8("")))], BROKEN],
    ["a user name with a NUL", [names(username(type, utf8("dev\0")))], BROKEN],
    ["a user name that is not UTF-8", [names(username(type, der(0x0c, Buffer.of(0xff))))], BROKEN],
    [
      "something behind the user name",
      [names(der(0xa0, oid(type), der(0xa0, utf8("a")), make.NULL))],
      BROKEN,
    ],
    ["a bare name", [extension("2.5.29.17", email(DEV))], BROKEN],
    [
      "something behind the names",
      [extension("2.5.29.17", Buffer.concat([der(0x30, email(DEV)), make.NULL]))],
      BROKEN,
    ],
    ["a multi-byte tag", [names(Buffer.of(0x9f, 0x01, 0x01, 0x41))], BROKEN],
  ])("%s", (_, extensions, problem) => {
    expect(of(...extensions)).toBe(problem);
  });

  const SAYS =
    "what the certificate says of its holder's issuer or repository is broken [certificate-malformed]";
  const DIFFER =
    "the certificate names two different issuers of its holder's identity [certificate-issuers-differ]";
  test.each([
    ["two issuers", [bare(1, ACCOUNTS), encoded(8, ACTIONS)], DIFFER],
    ["issuers with and without a slash", [bare(1, ACCOUNTS), encoded(8, `${ACCOUNTS}/`)], DIFFER],
    ["an encoded former issuer", [extension(`${FULCIO}.1`, utf8(ACCOUNTS))], SAYS],
    ["a bare issuer", [bare(8, ACCOUNTS)], SAYS],
    [
      "an issuer in another string",
      [extension(`${FULCIO}.8`, der(0x13, Buffer.from(ACCOUNTS)))],
      SAYS,
    ],
    [
      "something behind the issuer",
      [extension(`${FULCIO}.8`, Buffer.concat([utf8(ACCOUNTS), make.NULL]))],
      SAYS,
    ],
    ["an empty issuer", [encoded(8, "")], SAYS],
    ["an empty former issuer", [bare(1, "")], SAYS],
    ["an issuer with a NUL", [encoded(8, `${ACCOUNTS}\0`)], SAYS],
    [
      "an issuer that is not UTF-8",
      [extension(`${FULCIO}.8`, der(0x0c, Buffer.of(0xc0, 0x80)))],
      SAYS,
    ],
    ["a repository with a line's end", [bare(5, "demo/app\n")], SAYS],
    ["a bare source repository", [bare(12, "https://github.com/demo/app")], SAYS],
  ])("but %s", (_, extensions, problem) => {
    expect(of(named, ...extensions)).toBe(problem);
  });
});
