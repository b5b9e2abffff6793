import { Result } from "../failure";
import { Text } from "../sdk";
import { Rule } from "../settings/rule";
import { Certificates, GithubActions, Keyless, PublicKeys } from "../settings/signers";
import { TransparencyLog } from "../settings/transparency-log";
import { Window } from "../time/window";
import { LogKey } from "../trust/log-key";
import { parseAll, X509 } from "../x509/certificate";
import { CertificateQuestion } from "./certificate-question";
import { IdentityQuestion } from "./identity-question";
import { Inquiry } from "./inquiry";
import { KeyQuestion } from "./key-question";
import { KeysInUse } from "./keys-in-use";
import { Questions } from "./questions";
import { Trust } from "./trust";

/** What to find out here about the images of a rule: one question for each signer. */
export function policyQuestions(rule: Rule, inquiry: Inquiry): Questions {
  const questions = new Questions();
  const list = questions.list;
  const signers = rule.signers;
  const trust = inquiry.trustIn(rule.trust);
  if (signers instanceof PublicKeys) {
    const log = (signers as PublicKeys).log;
    const logs = log ? logsOf(log, trust) : null;
    const isRequired = log != null && log.required;
    const inUse = new KeysInUse(signers as PublicKeys, inquiry);
    for (let i = 0; i < inUse.keys.length; i++) {
      list.push(new KeyQuestion(inUse.keys[i], rule, logs, isRequired));
    }
    questions.refusal = inUse.refusal;
    questions.leftOut = inUse.left;
    questions.needed = inUse.needed;
    return questions;
  }
  if (signers instanceof Keyless) {
    const count = (signers as Keyless).identities.length;
    for (let i = 0; i < count; i++) list.push(IdentityQuestion.ofKeyless(rule, i, trust));
  } else if (signers instanceof GithubActions) {
    list.push(IdentityQuestion.ofWorkflow(rule, trust));
  } else if (signers instanceof Certificates) {
    const certificates = (signers as Certificates).certificates;
    const chain = readChain(signers as Certificates);
    for (let i = 0; i < certificates.length; i++) {
      list.push(new CertificateQuestion(certificates[i], chain, rule, trust));
    }
  }
  questions.needed = list.length;
  return questions;
}

/** The logs that a rule names, or those of its trust roots. */
function logsOf(log: TransparencyLog, trust: Trust): Array<LogKey> {
  if (log.keys.length == 0) return trust.logs;
  const logs: Array<LogKey> = [];
  for (let i = 0; i < log.keys.length; i++) logs.push(new LogKey(log.keys[i], new Window()));
  return logs;
}

function readChain(signers: Certificates): Result<Array<X509>> {
  const ders: Array<Text> = [];
  for (let i = 0; i < signers.chain.length; i++) ders.push(signers.chain[i].der);
  return parseAll(ders);
}
