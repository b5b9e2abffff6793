import { createHash, generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { describe, expect, test } from "vitest";
import { callJson } from "../sdk/units.js";

interface Answer {
  read?: string;
  size?: number;
  root?: string;
  verify?: string | null;
}

const spki = (key: KeyObject) => key.export({ type: "spki", format: "der" });
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest();

const ecdsa = generateKeyPairSync("ec", { namedCurve: "P-256" });
const ed25519 = generateKeyPairSync("ed25519");
const stranger = generateKeyPairSync("ec", { namedCurve: "P-256" });

const root = sha256(Buffer.from("root"));
const text = `log.example - 42\n1000\n${root.toString("base64")}\n`;

interface Signer {
  privateKey: KeyObject;
  publicKey: KeyObject;
}

const idOf = ({ publicKey }: Signer) => sha256(spki(publicKey));

/** The line of a signer under a text. */
function line(signer: Signer, signed = text, name = "log.example", id = idOf(signer)): string {
  const hash = signer.privateKey.asymmetricKeyType === "ed25519" ? null : "sha256";
  const signature = sign(hash, Buffer.from(signed), signer.privateKey);
  return `— ${name} ${Buffer.concat([id.subarray(0, 4), signature]).toString("base64")}\n`;
}

const ask = (note: string, signer: Signer = ecdsa, id = idOf(signer)) =>
  callJson<Answer>("checkpoint", {
    note,
    key: spki(signer.publicKey).toString("base64"),
    id: id.toString("base64"),
  });

const good = `${text}\n${line(ecdsa)}`;

describe("a checkpoint", () => {
  test("is what its log signed", () => {
    expect(ask(good)).toEqual({ size: 1000, root: root.toString("hex"), verify: null });
  });

  test("may be signed with Ed25519, under the ID that is the origin's and the key's", () => {
    const id = sha256(
      Buffer.concat([Buffer.from("log.example\n\x01"), spki(ed25519.publicKey).subarray(-32)]),
    );
    const note = `${text}\n${line(ed25519, text, "log.example", id)}`;
    expect(ask(note, ed25519, id).verify).toBeNull();
    expect(ask(note, ed25519).verify).toBe("checkpoint-unsigned");
  });

  const plain = text.replace(" - 42", "");
  const more = `${text}more\nand more\n`;

  test.each<[string, string, string | null]>([
    ["of an origin without a number", `${plain}\n${line(ecdsa, plain)}`, null],
    ["with more lines", `${more}\n${line(ecdsa, more)}`, null],
    [
      "that a witness signed first",
      `${text}\n${line(stranger, text, "witness")}${line(ecdsa)}`,
      null,
    ],
    ["with another's signature under its name", `${text}\n${line(stranger)}${line(ecdsa)}`, null],
    [
      "with two signatures under its hint, the second good",
      `${text}\n${line(stranger, text, "log.example", idOf(ecdsa))}${line(ecdsa)}`,
      null,
    ],
    ["signed by nobody", `${text}\n`, "checkpoint-unsigned"],
    ["signed by another", `${text}\n${line(stranger)}`, "checkpoint-unsigned"],
    [
      "signed by another under its hint",
      `${text}\n${line(stranger, text, "log.example", idOf(ecdsa))}`,
      "checkpoint-unsigned",
    ],
    [
      "signed under another name",
      `${text}\n${line(ecdsa, text, "log.exampl")}`,
      "checkpoint-unsigned",
    ],
    [
      "signed under a longer name",
      `${text}\n${line(ecdsa, text, "log.example.x")}`,
      "checkpoint-unsigned",
    ],
    ["of which another text was signed", `${text}\n${line(ecdsa, more)}`, "checkpoint-unsigned"],
    ["with a line that was not signed", good.replace("\n\n", "\nmore\n\n"), "checkpoint-unsigned"],
    ["of another size", good.replace("1000", "1001"), "checkpoint-unsigned"],
  ])("%s", (_, note, expected) => {
    expect(ask(note).verify).toBe(expected);
  });

  const signed = line(ecdsa);
  test.each<[string, string]>([
    ["that is empty", ""],
    ["without signatures", text],
    ["without an origin", `${text.slice(text.indexOf("\n"))}\n${signed}`],
    ["without a size", `${text.replace("1000\n", "")}\n${signed}`],
    ["without a root", `log.example\n1000\n\n${signed}`],
    ["of an origin alone", `log.example\n\n${signed}`],
    ["with a size that is none", `${text.replace("1000", "1e3")}\n${signed}`],
    ["with a size that begins with 0", `${text.replace("1000", "01000")}\n${signed}`],
    ["with a negative size", `${text.replace("1000", "-1000")}\n${signed}`],
    ["with a size past 2^53", `${text.replace("1000", "9007199254740993")}\n${signed}`],
    ["with a root that is no base64", `${text.replace(root.toString("base64"), "*")}\n${signed}`],
    ["with a root that is too short", `log.example\n1000\nAAAA\n\n${signed}`],
    ["with a line that is not signed", `${text}\n${signed}more\n`],
    ["with a dash that is another", `${text}\n${signed.replace("—", "–")}`],
    ["with a signature that is no base64", `${text}\n${signed.replace(/ \S+\n/, " *\n")}`],
    ["with a signature that is a hint alone", `${text}\n— log.example ${"AAAAAA=="}\n`],
    ["with a signature without a name", `${text}\n— ${signed.split(" ")[2]}`],
    ["with a signature that is cut off", `${text}\n${signed.slice(0, -1)}`],
    ["with 33 signatures", `${text}\n${signed.repeat(33)}`],
  ])("%s cannot be read", (_, note) => {
    expect(ask(note)).toEqual({ read: "checkpoint-malformed" });
  });

  test("cut off anywhere, counts for nothing", () => {
    for (let end = 0; end < good.length; end++) {
      const answer = ask(good.slice(0, end));
      expect(answer.read ?? answer.verify, `${end}`).toMatch(/^checkpoint-/);
    }
  });
});
