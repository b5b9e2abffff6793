import { Fields, readText, Text } from "../sdk";
import { decodeCertificate } from "../settings/certificates";
import { items } from "../settings/items";
import { readKey } from "../settings/public-keys";
import { Window } from "../time/window";
import { Work } from "../work";
import { Metadata } from "./metadata";
import { RootPin } from "./root";

const DAY: i64 = 86_400;

/** Whom a rule trusts by Notary's metadata. */
export class NotaryV1 {
  constructor(
    readonly root: RootPin,
    /** The repository's name in Notary; null for that of the image. */
    readonly gun: Text | null,
    /** Roles whose word counts; empty for all. */
    readonly delegations: Array<Text>,
    /** How many of them must have signed; 0 for all. */
    readonly requireSigners: i32,
    /** How old the timestamp may be, in seconds; 0 for as old as it lets itself be. */
    readonly maxAge: i64,
  ) {}
}

/**
 * Reads `notaryV1` of a rule; null if it is absent, or not as it must be:
 *
 *     {root: {keys: [PEM, …]} or {certificate: PEM} or {rootJson: "…"}, gun, delegations: ["targets/releases", …],
 *      requireSigners: n, maxTimestampDays: n}
 */
export function decodeNotaryV1(rule: Fields): NotaryV1 | null {
  const fields = rule.object("notaryV1");
  if (!fields || rule.isBlank(rule.value("notaryV1"))) return null;
  const group = fields.object("root");
  if (!group) fields.problems.add(fields.path.field("root"), "is required");
  const root: RootPin | null = group ? decodeRoot(group) : null;
  const gun = fields.text("gun");
  const delegations = decodeDelegations(fields);
  const signers = fields.count("requireSigners");
  if (signers == 0 || signers > delegations.length) {
    const path = fields.path.field("requireSigners");
    fields.problems.add(path, "must be from 1 to the number of delegations");
  }
  const days = fields.count("maxTimestampDays");
  if (days == 0) fields.problems.add(fields.path.field("maxTimestampDays"), "must be at least 1");
  fields.end();
  if (!root) return null;
  return new NotaryV1(root, gun, delegations, max(signers, 0), max(days, 0) * DAY);
}

function decodeRoot(group: Fields): RootPin | null {
  const problems = group.problems;
  const keys: Array<Text> = [];
  const list = items(group, "keys");
  const path = group.path.field("keys");
  for (let i = 0; i < list.length; i++) {
    const pem = readText(group.document, list[i], path.at(i), problems);
    const advice = "put it under root.certificate";
    const key = pem ? readKey(pem, null, new Window(), path.at(i), problems, advice) : null;
    if (key) keys.push(key.der);
  }
  const certificates: Array<Text> = [];
  const hasCertificate = group.text("certificate") != null;
  if (hasCertificate) {
    const place = group.path.field("certificate");
    const advice = "put it under root.keys";
    const certificate = decodeCertificate(group, group.value("certificate"), place, advice);
    if (certificate) certificates.push(certificate.der);
  }
  const rootJson = group.text("rootJson");
  if (rootJson && !isRoot(rootJson)) {
    problems.add(group.path.field("rootJson"), "is not the root.json of a repository of Notary's");
  }
  group.end();
  const ways = (list.length > 0 ? 1 : 0) + (hasCertificate ? 1 : 0) + (rootJson ? 1 : 0);
  if (ways == 1) return new RootPin(keys, certificates, rootJson);
  problems.add(group.path, "must have one of keys, certificate and rootJson");
  return null;
}

function isRoot(text: Text): bool {
  const root = Metadata.read(Text.of("root"), text, "Root", new Work()).value;
  return root != null && root.roleNamed("root") != null;
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
