import { KeyKind } from "../crypto/key";
import { Code, Failure, Result } from "../failure";
import { Builder, SigstoreRequest, Text } from "../sdk";
import { Rule } from "../settings/rule";
import { Certificates, GithubActions, Keyless, PublicKeys } from "../settings/signers";
import { Inquiry } from "./inquiry";
import { KeysInUse } from "./keys-in-use";
import { Question, Questions } from "./questions";
import {
  joinNames,
  nameOfCertificate,
  nameOfIdentity,
  nameOfKey,
  nameOfWorkflow,
} from "./signer-names";
import { Subject } from "./subject";

const NO_SUCH_KEYS = "; the host takes no P-384 and P-521 keys: try verifier: policy";

/** Whether the host finds the image signed. */
class HostQuestion extends Question {
  constructor(
    private readonly request: SigstoreRequest,
    /** Who must have signed, all of them. */
    private readonly names: Array<Text>,
    /** What to do about it if it does not; may be empty. */
    private readonly hint: string,
  ) {
    super();
  }

  signer(): Text {
    return joinNames(this.names);
  }

  /** The host does not say which of several. */
  missing(): Text {
    const names = this.signer();
    return this.names.length < 2 ? names : new Builder().ascii("all of ").text(names).view();
  }

  answer(subject: Subject, inquiry: Inquiry): Result<Text> {
    const answer = inquiry.verify(this.request, subject.reference.canonical);
    const failure = answer.failure;
    if (!failure || failure.code != Code.SignatureUnmet || this.hint.length == 0) return answer;
    const detail = new Builder().text(failure.detail).ascii(this.hint).view();
    return Result.failure<Text>(new Failure(failure.code, detail));
  }
}

/** What to ask the host about the images of a rule. */
export function hostQuestions(rule: Rule, inquiry: Inquiry): Questions {
  const signers = rule.signers;
  const questions = new Questions();
  if (signers instanceof PublicKeys) addKeys(questions, signers as PublicKeys, rule, inquiry);
  else if (signers instanceof Keyless) addKeyless(questions, signers as Keyless, rule);
  else if (signers instanceof GithubActions) {
    addWorkflow(questions, signers as GithubActions, rule);
  } else if (signers instanceof Certificates) {
    addCertificates(questions, signers as Certificates, rule);
  }
  return questions;
}

/** The host demands all the keys of a request, so only a threshold below that takes a request for each. */
function addKeys(questions: Questions, signers: PublicKeys, rule: Rule, inquiry: Inquiry): void {
  const inUse = new KeysInUse(signers, inquiry);
  questions.refusal = inUse.refusal;
  questions.leftOut = inUse.left;
  questions.note = inUse.broken;
  const keys = inUse.keys;
  const each = inUse.needed < keys.length;
  let hint = "";
  for (let i = 0; i < keys.length; i++) {
    const kind = keys[i].verifier.kind;
    if (kind == KeyKind.P384 || kind == KeyKind.P521) hint = NO_SUCH_KEYS;
  }
  const pems: Array<Text> = [];
  const names: Array<Text> = [];
  for (let i = 0; i < keys.length; i++) {
    const name = nameOfKey(keys[i]);
    if (each)
      add(questions, SigstoreRequest.publicKeys([keys[i].pem], rule.annotations), [name], hint);
    pems.push(keys[i].pem);
    names.push(name);
  }
  if (!each) {
    add(questions, SigstoreRequest.publicKeys(pems, rule.annotations), names, hint);
  }
  questions.needed = each ? inUse.needed : 1;
}

function addKeyless(questions: Questions, signers: Keyless, rule: Rule): void {
  const names: Array<Text> = [];
  for (let i = 0; i < signers.identities.length; i++) names.push(nameOfIdentity(signers, i));
  const request = signers.prefix
    ? SigstoreRequest.keylessPrefix(signers.identities, rule.annotations)
    : SigstoreRequest.keyless(signers.identities, rule.annotations);
  add(questions, request, names);
  questions.needed = 1;
}

function addWorkflow(questions: Questions, signers: GithubActions, rule: Rule): void {
  const request = SigstoreRequest.githubActions(signers.owner, signers.repo, rule.annotations);
  add(questions, request, [nameOfWorkflow(signers)]);
  questions.needed = 1;
}

/** The host takes one certificate a request. */
function addCertificates(questions: Questions, signers: Certificates, rule: Rule): void {
  const chain: Array<Text> = [];
  for (let i = 0; i < signers.chain.length; i++) chain.push(signers.chain[i].pem);
  for (let i = 0; i < signers.certificates.length; i++) {
    const certificate = signers.certificates[i];
    const request = SigstoreRequest.certificate(
      certificate.pem,
      chain,
      signers.requireRekorBundle,
      rule.annotations,
    );
    add(questions, request, [nameOfCertificate(certificate)]);
  }
  questions.needed = signers.certificates.length;
}

function add(
  questions: Questions,
  request: SigstoreRequest,
  signers: Array<Text>,
  hint: string = "",
): void {
  questions.list.push(new HostQuestion(request, signers, hint));
}
