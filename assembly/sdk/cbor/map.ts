import { Text } from "../text/text";
import { Major } from "./head";
import { Items } from "./items";

/** A map of CBOR: what its keys are, and its values as they are written. */
export class CborMap {
  private constructor(
    private readonly keys: Array<Text>,
    private readonly values: Array<Text>,
  ) {}

  /** Reads the next of some items as a map; if it is none, they are broken and the map is empty. */
  static read(items: Items): CborMap {
    const map = new CborMap([], []);
    for (let left = items.enter(Major.Map); left > 0; left--) {
      map.keys.push(items.raw());
      map.values.push(items.raw());
    }
    return map;
  }

  get size(): i32 {
    return this.keys.length;
  }

  /** A key as it is written. */
  keyAt(index: i32): Text {
    return this.keys[index];
  }

  /** The value of the key that is written so; null if there is none. */
  find(key: Text): Text | null {
    for (let i = 0; i < this.keys.length; i++) if (this.keys[i].same(key)) return this.values[i];
    return null;
  }

  /** The value of a key that is a number. */
  numbered(number: i64): Text | null {
    for (let i = 0; i < this.keys.length; i++) {
      const key = new Items(this.keys[i]);
      if (key.int() == number && !key.broken) return this.values[i];
    }
    return null;
  }

  /** The value of a key that is an ASCII literal. */
  named(name: string): Text | null {
    for (let i = 0; i < this.keys.length; i++) {
      const key = new Items(this.keys[i]);
      if (key.text().is(name) && !key.broken) return this.values[i];
    }
    return null;
  }
}
