import { certificateProblem } from "../crypto/certificate";
import { VerificationKey } from "../crypto/key";
import { Pem } from "../crypto/pem";
import { Code, Failure, Result } from "../failure";
import { PER_RULE } from "../limits";
import { Builder, Text } from "../sdk";
import { Window } from "../time/window";
import { Authority } from "../trust/authority";
import { LogKey } from "../trust/log-key";
import { TrustRoots } from "../trust/roots";
import { addTrustedRoot } from "../trust/trusted-root";
import { readEntries } from "./entries";
import { ClusterObjects, malformed } from "./objects";

/**
 * The trust roots in a ConfigMap: the certificates of an authority and the public keys of logs, in PEM, and a
 * `trusted_root.json` of Sigstore. Its other entries mean nothing; one that is meant for these must be good.
 */
export function readTrustRoots(objects: ClusterObjects): Result<TrustRoots> {
  const entries = readEntries(objects, objects.tokens[0]);
  if (!entries || !objects.makeSense) return Result.failure<TrustRoots>(malformed());
  const roots = new TrustRoots([], []);
  const certificates: Array<Text> = [];
  for (let i = 0; i < entries.length; i++) {
    const text = entries[i].text;
    const isGood = isJson(text) ? addTrustedRoot(text, roots) : addPems(text, roots, certificates);
    if (!isGood || roots.count + certificates.length > PER_RULE) {
      return unusable(objects, entries[i].key);
    }
  }
  if (certificates.length > 0) roots.authorities.push(new Authority(certificates, new Window()));
  return roots.isEmpty ? unusable(objects, new Text(0, 0)) : Result.ok(roots);
}

function isJson(text: Text): bool {
  let at = 0;
  while (at < text.length && text.at(at) <= 0x20) at++;
  return text.at(at) == 0x7b;
}

/** Adds what a text has one behind the other; a private key, say, is none of the policy's business. */
function addPems(text: Text, roots: TrustRoots, certificates: Array<Text>): bool {
  const first = text.find("-----BEGIN ");
  for (let at = first; at >= 0;) {
    const next = text.find("-----BEGIN ", at + 1);
    const pem = Pem.parse(text.slice(at, next < 0 ? text.length : next));
    if (pem.problem.length > 0) return false;
    if (pem.label.is("CERTIFICATE")) {
      if (certificateProblem(pem.der).length > 0) return false;
      certificates.push(pem.der);
    } else if (pem.label.is("PUBLIC KEY")) {
      if (VerificationKey.parse(pem.der).problem.length > 0) return false;
      roots.logs.push(new LogKey(pem.der, new Window()));
    }
    at = next;
  }
  return true;
}

function unusable(objects: ClusterObjects, entry: Text): Result<TrustRoots> {
  const detail = new Builder().ascii("no certificates, log keys or trusted_root.json in ");
  objects.write(detail);
  if (entry.length > 0) detail.ascii(": its entry ").plain(entry, 253).ascii(" is broken");
  return Result.failure<TrustRoots>(new Failure(Code.TrustRootsUnusable, detail.view()));
}
