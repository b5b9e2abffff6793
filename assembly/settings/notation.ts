import { TrustPolicy } from "../notation/trust-policy";
import { Fields, lengthOf, Path, readText, Text } from "../sdk";
import { X509 } from "../x509/certificate";
import { DistinguishedName } from "../x509/distinguished-name";
import { decodeEach } from "./certificates";
import { decodeChoice } from "./choice";
import { items } from "./items";
import { Notation } from "./signers";

const PREFIX = "x509.subject:";

/**
 * Reads `notation` of a rule; null if it is absent:
 *
 *     {trustStore: [PEM, …], trustedIdentities: ["x509.subject: C=US, ST=WA, O=Acme"] or ["*"], level: strict,
 *      revocation: strict or skip}
 */
export function decodeNotation(rule: Fields): Notation | null {
  const fields = rule.object("notation");
  if (!fields || rule.isBlank(rule.value("notation"))) return null;
  const trustStore = decodeTrustStore(fields);
  const identities = decodeIdentities(fields);
  decodeChoice(fields, "level", ["strict"]);
  const skips = decodeChoice(fields, "revocation", ["strict", "skip"]) == 1;
  fields.end();
  // Without identities, which is a problem, nobody is trusted: an empty list of them would mean anybody.
  const policy = identities
    ? new TrustPolicy(trustStore, identities, skips)
    : new TrustPolicy([], [], skips);
  return new Notation(policy);
}

/** Certificates in DER, each a CA's or that of a signer who certified himself. */
function decodeTrustStore(fields: Fields): Array<Text> {
  const list = items(fields, "trustStore");
  const path = fields.path.field("trustStore");
  if (list.length == 0) fields.problems.add(path, "is required");
  const certificates = decodeEach(fields, "trustStore", list, "what belongs here is a certificate");
  const ders: Array<Text> = [];
  for (let i = 0; i < certificates.length; i++) {
    const certificate = X509.parse(certificates[i].der).value;
    if (!certificate) fields.problems.add(path, "has a certificate that cannot be read");
    else if (!certificate.extensions.isCa && !certificate.isSelfIssued) {
      fields.problems.add(path, "has a certificate that is neither a CA's nor its own issuer's");
    } else ders.push(certificate.der);
  }
  return ders;
}

/** Names of signers, none for anybody; null if they are not as they must be. */
function decodeIdentities(fields: Fields): Array<DistinguishedName> | null {
  const list = items(fields, "trustedIdentities");
  const path = fields.path.field("trustedIdentities");
  if (list.length == 0) {
    fields.problems.add(path, "is required: whom to trust, or * for whoever has a certificate");
    return null;
  }
  const names: Array<DistinguishedName> = [];
  for (let i = 0; i < list.length; i++) {
    const text = readText(fields.document, list[i], path.at(i), fields.problems);
    if (!text) continue;
    if (text.is("*")) {
      if (list.length == 1) return names;
      fields.problems.add(path.at(i), "must stand alone");
      continue;
    }
    const name = decodeIdentity(fields, text, path.at(i));
    if (name) names.push(name);
  }
  return names.length > 0 ? names : null;
}

function decodeIdentity(fields: Fields, text: Text, path: Path): DistinguishedName | null {
  let problem = "";
  let name: DistinguishedName | null = null;
  if (!text.startsWith(PREFIX)) problem = "must begin with x509.subject:";
  else {
    name = DistinguishedName.parse(text.slice(lengthOf(PREFIX)));
    problem = name.problem;
    // As notation wants it: a name with less would be almost anybody's.
    if (problem.length == 0 && !(name.has("C") && name.has("ST") && name.has("O"))) {
      problem = "must name C, ST and O at least";
    }
  }
  if (problem.length == 0) return name;
  fields.problems.add(path, problem);
  return null;
}
