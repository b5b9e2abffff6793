import { Fields } from "../sdk";
import { decodeChoice } from "./choice";

/** Who does the cryptography. */
export const enum Verifier {
  Host,
  Policy,
  /** Both must come to the same digest. */
  Both,
}

/**
 * The rule's `verifier`. If it says nothing, what binds a signature to more than a key is not left to the host alone.
 *
 * @param boundToMore whether the rule asks for a certificate, an identity or a log entry
 */
export function decodeVerifier(rule: Fields, boundToMore: bool): Verifier {
  const absent = !rule.text("verifier");
  if (absent) return boundToMore ? Verifier.Both : Verifier.Host;
  return <Verifier>decodeChoice(rule, "verifier", ["host", "policy", "both"]);
}

/** The same of a rule whose signatures no host understands: nobody else can be asked. */
export function decodePolicyAlone(rule: Fields): Verifier {
  const text = rule.text("verifier");
  if (text && !text.is("policy")) {
    const problem =
      "must be policy with notation and notaryV1: the host does not know these formats";
    rule.problems.add(rule.path.field("verifier"), problem);
  }
  return Verifier.Policy;
}
