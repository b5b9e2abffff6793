import { Pem } from "../crypto/pem";
import { publicKeyProblem } from "../crypto/public-key";
import { PEM_BYTES } from "../limits";
import { Builder, Fields, Kind, Path, Problems, readText, Text } from "../sdk";
import { PublicKey, PublicKeys } from "./signers";

/** `pubKeys` and `threshold`; null if there are no keys. Equal keys count once. */
export function decodePublicKeys(rule: Fields, list: Array<i32>): PublicKeys | null {
  const threshold = rule.count("threshold");
  const path = rule.path.field("threshold");
  if (list.length == 0) {
    if (threshold >= 0) rule.problems.add(path, "goes with pubKeys only");
    return null;
  }
  const keys: Array<PublicKey> = [];
  let broken = false;
  for (let i = 0; i < list.length; i++) {
    const key = decodeKey(rule, list[i], rule.path.field("pubKeys").at(i));
    if (!key) broken = true;
    else if (!holds(keys, key)) keys.push(key);
  }
  if (threshold == 0) rule.problems.add(path, "must be at least 1");
  if (threshold > keys.length && !broken) {
    const line = new Builder().ascii("is more than the ").int(keys.length);
    rule.problems.addLine(path, line.ascii(" different keys of the rule"));
  }
  return new PublicKeys(keys, threshold < 0 ? keys.length : threshold);
}

/** A PEM, or `{name, key}`. */
function decodeKey(rule: Fields, item: i32, path: Path): PublicKey | null {
  const problems = rule.problems;
  if (rule.document.kind(item) != Kind.Object) {
    const pem = readText(rule.document, item, path, problems);
    return pem ? readKey(pem, null, path, problems) : null;
  }
  const fields = Fields.of(rule.document, item, path, problems)!;
  const name = fields.text("name");
  const pem = fields.requiredText("key");
  refuseWindow(fields, "notBefore");
  refuseWindow(fields, "notAfter");
  fields.end();
  return pem ? readKey(pem, name, path.field("key"), problems) : null;
}

function refuseWindow(fields: Fields, name: string): void {
  if (fields.text(name)) fields.problems.add(fields.path.field(name), "is not available yet");
}

function readKey(pem: Text, name: Text | null, path: Path, problems: Problems): PublicKey | null {
  const block = readPem(pem, path, problems);
  if (!block) return null;
  const problem = labelProblem(block.label);
  const found = problem.length > 0 ? problem : publicKeyProblem(block.der);
  if (found.length > 0) {
    problems.add(path, found);
    return null;
  }
  return new PublicKey(pem, block.der, name);
}

/** One PEM block of legal length; null, and a problem, if the text is none. */
export function readPem(text: Text, path: Path, problems: Problems): Pem | null {
  if (text.length > PEM_BYTES) {
    problems.add(path, "has more than 16 KiB");
    return null;
  }
  const block = Pem.parse(text);
  if (block.problem.length == 0) return block;
  problems.add(path, block.problem);
  return null;
}

function labelProblem(label: Text): string {
  if (label.is("PUBLIC KEY")) return "";
  if (label.is("CERTIFICATE")) return "is a certificate: put it under certificates";
  if (label.find("PRIVATE KEY") >= 0) {
    return "is a PRIVATE key: remove it from here, treat it as leaked, and use its public key";
  }
  if (label.is("RSA PUBLIC KEY")) {
    return "is a bare RSA key: convert it with `openssl rsa -RSAPublicKey_in -pubout`";
  }
  return "is not a public key: its PEM must say BEGIN PUBLIC KEY";
}

function holds(keys: Array<PublicKey>, key: PublicKey): bool {
  for (let i = 0; i < keys.length; i++) if (keys[i].der.same(key.der)) return true;
  return false;
}
