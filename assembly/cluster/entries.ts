import { decodeBase64 } from "../crypto/base64";
import { Kind, lengthOf, Text } from "../sdk";
import { ClusterObjects } from "./objects";

/** An entry of the data of a ConfigMap or a Secret. */
export class Entry {
  constructor(
    readonly key: Text,
    readonly text: Text,
  ) {}

  /** Whether it says something of the other entry: whether its key is that one's with `suffix` behind it. */
  isAbout(other: Entry, suffix: string): bool {
    const key = this.key;
    const length = other.key.length;
    return (
      key.length == length + lengthOf(suffix) && key.hasAt(length, suffix) && begins(key, other)
    );
  }
}

function begins(key: Text, other: Entry): bool {
  return key.slice(0, other.key.length).same(other.key);
}

/** The entries of a ConfigMap, or of a Secret, where they are base64; null if they make no sense. */
export function readEntries(objects: ClusterObjects, object: i32): Array<Entry> | null {
  const document = objects.document;
  const data = document.field(object, "data");
  const entries: Array<Entry> = [];
  if (document.kind(data) == Kind.Null) return entries;
  if (document.kind(data) != Kind.Object) return null;
  const isEncoded = objects.kind.kind.is("Secret");
  for (let key = data + 1; !document.ends(key); key = document.next(key + 1)) {
    if (document.kind(key + 1) != Kind.String) return null;
    const value = document.text(key + 1);
    const text = isEncoded ? decodeBase64(value) : value;
    if (!text) return null;
    entries.push(new Entry(document.text(key), text));
  }
  return entries;
}
