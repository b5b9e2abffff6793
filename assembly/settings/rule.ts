import { Attestation } from "../attestation/attestation";
import { LabelSelector } from "../cluster/label-selector";
import { Pattern } from "../image/pattern";
import { excludeProblem, patternProblem } from "../image/pattern-problem";
import { PER_RULE } from "../limits";
import { Annotation, Builder, Fields, Kind, Path, readText, Text } from "../sdk";
import { decodeAnnotations } from "./annotations";
import { decodeRuleAttestations } from "./attestations";
import { decodeChoice } from "./choice";
import { decodeSigners } from "./decode-signers";
import { decodeEvidenceFrom, EvidenceSource } from "./evidence-source";
import { ignoreFormHelpers } from "./form";
import { decodeLabelSelector } from "./label-selector";
import { namespaceProblem } from "./namespace";
import { Certificates, NotaryV1, PublicKeys, Signers } from "./signers";
import { decodeTrustRoots, TrustSettings } from "./trust-roots";
import { decodePolicyAlone, decodeVerifier, Verifier } from "./verifier";

/** One entry of `signatures`: which images, where, and who must have signed them. */
export class Rule {
  constructor(
    /** Its place in the settings, from 1. */
    readonly number: i32,
    /** Its first pattern as it was written, to be shown. */
    readonly shown: Text,
    readonly images: Array<Pattern>,
    readonly exclude: Array<Pattern>,
    /** Globs of namespaces; empty for everywhere. */
    readonly namespaces: Array<Text>,
    /** What the labels of the namespace must be; null for any. */
    readonly namespaceSelector: LabelSelector | null,
    /** Whether an image that does not meet the rule is let through with a warning. */
    readonly warns: bool,
    readonly signers: Signers,
    readonly annotations: Array<Annotation>,
    readonly verifier: Verifier,
    readonly trust: TrustSettings,
    /** Where signatures are looked for beside those of `.sig` tags. */
    readonly evidenceFrom: Array<EvidenceSource>,
    /** What they must have said of it, each in a statement; if there is none, they must have signed it. */
    readonly attestations: Array<Attestation>,
  ) {}

  /** What the signers must have done with an image. */
  get verb(): string {
    return this.attestations.length > 0 ? "attested" : "signed";
  }

  /** `rule 2, registry.example.com/*` */
  write(to: Builder): void {
    to.ascii("rule ").int(this.number).ascii(", ").plain(this.shown, 64);
  }
}

/** Reads a rule; null if it has no signer or no image. What is wrong goes to the problems of `settings`. */
export function decodeRule(
  settings: Fields,
  value: i32,
  path: Path,
  number: i32,
  trust: TrustSettings,
): Rule | null {
  const fields = Fields.of(settings.document, value, path, settings.problems);
  if (!fields) return null;
  const images = decodeTexts(fields, "image");
  if (images.length == 0) fields.problems.add(path.field("image"), "is required");
  const exclude = decodeTexts(fields, "exclude");
  const namespaces = decodeTexts(fields, "namespaces");
  for (let i = 0; i < namespaces.length; i++) {
    const problem = namespaceProblem(namespaces[i]);
    if (problem.length > 0) fields.problems.add(path.field("namespaces").at(i), problem);
  }
  const namespaceSelector = decodeLabelSelector(fields, "namespaceSelector");
  const warns = decodeChoice(fields, "onFailure", ["reject", "warn"]) == 1;
  const ownTrust = decodeTrustRoots(fields);
  const signers = decodeSigners(fields);
  const annotations = decodeAnnotations(fields);
  const inDocuments = signers != null && signers.areInDocuments;
  const verifier = inDocuments
    ? decodePolicyAlone(fields)
    : decodeVerifier(fields, isBoundToMore(signers));
  if (verifier == Verifier.Host && signers) refuseHost(fields, signers, annotations);
  if (!ownTrust.isEmpty) refuseUselessTrust(fields, ownTrust, signers, verifier);
  const evidenceFrom = decodeEvidenceFrom(fields, verifier);
  const attestations = decodeRuleAttestations(fields, signers, annotations, verifier, evidenceFrom);
  if (inDocuments && evidenceFrom.length == 0) evidenceFrom.push(EvidenceSource.besideImage());
  if (signers instanceof NotaryV1 && annotations.length > 0) {
    const problem = "does not go with notaryV1: its metadata has no annotations";
    fields.problems.add(path.field("annotations"), problem);
  }
  ignoreFormHelpers(fields);
  fields.end();
  const patterns = decodePatterns(fields, "image", images, false);
  const excluded = decodePatterns(fields, "exclude", exclude, true);
  if (!signers || images.length == 0) return null;
  return new Rule(
    number,
    images[0],
    patterns,
    excluded,
    namespaces,
    namespaceSelector,
    warns,
    signers,
    annotations,
    verifier,
    ownTrust.or(trust),
    evidenceFrom,
    attestations,
  );
}

