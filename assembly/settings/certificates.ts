import { certificateProblem } from "../crypto/certificate";
import { Fields, Path, readText, Text } from "../sdk";
import { items } from "./items";
import { readPem } from "./public-keys";
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
  const certificates: Array<Certificate> = [];
  for (let i = 0; i < list.length; i++) {
    const path = rule.path.field("certificates").at(i);
    const certificate = decodeCertificate(rule, list[i], path);
    if (certificate) certificates.push(certificate);
  }
  const chain: Array<Text> = [];
  for (let i = 0; i < chainItems.length; i++) {
    const path = rule.path.field("certificateChain").at(i);
    const certificate = decodeCertificate(rule, chainItems[i], path);
    if (certificate) chain.push(certificate.pem);
  }
  return new Certificates(certificates, chain, requireRekorBundle);
}

function decodeCertificate(rule: Fields, item: i32, path: Path): Certificate | null {
  const problems = rule.problems;
  const pem = readText(rule.document, item, path, problems);
  const block = pem ? readPem(pem, path, problems) : null;
  if (!pem || !block) return null;
  const problem = labelProblem(block.label);
  const found = problem.length > 0 ? problem : certificateProblem(block.der);
  if (found.length == 0) return new Certificate(pem, block.der);
  problems.add(path, found);
  return null;
}

function labelProblem(label: Text): string {
  if (label.is("CERTIFICATE")) return "";
  if (label.is("PUBLIC KEY")) return "is a public key: put it under pubKeys";
  if (label.find("PRIVATE KEY") >= 0) {
    return "is a PRIVATE key: remove it from here, treat it as leaked, and use its certificate";
  }
  return "is not a certificate: its PEM must say BEGIN CERTIFICATE";
}
