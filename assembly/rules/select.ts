import { tellRule } from "../explanation";
import { matchGlob } from "../image/glob";
import { Pattern } from "../image/pattern";
import { Reference } from "../image/reference";
import { Spellings } from "../image/spellings";
import { Text } from "../sdk";
import { Rule } from "../settings/rule";

/** The rules that are for an image, in the order of the settings. All of them must be met. */
export class Selection {
  readonly rules: Array<Rule> = [];
  /**
   * Whether one of them is for the image beyond doubt. A rule may be selected in doubt, since to demand a signature
   * too many does no harm; but then the image still counts as one that no rule is for.
   */
  matched: bool = false;

  private spellings: Spellings | null = null;

  constructor(
    rules: Array<Rule>,
    private readonly reference: Reference,
    namespace: Text,
  ) {
    for (let i = 0; i < rules.length; i++) {
      const rule = rules[i];
      const here = isFor(rule.namespaces, namespace);
      // What is in no namespace is in none that a rule could leave out: it is demanded of too, in doubt.
      if (!here && namespace.length > 0) {
        tellRule(rule.number, rule.shown, "elsewhere", null);
        continue;
      }
      const pattern = this.demanding(rule);
      const exclusion = pattern ? excluding(rule, reference) : null;
      if (!pattern || exclusion) {
        tellRule(
          rule.number,
          rule.shown,
          exclusion ? "excluded" : "other",
          exclusion ? exclusion.text : null,
        );
        continue;
      }
      tellRule(rule.number, rule.shown, "here", pattern.text);
      this.rules.push(rule);
      if (here && means(rule, reference)) this.matched = true;
    }
  }

  /** The first of the rule's patterns that means the image, or else could; null if there is none. */
  private demanding(rule: Rule): Pattern | null {
    const images = rule.images;
    for (let i = 0; i < images.length; i++) {
      if (images[i].means(this.reference, true)) return images[i];
    }
    for (let i = 0; i < images.length; i++) {
      if (images[i].isVague && images[i].mayMean(this.reference, this.allSpellings())) {
        return images[i];
      }
    }
    return null;
  }

  /** Made when they are first needed: most images are meant beyond doubt, or not at all. */
  private allSpellings(): Spellings {
    const known = this.spellings;
    if (known) return known;
    const spellings = new Spellings(this.reference);
    this.spellings = spellings;
    return spellings;
  }
}

function isFor(globs: Array<Text>, namespace: Text): bool {
  for (let i = 0; i < globs.length; i++) if (matchGlob(globs[i], namespace)) return true;
  return globs.length == 0;
}

/** A rule that only warns must not let through what would be refused without it: its tag counts. */
function means(rule: Rule, reference: Reference): bool {
  for (let i = 0; i < rule.images.length; i++) {
    if (rule.images[i].means(reference, !rule.warns)) return true;
  }
  return false;
}

function excluding(rule: Rule, reference: Reference): Pattern | null {
  for (let i = 0; i < rule.exclude.length; i++) {
    if (rule.exclude[i].means(reference, false)) return rule.exclude[i];
  }
  return null;
}
