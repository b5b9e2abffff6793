import { generateKeyPairSync, sign } from "node:crypto";
import { describe, expect, test } from "vitest";
import { CARRIERS, decideFiles } from "./files.js";

const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
const rule = {
  image: "*",
  pubKeys: [publicKey.export({ type: "spki", format: "pem" }).toString()],
};
const digest = `sha256:${"a".repeat(64)}`;
const other = `sha256:${"b".repeat(64)}`;
const image = `registry.example.com/web@${digest}`;

/** What comes of a payload that is properly signed. */
function codeOf(payload: string, annotations: Record<string, string> = {}): string | undefined {
  const sig = sign("sha256", Buffer.from(payload), privateKey).toString("base64");
  const at = CARRIERS["annotations"]!;
  const answer = decideFiles(image, { ...rule, annotations }, [{ sig, payload }], at);
  expect(answer.accepted).toBe(answer.message == null);
  return /\[([a-z0-9-]+)\]$/.exec(answer.message ?? "")?.[1];
}

const type = '"type":"cosign container image signature"';
const identity = '"identity":{"docker-reference":"web"}';
const named = `"image":{"docker-manifest-digest":"${digest}"}`;
const whole = (critical: string, rest = ',"optional":null') => `{"critical":{${critical}}${rest}}`;
const good = [identity, named, type].join(",");
const optional = (object: string) => whole(good, `,"optional":${object}`);

describe("a payload that is signed means one thing", () => {
  test.each<[string, string]>([
    ["as cosign writes it", whole(good)],
    ["with spaces, and in another order", ` ${whole([type, named, identity].join(" ,\n"))}\n`],
    ["without optional", whole(good, "")],
    ["with annotations of any kind", optional('{"a":1,"b":{"c":[true]},"d":null,"e":"f"}')],
    [
      "with 64 annotations",
      optional(JSON.stringify(Object.fromEntries(Array(64).fill(1).entries()))),
    ],
    ["of another repository", whole(good.replace('"web"', '"elsewhere"'))],
    ["with a key in escapes", whole(good).replace("critical", "\\u0063ritical")],
  ])("accepted %s", (_, payload) => {
    expect(codeOf(payload)).toBeUndefined();
  });

  test.each<[string, string, string]>([
    ["that is empty", " ", "payload-malformed"],
    ["that is cut off", whole(good).slice(0, -1), "payload-malformed"],
    ["with more behind it", `${whole(good)}{}`, "payload-malformed"],
    ["with a byte order mark", `\ufeff${whole(good)}`, "payload-malformed"],
    ["that is a list", `[${whole(good)}]`, "payload-type"],
    ["without a type", whole([identity, named].join(",")), "payload-type"],
    ["of a number as its type", whole([identity, named, '"type":1'].join(",")), "payload-type"],
    ["of a longer type", whole(good.replace("signature", "signatures")), "payload-type"],
    ["of an attestation", '{"_type":"https://in-toto.io/Statement/v1"}', "payload-type"],
    ["in an envelope", '{"payloadType":"application/vnd.in-toto+json"}', "payload-type"],
    ["with its type twice", whole(`${good},${type}`), "payload-malformed"],
    ["with its image twice", whole(`${good},${named}`), "payload-malformed"],
    ["with an image in another case", whole(`${good},"Image":{}`), "payload-malformed"],
    [
      "with another digest in another case",
      whole(good.replace(`${digest}"`, `${digest}","Docker-Manifest-Digest":"${other}"`)),
      "payload-malformed",
    ],
    [
      "with another digest in escapes",
      whole(good.replace(`${digest}"`, `${digest}","docker-manifest\\u002ddigest":"${other}"`)),
      "payload-malformed",
    ],
    ["with critical twice", whole(good, ',"critical":{}'), "payload-malformed"],
    ["with optional twice", optional('{},"optional":{}'), "payload-malformed"],
    ["with another field", whole(good, ',"more":1'), "payload-malformed"],
    ["with another identity", whole(good.replace('"web"', '"web","a":1')), "payload-malformed"],
    ["without an identity", whole([named, type].join(",")), "payload-malformed"],
    [
      "with an identity that is a text",
      whole(`"identity":"",${named},${type}`),
      "payload-malformed",
    ],
    ["without an image", whole([identity, type].join(",")), "payload-malformed"],
    ["of a digest that is a list", whole(good.replace(`"${digest}"`, "[]")), "payload-malformed"],
    ["with optional as a list", optional("[]"), "payload-malformed"],
    ["with an annotation twice", optional('{"a":"1","a":"2"}'), "payload-malformed"],
    ["with one twice, in escapes", optional('{"a":"1","\\u0061":"1"}'), "payload-malformed"],
    [
      "with 65 annotations",
      optional(JSON.stringify(Object.fromEntries(Array(65).fill(1).entries()))),
      "payload-malformed",
    ],
    ["of another image", whole(good.replace(digest, other)), "payload-digest"],
    [
      "of a digest in upper case",
      whole(good.replace(digest, digest.toUpperCase())),
      "payload-digest",
    ],
    ["of a digest with a space", whole(good.replace(digest, `${digest} `)), "payload-digest"],
  ])("rejected %s", (_, payload, code) => {
    expect(codeOf(payload)).toBe(code);
  });

  test.each<[string, string, string | undefined]>([
    ["has it", '{"env":"prod","more":1}', undefined],
    ["has it in escapes", '{"\\u0065nv":"pr\\u006fd"}', undefined],
    ["has none", "null", "payload-annotations"],
    ["has another value", '{"env":"test"}', "payload-annotations"],
    ["has the name in another case", '{"Env":"prod"}', "payload-annotations"],
    ["has a list of it", '{"env":["prod"]}', "payload-annotations"],
    ["has it below", '{"a":{"env":"prod"}}', "payload-annotations"],
  ])("where env: prod is asked for, and it %s", (_, annotations, code) => {
    expect(codeOf(optional(annotations), { env: "prod" })).toBe(code);
  });
});
