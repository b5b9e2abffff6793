import { readEmbedded } from "../cosign/embedded";
import { Code, Failure } from "../failure";
import { Annotation, Builder, JsonError, Kind, NONE, Text } from "../sdk";
import { textIn, textOf, wholeIn } from "../sdk/json/values";

/** An image, by the descriptor of its manifest, and what a rule asks of a signature of it. */
export class Artifact {
  constructor(
    readonly mediaType: Text,
    /** `sha256:…` */
    readonly digest: Text,
    /** In bytes. */
    readonly size: i64,
    /** Annotations that must be signed with it, each with its value. */
    readonly annotations: Array<Annotation>,
  ) {}

  /**
   * Why a payload is not about this image; null if it is (Notary Project signature specification, Payload):
   *
   *     {"targetArtifact": {"mediaType", "digest", "size", "annotations"}}
   */
  failure(payload: Text): Failure | null {
    const document = readEmbedded(payload);
    const target = document.field(0, "targetArtifact");
    const mediaType = textIn(document, target, "mediaType");
    const digest = textIn(document, target, "digest");
    const size = wholeIn(document, target, "size");
    const annotations = document.field(target, "annotations");
    const kind = document.kind(annotations);
    if (
      document.error != JsonError.None ||
      !mediaType ||
      !digest ||
      size < 0 ||
      (kind != Kind.Object && annotations != NONE)
    ) {
      return malformed();
    }
    for (let i = 0; i < this.annotations.length; i++) {
      const wanted = this.annotations[i];
      const value = textOf(document, document.fieldOf(annotations, wanted.name));
      if (value && value.same(wanted.value)) continue;
      const detail = new Builder().ascii('its signature is not with the annotation "');
      detail.plain(wanted.name, 64).byte(0x22);
      return new Failure(Code.ArtifactAnnotation, detail.view());
    }
    if (document.twice != NONE) return malformed();
    if (!digest.same(this.digest)) {
      const detail = new Builder().ascii("its signature is of another image: ").plain(digest, 80);
      return new Failure(Code.DigestMismatch, detail.view());
    }
    if (!mediaType.same(this.mediaType)) {
      return Failure.of(Code.ArtifactType, "its signature is of another media type");
    }
    if (size == this.size) return null;
    return Failure.of(Code.ArtifactSize, "its signature is of a manifest of another size");
  }
}

function malformed(): Failure {
  return Failure.of(Code.ArtifactMalformed, "its signature does not name an image");
}
