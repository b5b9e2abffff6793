import { Code, Failure } from "./failure";
import { Builder, HostAnswer } from "./sdk";

/** That an answer is not what the host answers to such a question. */
export function answerMalformed(): Failure {
  return Failure.of(Code.AnswerMalformed, "the host's answer makes no sense");
}

/** That the host denies the policy a capability (`oci/v2/verify`), and what to do about that; null if it does not. */
export function capabilityDenied(answer: HostAnswer, capability: string): Failure | null {
  if (answer.firstLine().find("has not been granted access") < 0) return null;
  const detail = new Builder().ascii("the host denies this policy the capability ");
  detail.ascii(capability).ascii(": add it to the policy's hostCapabilities");
  return new Failure(Code.CapabilityDenied, detail.view());
}
