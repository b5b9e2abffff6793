import { Document, Kind, NONE, Text } from "../sdk";
import { textsIn, wholeIn } from "../sdk/json/values";
import { plainReadingCost } from "../work";
import { TufKey } from "./key";

/** Keys that a role may have. */
const MOST_KEYS = 64;

/** What it costs to read a key and to hash it, in units of work. */
const KEY_COST = 8;

/** Who may sign some metadata, and how many of them must (TUF specification, §4.3). */
export class Role {
  constructor(
    readonly keys: Array<TufKey>,
    readonly threshold: i64,
  ) {}

  /** What it costs to read one, in units of work: each of its keys is looked for among all that there are. */
  static cost(document: Document, value: i32, keys: i32): i32 {
    const ids = document.field(value, "keyids");
    if (document.kind(ids) != Kind.Array || document.kind(keys) != Kind.Object) return 1;
    let count = 0;
    for (let at = ids + 1; !document.ends(at) && count < MOST_KEYS; at = document.next(at)) count++;
    return 1 + count * (KEY_COST + plainReadingCost(document.raw(keys).length));
  }

  /**
   * Reads `{"keyids": […], "threshold": n}` with the object of keys beside it; null if it is none: if a key that it
   * names is not there, is not called by its id, or is named twice, or there are more than 64.
   */
  static read(document: Document, value: i32, keys: i32): Role | null {
    const ids = textsIn(document, value, "keyids");
    const threshold = wholeIn(document, value, "threshold");
    if (!ids || ids.length > MOST_KEYS || threshold < 1) return null;
    const found: Array<TufKey> = [];
    for (let i = 0; i < ids.length; i++) {
      const entry = document.fieldOf(keys, ids[i]);
      const key: TufKey | null = entry == NONE ? null : TufKey.read(document, entry);
      if (!key || !key.id.same(ids[i]) || idIn(found, key.id)) return null;
      found.push(key);
    }
    return new Role(found, threshold);
  }
}

/** The key with this id, or null. */
export function idIn(keys: Array<TufKey>, id: Text): TufKey | null {
  for (let i = 0; i < keys.length; i++) if (keys[i].id.same(id)) return keys[i];
  return null;
}

/** A role that another one leaves some of its targets to (TUF specification, §4.5). */
export class Delegation {
  private constructor(
    /** Such as `targets/releases`. */
    readonly name: Text,
    readonly role: Role,
    /** What the names of its targets must begin with, one of these. */
    readonly paths: Array<Text>,
  ) {}

  /** The role `targets`, to which all targets are left. */
  static toAll(name: Text, role: Role): Delegation {
    return new Delegation(name, role, [name.slice(0, 0)]);
  }

  /**
   * Reads one of the roles of this one's `delegations`, which may be for no more than this one is; null if it is none,
   * or has a name that is not directly below this one's.
   */
  read(document: Document, value: i32, keys: i32): Delegation | null {
    const role = Role.read(document, value, keys);
    const nameAt = document.field(value, "name");
    if (!role || document.kind(nameAt) != Kind.String) return null;
    const name = document.text(nameAt);
    if (!isBelow(name, this.name)) return null;
    const hasPaths = document.field(value, "paths") != NONE;
    const texts = textsIn(document, value, "paths");
    if (hasPaths && !texts) return null;
    const paths: Array<Text> = [];
    for (let i = 0; texts && i < texts.length; i++) {
      if (this.isFor(texts[i])) paths.push(texts[i]);
    }
    return new Delegation(name, role, paths);
  }

  /** Whether a target of this name is left to it. */
  isFor(target: Text): bool {
    for (let i = 0; i < this.paths.length; i++) {
      const path = this.paths[i];
      if (path.length <= target.length && target.slice(0, path.length).same(path)) return true;
    }
    return false;
  }
}

/** Whether a role's name is its parent's, a slash, and lower-case letters, digits, `-` and `_`. */
function isBelow(name: Text, parent: Text): bool {
  const from = parent.length + 1;
  if (name.length <= from || name.length > 255 || name.at(from - 1) != 0x2f) return false;
  if (!name.slice(0, from - 1).same(parent)) return false;
  for (let i = from; i < name.length; i++) {
    const byte = name.at(i);
    const isLetter = byte >= 0x61 && byte <= 0x7a;
    const isDigit = byte >= 0x30 && byte <= 0x39;
    if (!isLetter && !isDigit && byte != 0x2d && byte != 0x5f) return false;
  }
  return true;
}
