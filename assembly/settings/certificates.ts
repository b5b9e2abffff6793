import { certificateProblem } from "../crypto/certificate";
import { Builder, Fields, Path, readText, Text } from "../sdk";
import { items } from "./items";
import { PRIVATE_KEY, readPem } from "./public-keys";
import { Certificate, Certificates } from "./signers";

/** `certificates`, `certificateChain` and `requireRekorBundle`; null if there are no certificates. */
export function decodeCertificates(rule: Fields, list: Array<i32>): Certificates | null {
  const chainItems = items(rule, "certificateChain");
  const requireRekorBundle = rule.bool("requireRekorBundle", true);
  if (list.length == 0) {
    if (chainItems.length > 0) {
      rule.problems.add(rule.path.field("certificateChain"), "goes with certificates only");
    }
    return null;
  }
  const certificates = decodeEach(rule, "certificates", list);
  return new Certificates(
    certificates,
    decodeEach(
      rule,
      "certificateChain",
      chainItems,
      "what belongs here is an authority's certificate",
    ),
    requireRekorBundle,
  );
}

/**
 * The certificates of a field's list; what is none is a problem, and left out.
 *
 * @param advice what to do with a public key
 */
export function decodeEach(
  fields: Fields,
  name: string,
  list: Array<i32>,
  advice: string = "put it under pubKeys",
): Array<Certificate> {
  const certificates: Array<Certificate> = [];
  for (let i = 0; i < list.length; i++) {
    const certificate = decodeCertificate(fields, list[i], fields.path.field(name).at(i), advice);
    if (certificate) certificates.push(certificate);
  }
  return certificates;
}

/** One certificate in PEM; null, and a problem, if it is none. */
export function decodeCertificate(
  fields: Fields,
  item: i32,
  path: Path,
  advice: string,
): Certificate | null {
  const problems = fields.problems;
  const pem = readText(fields.document, item, path, problems);
  const block = pem ? readPem(pem, path, problems) : null;
  if (!pem || !block) return null;
  if (block.label.is("PUBLIC KEY")) {
    problems.addLine(path, new Builder().ascii("is a public key: ").ascii(advice));
    return null;
  }
  const problem = labelProblem(block.label);
  const found = problem.length > 0 ? problem : certificateProblem(block.der);
  if (found.length == 0) return new Certificate(pem, block.der);
  problems.add(path, found);
  return null;
}

function labelProblem(label: Text): string {
  if (label.is("CERTIFICATE")) return "";
  if (label.find("PRIVATE KEY") >= 0) {
    return PRIVATE_KEY;
  }
  return "is not a certificate: its PEM must say BEGIN CERTIFICATE";
}
