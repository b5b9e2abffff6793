import { Code, Result } from "../failure";
import { PER_RULE } from "../limits";
import { Annotation, Document, JsonError, Kind, NONE, Text } from "../sdk";
import { readEmbedded } from "./embedded";

/**
 * What a payload says that is at hand (cosign's SIGNATURE_SPEC.md, Simple Signing):
 *
 *     {"critical": {"identity": {"docker-reference": …},
 *                   "image": {"docker-manifest-digest": …},
 *                   "type": "cosign container image signature"},
 *      "optional": null or {name: value, …}}
 *
 * It is read so that it can mean one thing only: every key is one of these, in this spelling, and stands there once.
 * What `docker-reference` says is not looked at: a signature is for a digest, wherever the image has been copied to.
 */
export class SimpleSigning {
  private constructor(
    /** Of the image that was signed, as it was written. */
    readonly digest: Text,
    private readonly document: Document,
    private readonly optional: i32,
  ) {}

  static read(payload: Text): Result<SimpleSigning> {
    const document = readEmbedded(payload);
    if (document.error != JsonError.None) return malformed("its payload is not JSON");
    const critical = document.field(0, "critical");
    const optional = document.field(0, "optional");
    const identity = document.field(critical, "identity");
    const image = document.field(critical, "image");
    const type = document.field(critical, "type");
    const name = document.field(identity, "docker-reference");
    const digest = document.field(image, "docker-manifest-digest");
    if (document.kind(type) != Kind.String || !isCosigns(document.text(type))) {
      return Result.fail<SimpleSigning>(
        Code.PayloadType,
        "its payload is not of a cosign container image signature",
      );
    }
    const isKnown =
      document.twice == NONE &&
      !repeats(document, optional) &&
      hasOnlyAsked(document, 0) &&
      hasOnlyAsked(document, critical) &&
      hasOnlyAsked(document, identity) &&
      hasOnlyAsked(document, image);
    const isWhole = document.kind(name) == Kind.String && document.kind(digest) == Kind.String;
    const kind = document.kind(optional);
    if (!isKnown || !isWhole || (kind != Kind.Null && kind != Kind.Object)) {
      return malformed("its payload has other keys than cosign writes, or one twice");
    }
    return Result.ok<SimpleSigning>(new SimpleSigning(document.text(digest), document, optional));
  }

  /** Whether it has all of these annotations, as strings. */
  carries(annotations: Array<Annotation>): bool {
    for (let i = 0; i < annotations.length; i++) {
      const value = this.document.fieldOf(this.optional, annotations[i].name);
      if (this.document.kind(value) != Kind.String) return false;
      if (!this.document.text(value).same(annotations[i].value)) return false;
    }
    return true;
  }
}

function isCosigns(type: Text): bool {
  return type.is("cosign container image signature");
}

function malformed(detail: string): Result<SimpleSigning> {
  return Result.fail<SimpleSigning>(Code.PayloadMalformed, detail);
}

/** Whether it is an object, and has no key but those that were asked for. */
function hasOnlyAsked(document: Document, object: i32): bool {
  if (document.kind(object) != Kind.Object) return false;
  for (let key = object + 1; !document.ends(key); key = document.next(key + 1)) {
    if (!document.asked(key)) return false;
  }
  return true;
}

/** Whether an object has a key twice, or too many to find that out. */
function repeats(document: Document, object: i32): bool {
  if (document.kind(object) != Kind.Object) return false;
  const names: Array<Text> = [];
  for (let key = object + 1; !document.ends(key); key = document.next(key + 1)) {
    const name = document.text(key);
    for (let i = 0; i < names.length; i++) if (names[i].same(name)) return true;
    if (names.push(name) > PER_RULE) return true;
  }
  return false;
}