/** Whether there is more to a signature than a key: a certificate, an identity, an entry of a log. */
function isBoundToMore(signers: Signers | null): bool {
  return !(signers instanceof PublicKeys) || (signers as PublicKeys).log != null;
}

/** Trust roots that nothing is held against would make a rule look stricter than it is. */
function refuseUselessTrust(
  rule: Fields,
  trust: TrustSettings,
  signers: Signers | null,
  verifier: Verifier,
): void {
  const path = rule.path.field(trust.source ? "trustRootsFrom" : "trustRoots");
  if (signers && signers.areInDocuments) {
    rule.problems.add(path, "does not go with notation and notaryV1, which name whom they trust");
  } else if (signers instanceof PublicKeys && !(signers as PublicKeys).log) {
    rule.problems.add(path, "goes with pubKeys only if the rule has a transparencyLog");
  } else if (verifier == Verifier.Host) {
    rule.problems.add(path, "needs verifier: both or policy: the host has trust roots of its own");
  }
}

/** What the host cannot be asked for, or finds on one signature or another. */
function refuseHost(rule: Fields, signers: Signers, annotations: Array<Annotation>): void {
  if (signers instanceof Certificates && annotations.length > 0) {
    rule.problems.add(
      rule.path.field("annotations"),
      "needs verifier: both or policy together with certificates: the host may find the two on different signatures",
    );
  }
  if (signers instanceof PublicKeys && (signers as PublicKeys).log) {
    rule.problems.add(
      rule.path.field("transparencyLog"),
      "needs verifier: both or policy: the host has trust roots of its own",
    );
  }
}

/** A string or a list of strings; empty ones are left out, as forms send them for rows that were not filled in. */
function decodeTexts(fields: Fields, name: string): Array<Text> {
  const texts: Array<Text> = [];
  const document = fields.document;
  const value = fields.value(name);
  const path = fields.path.field(name);
  if (document.kind(value) == Kind.Array) {
    const list = fields.list(name)!;
    if (list.length > PER_RULE) fields.problems.add(path, "has more than 64 items");
    for (let i = 0; i < min(list.length, PER_RULE); i++) {
      if (fields.isAbsent(list[i])) continue;
      const text = readText(document, list[i], path.at(i), fields.problems);
      if (text) texts.push(text);
    }
  } else if (document.kind(value) != Kind.Null) {
    const text = readText(document, value, path, fields.problems);
    if (text) texts.push(text);
  }
  return texts;
}

function decodePatterns(
  fields: Fields,
  name: string,
  texts: Array<Text>,
  excludes: bool,
): Array<Pattern> {
  const patterns: Array<Pattern> = [];
  for (let i = 0; i < texts.length; i++) {
    const problem = excludes ? excludeProblem(texts[i]) : patternProblem(texts[i]);
    if (problem.length == 0) patterns.push(Pattern.parse(texts[i]));
    else {
      const line = new Builder().byte(0x22).plain(texts[i], 64).ascii('" ').ascii(problem);
      fields.problems.addLine(fields.path.field(name), line);
    }
  }
  return patterns;
}
