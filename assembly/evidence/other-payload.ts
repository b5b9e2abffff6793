import { publicKeyPem } from "../crypto/pem";
import { KeyKind, VerificationKey } from "../crypto/key";
import { Code, Failure, Result } from "../failure";
import { Annotation, Builder, SigstoreRequest, Text } from "../sdk";
import { Candidate } from "./candidate";
import { Inquiry } from "./inquiry";
import { payloadUnknown } from "./layer-candidate";
import { Signatures } from "./signatures";
import { Subject } from "./subject";

/**
 * A payload with other annotations, or under another name, is one that only the host can read. It says whether some
 * layer for this image, by this very key, has the rule's annotations: that is this layer if no other is by the key.
 *
 * @returns the digest of the image, if that is what the candidate has signed with the key
 */
export function askOtherPayload(
  candidate: Candidate,
  key: VerificationKey,
  annotations: Array<Annotation>,
  signatures: Signatures,
  subject: Subject,
  inquiry: Inquiry,
): Result<Text> {
  if (!signatures.isWhole) {
    return unknownPayload("a layer beside it cannot be read");
  }
  if (key.kind != KeyKind.P256 && key.kind != KeyKind.Rsa) {
    return unknownPayload("the host takes no key of this kind");
  }
  const candidates = signatures.candidates;
  for (let i = 0; i < candidates.length; i++) {
    if (candidates[i] == candidate) continue;
    const failure = candidates[i].verify(key, null, inquiry.work);
    if (!failure) return unknownPayload("another signature is by the same key");
    if (failure.code == Code.TooManyChecks) return Result.failure<Text>(failure);
    if (failure.code != Code.SignatureUnmet) {
      return unknownPayload("a layer beside it cannot be read");
    }
  }
  const request = SigstoreRequest.publicKeys([publicKeyPem(key.der)], annotations);
  const answer = inquiry.verify(request, subject.reference.canonical);
  const failure = answer.failure;
  if (failure) return saysUnsigned(failure.code) ? otherPayload() : answer;
  // It looked the tag up again, and may have found another image.
  const digest = subject.digest(inquiry);
  return digest.value!.same(answer.value!) ? digest : movedTag(digest.value!, answer.value!);
}

export function unknownPayload(why: string): Result<Text> {
  return Result.failure<Text>(payloadUnknown(why));
}

function saysUnsigned(code: Code): bool {
  return code == Code.SignatureUnmet || code == Code.SignatureMissing;
}

function otherPayload(): Result<Text> {
  return Result.fail<Text>(
    Code.SignatureUnmet,
    "what it signed is another image, or has not the annotations that the rule asks for",
  );
}

function movedTag(wanted: Text, found: Text): Result<Text> {
  const detail = new Builder().ascii("what was verified is ").text(wanted);
  detail.ascii(", and by the host's answer ").text(found);
  return Result.failure<Text>(new Failure(Code.DigestsDiffer, detail.view()));
}
