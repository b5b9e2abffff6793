import { Der, Tag } from "../crypto/der";
import { Code, Failure } from "../failure";
import { Text } from "../sdk";
import { ID_CE, ID_CE_EXT_KEY_USAGE, ID_KP, numberBelow } from "./oid";

/** Bits of `keyUsage` (RFC 5280 §4.2.1.3) in its first byte. */
export const enum Usage {
  DigitalSignature = 0x80,
  KeyCertSign = 0x04,
}

/** What a holder's key may be for (RFC 5280 §4.2.1.12): numbers below id-kp. */
export const enum Purpose {
  CodeSigning = 3,
  TimeStamping = 8,
}

/** Extensions of id-ce that are read, and one that is refused. */
const enum Id {
  KeyUsage = 15,
  SubjectAltName = 17,
  BasicConstraints = 19,
  NameConstraints = 30,
  ExtKeyUsage = 37,
}

/** Extensions that a certificate may have: Fulcio's have 30, and each is compared with all before it. */
const MOST = 64;

const BROKEN = "the certificate's extensions are broken";

/** What the extensions of a certificate say (RFC 5280 §4.2). */
export class Extensions {
  /** Whether it is a CA's, and how many CAs may stand below it on a path: -1 for any number. */
  isCa: bool = false;
  pathLength: i32 = -1;

  /** Bits of `Usage`: all of them where nothing is said. */
  private usage: i32 = -1;
  private hasPurposes: bool = false;
  private isForAny: bool = false;
  /** A bit for each purpose below id-kp, by its number. */
  private purposes: u32 = 0;

  private readonly ids: Array<Text> = [];
  private readonly values: Array<Text> = [];

  /** Reads one after the other; gives why the certificate cannot be relied on, or null. */
  read(list: Der): Failure | null {
    while (!list.done) {
      const extension = list.enter(Tag.Sequence);
      const id = extension.read(Tag.Oid);
      const isCritical = extension.flag();
      const value = extension.read(Tag.OctetString);
      const number = numberBelow(id, ID_CE);
      if (!extension.done || !this.readKnown(number, new Der(value))) return malformed(BROKEN);
      if (number == Id.NameConstraints || (isCritical && !isKnown(number))) {
        const detail = "the certificate has a critical extension that is not understood here";
        return Failure.of(Code.CertificateExtension, detail);
      }
      if (this.ids.length == MOST) {
        return malformed("the certificate has more than 64 extensions");
      }
      for (let i = 0; i < this.ids.length; i++) {
        if (this.ids[i].same(id)) return malformed("the certificate has an extension twice");
      }
      this.ids.push(id);
      this.values.push(value);
    }
    return null;
  }

  /** The value of the extension with this number below `parent`; null if it is not there. */
  find(parent: StaticArray<u8>, number: i32): Text | null {
    for (let i = 0; i < this.ids.length; i++) {
      if (numberBelow(this.ids[i], parent) == number) return this.values[i];
    }
    return null;
  }

  /** The names of the holder (RFC 5280 §4.2.1.6); null if there are none. */
  get subjectAltName(): Text | null {
    return this.find(ID_CE, Id.SubjectAltName);
  }

  /** Whether the key may be used so: also where nothing is said of its usage. */
  allows(usage: Usage): bool {
    return (this.usage & usage) != 0;
  }

  /** Whether it is said of the key that it is for this. */
  isFor(purpose: Purpose): bool {
    return (this.purposes & (1 << (<u32>purpose))) != 0;
  }

  /** Whether the CA may issue certificates for this: also where nothing is said of its purposes. */
  mayIssueFor(purpose: Purpose): bool {
    return !this.hasPurposes || this.isForAny || this.isFor(purpose);
  }

  /** False if it is an extension that is read here, and broken. */
  private readKnown(number: i32, value: Der): bool {
    if (number == Id.BasicConstraints) return this.readConstraints(value);
    if (number == Id.KeyUsage) return this.readUsage(value);
    return number == Id.ExtKeyUsage ? this.readPurposes(value) : true;
  }

  /** §4.2.1.9; false if it is broken. */
  private readConstraints(outer: Der): bool {
    const constraints = outer.enter(Tag.Sequence);
    this.isCa = constraints.flag();
    if (constraints.next(Tag.Integer)) {
      const length = constraints.read(Tag.Integer);
      // One byte is more than any path has.
      if (!this.isCa || length.length != 1 || length.at(0) > 0x7f) return false;
      this.pathLength = length.at(0);
    }
    return outer.done && constraints.done;
  }

  /** §4.2.1.3; false if it is broken. */
  private readUsage(outer: Der): bool {
    const bits = outer.read(Tag.BitString);
    const unused = bits.at(0);
    const padding = (1 << unused) - 1;
    this.usage = bits.at(1);
    const last = bits.at(bits.length - 1);
    return outer.done && bits.length > 1 && unused < 8 && (last & padding) == 0;
  }

  /** §4.2.1.12; false if it is broken. */
  private readPurposes(outer: Der): bool {
    const purposes = outer.enter(Tag.Sequence);
    this.hasPurposes = true;
    while (!purposes.broken && !purposes.done) {
      const purpose = purposes.read(Tag.Oid);
      const number = numberBelow(purpose, ID_KP);
      if (number >= 0 && number < 32) this.purposes |= 1 << (<u32>number);
      if (numberBelow(purpose, ID_CE_EXT_KEY_USAGE) == 0) this.isForAny = true;
    }
    return outer.done && purposes.done;
  }
}

/** Whether the number below id-ce is that of an extension that is read. */
function isKnown(number: i32): bool {
  return (
    number == Id.KeyUsage ||
    number == Id.SubjectAltName ||
    number == Id.BasicConstraints ||
    number == Id.ExtKeyUsage
  );
}

function malformed(detail: string): Failure {
  return Failure.of(Code.CertificateMalformed, detail);
}
