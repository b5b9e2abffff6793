import { Code, Failure, Result } from "../failure";
import { isSha256Digest } from "../image/digest";
import { ANNOTATION_BYTES, MANIFEST_BYTES, LAYERS } from "../limits";
import { Builder, Document, JsonError, Kind, NONE, Text } from "../sdk";
import { Layer } from "./layer";

const SIMPLE_SIGNING = "application/vnd.dev.cosign.simplesigning.v1+json";

/** What a `.sig` tag names (cosign's SIGNATURE_SPEC.md): a manifest whose layers are signatures of one image. */
export class SignatureManifest {
  private constructor(
    /** The signatures that could be read. */
    readonly layers: Array<Layer>,
    /** Why others could not. */
    readonly failures: Array<Failure>,
  ) {}

  /** How many layers it has: those two, and what is no signature. */
  count: i32 = 0;

  /**
   * Reads the manifest as the host gives it. A broken layer is noted among the failures and spoils no other; a layer
   * of another media type is no signature and is passed over.
   */
  static read(json: Text): Result<SignatureManifest> {
    if (json.length > MANIFEST_BYTES) {
      return fail(Code.SignatureManifestTooLarge, "the .sig manifest has more than 4 MiB");
    }
    const document = Document.read(json);
    const type = document.field(0, "mediaType");
    const layers = document.field(0, "layers");
    // What can be read as a manifest and as an index means two things.
    const manifests = document.field(0, "manifests");
    if (document.error != JsonError.None || document.twice != NONE) return malformed();
    if (manifests != NONE || !isImageManifest(document, type)) {
      return fail(Code.SignatureManifestKind, "the .sig tag names something else than a manifest");
    }
    if (document.kind(layers) != Kind.Array) return malformed();
    const manifest = new SignatureManifest([], []);
    for (let at = layers + 1; !document.ends(at); at = document.next(at)) {
      if (++manifest.count > LAYERS) {
        return fail(Code.TooManyLayers, "the .sig manifest has more than 64 layers");
      }
      manifest.add(new LayerReader(document, at, manifest.count));
    }
    return Result.ok<SignatureManifest>(manifest);
  }

  private add(reader: LayerReader): void {
    const layer = reader.read();
    const failure = reader.failure;
    if (failure) this.failures.push(failure);
    else if (layer) this.layers.push(layer);
  }
}

/** Whether a media type is that of an OCI or Docker image manifest, or left out, as OCI allows. */
function isImageManifest(document: Document, value: i32): bool {
  if (value == NONE) return true;
  if (document.kind(value) != Kind.String) return false;
  const type = document.text(value);
  return (
    type.is("application/vnd.oci.image.manifest.v1+json") ||
    type.is("application/vnd.docker.distribution.manifest.v2+json")
  );
}

function malformed(): Result<SignatureManifest> {
  return fail(Code.SignatureManifestMalformed, "the .sig manifest makes no sense");
}

function fail(code: Code, detail: string): Result<SignatureManifest> {
  return Result.fail<SignatureManifest>(code, detail);
}

/** Reads one layer of a manifest. */
class LayerReader {
  /** The first thing that is wrong with it. */
  failure: Failure | null = null;

  constructor(
    private readonly document: Document,
    private readonly token: i32,
    /** From 1, for messages. */
    private readonly number: i32,
  ) {}

  /** Null if it is no signature, or too broken for one; it counts only without a failure. */
  read(): Layer | null {
    const document = this.document;
    const before = document.repeats;
    if (document.kind(this.token) != Kind.Object) this.fail(Code.LayerMalformed, "is no object");
    const type = this.text(this.token, "mediaType");
    if (!this.failure && !(type && type.is(SIMPLE_SIGNING))) return null;
    const digest = this.text(this.token, "digest");
    const annotations = document.field(this.token, "annotations");
    const signature = this.text(annotations, "dev.cosignproject.cosign/signature");
    const certificate = this.text(annotations, "dev.sigstore.cosign/certificate");
    const chain = this.text(annotations, "dev.sigstore.cosign/chain");
    const bundle = this.text(annotations, "dev.sigstore.cosign/bundle");
    if (document.repeats != before) this.fail(Code.LayerMalformed, "has a key twice");
    if (!digest || !isSha256Digest(digest)) {
      this.fail(Code.LayerMalformed, "has no digest that is sha256: and 64 hex digits");
    }
    if (!signature) this.fail(Code.SignatureMalformed, "has no signature among its annotations");
    if (!digest || !signature) return null;
    return new Layer(digest, signature, certificate, chain, bundle);
  }

  /** A string that is not empty; null if it is absent. */
  private text(object: i32, name: string): Text | null {
    const document = this.document;
    const value = document.field(object, name);
    if (value == NONE) return null;
    if (document.kind(value) != Kind.String) {
      this.fail(Code.LayerMalformed, "has something else where a string must be");
      return null;
    }
    if (document.raw(value).length > ANNOTATION_BYTES + 2) {
      this.fail(Code.AnnotationTooLarge, "has an annotation of more than 64 KiB");
      return null;
    }
    const text = document.text(value);
    return text.length > 0 ? text : null;
  }

  private fail(code: Code, what: string): void {
    if (this.failure) return;
    const detail = new Builder().ascii("layer ").int(this.number).byte(0x20).ascii(what).view();
    this.failure = new Failure(code, detail);
  }
}
