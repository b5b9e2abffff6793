import { KeyKind } from "../crypto/key";
import { Code, Failure } from "../failure";
import { answerMalformed } from "../host-failure";
import { CLUSTER_KEYS, LEFT_OUT_BYTES } from "../limits";
import { Builder, Kind, Path, Problems, Text } from "../sdk";
import { readKey } from "../settings/public-keys";
import { PublicKey } from "../settings/signers";
import { Window } from "../time/window";
import { plainReadingCost, tooMuchWork, Work } from "../work";
import { Entry, readEntries } from "./entries";
import { KeyWindows, writeStray } from "./key-windows";
import { ClusterObjects } from "./objects";

/** Work to find out whether an Ed25519 key is a point of its curve: a root is taken. That of others is nothing beside it. */
const POINT: i32 = 8;

/** Public keys, no two of which are equal: those that a rule has, and those of objects of the cluster. */
export class KeyRing {
  readonly keys: Array<PublicKey> = [];
  /** The last four bytes of each: keys of a kind begin alike, and are told apart by how they end. */
  private readonly tails: Array<u32> = [];
  private readonly broken: Builder = new Builder();
  /** How many more of those there are than are named. */
  private unnamed: i32 = 0;
  /** How many keys were looked at, equal and broken ones too. */
  private count: i32 = 0;
  /** Work that it took to read those of the objects at hand. */
  private effort: i32 = 0;

  /** Adds a key. Of two that are equal there is one, which may be used when both of them may. */
  add(key: PublicKey): void {
    const tail = load<u32>(key.der.start + key.der.length - 4);
    for (let i = this.tails.indexOf(tail); i >= 0; i = this.tails.indexOf(tail, i + 1)) {
      if (!this.keys[i].der.same(key.der)) continue;
      this.keys[i] = this.keys[i].within(key.window);
      return;
    }
    this.keys.push(key);
    this.tails.push(tail);
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
    this.effort = 0;
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
    if (!objects.makeSense) return answerMalformed();
    if (!work.spend(this.effort)) return tooMuchWork();
    if (this.count > before) return null;
    const detail = new Builder().ascii("no public key in PEM in ");
    objects.write(detail);
    return new Failure(Code.KeysMissing, detail.text(this.brokenOnes()).view());
  }

  /** `spec.authorities.key`, a list of PEMs. */
  private addList(objects: ClusterObjects, object: i32): Failure | null {
    const document = objects.document;
    const authorities = document.field(document.field(object, "spec"), "authorities");
    const list = document.field(authorities, "key");
    if (document.kind(list) == Kind.Null) return null;
    if (document.kind(list) != Kind.Array) return answerMalformed();
    let index = 0;
    for (let at = list + 1; !document.ends(at); at = document.next(at)) {
      if (document.kind(at) != Kind.String) return answerMalformed();
      const name = entryName(objects, object).int(index++).view();
      this.addPem(document.text(at), name, new Window(), new Problems());
      if (this.count > CLUSTER_KEYS) return null;
    }
    return null;
  }

  /**
   * Every entry that is meant for a public key; others, such as private keys, are none of the policy's business. There
   * is no telling for which of them a time was meant that is for none: then none of the object's counts.
   */
  private addData(objects: ClusterObjects, object: i32, work: Work): Failure | null {
    const entries = readEntries(objects, object);
    if (!entries) return answerMalformed();
    const keys: Array<Entry> = [];
    const windows: Array<Window> = [];
    const problems: Array<Problems> = [];
    const times = new KeyWindows();
    for (let i = 0; i < entries.length; i++) {
      if (times.add(entries[i])) continue;
      if (entries[i].text.find("PUBLIC KEY-----") >= 0) keys.push(entries[i]);
    }
    if (this.count + keys.length > CLUSTER_KEYS) {
      this.count += keys.length;
      return null;
    }
    for (let i = 0; i < keys.length; i++) {
      // It is looked for in all of them.
      if (!work.spend(times.count >> 7)) return tooMuchWork();
      problems.push(new Problems());
      windows.push(times.of(keys[i], problems[i]));
    }
    const strays = times.strays();
    for (let i = 0; i < strays.length; i++) this.addStray(objects, object, strays[i]);
    if (strays.length > 0) {
      this.count += keys.length;
      return null;
    }
    for (let i = 0; i < keys.length; i++) {
      const name = entryName(objects, object).plain(keys[i].key, 253).view();
      this.addPem(keys[i].text, name, windows[i], problems[i]);
    }
    return null;
  }

  private addStray(objects: ClusterObjects, object: i32, entry: Entry): void {
    if (this.mayName()) {
      const name = entryName(objects, object).plain(entry.key, 253).view();
      writeStray(this.broken.ascii("; ").text(name), entry.key);
    }
  }

  private addPem(pem: Text, name: Text, window: Window, problems: Problems): void {
    this.count++;
    this.effort += 2;
    const path = Path.root("");
    const key = readKey(pem, name, window, path, problems, "certificates");
    if (key) {
      // Unlike the settings' keys, nobody has tried it out.
      const verifier = key.verifier;
      if (verifier.kind == KeyKind.Ed25519) this.effort += POINT;
      if (!verifier.isUsable()) problems.add(path, verifier.problem);
    }
    if (key && problems.none) this.add(key);
    else if (this.mayName()) {
      this.broken.ascii("; ").text(name).byte(0x20).text(problems.text(", "));
    }
  }

  /** Whether there is room to name one more that does not count; if not, it is counted. */
  private mayName(): bool {
    if (this.broken.size <= LEFT_OUT_BYTES) return true;
    this.unnamed++;
    return false;
  }
}

/** `namespace/name/`, to be followed by which of an object's keys it is. */
function entryName(objects: ClusterObjects, object: i32): Builder {
  return new Builder().text(objects.nameOf(object)).byte(0x2f);
}
