import { Code, Result } from "../failure";
import { Builder, Text } from "../sdk";
import { isDigest, isIdentifier, isKnownAlgorithm } from "./digest";
import { hub, isHub, isRegistry, looksLikeRegistry, normaliseRegistry } from "./registry";
import { hasUpperCase, isRepository, isTag, LONGEST_REPOSITORY, withLibrary } from "./repository";

/** Longest reference: no registry, repository, tag and digest of legal length come to more. */
export const LONGEST_REFERENCE: i32 = 1024;

/**
 * A parsed image name, by the grammar of distribution/reference:
 *
 *     reference = [ registry "/" ] repository [ ":" tag ] [ "@" digest ]
 *
 * Registry and repository are normalised: `nginx` is `docker.io` and `library/nginx`. Tag and digest are as
 * written, and both are kept.
 */
export class Reference {
  /** Registry and repository: what patterns match. */
  readonly name: Text;
  /** The one spelling of what it refers to: by digest if it has one, else by tag. */
  readonly canonical: Text;

  private constructor(
    readonly registry: Text,
    readonly repository: Text,
    readonly tag: Text | null,
    readonly digest: Text | null,
  ) {
    const text = new Builder().text(registry).byte(0x2f).text(repository);
    this.name = text.view();
    if (digest) text.byte(0x40).text(digest);
    else if (tag) text.byte(0x3a).text(tag);
    else text.ascii(":latest");
    this.canonical = text.view();
  }

  /** Parses an image name in time linear in its length. A failure says which part is wrong, and how. */
  static parse(text: Text): Result<Reference> {
    if (text.length == 0) return fail(Code.ReferenceEmpty, "image is empty");
    if (text.length > LONGEST_REFERENCE) {
      return fail(Code.ReferenceTooLong, "image has more than 1024 bytes");
    }
    if (text.find("://") >= 0) {
      return fail(Code.ReferenceScheme, "image must not begin with a scheme such as https://");
    }
    let rest = text;
    let digest: Text | null = null;
    const sign = rest.indexOf(0x40);
    if (sign >= 0) {
      digest = rest.slice(sign + 1);
      rest = rest.slice(0, sign);
      if (!isKnownAlgorithm(digest)) {
        return fail(Code.ReferenceDigestAlgorithm, "digest must begin with sha256:");
      }
      if (!isDigest(digest)) {
        return fail(Code.ReferenceDigest, "digest must be sha256: and 64 lower-case hex digits");
      }
    }
    let tag: Text | null = null;
    const colon = rest.lastIndexOf(0x3a);
    if (colon > rest.lastIndexOf(0x2f)) {
      tag = rest.slice(colon + 1);
      rest = rest.slice(0, colon);
      if (!isTag(tag)) {
        return fail(
          Code.ReferenceTag,
          "tag must be 1 to 128 letters, digits, _ . or -, and not begin with . or -",
        );
      }
    }
    return parseName(rest, tag, digest);
  }

  /** Used by `parseName` only: the parts have been checked there. */
  static of(registry: Text, repository: Text, tag: Text | null, digest: Text | null): Reference {
    return new Reference(registry, repository, tag, digest);
  }

  tagOrLatest(): Text {
    const tag = this.tag;
    return tag ? tag : Text.of("latest");
  }
}

function parseName(name: Text, tag: Text | null, digest: Text | null): Result<Reference> {
  const slash = name.indexOf(0x2f);
  let registry: Text | null = null;
  let repository = name;
  if (slash >= 0 && looksLikeRegistry(name.slice(0, slash))) {
    registry = name.slice(0, slash);
    repository = name.slice(slash + 1);
    if (!isRegistry(registry)) {
      return fail(
        Code.ReferenceRegistry,
        "the part before the first / is not a host with an optional port",
      );
    }
  } else if (isIdentifier(name)) {
    return fail(Code.ReferenceHexName, "64 hex digits are an image ID, not a name");
  }
  if (hasUpperCase(repository)) {
    return fail(Code.ReferenceUpperCase, "repository must be in lower case");
  }
  if (!isRepository(repository)) {
    return fail(
      Code.ReferenceRepository,
      "repository must be lower-case letters and digits, with single . _ or -, or /, between them",
    );
  }
  const host = registry ? normaliseRegistry(registry) : hub();
  const path = isHub(host) ? withLibrary(repository) : repository;
  if (path.length > LONGEST_REPOSITORY) {
    return fail(Code.ReferenceTooLong, "repository has more than 255 bytes");
  }
  return Result.ok(Reference.of(host, path, tag, digest));
}

function fail(code: Code, detail: string): Result<Reference> {
  return Result.fail<Reference>(code, detail);
}
