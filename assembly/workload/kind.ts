import { Document, Text } from "../sdk";

/** A kind of object that runs images: its group, its name, and the field names that lead to its pod spec. */
export class CustomKind {
  constructor(
    readonly group: Text,
    readonly kind: Text,
    readonly podSpecPath: Array<Text>,
  ) {}
}

/** The kinds of Kubernetes itself: group, kind, and path of the pod spec, three in a row for each. */
// prettier-ignore
const KINDS: StaticArray<string> = [
  "", "Pod", "spec",
  "", "PodTemplate", "template.spec",
  "", "ReplicationController", "spec.template.spec",
  "apps", "Deployment", "spec.template.spec",
  "apps", "ReplicaSet", "spec.template.spec",
  "apps", "StatefulSet", "spec.template.spec",
  "apps", "DaemonSet", "spec.template.spec",
  "batch", "Job", "spec.template.spec",
  "batch", "CronJob", "spec.jobTemplate.spec.template.spec",
];

/** Path of the pod spec in objects of this group and kind; null if they are of no known kind. */
export function findPodSpecPath(
  group: Text,
  kind: Text,
  custom: Array<CustomKind>,
): Array<Text> | null {
  for (let i = 0; i < KINDS.length; i += 3) {
    if (group.is(KINDS[i]) && kind.is(KINDS[i + 1])) return splitPath(Text.of(KINDS[i + 2]));
  }
  for (let i = 0; i < custom.length; i++) {
    if (custom[i].group.same(group) && custom[i].kind.same(kind)) return custom[i].podSpecPath;
  }
  return null;
}

/** The value that field names lead to, or NONE. */
export function follow(document: Document, object: i32, path: Array<Text>): i32 {
  let value = object;
  for (let i = 0; i < path.length; i++) value = document.fieldOf(value, path[i]);
  return value;
}

/** The field names of a path such as `spec.template.spec`. */
export function splitPath(path: Text): Array<Text> {
  const names: Array<Text> = [];
  let from = 0;
  for (let dot = path.indexOf(0x2e); dot >= 0; dot = path.indexOf(0x2e, from)) {
    names.push(path.slice(from, dot));
    from = dot + 1;
  }
  names.push(path.slice(from));
  return names;
}
