import { tellRule } from "../explanation";
import { Failure } from "../failure";
import { matchGlob } from "../image/glob";
import { Pattern } from "../image/pattern";
import { Reference } from "../image/reference";
import { Spellings } from "../image/spellings";
import { Text } from "../sdk";
import { Rule } from "../settings/rule";
import { Namespace } from "./namespace";

/** A rule that is for an image. */
export class Selected {
  constructor(
    readonly rule: Rule,
    /** Why there is no knowing whether the rule is for the image's namespace; null if it is. */
    readonly failure: Failure | null,
  ) {}
}

/** The rules that are for an image, in the order of the settings. All of them must be met. */
export class Selection {
  readonly rules: Array<Selected> = [];
  /**
   * Whether one of them is for the image beyond doubt. A rule may be selected in doubt, since to demand a signature
   * too many does no harm; but then the image still counts as one that no rule is for.
   */
  matched: bool = false;

  private spellings: Spellings | null = null;

  constructor(
    rules: Array<Rule>,
    private readonly reference: Reference,
    namespace: Namespace,
  ) {
    for (let i = 0; i < rules.length; i++) {
      const rule = rules[i];
      // What is in no namespace is in none that a rule could leave out: it is demanded of too, in doubt.
      const nowhere = namespace.name.length == 0;
      const here = isFor(rule.namespaces, namespace.name);
      const pattern = here || nowhere ? this.demanding(rule) : null;
      const exclusion = pattern ? excluding(rule, reference) : null;
      if (!pattern || exclusion) {
        const is = exclusion ? "excluded" : here || nowhere ? "other" : "elsewhere";
        tellRule(rule, is, exclusion ? exclusion.text : null);
        continue;
      }
      const selector = rule.namespaceSelector;
      let doubt: Failure | null = null;
      if (selector && !nowhere) {
        const labels = namespace.isFor(rule);
        doubt = labels.failure;
        if (labels.mismatch) {
          tellRule(rule, "elsewhere", null, labels.mismatch);
          continue;
        }
      }
      tellRule(rule, "here", pattern.text);
      this.rules.push(new Selected(rule, doubt));
      const isCertain = here && !doubt && (!selector || !nowhere);
      if (isCertain && means(rule, reference)) this.matched = true;
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
