import { describe, expect, test } from "vitest";
import { parseFieldSelector } from "../../host/kubernetes/field-selector.js";
import { parseLabelSelector } from "../../host/kubernetes/label-selector.js";
import { prune } from "../../host/kubernetes/mask.js";

describe("a label selector", () => {
  const labels = { app: "web", env: "prod", empty: "", n: "5", "example.com/team": "a-b_c.d" };

  test.each([
    ["", true],
    [" \t\r\n", true],
    ["app=web", true],
    ["app == web", true],
    ["app=db", false],
    ["app==", false],
    ["none=x", false],
    ["none=", false],
    ["empty=", true],
    ["empty=,app=web", true],
    ["app!=web", false],
    ["app!=db", true],
    ["none!=x", true],
    ["app", true],
    ["none", false],
    ["toString", false],
    ["!app", false],
    ["! none", true],
    ["env in (prod, test)", true],
    ["env in(prod)", true],
    ["env in (test)", false],
    ["none in (test)", false],
    ["empty in ()", true],
    ["empty in (a,)", true],
    ["empty in (,a)", true],
    ["empty in (a,,b)", true],
    ["env in ()", false],
    ["env notin (test)", true],
    ["env notin (prod)", false],
    ["none notin (test)", true],
    ["n>4", true],
    ["n > 5", false],
    ["n<6", true],
    ["n<5", false],
    ["n<10", true],
    ["app>1", false],
    ["none<1", false],
    ["app=web, env in (prod,test), !none", true],
    ["app=web,env notin (prod,test)", false],
    ["example.com/team=a-b_c.d", true],
    ["in notin (in),app=web", true],
    ["app in (in,notin,web)", true],
  ])("%j: %s", (text, expected) => expect(parseLabelSelector(text)(labels)).toBe(expected));

  // The messages are an API server's, of version 1.34: `make e2e-cluster` compares them with a real one's.
  test.each([
    ["a=b=c", "found '=', expected: ',' or 'end of string'"],
    ["!a=b", "found '=', expected: ',' or 'end of string'"],
    ["a,", "found '', expected: identifier after ','"],
    ["a,,b", "found ',', expected: identifier after ','"],
    ["=x", "found '=', expected: !, identifier, or 'end of string'"],
    [",a", "found ',', expected: !, identifier, or 'end of string'"],
    ["!", "unable to parse requirement: found '', expected: identifier"],
    ["!!a", "unable to parse requirement: found '!', expected: identifier"],
    ["a b", "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
    ["in (a)", "unable to parse requirement: found '(', expected: in, notin, =, ==, !=, gt, lt"],
    ["a in b", "unable to parse requirement: found 'b' expected: '('"],
    ["a in (b", "unable to parse requirement: found '', expected: ',' or ')'"],
    ["a in (b c)", "unable to parse requirement: found 'c', expected: ',' or ')'"],
    ["a=(b)", "unable to parse requirement: found '(', expected: identifier"],
    ["a>x", "for 'Gt', 'Lt' operators, the value must be an integer"],
    ["-a", '<nil>: Invalid value: "-a": name part must consist of alphanumeric characters'],
    ["a/b/c", '<nil>: Invalid value: "a/b/c": a qualified name must consist of'],
    ["/a", '<nil>: Invalid value: "/a": prefix part must be non-empty'],
    ["X.com/a", '<nil>: Invalid value: "X.com/a": prefix part a lowercase RFC 1123 subdomain'],
    ["a.b/", '<nil>: Invalid value: "a.b/": name part must be non-empty; name part must consist'],
    [`${"a".repeat(64)}=b`, "name part must be no more than 63 characters"],
    [`${"a".repeat(254)}/b`, "prefix part must be no more than 253 characters"],
    ["a=b-", 'values[0][a]: Invalid value: "b-": a valid label must be an empty string or'],
    ["a in (b,c-)", 'values[1][a]: Invalid value: "c-": a valid label must be'],
    [`a=${"b".repeat(64)}`, "must be no more than 63 characters"],
  ])("%j is none", (text, message) => expect(() => parseLabelSelector(text)).toThrow(message));

  test("of a megabyte is read at once", () => {
    expect(parseLabelSelector(`app in (${"a,".repeat(500_000)}web)`)(labels)).toBe(true);
    expect(() => parseLabelSelector("!".repeat(1_000_000))).toThrow("expected: identifier");
    expect(() => parseLabelSelector(`${"a".repeat(1_000_000)}/-`)).toThrow("no more than 253");
  });
});

describe("a field selector", () => {
  const fields = { "metadata.name": "a,b=c\\", "metadata.namespace": "prod" };

  test.each([
    ["", true],
    [",", true],
    ["metadata.namespace=prod", true],
    ["metadata.namespace==prod", true],
    ["metadata.namespace=test", false],
    ["metadata.namespace!=test", true],
    ["metadata.namespace!=prod", false],
    ["metadata.name=a\\,b\\=c\\\\", true],
    ["metadata.name=a\\,b\\=c\\\\,metadata.namespace=prod", true],
    ["metadata.namespace=prod,metadata.name=x", false],
    ["metadata.namespace= prod", false],
  ])("%j: %s", (text, expected) => expect(parseFieldSelector(text)(fields)).toBe(expected));

  test("of what is in no namespace", () => {
    expect(parseFieldSelector("metadata.namespace=")({ "metadata.name": "x" })).toBe(true);
  });

  test.each([
    ["metadata.name", "invalid selector: 'metadata.name'; can't understand 'metadata.name'"],
    ["metadata.name=a=b", "invalid field selector: unescaped character in value: 61"],
    ["metadata.name=a\\b", "invalid field selector: invalid escape sequence: \\b"],
    ["metadata.name=a\\", "invalid field selector: invalid escape sequence: \\"],
    [
      "spec.nodeName=x",
      '"spec.nodeName" is not a known field selector: only "metadata.name", "metadata.namespace"',
    ],
  ])("%j is none", (text, message) => expect(() => parseFieldSelector(text)).toThrow(message));
});

test("a field of a custom kind that is none is told in other words", () => {
  expect(() => parseFieldSelector("spec.x=y", false)).toThrow("field label not supported: spec.x");
});

// The cases of policy-evaluator's own tests, and what its code says of the rest.
describe("field masks", () => {
  const user = { name: "A", age: 3, metadata: { id: 1, active: true } };
  const pruned: [object, string[], object][] = [
    [{ a: { b: 1, c: 2 }, d: 3 }, ["a.b", "d"], { a: { b: 1 }, d: 3 }],
    [
      { user, other: 1 },
      ["user.name", "user.metadata.id"],
      { user: { name: "A", metadata: { id: 1 } } },
    ],
    [
      { users: [user, { name: "B" }, 5], count: 2 },
      ["users.name"],
      { users: [{ name: "A" }, { name: "B" }, 5] },
    ],
    [{ user, other: 1 }, ["user"], { user }],
    [{ user }, ["user", "user.age"], { user: { age: 3 } }],
    [{ a: 1 }, ["a.b"], { a: 1 }],
    [{ a: 1 }, ["toString", "__proto__"], {}],
    [{ a: 1 }, [], { a: 1 }],
  ];
  test.each(pruned)("of %j, %j: %j", (object, masks, expected) => {
    expect(prune(object as never, masks)).toEqual(expected);
  });
});
