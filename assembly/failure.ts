import { DETAIL_BYTES } from "./limits";
import { Builder, Text } from "./sdk";

/**
 * Why an image, or a whole request, is not accepted: one code a reason. The words in brackets at the end of each
 * line of a rejection are these, in lower case and with dashes.
 */
export const enum Code {
  // The request cannot be read.
  RequestTooLarge,
  RequestNotJson,
  RequestInvalid,
  SettingsInvalid,
  DuplicateKey,
  // There is no knowing what images it will run.
  KindUnknown,
  ObjectMissing,
  PodSpecMissing,
  ContainersMalformed,
  TooManyImages,
  NoImages,
  ImageMissing,
  ImageNotString,
  // The image's name is no reference.
  ReferenceEmpty,
  ReferenceTooLong,
  ReferenceScheme,
  ReferenceRegistry,
  ReferenceUpperCase,
  ReferenceRepository,
  ReferenceHexName,
  ReferenceTag,
  ReferenceDigest,
  ReferenceDigestAlgorithm,
  // Nobody vouches for it.
  ImageUnmatched,
  SignatureMissing,
  SignatureUnmet,
  ThresholdUnmet,
  PayloadUnknown,
  KeyOutsideWindow,
  KeyUnusable,
  // There is no knowing whether somebody does.
  CapabilityDenied,
  HostFailed,
  AnswerMalformed,
  AnswerUntrusted,
  AnswerDigest,
  TooManyCalls,
  TooManyChecks,
  VerifiersDisagree,
  // The cluster's objects cannot be read.
  ResourceDenied,
  ResourceForbidden,
  ResourceMissing,
  ResourceTooLarge,
  ResourceAmbiguous,
  NamespaceMissing,
  // What they hold is no keys, too few or too many of them, or no trust roots.
  KeysMissing,
  TooFewKeys,
  TooManyKeys,
  TrustRootsUnusable,
  // Its certificate proves nothing.
  CertificateMalformed,
  CertificateAlgorithm,
  CertificateExtension,
  CertificateKey,
  CertificatePurpose,
  CertificateExpired,
  CertificateNotYetValid,
  CertificateUntrusted,
  CertificateNotCa,
  CertificatePathLength,
  TooManyCertificates,
  CertificateSubjectMissing,
  CertificateSubjectAmbiguous,
  CertificateIssuersDiffer,
  CertificateRevocable,
  // It is signed, but it is not this image, or not one image.
  DigestMismatch,
  DigestsDiffer,
  // The signatures that were found cannot be read.
  SignatureManifestTooLarge,
  SignatureManifestMalformed,
  SignatureManifestKind,
  TooManyLayers,
  LayerMalformed,
  AnnotationTooLarge,
  SignatureMalformed,
  // The files that came in its place cannot be read.
  TooManySignatureFiles,
  SignatureFileTooLarge,
  SignatureFileMalformed,
  SignatureFileIncomplete,
  EvidenceTooLarge,
  EvidenceMalformed,
  EvidenceKind,
  EvidenceImage,
  TooManyEvidenceItems,
  // What was signed says nothing of this image, or not what it must.
  PayloadMalformed,
  PayloadType,
  PayloadDigest,
  PayloadAnnotations,
  PredicateType,
  // Nobody attests of it what the rule asks for.
  AttestationMissing,
  AttestationCondition,
  // The bundle that a signature came in cannot be read.
  BundleMalformed,
  BundleVersion,
  // A transparency log does not vouch for the signature.
  LogEntryMissing,
  LogEntryMalformed,
  LogUnknown,
  LogKeyExpired,
  LogSignatureInvalid,
  LogEntryKind,
  LogEntryPayload,
  LogEntrySignature,
  LogEntryKey,
  LogProofMissing,
  LogProofInvalid,
  CheckpointMalformed,
  CheckpointUnsigned,
  // Nor does an authority of time say when it was made.
  TimeUnproven,
  TimestampMalformed,
  TimestampSignature,
  TimestampUnknown,
  TimestampInvalid,
  TimestampUntrusted,
  // A signature of Notation's cannot be read, or promises nothing.
  EnvelopeTooLarge,
  EnvelopeMalformed,
  EnvelopeAlgorithm,
  EnvelopePayload,
  EnvelopeScheme,
  EnvelopeCritical,
  EnvelopeTime,
  EnvelopeExpired,
  EnvelopeChain,
  EnvelopeSignature,
  EnvelopeSigner,
  // It is about something else.
  ArtifactMalformed,
  ArtifactAnnotation,
  // Notary's metadata cannot be read, or does not say what is asked.
  TufMalformed,
  TufCanonical,
  TufGun,
  TufRoot,
  TufRollback,
  TufThreshold,
  TufExpired,
  TufStale,
  TufHash,
  TufRoleMissing,
  TufTagMissing,
  TufDigestMissing,
  TufSigners,
}

