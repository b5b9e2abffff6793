import { Text } from "../text/text";
import { isUtf8 } from "../text/utf8";
import { Heads, Major } from "./head";

/** Deepest nesting, items in all, and keys of one map that are read. */
const DEEPEST = 8;
const MOST_ITEMS = 1024;
const MOST_KEYS = 64;

/**
 * Whether the bytes are one data item of CBOR (RFC 8949) that every reader takes for the same: heads in their shortest
 * form, lengths definite, text in UTF-8, keys numbers or text and none twice in its map, and nothing behind it.
 */
export function isPlainCbor(bytes: Text): bool {
  return new Form(bytes).isPlain();
}

class Form {
  private readonly heads: Heads;
  /** How many containers are open. Of each: items to come, keys and values each counted; whether it is a map. */
  private depth: i32 = 0;
  private readonly left: StaticArray<i32> = new StaticArray<i32>(DEEPEST);
  private readonly isMap: StaticArray<bool> = new StaticArray<bool>(DEEPEST);
  /** The keys so far of the maps that are open, as they are written, and where each map's begin. */
  private readonly keys: Array<Text> = [];
  private readonly firstKeys: StaticArray<i32> = new StaticArray<i32>(DEEPEST);

  constructor(private readonly bytes: Text) {
    this.heads = new Heads(bytes);
  }

  isPlain(): bool {
    const heads = this.heads;
    for (let items = 0; items < MOST_ITEMS; items++) {
      const from = heads.at;
      const isKey = this.expectsKey();
      if (this.depth > 0) this.left[this.depth - 1]--;
      if (!heads.next() || !this.readBody()) return false;
      if (isKey && !this.addKey(heads.major, this.bytes.slice(from, heads.at))) return false;
      // Each container that this was the last item of ends here.
      while (this.depth > 0 && this.left[this.depth - 1] == 0) {
        this.keys.length = this.firstKeys[--this.depth];
      }
      if (this.depth == 0) return heads.at == this.bytes.length;
    }
    return false;
  }

  private expectsKey(): bool {
    const top = this.depth - 1;
    return top >= 0 && this.isMap[top] && this.left[top] % 2 == 0;
  }

  /** What belongs to the head: a string is passed over, a container opened. */
  private readBody(): bool {
    const heads = this.heads;
    const argument = heads.argument;
    const room = this.bytes.length - heads.at;
    switch (heads.major) {
      case Major.Bytes:
      case Major.Text: {
        if (argument > room) return false;
        const start = this.bytes.start + heads.at;
        heads.at += <i32>argument;
        return heads.major == Major.Bytes || isUtf8(start, start + <usize>argument);
      }
      case Major.Array:
        return argument <= room && this.open(<i32>argument, false);
      case Major.Map:
        return argument <= MOST_KEYS && this.open((<i32>argument) << 1, true);
      case Major.Tag:
        return this.open(1, false);
      default:
        return true;
    }
  }

  private open(items: i32, isMap: bool): bool {
    if (this.depth == DEEPEST) return false;
    this.left[this.depth] = items;
    this.isMap[this.depth] = isMap;
    this.firstKeys[this.depth++] = this.keys.length;
    return true;
  }

  private addKey(major: Major, key: Text): bool {
    if (major != Major.Unsigned && major != Major.Negative && major != Major.Text) return false;
    for (let i = this.firstKeys[this.depth - 1]; i < this.keys.length; i++) {
      if (this.keys[i].same(key)) return false;
    }
    this.keys.push(key);
    return true;
  }
}
