import { Fields, readText, Text } from "../sdk";
import { Window } from "../time/window";
import { Metadata } from "../tuf/metadata";
import { RootPin } from "../tuf/root";
import { Work } from "../work";
import { decodeCertificate } from "./certificates";
import { items } from "./items";
import { readKey } from "./public-keys";
import { NotaryV1 } from "./signers";

const DAY: i64 = 86_400;

/**
 * Reads `notaryV1` of a rule; null if it is absent:
 *
 *     {root: {keys: [PEM, …]} or {certificate: PEM} or {rootJson: "…"}, gun, delegations: ["targets/releases", …],
 *      requireSigners: n, maxTimestampDays: n}
 */
export function decodeNotaryV1(rule: Fields): NotaryV1 | null {
  const fields = rule.object("notaryV1");
  if (!fields || rule.isBlank(rule.value("notaryV1"))) return null;
  const group = fields.object("root");
  if (!group) fields.problems.add(fields.path.field("root"), "is required");
  const root = group ? decodeRoot(group) : new RootPin([], [], null);
  const gun = fields.text("gun");
  const delegations = decodeDelegations(fields);
  const signers = fields.count("requireSigners");
  if (signers > delegations.length) {
    const path = fields.path.field("requireSigners");
    fields.problems.add(path, "must be at most the number of delegations");
  }
  const days = fields.count("maxTimestampDays");
  fields.end();
  return new NotaryV1(root, gun, delegations, max(signers, 0), max(days, 0) * DAY);
}

function decodeRoot(fields: Fields): RootPin {
  const problems = fields.problems;
  const keys: Array<Text> = [];
  const list = items(fields, "keys");
  const path = fields.path.field("keys");
  for (let i = 0; i < list.length; i++) {
    const pem = readText(fields.document, list[i], path.at(i), problems);
    const advice = "put it under root.certificate";
    const key = pem ? readKey(pem, null, new Window(), path.at(i), problems, advice) : null;
    if (key) keys.push(key.der);
  }
  const certificates: Array<Text> = [];
  const hasCertificate = fields.text("certificate") != null;
  if (hasCertificate) {
    const place = fields.path.field("certificate");
    const advice = "put it under root.keys";
    const certificate = decodeCertificate(fields, fields.value("certificate"), place, advice);
    if (certificate) certificates.push(certificate.der);
  }
  const rootJson = fields.text("rootJson");
  if (rootJson && !isRoot(rootJson)) {
    problems.add(fields.path.field("rootJson"), "is not the root.json of a repository of Notary's");
  }
  fields.end();
  const ways = (list.length > 0 ? 1 : 0) + (hasCertificate ? 1 : 0) + (rootJson ? 1 : 0);
  if (ways == 0) problems.add(fields.path, "must have one of keys, certificate and rootJson");
  if (ways > 1) problems.add(fields.path, "must have only one of keys, certificate and rootJson");
  return new RootPin(keys, certificates, rootJson);
}

function isRoot(text: Text): bool {
  const work = new Work();
  const root = Metadata.read(Text.of("root"), text, "Root", work).value;
  return root != null && root.roleNamed("root", work).value != null;
}

/** Names of roles: `targets`, or those below it. */
function decodeDelegations(fields: Fields): Array<Text> {
  const names: Array<Text> = [];
  const list = items(fields, "delegations");
  const path = fields.path.field("delegations");
  for (let i = 0; i < list.length; i++) {
    const name = readText(fields.document, list[i], path.at(i), fields.problems);
    if (!name) continue;
    if (!name.is("targets") && !name.startsWith("targets/")) {
      fields.problems.add(
        path.at(i),
        "must be targets, or a role below it such as targets/releases",
      );
    } else if (isAmong(names, name)) fields.problems.add(path.at(i), "is there before");
    else names.push(name);
  }
  return names;
}

function isAmong(names: Array<Text>, name: Text): bool {
  for (let i = 0; i < names.length; i++) if (names[i].same(name)) return true;
  return false;
}
