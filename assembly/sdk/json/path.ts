import { Builder } from "../text/builder";
import { Text } from "../text/text";

/** Where in a document a value is: `signatures[1].pubKeys[0].key`. Written out only when somebody reads it. */
export class Path {
  private constructor(
    private readonly parent: Path | null,
    private readonly key: Text | null,
    private readonly name: string,
    private readonly index: i32,
  ) {}

  /** The document itself; `name` is how messages call it, or empty. */
  static root(name: string): Path {
    return new Path(null, null, name, -1);
  }

  /** The field `name` of the object at this path. */
  field(name: string): Path {
    return new Path(this, null, name, -1);
  }

  /** The field `key`, for a name that comes from the document. */
  fieldOf(key: Text): Path {
    return new Path(this, key, "", -1);
  }

  /** The element `index`, from 0, of the array at this path. */
  at(index: i32): Path {
    return new Path(this, null, "", index);
  }

  write(to: Builder): void {
    const parent = this.parent;
    if (parent) parent.write(to);
    if (this.index >= 0) {
      to.byte(0x5b).int(this.index).byte(0x5d);
      return;
    }
    if (parent && !parent.empty) to.byte(0x2e);
    const key = this.key;
    if (key) to.plain(key, 64);
    else to.ascii(this.name);
  }

  private get empty(): bool {
    return this.parent == null && this.name.length == 0;
  }
}
