import { Text } from "../sdk";
import { Der, Tag } from "./der";

/**
 * Why the DER is not in the outer form of a certificate (RFC 5280 §4.1): a sequence of what is signed, an
 * algorithm and a signature. What is inside is the verifier's business. Empty if it is.
 */
export function certificateProblem(der: Text): string {
  const outer = new Der(der);
  const certificate = outer.enter(Tag.Sequence);
  certificate.read(Tag.Sequence);
  certificate.read(Tag.Sequence);
  certificate.read(Tag.BitString);
  return outer.done && certificate.done ? "" : "is not a certificate: its DER is broken";
}
