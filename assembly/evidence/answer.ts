import { Code, Failure, Result } from "../failure";
import { answerMalformed, capabilityDenied } from "../host-failure";
import { isSha256Digest } from "../image/digest";
import { SHOWN_ERROR_BYTES } from "../limits";
import { Builder, Document, HostAnswer, JsonError, Kind, NONE, Text } from "../sdk";

const VERIFY = "oci/v2/verify";

/** The digest that a host's answer to `oci` `v2/verify` vouches for; a failure if it vouches for none. */
export function readVerification(answer: HostAnswer): Result<Text> {
  if (!answer.ok) return Result.failure<Text>(hostFailure(answer, VERIFY));
  const document = Document.read(answer.bytes);
  const trusted = document.field(0, "is_trusted");
  const digest = document.field(0, "digest");
  if (!isObject(document)) return malformed();
  if (document.kind(trusted) != Kind.True) {
    return Result.fail<Text>(Code.AnswerUntrusted, "the host does not trust it");
  }
  return digestAt(document, digest, "the host names no digest of what it verified");
}

/** The digest of a host's answer to `oci` `v1/manifest_digest`. */
export function readDigest(answer: HostAnswer): Result<Text> {
  if (!answer.ok) {
    return Result.failure<Text>(
      saysMissing(answer.firstLine())
        ? Failure.of(Code.HostFailed, "its registry has no such image")
        : hostFailure(answer, "oci/v1/manifest_digest"),
    );
  }
  const document = Document.read(answer.bytes);
  const digest = document.field(0, "digest");
  if (!isObject(document)) return malformed();
  return digestAt(document, digest, "the host names no sha256 digest of the image");
}

/** The manifest of signatures in a host's answer to `oci` `v1/oci_manifest`. */
export function readManifest(answer: HostAnswer): Result<Text> {
  if (answer.ok) return Result.ok<Text>(answer.bytes);
  return Result.failure<Text>(
    saysMissing(answer.firstLine()) ? unsigned() : hostFailure(answer, "oci/v1/oci_manifest"),
  );
}

/**
 * The config of the manifest in a host's answer to `oci` `v1/oci_manifest_config`, as JSON; null if there is no such
 * manifest.
 */
export function readConfig(answer: HostAnswer, mediaType: string): Result<Text | null> {
  if (!answer.ok) {
    return saysMissing(answer.firstLine())
      ? Result.ok<Text | null>(null)
      : Result.failure<Text | null>(hostFailure(answer, "oci/v1/oci_manifest_config"));
  }
  const document = Document.read(answer.bytes);
  const descriptor = document.field(document.field(0, "manifest"), "config");
  const type = document.field(descriptor, "mediaType");
  const config = document.field(0, "config");
  if (!isObject(document) || document.kind(config) != Kind.Object) {
    return Result.failure<Text | null>(answerMalformed());
  }
  if (document.kind(type) != Kind.String || !document.text(type).is(mediaType)) {
    return Result.fail<Text | null>(
      Code.EvidenceKind,
      "what is at the tag .evidence has another media type than an evidence document",
    );
  }
  return Result.ok<Text | null>(document.raw(config));
}

/** Whether it is the registry that says so, in the words of distribution's or Harbor's, which the host passes on. */
function saysMissing(line: Text): bool {
  if (line.find("code: 404") >= 0) return true;
  if (line.find("OCI API error") < 0) return false;
  return line.find("manifest unknown") >= 0 || line.find("not found") >= 0;
}

function isObject(document: Document): bool {
  return (
    document.error == JsonError.None && document.kind(0) == Kind.Object && document.twice == NONE
  );
}

function malformed(): Result<Text> {
  return Result.failure<Text>(answerMalformed());
}

function digestAt(document: Document, value: i32, problem: string): Result<Text> {
  if (document.kind(value) != Kind.String || !isSha256Digest(document.text(value))) {
    return Result.fail<Text>(Code.AnswerDigest, problem);
  }
  return Result.ok<Text>(document.text(value));
}

function unsigned(): Failure {
  return Failure.of(
    Code.SignatureMissing,
    "no signature found; sign it with cosign in the format of a .sig tag",
  );
}

/**
 * A host's error as a failure. The host's words decide only which words a person reads: every one of them is a
 * rejection.
 */
function hostFailure(answer: HostAnswer, capability: string): Failure {
  const line = answer.firstLine();
  const denied = capabilityDenied(answer, capability);
  if (denied) return denied;
  if (line.find("no signatures found") >= 0) return unsigned();
  const unmet = line.find("missing signatures") >= 0 || line.find("No Signature Layer passed") >= 0;
  const detail = new Builder();
  const verb = capability == VERIFY ? "verify it: " : "ask its registry: ";
  if (unmet) detail.ascii("no signature that fits: ");
  else detail.ascii("the host could not ").ascii(verb);
  detail.plain(line, SHOWN_ERROR_BYTES);
  return new Failure(unmet ? Code.SignatureUnmet : Code.HostFailed, detail.view());
}
