import { certificateProblem } from "../crypto/certificate";
import { VerificationKey } from "../crypto/key";
import { Pem } from "../crypto/pem";
import { Code, Failure, Result } from "../failure";
import { answerMalformed } from "../host-failure";
import { PER_RULE } from "../limits";
import { Builder, Text } from "../sdk";
import { Window } from "../time/window";
import { Authority } from "../trust/authority";
import { LogKey } from "../trust/log-key";
import { TrustRoots } from "../trust/roots";
import { addTrustedRoot } from "../trust/trusted-root";
import { readEntries } from "./entries";
import { ClusterObjects } from "./objects";

/**
 * The trust roots in a ConfigMap: the certificates of an authority and the public keys of logs, in PEM, and a
 * `trusted_root.json` of Sigstore. Its other entries mean nothing; one that is meant for these must be good.
 */
export function readTrustRoots(objects: ClusterObjects): Result<TrustRoots> {
  const entries = readEntries(objects, objects.tokens[0]);
  if (!entries || !objects.makeSense) return Result.failure<TrustRoots>(answerMalformed());
  const roots = new TrustRoots([], []);
  const certificates: Array<Text> = [];
  for (let i = 0; i < entries.length; i++) {
    const text = entries[i].text;
    const problem = isJson(text)
      ? trustedRootProblem(text, roots)
      : addPems(text, roots, certificates);
    if (problem.length > 0) return broken(objects, entries[i].key, problem);
    if (roots.count + certificates.length > PER_RULE) {
      return broken(objects, entries[i].key, TOO_MANY);
    }
  }
  if (certificates.length > 0) roots.authorities.push(new Authority(certificates, new Window()));
  return roots.isEmpty ? none(objects) : Result.ok(roots);
}

const TOO_MANY = "makes them more than 64 certificates, authorities and logs";

/** Adds those of a `trusted_root.json`. What is wrong with it; empty if nothing is. */
function trustedRootProblem(text: Text, roots: TrustRoots): string {
  if (addTrustedRoot(text, roots)) return "";
  return roots.count > PER_RULE ? TOO_MANY : "is no trusted_root.json of Sigstore that is whole";
}

function isJson(text: Text): bool {
  let at = 0;
  while (at < text.length && text.at(at) <= 0x20) at++;
  return text.at(at) == 0x7b;
}

/**
 * Adds what a text has one behind the other; a private key, say, is none of the policy's business. What is wrong with
 * it; empty if nothing is.
 */
function addPems(text: Text, roots: TrustRoots, certificates: Array<Text>): string {
  const first = text.find("-----BEGIN ");
  for (let at = first; at >= 0;) {
    if (roots.count + certificates.length > PER_RULE) return TOO_MANY;
    const next = text.find("-----BEGIN ", at + 1);
    const pem = Pem.parse(text.slice(at, next < 0 ? text.length : next));
    if (pem.problem.length > 0) return pem.problem;
    if (pem.label.is("CERTIFICATE")) {
      const problem = certificateProblem(pem.der);
      if (problem.length > 0) return problem;
      certificates.push(pem.der);
    } else if (pem.label.is("PUBLIC KEY")) {
      const key = VerificationKey.parse(pem.der);
      if (!key.isUsable()) return key.problem;
      roots.logs.push(new LogKey(pem.der, new Window()));
    }
    at = next;
  }
  return "";
}

function none(objects: ClusterObjects): Result<TrustRoots> {
  const detail = new Builder().ascii("no certificates, log keys or trusted_root.json in ");
  objects.write(detail);
  return unusable(detail);
}

function broken(objects: ClusterObjects, entry: Text, problem: string): Result<TrustRoots> {
  const detail = new Builder();
  objects.write(detail);
  detail.ascii(": its entry ").plain(entry, 253).ascii(" is broken: it ").ascii(problem);
  return unusable(detail);
}

function unusable(detail: Builder): Result<TrustRoots> {
  return Result.failure<TrustRoots>(new Failure(Code.TrustRootsUnusable, detail.view()));
}
