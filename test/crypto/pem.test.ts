import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { callJson } from "../sdk/units.js";
import { der, pem } from "./crypto.js";

const parse = (text: string) =>
  callJson<{ problem: string; label: string; der: string }>("pem", text);

const BYTES = der(0x30, Buffer.alloc(90, 0x5a));
const HEX = BYTES.toString("hex");
const BLOCK = pem("PUBLIC KEY", BYTES);
const BASE64 = BYTES.toString("base64");

describe("a PEM block", () => {
  test.each([
    ["as OpenSSL writes it", BLOCK],
    ["without the last line's end", BLOCK.trimEnd()],
    ["with CRLF", BLOCK.replaceAll("\n", "\r\n")],
    ["on one line", `-----BEGIN PUBLIC KEY-----${BASE64}-----END PUBLIC KEY-----`],
    ["on three lines", `-----BEGIN PUBLIC KEY-----\n${BASE64}\n-----END PUBLIC KEY-----`],
    ["indented", BLOCK.replaceAll(/^/gm, "    ")],
    ["folded by YAML", BLOCK.replaceAll("\n", " ")],
    ["between empty lines", `\n\n${BLOCK}\n\n \t\n`],
    ["with text before it", `subject=/CN=x\nissuer: y -----\n${BLOCK}`],
  ])("%s", (_, text) => {
    expect(parse(text)).toEqual({ problem: "", label: "PUBLIC KEY", der: HEX });
  });

  test.each(["CERTIFICATE", "EC PRIVATE KEY", "X", ""])("has its label %j", (label) => {
    expect(parse(pem(label, BYTES))).toEqual({ problem: "", label, der: HEX });
  });
});

describe("no PEM block", () => {
  const NO_BEGIN = "is not PEM: it has no line -----BEGIN ...-----";
  const NO_END = "is not PEM: it has no line -----END ...-----";
  const MISMATCH = "is not PEM: its -----END line does not match its -----BEGIN line";
  const TWO = "has more than one PEM block: each must be an item of its own";
  const BEHIND = "has more behind its -----END line";
  const NOT_BASE64 = "is not PEM: what it holds is not base64";
  test.each([
    ["", NO_BEGIN],
    ["junk", NO_BEGIN],
    [BASE64, NO_BEGIN],
    ["----BEGIN PUBLIC KEY----", NO_BEGIN],
    ["-----begin public key-----", NO_BEGIN],
    ["-----END PUBLIC KEY-----", NO_BEGIN],
    ["-----BEGIN ", "is not PEM: its -----BEGIN line does not end in -----"],
    ["-----BEGIN PUBLIC KEY----", "is not PEM: its -----BEGIN line does not end in -----"],
    ["-----BEGIN PUBLIC KEY-----", NO_END],
    [`-----BEGIN PUBLIC KEY-----\n${BASE64}`, NO_END],
    ["-----BEGIN X-----END X-----", NO_END],
    [BLOCK.replace("END PUBLIC", "END PRIVATE"), MISMATCH],
    [BLOCK.trimEnd().slice(0, -1), MISMATCH],
    ["-----BEGIN X-----AAAA-----END ", MISMATCH],
    ["-----BEGIN X-----AAAA-----END X----", MISMATCH],
    [BLOCK + BLOCK, TWO],
    [BLOCK + "-----BEGIN ", TWO],
    [BLOCK + "x", BEHIND],
    [BLOCK + "-----END PUBLIC KEY-----", BEHIND],
    [BLOCK.trimEnd() + "-", BEHIND],
    ["-----BEGIN X----------END X-----", NOT_BASE64],
    ["-----BEGIN X-----\n \n-----END X-----", NOT_BASE64],
    ["-----BEGIN X-----AAA-----END X-----", NOT_BASE64],
    ["-----BEGIN X-----AA-_-----END X-----", NOT_BASE64],
    ["-----BEGIN X-----AB==-----END X-----", NOT_BASE64],
    ["-----BEGIN X-----\nxxxxx\n-----END X-----", NOT_BASE64],
    ["-----BEGIN X-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END X-----", NOT_BASE64],
    ["-----BEGIN X-----AAAA\u00a0-----END X-----", NOT_BASE64],
  ])("%j: %s", (text, problem) => {
    expect(parse(text!)).toEqual({ problem, label: "", der: "" });
  });

  test("traps", () => {
    const pieces = ["-----BEGIN ", "-----END ", "-----", "X", "AAAA", "\n", "=", "é", " ", "-"];
    const text = fc.string({ unit: fc.constantFrom(...pieces), maxLength: 12 });
    fc.assert(
      fc.property(text, (text) => void parse(text)),
      { numRuns: 5000 },
    );
  });
});
