import { describe, expect, test } from "vitest";
import { callJson } from "../sdk/units.js";
import * as make from "./make.js";

const { email, extension, names, uri, utf8 } = make;
const FULCIO = "1.3.6.1.4.1.57264.1";
const ACCOUNTS = "https://accounts.demo.example";
const ACTIONS = "https://token.actions.githubusercontent.com";
const WORKFLOW = "https://github.com/demo/app/.github/workflows/release.yml@refs/heads/main";

interface Held {
  name: Buffer;
  issuer?: string;
  repository?: string;
}

function certificate({ name, issuer, repository }: Held): string {
  const extensions = [names(name)];
  if (issuer) extensions.push(extension(`${FULCIO}.8`, utf8(issuer)));
  if (repository) extensions.push(extension(`${FULCIO}.5`, Buffer.from(repository)));
  return make.make({ extensions }).toString("base64");
}

const dev = { name: email("dev@demo.example"), issuer: ACCOUNTS };
const workflow = { name: uri(WORKFLOW), issuer: ACTIONS, repository: "demo/app" };

type Wanted = Record<string, string | null>;
const matches = (held: Held, wanted: Wanted) =>
  callJson<boolean>("x509.match", { certificate: certificate(held), ...wanted });

describe("exactly", () => {
  const subject = "dev@demo.example";
  test.each<[string, Held, Wanted, boolean]>([
    ["an address", dev, { issuer: ACCOUNTS, subject }, true],
    ["a URI", workflow, { issuer: ACTIONS, subject: WORKFLOW }, true],
    ["another issuer", dev, { issuer: ACTIONS, subject }, false],
    ["an issuer with a slash", dev, { issuer: `${ACCOUNTS}/`, subject }, false],
    [
      "a longer issuer",
      { ...dev, issuer: `${ACCOUNTS}.evil` },
      { issuer: ACCOUNTS, subject },
      false,
    ],
    ["no issuer", { name: dev.name }, { issuer: ACCOUNTS, subject }, false],
    ["no issuer, and none wanted", { name: dev.name }, { issuer: "", subject }, false],
    ["an address in capitals", dev, { issuer: ACCOUNTS, subject: "Dev@demo.example" }, false],
    ["a longer address", dev, { issuer: ACCOUNTS, subject: `${subject}.evil` }, false],
    ["the beginning of an address", dev, { issuer: ACCOUNTS, subject: "dev@demo" }, false],
    ["nobody", dev, { issuer: ACCOUNTS, subject: "" }, false],
  ])("%s", (_, held, wanted, expected) => {
    expect(matches(held, wanted)).toBe(expected);
  });
});

describe("below a URL", () => {
  test.each<[string, Held, string, boolean]>([
    ["an owner", workflow, "https://github.com/demo", true],
    ["an owner with a slash", workflow, "https://github.com/demo/", true],
    ["a repository", workflow, "https://github.com/demo/app", true],
    ["a host", workflow, "https://github.com", true],
    ["the workflow without its revision", workflow, WORKFLOW.split("@")[0]!, false],
    ["the whole subject", workflow, WORKFLOW, false],
    ["more than the subject", workflow, `${WORKFLOW}/x`, false],
    ["half a name", workflow, "https://github.com/dem", false],
    [
      "a path that leads elsewhere",
      { ...workflow, name: uri("https://github.com/demo/../evil/x") },
      "https://github.com/demo",
      false,
    ],
    [
      "a path that leads elsewhere in other words",
      { ...workflow, name: uri("https://github.com/demo/%2e%2E/evil/x") },
      "https://github.com/demo",
      false,
    ],
    ["a host's beginning", workflow, "https://github.co", false],
    ["another owner", workflow, "https://github.com/evil", false],
    ["another spelling", workflow, "https://github.com/Demo", false],
    ["nothing", workflow, "", false],
    ["a slash", workflow, "/", false],
    [
      "an address that looks like a URL",
      { ...workflow, name: email(WORKFLOW) },
      "https://github.com/demo",
      false,
    ],
    [
      "the subject and a slash",
      { ...workflow, name: uri("https://x.example/a/") },
      "https://x.example/a",
      true,
    ],
    ["another issuer", { ...workflow, issuer: ACCOUNTS }, "https://github.com/demo", false],
    ["no issuer", { name: workflow.name }, "https://github.com/demo", false],
  ])("%s", (_, held, urlPrefix, expected) => {
    expect(matches(held, { issuer: ACTIONS, urlPrefix })).toBe(expected);
  });
});

