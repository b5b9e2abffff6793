import { Text } from "../sdk";
import { hasWildcard, matchGlob } from "./glob";
import { Reference } from "./reference";
import { hub, isHub, looksLikeRegistry, normaliseRegistry } from "./registry";
import { withLibrary, withoutLibrary } from "./repository";
import { Spellings } from "./spellings";

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
    /** As it was written. */
    readonly text: Text,
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
      if (hasWildcard(name)) return new Pattern(text, null, name, name, tag);
      return new Pattern(text, hub(), withLibrary(name), null, tag);
    }
    const first = name.slice(0, slash);
    const path = name.slice(slash + 1);
    if (!looksLikeRegistry(first)) {
      if (hasWildcard(first)) return new Pattern(text, first, path, name, tag);
      return new Pattern(text, hub(), name, null, tag);
    }
    const registry = normaliseRegistry(first);
    const inHub = isHub(registry) && !hasWildcard(path);
    return new Pattern(text, registry, inHub ? withLibrary(path) : path, null, tag);
  }

  /**
   * Whether the pattern means this image, read narrowly: one that reads like a short name of Docker Hub means images
   * of Docker Hub only. This is what exempts, and what tells whether a rule is for an image at all.
   *
   * @param byDigest whether an image given by digest is meant whatever its tag says; else it never is by its tag
   */
  means(reference: Reference, byDigest: bool): bool {
    const tag = this.tag;
    if (tag) {
      if (reference.digest) {
        if (!byDigest) return false;
      } else if (!matchGlob(tag, reference.tagOrLatest())) return false;
    }
    return this.meansName(reference);
  }

  /** Whether the pattern has a wildcard, so that it could mean more than `means` tells. */
  get isVague(): bool {
    return hasWildcard(this.text);
  }

  /**
   * Whether a vague pattern could mean this image in some other reading. For rules that demand something, and
   * nothing else.
   */
  mayMean(reference: Reference, spellings: Spellings): bool {
    for (let i = 0; i < spellings.names.length; i++) {
      if (matchGlob(this.text, spellings.names[i])) return true;
    }
    const registry = this.registry;
    const tag = this.tag;
    if (!registry || !matchGlob(this.path, reference.repository)) return false;
    if (tag && !reference.digest && !matchGlob(tag, reference.tagOrLatest())) return false;
    for (let i = 0; i < spellings.registries.length; i++) {
      if (matchGlob(registry, spellings.registries[i])) return true;
    }
    return false;
  }

  private meansName(reference: Reference): bool {
    const shortName = isHub(reference.registry) ? withoutLibrary(reference.repository) : null;
    const short = this.short;
    if (short && shortName && matchShort(short, shortName)) return true;
    if (this.readsAsShortName()) return false;
    const registry = this.registry;
    if (!registry) return matchGlob(this.path, reference.name);
    if (!matchGlob(registry, reference.registry)) return false;
    if (shortName && matchGlob(this.path, shortName)) return true;
    return matchGlob(this.path, reference.repository);
  }

  /** Whether what stands before the first wildcard of a possible short name is no beginning of a registry. */
  private readsAsShortName(): bool {
    const short = this.short;
    if (!short) return false;
    const end = literalLength(short);
    return end > 0 && !looksLikeRegistry(short.slice(0, end));
  }
}

/** How many bytes stand before the first wildcard. */
export function literalLength(glob: Text): i32 {
  let end = 0;
  while (end < glob.length && glob.at(end) != 0x2a && glob.at(end) != 0x3f) end++;
  return end;
}

/** `nginx*` is no team's name: a glob that begins with a name and has no `/` does not reach behind one. */
function matchShort(glob: Text, shortName: Text): bool {
  const oneName = glob.indexOf(0x2f) < 0 && literalLength(glob) > 0;
  return !(oneName && shortName.indexOf(0x2f) >= 0) && matchGlob(glob, shortName);
}
