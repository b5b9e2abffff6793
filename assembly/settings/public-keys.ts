import { VerificationKey } from "../crypto/key";
import { Pem } from "../crypto/pem";
import { PEM_BYTES } from "../limits";
import { Builder, Fields, Kind, Path, Problems, readText, Text } from "../sdk";
import { Window } from "../time/window";
import { decodeKeySources, KeySource } from "./key-sources";
import { PublicKey, PublicKeys } from "./signers";
import { decodeTransparencyLog } from "./transparency-log";
import { decodeWindow } from "./window";

/**
 * `pubKeys`, `keysFrom`, `threshold` and `transparencyLog`; null if there are no keys and no sources of any. Equal keys
 * count once.
 */
export function decodePublicKeys(rule: Fields, list: Array<i32>): PublicKeys | null {
  const sources = decodeKeySources(rule);
  const threshold = rule.count("threshold");
  const path = rule.path.field("threshold");
  const log = decodeTransparencyLog(rule);
  if (list.length == 0 && sources.length == 0) {
    const misplaced = "goes with pubKeys and keysFrom only; empty it";
    if (threshold >= 0) rule.problems.add(path, misplaced);
    if (log) rule.problems.add(rule.path.field("transparencyLog"), misplaced);
    return null;
  }
  const keys: Array<PublicKey> = [];
  const paths: Array<Path> = [];
  let broken = false;
  for (let i = 0; i < list.length; i++) {
    const item = rule.path.field("pubKeys").at(i);
    const key = decodeKey(rule, list[i], item);
    if (!key) broken = true;
    else {
      const same = find(keys, key);
      if (!same) {
        keys.push(key);
        paths.push(item);
      } else if (same.window.from != key.window.from || same.window.until != key.window.until) {
        rule.problems.add(item, "is there before, with another notBefore or notAfter");
      }
    }
  }
  if (threshold > keys.length && !broken && sources.length == 0) {
    const line = new Builder().ascii("is more than the ").int(keys.length);
    rule.problems.addLine(path, line.ascii(" different keys of the rule"));
  }
  if (threshold >= 0) return new PublicKeys(keys, paths, sources, threshold, log);
  const anyOf = countCosignKeys(sources);
  if (anyOf > 0 && (list.length > 0 || anyOf < sources.length)) {
    rule.problems.add(path, "is required where a cosignKey stands beside other keys");
  }
  return new PublicKeys(keys, paths, sources, anyOf > 0 ? 1 : 0, log);
}

/** How many of the sources are those of cosign-webhook, which is content with any of the keys. */
function countCosignKeys(sources: Array<KeySource>): i32 {
  let count = 0;
  for (let i = 0; i < sources.length; i++) if (sources[i].isCosignKey) count++;
  return count;
}

const INSTEAD = "put it under certificates";

/** A PEM, or `{name, key, notBefore, notAfter}`. */
function decodeKey(rule: Fields, item: i32, path: Path): PublicKey | null {
  const problems = rule.problems;
  if (rule.document.kind(item) != Kind.Object) {
    const pem = readText(rule.document, item, path, problems);
    return pem ? readKey(pem, null, new Window(), path, problems, INSTEAD) : null;
  }
  const fields = Fields.of(rule.document, item, path, problems)!;
  const name = fields.text("name");
  const pem = fields.requiredText("key");
  const window = decodeWindow(fields);
  fields.end();
  return pem ? readKey(pem, name, window, path.field("key"), problems, INSTEAD) : null;
}

/**
 * A key in PEM; null, and a problem, if the text is none.
 *
 * @param advice what to do with a certificate
 */
export function readKey(
  pem: Text,
  name: Text | null,
  window: Window,
  path: Path,
  problems: Problems,
  advice: string,
): PublicKey | null {
  const block = readPem(pem, path, problems);
  if (!block) return null;
  if (block.label.is("CERTIFICATE")) {
    const line = new Builder().ascii("is a certificate: ").ascii(advice);
    problems.addLine(path, line);
    return null;
  }
  const problem = labelProblem(block.label);
  const verifier = VerificationKey.parse(block.der);
  const found = problem.length > 0 ? problem : verifier.problem;
  if (found.length > 0) {
    problems.add(path, found);
    return null;
  }
  return new PublicKey(pem, verifier, name, window);
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

/** What is wrong where something public belongs. */
export const PRIVATE_KEY =
  "is a PRIVATE key: remove it from here, treat it as leaked, and use what is public of it";

function labelProblem(label: Text): string {
  if (label.is("PUBLIC KEY")) return "";
  if (label.find("PRIVATE KEY") >= 0) {
    return PRIVATE_KEY;
  }
  if (label.is("RSA PUBLIC KEY")) {
    return "is a bare RSA key: convert it with `openssl rsa -RSAPublicKey_in -pubout`";
  }
  return "is not a public key: its PEM must say BEGIN PUBLIC KEY";
}

function find(keys: Array<PublicKey>, key: PublicKey): PublicKey | null {
  for (let i = 0; i < keys.length; i++) if (keys[i].der.same(key.der)) return keys[i];
  return null;
}
