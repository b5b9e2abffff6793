import { Builder, Fields, Identity, Path, Problems, Text } from "../sdk";
import { decodeCertificates } from "./certificates";
import { items } from "./items";
import { decodeNotaryV1 } from "./notary-v1";
import { decodeNotation } from "./notation";
import { decodePublicKeys } from "./public-keys";
import { GithubActions, Keyless, Signers } from "./signers";
import { urlProblem } from "./url";

const KINDS =
  "pubKeys or keysFrom, keyless, keylessPrefix, githubActions, certificates, notation, notaryV1";

/** The rule's one kind of signer; null, and a problem, if it has none or more than one. */
export function decodeSigners(rule: Fields): Signers | null {
  const kinds: Array<Signers | null> = [
    decodePublicKeys(rule, items(rule, "pubKeys")),
    decodeIdentities(rule, "keyless", "subject", false),
    decodeIdentities(rule, "keylessPrefix", "urlPrefix", true),
    decodeGithubActions(rule),
    decodeCertificates(rule, items(rule, "certificates")),
    decodeNotation(rule),
    decodeNotaryV1(rule),
  ];
  let found: Signers | null = null;
  let count = 0;
  for (let i = 0; i < kinds.length; i++) {
    if (!kinds[i]) continue;
    found = kinds[i];
    count++;
  }
  if (count == 1) return found;
  const line = new Builder()
    .ascii(count == 0 ? "must have one of " : "must have only one of ")
    .ascii(KINDS);
  rule.problems.addLine(rule.path, line);
  return null;
}

function decodeIdentities(
  rule: Fields,
  name: string,
  subjectName: string,
  prefix: bool,
): Keyless | null {
  const list = items(rule, name);
  if (list.length == 0) return null;
  const identities: Array<Identity> = [];
  for (let i = 0; i < list.length; i++) {
    const path = rule.path.field(name).at(i);
    const fields = Fields.of(rule.document, list[i], path, rule.problems);
    if (!fields) continue;
    const issuer = fields.requiredText("issuer");
    const subject = fields.requiredText(subjectName);
    fields.end();
    if (prefix && subject) refuseBadUrl(subject, path.field(subjectName), rule.problems);
    if (issuer && subject) identities.push(new Identity(issuer, subject));
  }
  return new Keyless(identities, prefix);
}

function refuseBadUrl(url: Text, path: Path, problems: Problems): void {
  const problem = urlProblem(url);
  if (problem.length > 0) problems.add(path, problem);
}

function decodeGithubActions(rule: Fields): GithubActions | null {
  const fields = rule.object("githubActions");
  if (!fields || rule.isBlank(rule.value("githubActions"))) return null;
  const owner = fields.requiredText("owner");
  const repo = fields.text("repo");
  fields.end();
  refuseSlash(owner, fields, "owner");
  refuseSlash(repo, fields, "repo");
  return new GithubActions(owner ? owner : new Text(0, 0), repo);
}

/** Owner and repository are put together with a slash, so one in a name would make it another name. */
function refuseSlash(name: Text | null, fields: Fields, field: string): void {
  if (!name || name.indexOf(0x2f) < 0) return;
  fields.problems.add(fields.path.field(field), "must be a name alone, without /");
}
