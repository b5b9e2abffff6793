import { Text } from "../sdk";

/** Whether `text`, all of it, matches `glob`: `*` stands for any bytes, also none, `?` for one. */
export function matchGlob(glob: Text, text: Text): bool {
  let g = 0;
  let t = 0;
  // Where the last star was, and up to where it has eaten: a mismatch lets it eat one byte more. An earlier star
  // never has to, since the last one can do all that it could.
  let star = -1;
  let eaten = 0;
  while (t < text.length) {
    const byte = g < glob.length ? glob.at(g) : -1;
    if (byte == 0x2a) {
      star = g++;
      eaten = t;
    } else if (byte == 0x3f || byte == text.at(t)) {
      g++;
      t++;
    } else if (star >= 0) {
      g = star + 1;
      t = ++eaten;
    } else return false;
  }
  while (g < glob.length && glob.at(g) == 0x2a) g++;
  return g == glob.length;
}

export function hasWildcard(text: Text): bool {
  return text.indexOf(0x2a) >= 0 || text.indexOf(0x3f) >= 0;
}
