import { RULES, WORKLOADS } from "../limits";
import { Document, Fields, Path, Problems } from "../sdk";
import { CustomKind } from "../workload/kind";
import { decodeChoice } from "./choice";
import { ignoreFormHelpers } from "./form";
import { decodeRule, Rule } from "./rule";
import { PublicKeys } from "./signers";
import { decodeTrustRoots, TrustSettings } from "./trust-roots";
import { decodeCustomKind } from "./workload";

/** What becomes of an image that no rule is for. */
export const enum Unmatched {
  Accept,
  Warn,
  Reject,
}

/** What the administrator asks for. */
export class Settings {
  /** Whether accepted images are pinned to the verified digest. */
  modifyImagesWithDigest: bool = true;
  unmatchedImages: Unmatched = Unmatched.Accept;
  /** Whether an UPDATE's images that it does not change are verified too. */
  verifyUnchangedImages: bool = false;
  readonly workloads: Array<CustomKind> = [];
  readonly rules: Array<Rule> = [];

  /**
   * Reads the settings at `value`. All that is wrong with them goes to `problems`; unless there are none, what is
   * given back must not be used.
   */
  static decode(document: Document, value: i32, root: Path, problems: Problems): Settings {
    const settings = new Settings();
    const fields = Fields.of(document, value, root, problems);
    if (!fields) return settings;
    settings.modifyImagesWithDigest = fields.bool("modifyImagesWithDigest", true);
    settings.unmatchedImages = <Unmatched>(
      decodeChoice(fields, "unmatchedImages", ["accept", "warn", "reject"])
    );
    settings.verifyUnchangedImages = fields.bool("verifyUnchangedImages", false);
    settings.decodeWorkloads(fields);
    settings.decodeRules(fields, decodeTrustRoots(fields));
    ignoreFormHelpers(fields);
    fields.end();
    return settings;
  }

  /**
   * Notes the keys whose point is not on its curve. To find that out takes arithmetic, which is not done for each
   * request: there such a key is found out when it is needed.
   */
  refuseUnusableKeys(problems: Problems): void {
    for (let i = 0; i < this.rules.length; i++) {
      const signers = this.rules[i].signers;
      if (!(signers instanceof PublicKeys)) continue;
      const keys = (signers as PublicKeys).keys;
      const paths = (signers as PublicKeys).paths;
      for (let k = 0; k < keys.length; k++) {
        const key = keys[k].verifier;
        if (!key.isUsable()) problems.add(paths[k], key.problem);
      }
    }
  }

  private decodeWorkloads(fields: Fields): void {
    const list = fields.list("workloads");
    if (!list) return;
    const path = fields.path.field("workloads");
    if (list.length > WORKLOADS) fields.problems.add(path, "has more than 64 kinds");
    for (let i = 0; i < min(list.length, WORKLOADS); i++) {
      const kind = decodeCustomKind(fields, list[i], path.at(i), this.workloads);
      if (kind) this.workloads.push(kind);
    }
  }

  private decodeRules(fields: Fields, trust: TrustSettings): void {
    const list = fields.list("signatures");
    const path = fields.path.field("signatures");
    if ((!list || list.length == 0) && this.unmatchedImages == Unmatched.Accept) {
      fields.problems.add(path, "must have at least one rule: with none, every image is accepted");
    }
    if (!list) return;
    if (list.length > RULES) fields.problems.add(path, "has more than 256 rules");
    for (let i = 0; i < min(list.length, RULES); i++) {
      const rule = decodeRule(fields, list[i], path.at(i), i + 1, trust);
      if (rule) this.rules.push(rule);
    }
  }
}
