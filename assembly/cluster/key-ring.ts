import { Code, Failure } from "../failure";
import { CLUSTER_KEYS, LEFT_OUT_BYTES } from "../limits";
import { Builder, Kind, Path, Problems, Text } from "../sdk";
import { readKey } from "../settings/public-keys";
import { PublicKey } from "../settings/signers";
import { NO_INSTANT, parseInstant } from "../time/instant";
import { Window } from "../time/window";
import { plainReadingCost, tooMuchWork, Work } from "../work";
import { Entry, readEntries } from "./entries";
import { ClusterObjects, malformed } from "./objects";

/** Public keys, no two of which are equal: those that a rule has, and those of objects of the cluster. */
export class KeyRing {
  readonly keys: Array<PublicKey> = [];
  private readonly broken: Builder = new Builder();
  /** How many more of those there are than are named. */
  private unnamed: i32 = 0;
  /** How many keys were looked at, equal and broken ones too. */
  private count: i32 = 0;

  /** Adds a key. Of two that are equal there is one, which may be used when both of them may. */
  add(key: PublicKey): void {
    for (let i = 0; i < this.keys.length; i++) {
      const known = this.keys[i].der;
      // Keys of a kind begin alike: most are told apart by how they end.
      const last = known.length - 1;
      if (known.at(last) != key.der.at(last) || !known.same(key.der)) continue;
      this.keys[i] = this.keys[i].within(key.window);
      return;
    }
    this.keys.push(key);
  }

  /** What was meant for a key and is none: each with `; ` before it, its name and why it does not count. */
  brokenOnes(): Text {
    const more = new Builder().text(this.broken.view());
    if (this.unnamed > 0) more.ascii("; and ").int(this.unnamed).ascii(" more");
    return more.view();
  }

  /** Adds the keys of all these objects; a failure if there is none, or if they make no sense. */
  addAll(objects: ClusterObjects, work: Work): Failure | null {
    const before = this.count;
    if (!work.spend(plainReadingCost(objects.size))) return tooMuchWork();
    const isCosignKey = objects.kind.kind.is("CosignKey");
    for (let i = 0; i < objects.tokens.length; i++) {
      const object = objects.tokens[i];
      const failure = isCosignKey
        ? this.addList(objects, object)
        : this.addData(objects, object, work);
      if (failure) return failure;
      if (this.count > CLUSTER_KEYS) {
        return Failure.of(Code.TooManyKeys, "the rule reads more than 512 keys from the cluster");
      }
    }
    if (!objects.makeSense) return malformed();
    if (!work.spend(2 * (this.count - before))) return tooMuchWork();
    if (this.count > before) return null;
    const detail = new Builder().ascii("no public key in PEM in ");
    objects.write(detail);
    return new Failure(Code.KeysMissing, detail.view());
  }

  /** `spec.authorities.key`, a list of PEMs. */
  private addList(objects: ClusterObjects, object: i32): Failure | null {
    const document = objects.document;
    const authorities = document.field(document.field(object, "spec"), "authorities");
    const list = document.field(authorities, "key");
    if (document.kind(list) == Kind.Null) return null;
    if (document.kind(list) != Kind.Array) return malformed();
    let index = 0;
    for (let at = list + 1; !document.ends(at); at = document.next(at)) {
      if (document.kind(at) != Kind.String) return malformed();
      const name = entryName(objects, object).int(index++).view();
      this.addPem(document.text(at), name, new Window(), new Problems());
      if (this.count > CLUSTER_KEYS) return null;
    }
    return null;
  }

  /** Every entry that is meant for a public key; others, such as private keys, are none of the policy's business. */
  private addData(objects: ClusterObjects, object: i32, work: Work): Failure | null {
    const entries = readEntries(objects, object);
    if (!entries) return malformed();
    const times: Array<Entry> = [];
    for (let i = 0; i < entries.length; i++) {
      if (entries[i].key.find(".not-") >= 0) times.push(entries[i]);
    }
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i];
      if (entry.text.find("PUBLIC KEY-----") < 0) continue;
      // It is looked for in all of them.
      if (!work.spend(times.length >> 7)) return tooMuchWork();
      const problems = new Problems();
      const window = windowOf(entry, times, problems);
      const name = entryName(objects, object).plain(entry.key, 253).view();
      this.addPem(entry.text, name, window, problems);
      if (this.count > CLUSTER_KEYS) return null;
    }
    return null;
  }

  private addPem(pem: Text, name: Text, window: Window, problems: Problems): void {
    this.count++;
    const key = readKey(pem, name, window, Path.root(""), problems, "certificates");
    if (key && problems.none) this.add(key);
    else if (this.broken.size > LEFT_OUT_BYTES) this.unnamed++;
    else this.broken.ascii("; ").text(name).byte(0x20).text(problems.text(", "));
  }
}

/** `namespace/name/`, to be followed by which of an object's keys it is. */
function entryName(objects: ClusterObjects, object: i32): Builder {
  return new Builder().text(objects.nameOf(object)).byte(0x2f);
}

/** When a key may be used: `<entry>.not-before` and `<entry>.not-after`, which may end in a newline. */
function windowOf(key: Entry, times: Array<Entry>, problems: Problems): Window {
  let from = i64.MIN_VALUE;
  let until = i64.MAX_VALUE;
  for (let i = 0; i < times.length; i++) {
    if (times[i].isAbout(key, ".not-before")) from = max(from, instantOf(times[i], problems));
    if (times[i].isAbout(key, ".not-after")) until = min(until, instantOf(times[i], problems));
  }
  return new Window(from, until);
}

function instantOf(entry: Entry, problems: Problems): i64 {
  const text = entry.text;
  let end = text.length;
  while (end > 0 && text.at(end - 1) <= 0x20) end--;
  const instant = parseInstant(text.slice(0, end));
  if (instant == NO_INSTANT)
    problems.add(Path.root(""), "has a not-before or not-after that is no time in UTC");
  return instant;
}
