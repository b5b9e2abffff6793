import { isAlphanumeric } from "../image/registry";
import { lengthOf, Text } from "../sdk";

/** Longest prefix of a label's name, and longest name or value (Kubernetes' "Labels and Selectors", syntax). */
const LONGEST_PREFIX = 253;
const LONGEST = 63;

/** Whether a text is the name of a label: `app`, `example.com/app`. */
export function isLabelName(text: Text): bool {
  const slash = text.indexOf(0x2f);
  const name = text.slice(slash + 1);
  if (name.length == 0 || !isLabelValue(name)) return false;
  return slash < 0 || isPart(text.slice(0, slash), LONGEST_PREFIX);
}

/** Whether a text is the value of a label, which may be empty. */
function isLabelValue(text: Text): bool {
  return text.length == 0 || isPart(text, LONGEST);
}

/** Letters and digits, with `-`, `_` and `.` between them. */
function isPart(text: Text, longest: i32): bool {
  for (let i = 0; i < text.length; i++) {
    const byte = text.at(i);
    const isEnd = i == 0 || i == text.length - 1;
    const isSign = byte == 0x2d || byte == 0x2e || byte == 0x5f;
    if (!isAlphanumeric(byte) && (isEnd || !isSign)) return false;
  }
  return text.length > 0 && text.length <= longest;
}

/** Whether a text is a label selector as `kubectl get -l` takes it. */
export function isLabelQuery(text: Text): bool {
  return new Query(text).isValid();
}

/**
 * A reader of
 *
 *     requirement {"," requirement}
 *     requirement = "!" name | name [("=" | "==" | "!=") value | (">" | "<") digits | ("in" | "notin") "(" value {"," value} ")"]
 *
 * with white space between any two of these.
 */
class Query {
  private at: i32 = 0;

  constructor(private readonly text: Text) {}

  isValid(): bool {
    do if (!this.readsRequirement()) return false;
    while (this.takes(","));
    return this.at == this.text.length;
  }

  private readsRequirement(): bool {
    const isNegated = this.takes("!");
    if (!isLabelName(this.word())) return false;
    if (isNegated) return true;
    if (this.takes("==") || this.takes("=") || this.takes("!=")) return isLabelValue(this.word());
    if (this.takes(">") || this.takes("<")) return isNumber(this.word());
    const operator = this.word();
    if (operator.length == 0) return true;
    return (operator.is("in") || operator.is("notin")) && this.readsValues();
  }

  private readsValues(): bool {
    if (!this.takes("(") || this.takes(")")) return false;
    do if (!isLabelValue(this.word())) return false;
    while (this.takes(","));
    return this.takes(")");
  }

  private takes(sign: string): bool {
    this.skipSpace();
    if (!this.text.hasAt(this.at, sign)) return false;
    this.at += lengthOf(sign);
    this.skipSpace();
    return true;
  }

  /** What stands before the next sign or white space; may be empty. */
  private word(): Text {
    this.skipSpace();
    const start = this.at;
    while (this.at < this.text.length && !isSpace(this.text.at(this.at)) && !this.isSign) this.at++;
    const word = this.text.slice(start, this.at);
    this.skipSpace();
    return word;
  }

  private get isSign(): bool {
    const byte = this.text.at(this.at);
    // ! ( ) , < = >
    return (
      byte == 0x21 || byte == 0x28 || byte == 0x29 || byte == 0x2c || (byte >= 0x3c && byte <= 0x3e)
    );
  }

  private skipSpace(): void {
    while (isSpace(this.text.at(this.at))) this.at++;
  }
}

function isSpace(byte: i32): bool {
  return byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d;
}

function isNumber(text: Text): bool {
  for (let i = 0; i < text.length; i++) if (text.at(i) < 0x30 || text.at(i) > 0x39) return false;
  return text.length > 0 && text.length <= 18;
}