describe("a GitHub workflow", () => {
  const shared = "https://github.com/shared/flows/.github/workflows/release.yml@refs/tags/v1";
  test.each<[string, Held, Wanted, boolean]>([
    ["of the owner", workflow, { owner: "demo", repo: null }, true],
    ["of the repository", workflow, { owner: "demo", repo: "app" }, true],
    ["that is shared", { ...workflow, name: uri(shared) }, { owner: "demo", repo: "app" }, false],
    [
      "that is shared within its owner's repositories, for the owner",
      { ...workflow, repository: "demo/lib" },
      { owner: "demo", repo: null },
      true,
    ],
    [
      "that is shared within its owner's repositories, for one of them",
      { ...workflow, repository: "demo/lib" },
      { owner: "demo", repo: "app" },
      false,
    ],
    [
      "that has no path",
      { ...workflow, name: uri("https://github.com/demo/app") },
      { owner: "demo", repo: "app" },
      false,
    ],
    [
      "that is shared, by its own owner",
      { ...workflow, name: uri(shared) },
      { owner: "shared", repo: null },
      false,
    ],
    ["of another owner", workflow, { owner: "evil", repo: null }, false],
    [
      "of a longer owner",
      { ...workflow, repository: "demo-evil/app" },
      { owner: "demo", repo: null },
      false,
    ],
    ["of an owner in capitals", workflow, { owner: "Demo", repo: null }, false],
    ["of another repository", workflow, { owner: "demo", repo: "lib" }, false],
    [
      "of a longer repository",
      { ...workflow, repository: "demo/app2" },
      { owner: "demo", repo: "app" },
      false,
    ],
    [
      "of a repository below",
      { ...workflow, repository: "demo/app/x" },
      { owner: "demo", repo: "app" },
      false,
    ],
    [
      "of a repository below, for its owner",
      { ...workflow, repository: "demo/app/x" },
      { owner: "demo", repo: null },
      false,
    ],
    ["of an owner only", { ...workflow, repository: "demo" }, { owner: "demo", repo: null }, false],
    [
      "of an owner and nothing",
      { ...workflow, repository: "demo/" },
      { owner: "demo", repo: null },
      false,
    ],
    ["of nobody", { ...workflow, repository: "/app" }, { owner: "", repo: "app" }, false],
    [
      "without a repository",
      { ...workflow, repository: undefined },
      { owner: "demo", repo: "app" },
      false,
    ],
    ["by another issuer", { ...workflow, issuer: ACCOUNTS }, { owner: "demo", repo: "app" }, false],
    [
      "by a longer issuer",
      { ...workflow, issuer: `${ACTIONS}/` },
      { owner: "demo", repo: "app" },
      false,
    ],
    ["by no issuer", { ...workflow, issuer: undefined }, { owner: "demo", repo: "app" }, false],
    [
      "on another host",
      { ...workflow, name: uri("https://git.example/demo/app") },
      { owner: "demo", repo: "app" },
      false,
    ],
    [
      "on a longer host",
      { ...workflow, name: uri("https://github.com.evil/demo/app") },
      { owner: "demo", repo: "app" },
      false,
    ],
    [
      "over plain HTTP",
      { ...workflow, name: uri("http://github.com/demo/app") },
      { owner: "demo", repo: "app" },
      false,
    ],
    [
      "by its address",
      { ...workflow, name: email(WORKFLOW) },
      { owner: "demo", repo: "app" },
      false,
    ],
  ])("%s", (_, held, wanted, expected) => {
    expect(matches(held, wanted)).toBe(expected);
  });
});
