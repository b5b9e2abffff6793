import { isObject, own, type Json, type JsonObject } from "../document.js";

type Mask = Map<string, Mask>;

/**
 * Leaves of a value only the fields that the paths name, like `spec.replicas`, as policy-server does it: lists are
 * transparent, no path at all keeps everything, and beside a longer path a shorter one has no effect.
 */
export function prune(object: JsonObject, paths: string[]): JsonObject {
  const root: Mask = new Map();
  for (const path of paths) {
    let mask = root;
    for (const part of path.split(".")) {
      const below = mask.get(part) ?? new Map<string, Mask>();
      mask.set(part, below);
      mask = below;
    }
  }
  return keep(object, root) as JsonObject;
}

function keep(value: Json, mask: Mask): Json {
  if (mask.size === 0) return value;
  if (Array.isArray(value)) return value.map((item) => keep(item, mask));
  if (!isObject(value)) return value;
  const kept: JsonObject = {};
  for (const name of Object.keys(value)) {
    const below = mask.get(name);
    if (below) kept[name] = keep(own(value, name)!, below);
  }
  return kept;
}
