import { Text } from "../sdk";
import { Holder } from "./holder";
import { SubjectKind } from "./subject";

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
  return urlPrefix.at(length - 1) == 0x2f || name.at(length) == 0x2f;
}

/**
 * Whether the holder is a GitHub Actions workflow run for a repository of `owner`: for `repo` if that is not null.
 * The workflow itself may be shared and stand in another repository of github.com.
 */
export function isGithubWorkflow(holder: Holder, owner: Text, repo: Text | null): bool {
  const issuer = holder.issuer;
  const repository = holder.repository;
  if (!issuer || !repository || !issuer.is(GITHUB_ACTIONS)) return false;
  const subject = holder.subject;
  if (subject.kind != SubjectKind.Uri || !subject.name.startsWith("https://github.com/")) {
    return false;
  }
  const slash = repository.indexOf(0x2f);
  if (slash < 1) return false;
  const name = repository.slice(slash + 1);
  if (name.length == 0 || name.indexOf(0x2f) >= 0) return false;
  return repository.slice(0, slash).same(owner) && (!repo || name.same(repo));
}

function isIssuedBy(holder: Holder, wanted: Text): bool {
  const issuer = holder.issuer;
  return issuer != null && issuer.same(wanted);
}
