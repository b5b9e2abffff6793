import { lengthOf, Text } from "../sdk";
import { hasDotSegment } from "./dot-segment";
import { Holder } from "./holder";
import { SubjectKind } from "./subject";

const SLASH = 0x2f;
const GITHUB = "https://github.com/";
const GITHUB_ACTIONS = "https://token.actions.githubusercontent.com";

/** Whether the holder is `subject`, as `issuer` vouched for: byte for byte. */
export function isExactly(holder: Holder, issuer: Text, subject: Text): bool {
  return isIssuedBy(holder, issuer) && holder.subject.name.same(subject);
}

/** Whether the holder is a URI below `urlPrefix`: to a prefix that does not end in `/`, one is added. */
export function hasPrefix(holder: Holder, issuer: Text, urlPrefix: Text): bool {
  const name = holder.subject.name;
  const length = urlPrefix.length;
  if (holder.subject.kind != SubjectKind.Uri || !isIssuedBy(holder, issuer)) return false;
  if (length == 0 || length > name.length || !name.slice(0, length).same(urlPrefix)) return false;
  if (hasDotSegment(name)) return false;
  return urlPrefix.at(length - 1) == 0x2f || name.at(length) == 0x2f;
}

/**
 * Whether the holder is a GitHub Actions workflow of `owner`, in and for `repo` if that is not null. Where the workflow
 * is kept stands in its URI, and what it ran for in an extension: a shared workflow runs for whoever calls it, and what
 * calls a foreign workflow is signed by that.
 */
export function isGithubWorkflow(holder: Holder, owner: Text, repo: Text | null): bool {
  const issuer = holder.issuer;
  const repository = holder.repository;
  const subject = holder.subject;
  if (!issuer || !repository || !issuer.is(GITHUB_ACTIONS)) return false;
  if (subject.kind != SubjectKind.Uri || !subject.name.startsWith(GITHUB)) return false;
  const path = subject.name.slice(lengthOf(GITHUB));
  const name = path.indexOf(SLASH, path.indexOf(SLASH) + 1);
  return (
    name > 0 &&
    isRepository(path.slice(0, name), owner, repo) &&
    isRepository(repository, owner, repo)
  );
}

/** Whether `path` is `owner/repo`, or that of any of the owner's repositories if `repo` is null. */
function isRepository(path: Text, owner: Text, repo: Text | null): bool {
  const slash = path.indexOf(SLASH);
  if (slash < 1) return false;
  const name = path.slice(slash + 1);
  if (name.length == 0 || name.indexOf(SLASH) >= 0) return false;
  return path.slice(0, slash).same(owner) && (!repo || name.same(repo));
}

function isIssuedBy(holder: Holder, wanted: Text): bool {
  const issuer = holder.issuer;
  return issuer != null && issuer.same(wanted);
}
