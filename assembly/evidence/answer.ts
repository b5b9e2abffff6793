import { Code, Failure, Result } from "../failure";
import { isSha256Digest } from "../image/digest";
import { SHOWN_ERROR_BYTES } from "../limits";
import { Builder, Document, HostAnswer, JsonError, Kind, NONE, Text } from "../sdk";

/** What policy-server puts before the words of a capability that failed. */
const PREFIX = "Callback evaluation failure: ";

/** The digest that a host's answer to `oci` `v2/verify` vouches for; a failure if it vouches for none. */
export function readAnswer(answer: HostAnswer): Result<Text> {
  if (!answer.ok) return Result.failure<Text>(hostFailure(answer.bytes));
  const document = Document.read(answer.bytes);
  const trusted = document.field(0, "is_trusted");
  const digest = document.field(0, "digest");
  if (
    document.error != JsonError.None ||
    document.kind(0) != Kind.Object ||
    document.twice != NONE
  ) {
    return Result.fail<Text>(Code.AnswerMalformed, "the host's answer makes no sense");
  }
  if (document.kind(trusted) != Kind.True) {
    return Result.fail<Text>(Code.AnswerUntrusted, "the host does not trust it");
  }
  if (document.kind(digest) != Kind.String || !isSha256Digest(document.text(digest))) {
    return Result.fail<Text>(Code.AnswerDigest, "the host names no digest of what it verified");
  }
  return Result.ok<Text>(document.text(digest));
}

/**
 * A host's error as a failure. The host's words decide only which words a person reads: every one of them is a
 * rejection.
 */
function hostFailure(words: Text): Failure {
  const line = firstLine(words);
  if (line.find("has not been granted access") >= 0) {
    return Failure.of(
      Code.CapabilityDenied,
      "the host denies this policy the capability oci/v2/verify: add it to the policy's hostCapabilities",
    );
  }
  if (line.find("no signatures found") >= 0) {
    const detail = new Builder().ascii(
      "no signature found; sign it with cosign in the format of a .sig tag",
    );
    return new Failure(Code.SignatureMissing, detail.view());
  }
  const unmet = line.find("missing signatures") >= 0 || line.find("No Signature Layer passed") >= 0;
  const detail = new Builder();
  detail.ascii(unmet ? "no signature that fits: " : "the host could not verify it: ");
  detail.plain(line, SHOWN_ERROR_BYTES);
  return new Failure(unmet ? Code.SignatureUnmet : Code.HostFailed, detail.view());
}

/** A host's message may run over many lines, and hold keys, be they on the first line. */
function firstLine(words: Text): Text {
  const text = words.startsWith(PREFIX) ? words.slice(PREFIX.length) : words;
  const end = text.indexOf(0x0a);
  const line = end < 0 ? text : text.slice(0, end);
  const key = line.find("-----BEGIN ");
  return key < 0 ? line : line.slice(0, key);
}
