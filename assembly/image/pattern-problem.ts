import { PATTERN_BYTES } from "../limits";
import { Text } from "../sdk";
import { hasWildcard } from "./glob";
import { literalLength } from "./pattern";
import { isAlphanumeric, isRegistry, looksLikeRegistry } from "./registry";
import { hasUpperCase, isRepository } from "./repository";

/** Why a pattern could match no image, or not what it seems to; empty if it is fine. */
export function patternProblem(text: Text): string {
  if (text.length > PATTERN_BYTES) return "has more than 512 bytes";
  if (text.find("://") >= 0) return "must not begin with a scheme such as https://";
  if (text.indexOf(0x40) >= 0) {
    return "must not have a digest; images given by digest are matched by name";
  }
  for (let i = 0; i < text.length; i++) {
    if (!isAlphanumeric(text.at(i)) && !isPunctuation(text.at(i))) {
      return "may have letters, digits, . _ - / : and the wildcards * and ?, and nothing else";
    }
  }
  if (text.at(0) == 0x2f) return "must not begin with /";
  if (text.at(text.length - 1) == 0x2f) {
    return "must not end in /; end it in /* for everything below";
  }
  if (text.at(text.length - 1) == 0x3a) return "must not end in : without a tag";
  if (text.find("//") >= 0) return "must not have //";
  const colon = text.lastIndexOf(0x3a);
  const tagged = colon > text.lastIndexOf(0x2f);
  const name = tagged ? text.slice(0, colon) : text;
  const slash = name.indexOf(0x2f);
  if (slash >= 0) return nameProblem(name.slice(0, slash), name.slice(slash + 1));
  if (hasWildcard(name)) return pathProblem(name);
  if (name.indexOf(0x2e) >= 0 || (tagged && name.is("localhost"))) return HOST_ALONE;
  return pathProblem(name);
}

/** The same for a pattern that exempts images. */
export function excludeProblem(text: Text): string {
  const problem = patternProblem(text);
  if (problem.length > 0) return problem;
  if (text.indexOf(0x2f) >= 0) return "";
  const colon = text.lastIndexOf(0x3a);
  const name = colon >= 0 ? text.slice(0, colon) : text;
  // `example.com*` would exempt what begins like that as well.
  return looksLikeRegistry(name.slice(0, literalLength(name))) ? HOST_ALONE : "";
}

const HOST_ALONE =
  "names a registry alone: write / and its repositories behind it, as in ghcr.io/*";

function nameProblem(first: Text, path: Text): string {
  if (path.length == 0) return "has no repository";
  if (hasWildcard(first)) {
    if (isSlip(first)) return UPPER_CASE;
    if (first.indexOf(0x5b) >= 0 || first.indexOf(0x5d) >= 0) return BRACKETS;
    return pathProblem(path);
  }
  if (!looksLikeRegistry(first)) {
    const problem = pathProblem(first);
    return problem.length > 0 ? problem : pathProblem(path);
  }
  if (isSlip(first)) return UPPER_CASE;
  if (!isRegistry(first)) {
    return "must begin with a host, and an optional port, or with a repository";
  }
  return pathProblem(path);
}

/** A reference's first part with upper case is a host; in a pattern, without dot or port, it is a slip. */
function isSlip(first: Text): bool {
  return hasUpperCase(first) && first.indexOf(0x2e) < 0 && first.indexOf(0x3a) < 0;
}

const UPPER_CASE = "matches nothing: repositories are in lower case";
const BRACKETS = "may have : and [ ] in the registry only";

function pathProblem(path: Text): string {
  if (path.length == 0) return "has no repository";
  if (hasUpperCase(path)) return UPPER_CASE;
  if (path.indexOf(0x3a) >= 0 || path.indexOf(0x5b) >= 0 || path.indexOf(0x5d) >= 0)
    return BRACKETS;
  if (hasWildcard(path) || isRepository(path)) return "";
  return "matches nothing: a repository has letters and digits, with single . _ or -, or /, between them";
}

/** `- . / : ? [ ] _ *` */
function isPunctuation(byte: i32): bool {
  return (
    byte == 0x2a ||
    (byte >= 0x2d && byte <= 0x2f) ||
    byte == 0x3a ||
    byte == 0x3f ||
    byte == 0x5b ||
    byte == 0x5d ||
    byte == 0x5f
  );
}
