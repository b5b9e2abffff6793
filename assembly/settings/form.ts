import { Fields } from "../sdk";

/** Rancher's form sends the variables that it switches its own fields by along with the settings. */
export function ignoreFormHelpers(fields: Fields): void {
  fields.value("rule");
  fields.value("description");
}
