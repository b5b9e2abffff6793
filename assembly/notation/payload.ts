import { readEmbedded } from "../cosign/embedded";
import { Code, Failure, Result } from "../failure";
import { Builder, Document, JsonError, Kind, NONE, Text } from "../sdk";
import { textIn, textOf, wholeIn } from "../sdk/json/values";
import { plainReadingCost, tooMuchWork, Work } from "../work";
import { Artifact } from "./artifact";

/** What manifests of images, and lists of them, are: blobs are signed in the same way, whatever their bytes may be read as. */
const IMAGE_TYPES: StaticArray<string> = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];

/**
 * What a signature is about (Notary Project signature specification, Payload):
 *
 *     {"targetArtifact": {"mediaType", "digest", "size", "annotations"}}
 */
export class Payload {
  private constructor(
    private readonly document: Document,
    private readonly digest: Text,
    /** Token of an object, or NONE. */
    private readonly annotations: i32,
  ) {}

  static read(bytes: Text): Result<Payload> {
    const document = readEmbedded(bytes);
    const target = document.field(0, "targetArtifact");
    const mediaType = textIn(document, target, "mediaType");
    const digest = textIn(document, target, "digest");
    const size = wholeIn(document, target, "size");
    const annotations = document.field(target, "annotations");
    const isObject = annotations == NONE || document.kind(annotations) == Kind.Object;
    if (document.error != JsonError.None || document.twice != NONE || !isObject) {
      return Result.failure<Payload>(malformed());
    }
    if (!mediaType || !isImageType(mediaType) || !digest || size < 1)
      return Result.failure<Payload>(malformed());
    return Result.ok<Payload>(new Payload(document, digest, annotations));
  }

  /** Why it is not about this image; null if it is. */
  failure(artifact: Artifact, work: Work): Failure | null {
    if (!this.digest.same(artifact.digest)) {
      const detail = new Builder().ascii("its signature is of another image: ");
      return new Failure(Code.DigestMismatch, detail.plain(this.digest, 80).view());
    }
    const count = artifact.annotations.length;
    if (count > 0 && this.annotations != NONE) {
      const bytes = this.document.raw(this.annotations).length;
      if (!work.spend(plainReadingCost(count * bytes))) return tooMuchWork();
    }
    for (let i = 0; i < count; i++) {
      const wanted = artifact.annotations[i];
      const value = textOf(this.document, this.document.fieldOf(this.annotations, wanted.name));
      if (value && value.same(wanted.value)) continue;
      const detail = new Builder().ascii('its signature is not with the annotation "');
      detail.plain(wanted.name, 64).byte(0x3d).plain(wanted.value, 64).byte(0x22);
      return new Failure(Code.ArtifactAnnotation, detail.view());
    }
    return this.document.twice == NONE ? null : malformed();
  }
}

function isImageType(mediaType: Text): bool {
  for (let i = 0; i < IMAGE_TYPES.length; i++) if (mediaType.is(IMAGE_TYPES[i])) return true;
  return false;
}

function malformed(): Failure {
  return Failure.of(Code.ArtifactMalformed, "its signature does not name an image");
}
