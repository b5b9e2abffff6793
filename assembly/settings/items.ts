import { PER_RULE } from "../limits";
import { Fields } from "../sdk";

/** A list's elements, at most as many as a rule may have; none if it is absent, or if nothing in it is filled in. */
export function items(rule: Fields, name: string): Array<i32> {
  const list = rule.list(name);
  if (!list || rule.isBlank(rule.value(name))) return [];
  if (list.length <= PER_RULE) return list;
  rule.problems.add(rule.path.field(name), "has more than 64 items");
  return list.slice(0, PER_RULE);
}
