import jsonpatch from "fast-json-patch";
import { isObject, type Json } from "../document.js";

/**
 * The images that a policy pinned. One is called as the expectation calls it, by JSON pointer or by
 * its container's name, and by its pointer if the expectation does not know it.
 */
export function pinnedImages(
  object: Json,
  mutated: Json,
  expected: Record<string, string> = {},
): Record<string, string> {
  const after = mutated ?? object;
  const changed = new Map<string, string>();
  for (const operation of mutated === null
    ? []
    : jsonpatch.compare(object as object, mutated as object)) {
    const value = "value" in operation ? operation.value : undefined;
    changed.set(operation.path, typeof value === "string" ? value : JSON.stringify(operation));
  }
  const images: Record<string, string> = {};
  for (const name of Object.keys(expected)) {
    const pointer = name.startsWith("/") ? name : findImage(after, name);
    const image = pointer === undefined ? undefined : valueAt(after, pointer);
    if (pointer !== undefined && typeof image === "string") {
      images[name] = image;
      changed.delete(pointer);
    }
  }
  return { ...images, ...Object.fromEntries(changed) };
}

/** The pointer of the image of the container, or the image volume, with this name. */
function findImage(value: Json, name: string, at = ""): string | undefined {
  if (isObject(value) && value["name"] === name) {
    const { image } = value;
    if (typeof image === "string") return `${at}/image`;
    if (isObject(image) && typeof image["reference"] === "string") return `${at}/image/reference`;
  }
  if (typeof value !== "object" || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const found = findImage(inner, name, `${at}/${jsonpatch.escapePathComponent(key)}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function valueAt(value: Json, pointer: string): Json | undefined {
  try {
    return jsonpatch.getValueByPointer(value, pointer) as Json | undefined;
  } catch {
    return undefined;
  }
}
