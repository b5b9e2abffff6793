import { PER_RULE } from "../limits";
import { Annotation, Fields, Kind } from "../sdk";

/** A rule's `annotations`: names and values that what was signed must carry, all of them. */
export function decodeAnnotations(rule: Fields): Array<Annotation> {
  const annotations: Array<Annotation> = [];
  const object = rule.object("annotations");
  if (!object) return annotations;
  const document = rule.document;
  for (let key = object.first; !document.ends(key); key = document.next(key + 1)) {
    const name = document.text(key);
    const path = object.path.fieldOf(name);
    for (let i = 0; i < annotations.length; i++) {
      if (annotations[i].name.same(name)) rule.problems.add(path, "stands there twice");
    }
    if (annotations.length == PER_RULE) {
      rule.problems.add(object.path, "has more than 64 items");
      break;
    }
    if (document.kind(key + 1) != Kind.String) rule.problems.add(path, "must be a string");
    else annotations.push(new Annotation(name, document.text(key + 1)));
  }
  return annotations;
}
