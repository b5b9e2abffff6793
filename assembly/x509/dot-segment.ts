import { Text } from "../sdk";

/** Whether a part of the path is `.` or `..`, be it percent-encoded: it would be taken out, and what is before it. */
export function hasDotSegment(path: Text): bool {
  let dots = 0;
  let others = 0;
  for (let i = 0; i <= path.length; i++) {
    const byte = path.at(i);
    if (i == path.length || byte == 0x2f) {
      if (others == 0 && (dots == 1 || dots == 2)) return true;
      dots = 0;
      others = 0;
    } else if (byte == 0x2e) dots++;
    else if (path.hasAt(i, "%2e") || path.hasAt(i, "%2E")) {
      dots++;
      i += 2;
    } else others++;
  }
  return false;
}
