import { Result } from "../failure";
import { Text } from "../sdk";
import { Rule } from "../settings/rule";
import {
  Certificates,
  GithubActions,
  Keyless,
  Notation,
  NotaryV1,
  PublicKeys,
} from "../settings/signers";
import { TransparencyLog } from "../settings/transparency-log";
import { Window } from "../time/window";
import { TrustedWitnesses } from "../sigstore/witnesses";
import { LogKey } from "../trust/log-key";
import { parseAll, X509 } from "../x509/certificate";
import { CertificateQuestion } from "./certificate-question";
import { IdentityQuestion } from "./identity-question";
import { Inquiry } from "./inquiry";
import { KeyQuestion } from "./key-question";
import { KeysInUse } from "./keys-in-use";
import { NotaryQuestion } from "./notary-question";
import { NotationQuestion } from "./notation-question";
import { Questions } from "./questions";

/** What to find out here about the images of a rule: one question for each signer. */
export function policyQuestions(rule: Rule, inquiry: Inquiry): Questions {
  const questions = new Questions();
  const list = questions.list;
  const signers = rule.signers;
  if (signers instanceof PublicKeys) {
    addKeys(questions, signers as PublicKeys, rule, inquiry);
    return questions;
  }
  if (signers.areInDocuments) {
    if (signers instanceof Notation) list.push(new NotationQuestion(rule, signers as Notation));
    else list.push(new NotaryQuestion(rule, signers as NotaryV1));
    questions.needed = 1;
    return questions;
  }
  const read = inquiry.trustIn(rule.trust);
  questions.refusal = read.failure;
  if (read.failure) return questions;
  const trust = read.value!;
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

function addKeys(questions: Questions, signers: PublicKeys, rule: Rule, inquiry: Inquiry): void {
  const log = signers.log;
  let witnesses: TrustedWitnesses | null = null;
  const inUse = new KeysInUse(signers, inquiry);
  questions.refusal = inUse.refusal;
  questions.leftOut = inUse.left;
  questions.note = inUse.broken;
  if (log && log.keys.length > 0) witnesses = new TrustedWitnesses(logsOf(log), []);
  else if (log && !inUse.refusal) {
    const trust = inquiry.trustIn(rule.trust);
    questions.refusal = trust.failure;
    if (trust.value) witnesses = trust.value!.witnesses;
  }
  for (let i = 0; i < inUse.keys.length; i++) {
    questions.list.push(
      new KeyQuestion(inUse.keys[i], rule, witnesses, log != null && log.required),
    );
  }
  questions.needed = inUse.needed;
}

/** The logs that a rule names. */
function logsOf(log: TransparencyLog): Array<LogKey> {
  const logs: Array<LogKey> = [];
  for (let i = 0; i < log.keys.length; i++) logs.push(new LogKey(log.keys[i], new Window()));
  return logs;
}

function readChain(signers: Certificates): Result<Array<X509>> {
  const ders: Array<Text> = [];
  for (let i = 0; i < signers.chain.length; i++) ders.push(signers.chain[i].der);
  return parseAll(ders);
}