/** The codes as they are printed, in the order of the enumeration. */
const NAMES: StaticArray<string> = [
  "request-too-large",
  "request-not-json",
  "request-invalid",
  "settings-invalid",
  "duplicate-key",
  "kind-unknown",
  "object-missing",
  "pod-spec-missing",
  "containers-malformed",
  "too-many-images",
  "no-images",
  "image-missing",
  "image-not-string",
  "reference-empty",
  "reference-too-long",
  "reference-scheme",
  "reference-registry",
  "reference-upper-case",
  "reference-repository",
  "reference-hex-name",
  "reference-tag",
  "reference-digest",
  "reference-digest-algorithm",
  "image-unmatched",
  "signature-missing",
  "signature-unmet",
  "threshold-unmet",
  "payload-unknown",
  "key-outside-window",
  "key-unusable",
  "capability-denied",
  "host-failed",
  "answer-malformed",
  "answer-untrusted",
  "answer-digest",
  "too-many-calls",
  "too-many-checks",
  "verifiers-disagree",
  "resource-denied",
  "resource-forbidden",
  "resource-missing",
  "resource-too-large",
  "resource-ambiguous",
  "namespace-missing",
  "keys-missing",
  "too-few-keys",
  "too-many-keys",
  "trust-roots-unusable",
  "certificate-malformed",
  "certificate-algorithm",
  "certificate-extension",
  "certificate-key",
  "certificate-purpose",
  "certificate-expired",
  "certificate-not-yet-valid",
  "certificate-untrusted",
  "certificate-not-ca",
  "certificate-path-length",
  "too-many-certificates",
  "certificate-subject-missing",
  "certificate-subject-ambiguous",
  "certificate-issuers-differ",
  "certificate-revocable",
  "digest-mismatch",
  "digests-differ",
  "signature-manifest-too-large",
  "signature-manifest-malformed",
  "signature-manifest-kind",
  "too-many-layers",
  "layer-malformed",
  "annotation-too-large",
  "signature-malformed",
  "too-many-signature-files",
  "signature-file-too-large",
  "signature-file-malformed",
  "signature-file-incomplete",
  "evidence-too-large",
  "evidence-malformed",
  "evidence-kind",
  "evidence-image",
  "too-many-evidence-items",
  "payload-malformed",
  "payload-type",
  "payload-digest",
  "payload-annotations",
  "predicate-type",
  "attestation-missing",
  "attestation-condition",
  "bundle-malformed",
  "bundle-version",
  "log-entry-missing",
  "log-entry-malformed",
  "log-unknown",
  "log-key-expired",
  "log-signature-invalid",
  "log-entry-kind",
  "log-entry-payload",
  "log-entry-signature",
  "log-entry-key",
  "log-proof-missing",
  "log-proof-invalid",
  "checkpoint-malformed",
  "checkpoint-unsigned",
  "time-unproven",
  "timestamp-malformed",
  "timestamp-signature",
  "timestamp-unknown",
  "timestamp-invalid",
  "timestamp-untrusted",
  "envelope-too-large",
  "envelope-malformed",
  "envelope-algorithm",
  "envelope-payload",
  "envelope-scheme",
  "envelope-critical",
  "envelope-time",
  "envelope-expired",
  "envelope-chain",
  "envelope-signature",
  "envelope-signer",
  "artifact-malformed",
  "artifact-annotation",
  "tuf-malformed",
  "tuf-canonical",
  "tuf-gun",
  "tuf-root",
  "tuf-rollback",
  "tuf-threshold",
  "tuf-expired",
  "tuf-stale",
  "tuf-hash",
  "tuf-role-missing",
  "tuf-tag-missing",
  "tuf-digest-missing",
  "tuf-signers",
];

/** The code as it is printed. */
export function codeName(code: Code): string {
  return NAMES[code];
}

/** A code and what a person needs to know beside it: what was found, and what to do. */
export class Failure {
  constructor(
    readonly code: Code,
    readonly detail: Text,
  ) {}

  /** With an ASCII literal for the detail. */
  static of(code: Code, detail: string): Failure {
    return new Failure(code, Text.of(detail));
  }

  /** `detail [code]` */
  write(to: Builder): void {
    to.plain(this.detail, DETAIL_BYTES).ascii(" [").ascii(codeName(this.code)).byte(0x5d);
  }
}

/** A value, or the failure that stands in its way. */
export class Result<T> {
  private constructor(
    readonly value: T | null,
    readonly failure: Failure | null,
  ) {}

  static ok<T>(value: T): Result<T> {
    return new Result<T>(value, null);
  }

  static fail<T>(code: Code, detail: string): Result<T> {
    return new Result<T>(null, Failure.of(code, detail));
  }

  static failure<T>(failure: Failure): Result<T> {
    return new Result<T>(null, failure);
  }
}
