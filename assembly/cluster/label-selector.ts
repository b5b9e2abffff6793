import { Document, Kind, NONE, Text } from "../sdk";

/** The labels of an object: a map of strings in a document, or NONE. */
export class Labels {
  /** Whether one that was asked for is no string. */
  private isBroken: bool = false;

  constructor(
    private readonly document: Document,
    private readonly map: i32,
  ) {}

  get count(): i32 {
    if (this.document.kind(this.map) != Kind.Object) return 0;
    let count = 0;
    for (let key = this.map + 1; !this.document.ends(key); key = this.document.next(key + 1))
      count++;
    return count;
  }

  /** Whether they are a map, and none that was asked for is no string, or stands there twice. */
  get makeSense(): bool {
    const kind = this.document.kind(this.map);
    const isMap = kind == Kind.Null || kind == Kind.Object;
    return isMap && !this.isBroken && this.document.twice == NONE;
  }

  /** Null if there is no label of this name. */
  valueOf(name: Text): Text | null {
    const value = this.document.fieldOf(this.map, name);
    if (this.document.kind(value) == Kind.String) return this.document.text(value);
    if (value != NONE) this.isBroken = true;
    return null;
  }
}

/** What Kubernetes can ask of a label, in the order of their names in `OPERATORS`. */
export const enum Operator {
  In,
  NotIn,
  Exists,
  DoesNotExist,
}

export const OPERATORS: Array<string> = ["In", "NotIn", "Exists", "DoesNotExist"];

/** One thing that is asked of labels: a LabelSelectorRequirement of Kubernetes. */
export class Requirement {
  constructor(
    /** The label's. */
    readonly name: Text,
    private readonly operator: Operator,
    /** None for the operators that ask for no value. */
    private readonly values: Array<Text>,
  ) {}

  isMetBy(labels: Labels): bool {
    const value = labels.valueOf(this.name);
    if (this.operator == Operator.Exists) return value != null;
    if (this.operator == Operator.DoesNotExist) return value == null;
    // What has no such label is in no set.
    const isIn = value != null && this.has(value);
    return isIn == (this.operator == Operator.In);
  }

  private has(value: Text): bool {
    for (let i = 0; i < this.values.length; i++) if (this.values[i].same(value)) return true;
    return false;
  }
}

/** `matchLabels` and `matchExpressions`, all of which must be met. */
export class LabelSelector {
  constructor(private readonly requirements: Array<Requirement>) {}

  /** How many requirements there are. */
  get count(): i32 {
    return this.requirements.length;
  }

  /** The label that is not as it must be, the first of them; null if all are. */
  mismatch(labels: Labels): Text | null {
    for (let i = 0; i < this.requirements.length; i++) {
      if (!this.requirements[i].isMetBy(labels)) return this.requirements[i].name;
    }
    return null;
  }
}
