import { Der, Tag } from "../crypto/der";
import { Builder, Text } from "../sdk";
import { ID_AT, numberBelow } from "./oid";
import { isPlain } from "./subject";

/** The attributes that are known: how they are called (RFC 4514 §3 and Go's crypto/x509/pkix), and what is below id-at. */
const TYPES: StaticArray<string> = [
  "C",
  "ST",
  "S",
  "L",
  "STREET",
  "POSTALCODE",
  "O",
  "OU",
  "CN",
  "SERIALNUMBER",
];
const NUMBERS: StaticArray<i32> = [6, 8, 8, 7, 9, 17, 10, 11, 3, 5];

/** Attributes that a name may have. */
const MOST = 32;

/** Bytes of a value that are written: of the names that messages show, they cut off what is longer. */
const SHOWN = 256;

class Attribute {
  constructor(
    /** Its place among `TYPES`. */
    readonly type: i32,
    readonly value: Text,
  ) {}
}

/** A name of X.500 whose attributes are known, each with one value. */
export class DistinguishedName {
  private readonly attributes: Array<Attribute> = [];

  private constructor(
    /** Empty, or why there is no such name. */
    public problem: string,
  ) {}

  /** Reads the DER of a Name (RFC 5280 §4.1.2.4). */
  static ofDer(der: Text): DistinguishedName {
    const name = new DistinguishedName("");
    const outer = new Der(der);
    const list = outer.enter(Tag.Sequence);
    while (!list.broken && !list.done) {
      const set = list.enter(Tag.Set);
      const attribute = set.enter(Tag.Sequence);
      const type = numberBelow(attribute.read(Tag.Oid), ID_AT);
      const tag = attribute.tag;
      const value = attribute.read(tag);
      const isText = tag == Tag.Utf8String || tag == Tag.PrintableString || tag == Tag.Ia5String;
      if (!attribute.done || !set.done || !isText) return failed(name, BROKEN);
      if (!name.add(NUMBERS.indexOf(type), value)) return name;
    }
    return outer.done && list.done ? name : failed(name, BROKEN);
  }

  /**
   * Reads the text of a name (RFC 4514): `C=US, ST=WA, O=Acme\, Inc., CN=signer`. Spaces around attributes and their
   * values mean nothing, several attributes in one place (`+`) and values in hexadecimal (`#`) are not taken.
   */
  static parse(text: Text): DistinguishedName {
    const name = new DistinguishedName("");
    for (let at = 0; at <= text.length; at++) {
      while (text.at(at) == 0x20) at++;
      const equals = text.indexOf(0x3d, at);
      if (equals < 0) return failed(name, SYNTAX);
      const type = typeOf(text.slice(at, equals));
      at = equals + 1;
      while (text.at(at) == 0x20) at++;
      const value = new Value();
      at = value.read(text, at);
      if (at < 0) return failed(name, SYNTAX);
      if (!name.add(type, value.text())) return name;
    }
    return name;
  }

  /** Whether it has this attribute, by the first of its names. */
  has(type: string): bool {
    const wanted = TYPES.indexOf(type);
    for (let i = 0; i < this.attributes.length; i++) {
      if (this.attributes[i].type == wanted) return true;
    }
    return false;
  }

  /** The common name; null if it has none. */
  get commonName(): Text | null {
    return this.valueOf(TYPES.indexOf("CN"));
  }

  /** Whether every attribute of this one has the same value in another: byte for byte. */
  isIn(other: DistinguishedName): bool {
    for (let i = 0; i < this.attributes.length; i++) {
      const wanted = this.attributes[i];
      const value = other.valueOf(wanted.type);
      if (!value || !value.same(wanted.value)) return false;
    }
    return true;
  }

  /** Writes it to be shown, `C=US, ST=WA, O=Acme\, Inc.`: of no value more than its first 256 bytes. */
  write(to: Builder): void {
    for (let i = 0; i < this.attributes.length; i++) {
      if (i > 0) to.ascii(", ");
      const value = this.attributes[i].value;
      to.ascii(TYPES[this.attributes[i].type]).byte(0x3d);
      for (let k = 0; k < min(value.length, SHOWN); k++) {
        if (isSpecial(value.at(k))) to.byte(0x5c);
        to.byte(value.at(k));
      }
    }
  }

  private valueOf(type: i32): Text | null {
    for (let i = 0; i < this.attributes.length; i++) {
      if (this.attributes[i].type == type) return this.attributes[i].value;
    }
    return null;
  }

  /** Adds an attribute; false, and a problem, if it cannot be. */
  private add(place: i32, value: Text): bool {
    if (place < 0) this.problem = UNKNOWN;
    else if (!isPlain(value))
      this.problem = "has an attribute whose value is empty or no plain text";
    else if (this.attributes.length == MOST) this.problem = "has more than 32 attributes";
    else {
      // `S` is another name of `ST`.
      const type = NUMBERS.indexOf(NUMBERS[place]);
      if (this.valueOf(type)) this.problem = "has an attribute twice";
      else this.attributes.push(new Attribute(type, value));
    }
    return this.problem.length == 0;
  }
}

const UNKNOWN =
  "has an attribute other than C, ST, L, STREET, POSTALCODE, O, OU, CN and SERIALNUMBER";
const BROKEN = "is broken, or has an attribute with several values";
const SYNTAX = "is not a list of attributes such as C=US, ST=WA, O=Acme (RFC 4514)";

function failed(name: DistinguishedName, problem: string): DistinguishedName {
  name.problem = problem;
  return name;
}

function typeOf(text: Text): i32 {
  let end = text.length;
  while (end > 0 && text.at(end - 1) == 0x20) end--;
  for (let i = 0; i < TYPES.length; i++) if (text.slice(0, end).is(TYPES[i])) return i;
  return -1;
}

/** Whether a character must be escaped in a value (RFC 4514 §2.4). */
function isSpecial(byte: i32): bool {
  return (
    byte == 0x22 || byte == 0x2b || byte == 0x2c || (byte >= 0x3b && byte <= 0x3e) || byte == 0x5c
  );
}

/** The value of an attribute, as it is read. */
class Value {
  private readonly bytes: Builder = new Builder();
  /** Up to here it is not spaces alone. */
  private end: i32 = 0;

  text(): Text {
    return this.bytes.view().slice(0, this.end);
  }

  /** Reads up to the comma or the end of the text; gives its place, or -1 if something is wrong before it. */
  read(text: Text, from: i32): i32 {
    if (text.at(from) == 0x23) return -1;
    let at = from;
    while (at < text.length && text.at(at) != 0x2c) {
      const byte = text.at(at++);
      if (byte != 0x5c) {
        if (isSpecial(byte) && byte != 0x3d) return -1;
        this.bytes.byte(byte);
        if (byte != 0x20) this.end = this.bytes.size;
        continue;
      }
      const escaped = text.at(at);
      if (isSpecial(escaped) || escaped == 0x20 || escaped == 0x23) {
        this.bytes.byte(escaped);
        at++;
      } else {
        const high = nibble(escaped);
        const low = nibble(text.at(at + 1));
        if (high < 0 || low < 0) return -1;
        this.bytes.byte((high << 4) | low);
        at += 2;
      }
      this.end = this.bytes.size;
    }
    return at;
  }
}

function nibble(digit: i32): i32 {
  const lower = digit | 0x20;
  if (digit >= 0x30 && digit <= 0x39) return digit - 0x30;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
