import { matchGlob } from "../image/glob";
import { Pattern } from "../image/pattern";
import { Reference } from "../image/reference";
import { Text } from "../sdk";
import { Rule } from "../settings/rule";

/** The rules that are for an image in a namespace, in the order of the settings. All of them must be met. */
export function selectRules(
  rules: Array<Rule>,
  reference: Reference,
  namespace: Text,
): Array<Rule> {
  const selected: Array<Rule> = [];
  for (let i = 0; i < rules.length; i++) {
    const rule = rules[i];
    if (!isFor(rule.namespaces, namespace)) continue;
    if (!anyMatches(rule.images, reference)) continue;
    if (anyExcludes(rule.exclude, reference)) continue;
    selected.push(rule);
  }
  return selected;
}

function isFor(globs: Array<Text>, namespace: Text): bool {
  for (let i = 0; i < globs.length; i++) if (matchGlob(globs[i], namespace)) return true;
  return globs.length == 0;
}

function anyMatches(patterns: Array<Pattern>, reference: Reference): bool {
  for (let i = 0; i < patterns.length; i++) if (patterns[i].matches(reference)) return true;
  return false;
}

function anyExcludes(patterns: Array<Pattern>, reference: Reference): bool {
  for (let i = 0; i < patterns.length; i++) if (patterns[i].excludes(reference)) return true;
  return false;
}
