import { Text } from "../sdk";
import { PATTERN_BYTES } from "../limits";
import { hasWildcard, matchGlob } from "./glob";
import { Reference } from "./reference";
import {
  hub,
  isAlphanumeric,
  isHub,
  isRegistry,
  looksLikeRegistry,
  normaliseRegistry,
} from "./registry";
import { hasUpperCase, withLibrary, withoutLibrary } from "./repository";

/**
 * Which images a rule is for: a glob of registry and one of repository, each anchored at both ends and matched
 * apart, so that nothing in a repository can pass for a host; and an optional glob of the tag. A pattern without
 * `/` and with a wildcard, such as `*`, has one glob for the whole name.
 *
 * Images of Docker Hub are known by a short name too, `nginx` or `team/app`: a pattern that could be meant for that
 * (`nginx*`, `docker.io/nginx*`, `team-?/app`) is matched against it as well.
 */
export class Pattern {
  private constructor(
    /** Null if `path` is for the whole name. */
    private readonly registry: Text | null,
    private readonly path: Text,
    /** Glob of Docker Hub's short names without the registry, or null. */
    private readonly short: Text | null,
    private readonly tag: Text | null,
  ) {}

  /** Reads a pattern that `patternProblem` found nothing wrong with, and normalises it as references are. */
  static parse(text: Text): Pattern {
    let name = text;
    let tag: Text | null = null;
    const colon = text.lastIndexOf(0x3a);
    if (colon > text.lastIndexOf(0x2f)) {
      tag = text.slice(colon + 1);
      name = text.slice(0, colon);
    }
    const slash = name.indexOf(0x2f);
    if (slash < 0) {
      if (hasWildcard(name)) return new Pattern(null, name, name, tag);
      return new Pattern(hub(), withLibrary(name), null, tag);
    }
    const first = name.slice(0, slash);
    const path = name.slice(slash + 1);
    if (!looksLikeRegistry(first)) {
      if (hasWildcard(first)) return new Pattern(first, path, name, tag);
      return new Pattern(hub(), name, null, tag);
    }
    const registry = normaliseRegistry(first);
    if (!isHub(registry)) return new Pattern(registry, path, null, tag);
    if (hasWildcard(path)) return new Pattern(registry, path, null, tag);
    return new Pattern(registry, withLibrary(path), null, tag);
  }

  /** Whether a rule with this pattern is for the image. One given by digest is, whatever its tag says. */
  matches(reference: Reference): bool {
    return this.matchesName(reference) && this.matchesTag(reference, true);
  }

  /**
   * Whether this pattern exempts the image. One given by digest is never exempted by its tag, and a pattern that
   * reads like a short name of Docker Hub exempts images of Docker Hub only: `nginx*` none of `nginx.example.com`.
   */
  excludes(reference: Reference): bool {
    if (this.readsAsShortName() && !isHub(reference.registry)) return false;
    return this.matchesName(reference) && this.matchesTag(reference, false);
  }

  /** Whether what stands before the first wildcard of a possible short name is no beginning of a registry. */
  private readsAsShortName(): bool {
    const short = this.short;
    if (!short) return false;
    let end = 0;
    while (end < short.length && short.at(end) != 0x2a && short.at(end) != 0x3f) end++;
    return end > 0 && !looksLikeRegistry(short.slice(0, end));
  }

  private matchesName(reference: Reference): bool {
    const short = this.short;
    const shortName = isHub(reference.registry) ? withoutLibrary(reference.repository) : null;
    if (short && shortName && matchGlob(short, shortName)) return true;
    const registry = this.registry;
    if (!registry) return matchGlob(this.path, reference.name());
    if (!matchGlob(registry, reference.registry)) return false;
    if (shortName && matchGlob(this.path, shortName)) return true;
    return matchGlob(this.path, reference.repository);
  }

  private matchesTag(reference: Reference, byDigest: bool): bool {
    const glob = this.tag;
    if (!glob) return true;
    if (reference.digest) return byDigest;
    const tag = reference.tag;
    return matchGlob(glob, tag ? tag : Text.of("latest"));
  }
}

/** Why a pattern could match no image, or not what it seems to; empty if it is fine. */
export function patternProblem(text: Text): string {
  if (text.length > PATTERN_BYTES) return "has more than 512 bytes";
  if (text.find("://") >= 0) return "must not begin with a scheme such as https://";
  if (text.indexOf(0x40) >= 0)
    return "must not have a digest; images given by digest are matched by name";
  for (let i = 0; i < text.length; i++) {
    const byte = text.at(i);
    // * - . / : ? [ ] _
    const punctuation =
      byte == 0x2a ||
      (byte >= 0x2d && byte <= 0x2f) ||
      byte == 0x3a ||
      byte == 0x3f ||
      byte == 0x5b ||
      byte == 0x5d ||
      byte == 0x5f;
    if (!isAlphanumeric(byte) && !punctuation) {
      return "may have letters, digits, . _ - / : and the wildcards * and ?, and nothing else";
    }
  }
  if (text.at(0) == 0x2f) return "must not begin with /";
  if (text.at(text.length - 1) == 0x2f)
    return "must not end in /; end it in /* for everything below";
  if (text.at(text.length - 1) == 0x3a) return "must not end in : without a tag";
  if (text.find("//") >= 0) return "must not have //";
  const colon = text.lastIndexOf(0x3a);
  const name = colon > text.lastIndexOf(0x2f) ? text.slice(0, colon) : text;
  const slash = name.indexOf(0x2f);
  const first = slash < 0 ? name.slice(0, 0) : name.slice(0, slash);
  const path = looksLikeRegistry(first) || hasWildcard(first) ? name.slice(slash + 1) : name;
  if (path.length < name.length && !hasWildcard(first) && !isRegistry(first)) {
    return "must begin with a host, and an optional port, or with a repository";
  }
  if (hasUpperCase(path)) return "matches nothing: repositories are in lower case";
  if (path.indexOf(0x3a) >= 0 || path.indexOf(0x5b) >= 0 || path.indexOf(0x5d) >= 0) {
    return "may have : and [ ] in the registry only";
  }
  return "";
}
