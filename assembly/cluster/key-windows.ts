import { Builder, Path, Problems, Text } from "../sdk";
import { NO_INSTANT, parseInstant } from "../time/instant";
import { Window } from "../time/window";
import { Entry } from "./entries";

/** The longest ending that may be one of these: others are not looked at. */
const LONGEST_ENDING = 16;

/**
 * The entries of one object that say when its keys may be used: `<entry>.not-before` and `<entry>.not-after`, which may
 * end in a newline. One that is for no key was meant for one, which would be open where its author closed it.
 */
export class KeyWindows {
  private readonly times: Array<Entry> = [];
  private readonly isUsed: Array<bool> = [];

  /** How many there are. */
  get count(): i32 {
    return this.times.length;
  }

  /** Adds an entry if its name says that it is one, be it misspelt. */
  add(entry: Entry): bool {
    if (!isTime(entry.key)) return false;
    this.times.push(entry);
    this.isUsed.push(false);
    return true;
  }

  /** When a key may be used. */
  of(key: Entry, problems: Problems): Window {
    let from = i64.MIN_VALUE;
    let until = i64.MAX_VALUE;
    for (let i = 0; i < this.times.length; i++) {
      const time = this.times[i];
      const begins = time.isAbout(key, ".not-before");
      if (!begins && !time.isAbout(key, ".not-after")) continue;
      this.isUsed[i] = true;
      const instant = instantOf(time, problems);
      if (begins) from = max(from, instant);
      else until = min(until, instant);
    }
    return new Window(from, until);
  }

  /** Those that were for none of the keys that were asked about. */
  strays(): Array<Entry> {
    const strays: Array<Entry> = [];
    for (let i = 0; i < this.times.length; i++) if (!this.isUsed[i]) strays.push(this.times[i]);
    return strays;
  }
}

/** Why an entry of this name is for no key: ` is for no key: …` */
export function writeStray(to: Builder, name: Text): void {
  const dot = name.lastIndexOf(0x2e);
  const ending = name.slice(dot);
  to.ascii(" is for no key: ");
  if (ending.is(".not-before") || ending.is(".not-after")) {
    to.ascii("there is no public key ").plain(name.slice(0, dot), 253);
  } else to.ascii("its name must end in .not-before or .not-after");
}

/** Whether a name ends in `.not-` and something, or in `.notBefore` or `.notAfter` however it is spelt. */
function isTime(name: Text): bool {
  const dot = name.lastIndexOf(0x2e);
  if (dot < 0 || name.length - dot > LONGEST_ENDING) return false;
  if (name.hasAt(dot, ".not-")) return true;
  const letters = new Builder(16);
  for (let i = dot + 1; i < name.length; i++) {
    const byte = name.at(i);
    if (byte != 0x2d && byte != 0x5f) letters.byte(byte | 0x20);
  }
  const word = letters.view();
  return word.is("notbefore") || word.is("notafter");
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
