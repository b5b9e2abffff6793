import { about, Fields, Path, Text } from "../sdk";
import { CustomKind, findPodSpecPath, splitPath } from "../workload/kind";

/** `{apiGroup, kind, podSpecPath}`: a custom resource that runs images. Null if there is a problem. */
export function decodeCustomKind(
  settings: Fields,
  value: i32,
  path: Path,
  known: Array<CustomKind>,
): CustomKind | null {
  const problems = settings.problems;
  const fields = Fields.of(settings.document, value, path, problems);
  if (!fields) return null;
  const named = fields.text("apiGroup");
  const group = named ? named : new Text(0, 0);
  const kind = fields.requiredText("kind");
  const podSpecPath = fields.requiredText("podSpecPath");
  fields.end();
  if (!kind || !podSpecPath) return null;
  if (findPodSpecPath(group, kind, known)) {
    problems.addLine(path, about("its path is already known: kind", kind));
    return null;
  }
  const names = splitPath(podSpecPath);
  for (let i = 0; i < names.length; i++) {
    if (isFieldName(names[i])) continue;
    problems.add(
      path.field("podSpecPath"),
      "must be field names with dots between them, such as spec.template.spec",
    );
    return null;
  }
  return new CustomKind(group, kind, names);
}

function isFieldName(text: Text): bool {
  for (let i = 0; i < text.length; i++) {
    const byte = text.at(i);
    const letter = (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a;
    const digit = byte >= 0x30 && byte <= 0x39;
    if (!letter && !digit && byte != 0x2d && byte != 0x5f) return false;
  }
  return text.length > 0;
}
