import { Builder, Fields, Kind, readText, Text } from "../sdk";
import { Window } from "../time/window";
import { TrustRoots } from "../trust/roots";
import { addTrustedRoot } from "../trust/trusted-root";
import { parseAll } from "../x509/certificate";
import { decodeEach } from "./certificates";
import { ClusterSource, decodeNamedSource } from "./cluster-source";
import { items } from "./items";
import { readKey } from "./public-keys";

/** Who may certify signers, and which logs may tell when they signed. What is not said here, others say. */
export class TrustSettings {
  constructor(
    /** Certificates of authorities like Fulcio, in DER: roots and intermediates. */
    readonly authorities: Array<Text>,
    /** SubjectPublicKeyInfo of logs like Rekor. */
    readonly logs: Array<Text>,
    /** The ConfigMap that says it instead of these two; null if there is none. */
    readonly source: ClusterSource | null,
    /** What a `trusted_root.json` says instead of these two; null if there is none. */
    readonly root: TrustRoots | null = null,
    /** What counts where these say nothing; null for Sigstore's own. */
    readonly base: TrustSettings | null = null,
  ) {}

  /** Whether nothing is said of either. */
  get isEmpty(): bool {
    return !this.source && !this.root && this.authorities.length == 0 && this.logs.length == 0;
  }

  /** What the settings say as a whole holds for a rule where it says nothing. */
  or(base: TrustSettings): TrustSettings {
    if (this.isEmpty) return base;
    return new TrustSettings(this.authorities, this.logs, this.source, this.root, base);
  }
}

/** `trustRoots` or `trustRootsFrom` of the settings, or of a rule. */
export function decodeTrustRoots(owner: Fields): TrustSettings {
  const source = decodeTrustRootsFrom(owner);
  const fields = owner.object("trustRoots");
  if (!fields || owner.isBlank(owner.value("trustRoots"))) return new TrustSettings([], [], source);
  if (source) {
    owner.problems.add(owner.path.field("trustRootsFrom"), "must not stand beside trustRoots");
  }
  const certificates = decodeEach(
    fields,
    "fulcio",
    items(fields, "fulcio"),
    "put it under trustRoots.rekor if it is a log's",
  );
  const authorities: Array<Text> = [];
  for (let i = 0; i < certificates.length; i++) authorities.push(certificates[i].der);
  refuseWithoutRoot(fields, authorities);
  const logs = decodeLogKeys(fields, "rekor");
  const root = decodeTrustedRoot(fields);
  if (root && authorities.length + logs.length > 0) {
    fields.problems.add(fields.path.field("trustedRoot"), "must not stand beside fulcio or rekor");
  }
  fields.end();
  return new TrustSettings(authorities, logs, null, root);
}

/** `trustedRoot`: Sigstore's `trusted_root.json`, as text or as it is. */
function decodeTrustedRoot(fields: Fields): TrustRoots | null {
  const document = fields.document;
  const value = fields.value("trustedRoot");
  if (fields.isBlank(value)) return null;
  const kind = document.kind(value);
  const text = kind == Kind.String ? document.text(value) : document.raw(value);
  const roots = new TrustRoots([], []);
  if (!addTrustedRoot(text, roots) || roots.isEmpty) {
    fields.problems.add(
      fields.path.field("trustedRoot"),
      "must be a trusted_root.json of Sigstore, with an authority or a log: 64 of them at most, their certificates counted",
    );
  }
  return roots;
}

/** `{configMap: {name, namespace}}` */
function decodeTrustRootsFrom(owner: Fields): ClusterSource | null {
  const fields = owner.object("trustRootsFrom");
  if (!fields || owner.isBlank(owner.value("trustRootsFrom"))) return null;
  const source = decodeNamedSource(fields, "configMap");
  fields.end();
  return source;
}

/** Who is trusted must be told apart from who is trusted by them: a root is its own issuer. */
function refuseWithoutRoot(fields: Fields, authorities: Array<Text>): void {
  if (authorities.length == 0) return;
  const path = fields.path.field("fulcio");
  const parsed = parseAll(authorities);
  const certificates = parsed.value;
  if (!certificates) {
    fields.problems.addLine(path, new Builder().text(parsed.failure!.detail));
    return;
  }
  for (let i = 0; i < certificates.length; i++) if (certificates[i].isSelfIssued) return;
  fields.problems.add(path, "has no root certificate: one that is its own issuer");
}

const A_LOG_HAS_A_KEY = "a log is named by its public key";

/** The public keys of a field's list, each a PEM; what is none is a problem, and left out. */
export function decodeLogKeys(fields: Fields, name: string): Array<Text> {
  const keys: Array<Text> = [];
  const list = items(fields, name);
  for (let i = 0; i < list.length; i++) {
    const path = fields.path.field(name).at(i);
    const pem = readText(fields.document, list[i], path, fields.problems);
    const key = pem
      ? readKey(pem, null, new Window(), path, fields.problems, A_LOG_HAS_A_KEY)
      : null;
    if (key) keys.push(key.der);
  }
  return keys;
}
