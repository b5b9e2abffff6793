import { Builder, Text } from "../sdk";
import { isAlphanumeric, isLowerAlphanumeric, isUpper } from "./registry";

// repository = component *("/" component)
// component  = 1*alnum *(separator 1*alnum), alnum being lower case
// separator  = "." | "_" | "__" | 1*"-"
// tag        = (alnum of either case | "_") *127(alnum of either case | "_" | "." | "-")

/** Longest repository, by distribution/reference. */
export const LONGEST_REPOSITORY: i32 = 255;

/** Whether `text` is a repository by the grammar above. */
export function isRepository(text: Text): bool {
  // How many characters of a separator stand before this one; a component begins as if behind a `/`.
  let run = 0;
  let separator = 0x2f;
  for (let i = 0; i < text.length; i++) {
    const byte = text.at(i);
    if (isLowerAlphanumeric(byte)) {
      separator = 0;
      run = 0;
      continue;
    }
    if (byte == 0x2f || byte == 0x2e) {
      if (separator) return false;
    } else if (byte == 0x5f) {
      if (separator && (separator != 0x5f || run == 2)) return false;
    } else if (byte == 0x2d) {
      if (separator && separator != 0x2d) return false;
    } else return false;
    separator = byte;
    run++;
  }
  return separator == 0 && text.length > 0;
}

export function hasUpperCase(text: Text): bool {
  for (let i = 0; i < text.length; i++) if (isUpper(text.at(i))) return true;
  return false;
}

/** A repository of Docker Hub in full: `nginx` is `library/nginx`. */
export function withLibrary(repository: Text): Text {
  if (repository.indexOf(0x2f) >= 0) return repository;
  return new Builder(repository.length + 8).ascii("library/").text(repository).view();
}

/** The short form: `library/nginx` of Docker Hub is `nginx`, and nothing deeper has one. */
export function withoutLibrary(repository: Text): Text {
  const isShort = repository.startsWith("library/") && repository.indexOf(0x2f, 8) < 0;
  return isShort ? repository.slice(8) : repository;
}

/** Whether `text` is a tag by the grammar above. */
export function isTag(text: Text): bool {
  if (text.length == 0 || text.length > 128) return false;
  for (let i = 0; i < text.length; i++) {
    const byte = text.at(i);
    const inner = byte == 0x2e || byte == 0x2d;
    if (!isAlphanumeric(byte) && byte != 0x5f && !(inner && i > 0)) return false;
  }
  return true;
}
