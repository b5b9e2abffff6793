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
  // There is no knowing whether somebody does.
  CapabilityDenied,
  HostFailed,
  AnswerMalformed,
  AnswerUntrusted,
  AnswerDigest,
  TooManyCalls,
  // It is signed, but it is not this image, or not one image.
  DigestMismatch,
  DigestsDiffer,
}

/** The code as it is printed. */
export function codeName(code: Code): string {
  switch (code) {
    case Code.RequestTooLarge:
      return "request-too-large";
    case Code.RequestNotJson:
      return "request-not-json";
    case Code.RequestInvalid:
      return "request-invalid";
    case Code.SettingsInvalid:
      return "settings-invalid";
    case Code.DuplicateKey:
      return "duplicate-key";
    case Code.KindUnknown:
      return "kind-unknown";
    case Code.ObjectMissing:
      return "object-missing";
    case Code.PodSpecMissing:
      return "pod-spec-missing";
    case Code.ContainersMalformed:
      return "containers-malformed";
    case Code.TooManyImages:
      return "too-many-images";
    case Code.NoImages:
      return "no-images";
    case Code.ImageMissing:
      return "image-missing";
    case Code.ImageNotString:
      return "image-not-string";
    case Code.ReferenceEmpty:
      return "reference-empty";
    case Code.ReferenceTooLong:
      return "reference-too-long";
    case Code.ReferenceScheme:
      return "reference-scheme";
    case Code.ReferenceRegistry:
      return "reference-registry";
    case Code.ReferenceUpperCase:
      return "reference-upper-case";
    case Code.ReferenceRepository:
      return "reference-repository";
    case Code.ReferenceHexName:
      return "reference-hex-name";
    case Code.ReferenceTag:
      return "reference-tag";
    case Code.ReferenceDigest:
      return "reference-digest";
    case Code.ReferenceDigestAlgorithm:
      return "reference-digest-algorithm";
    case Code.ImageUnmatched:
      return "image-unmatched";
    case Code.SignatureMissing:
      return "signature-missing";
    case Code.SignatureUnmet:
      return "signature-unmet";
    case Code.ThresholdUnmet:
      return "threshold-unmet";
    case Code.CapabilityDenied:
      return "capability-denied";
    case Code.HostFailed:
      return "host-failed";
    case Code.AnswerMalformed:
      return "answer-malformed";
    case Code.AnswerUntrusted:
      return "answer-untrusted";
    case Code.AnswerDigest:
      return "answer-digest";
    case Code.TooManyCalls:
      return "too-many-calls";
    case Code.DigestMismatch:
      return "digest-mismatch";
    default:
      return "digests-differ";
  }
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
