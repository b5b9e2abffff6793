import { Der, Tag } from "../crypto/der";
import { Code, Failure } from "../failure";
import { Text } from "../sdk";
import { ID_AD, ID_CE, ID_CE_EXT_KEY_USAGE, ID_KP, ID_PE, numberBelow } from "./oid";

/** Bits of `keyUsage` (RFC 5280 §4.2.1.3): its first byte, and the second in front of that. */
export const enum Usage {
  DigitalSignature = 0x80,
  ContentCommitment = 0x40,
  KeyCertSign = 0x04,
}

/** What a holder's key may be for (RFC 5280 §4.2.1.12): numbers below id-kp. */
export const enum Purpose {
  CodeSigning = 3,
  TimeStamping = 8,
}

/** Purposes that are others than code, a bit each: TLS of servers and clients, e-mail, timestamps, OCSP. */
const OTHER_PURPOSES: u32 = (1 << 1) | (1 << 2) | (1 << 4) | (1 << 8) | (1 << 9);

/** Extensions of id-ce that are read, and one that is refused. */
const enum Id {
  KeyUsage = 15,
  SubjectAltName = 17,
  BasicConstraints = 19,
  NameConstraints = 30,
  CrlDistributionPoints = 31,
  ExtKeyUsage = 37,
}

/** The extension of id-pe that says where the issuer is asked, and the one of id-ad that does so by OCSP. */
const AUTHORITY_INFO_ACCESS = 1;
const OCSP = 1;

/** Extensions that a certificate may have: Fulcio's have 30, and each is compared with all before it. */
const MOST = 64;

const BROKEN = "the certificate's extensions are broken";

/** What the extensions of a certificate say (RFC 5280 §4.2). */
export class Extensions {
  /** Whether it is a CA's, and how many CAs may stand below it on a path: -1 for any number. */
  isCa: bool = false;
  pathLength: i32 = -1;

  /** Whether it says where to ask if it has been revoked (RFC 5280 §4.2.1.13, §4.2.2.1). */
  isRevocable: bool = false;

  /** Bits of `Usage`: all of them where nothing is said. */
  private usage: i32 = -1;
  private hasPurposes: bool = false;
  private isForAny: bool = false;
  /** A bit for each purpose below id-kp, by its number. */
  private purposes: u32 = 0;
  /** A bit for each critical extension that is read. */
  private criticals: i64 = 0;

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
      if (isCritical) this.criticals |= (<i64>1) << number;
      if (number == Id.CrlDistributionPoints) this.isRevocable = true;
      if (numberBelow(id, ID_PE) == AUTHORITY_INFO_ACCESS && hasOcsp(value))
        this.isRevocable = true;
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

  /** Whether it is said of the key, and critical, that it signs: for itself or others, but no certificates or CRLs. */
  get isForSigningOnly(): bool {
    const others = ~(Usage.DigitalSignature | Usage.ContentCommitment);
    return this.saysUsage && this.allows(Usage.DigitalSignature) && (this.usage & others) == 0;
  }

  /** Whether it is said of the key what it may do, and critical. */
  get saysUsage(): bool {
    return this.usage >= 0 && this.isCritical(Id.KeyUsage);
  }

  /** Whether it is said to be a CA's, and critical. */
  get saysCa(): bool {
    return this.isCa && this.isCritical(Id.BasicConstraints);
  }

  /** Whether it is said that the key serves something else than code: TLS, e-mail, timestamps, OCSP, or anything. */
  get isForOtherPurposes(): bool {
    return (this.purposes & OTHER_PURPOSES) != 0 || this.isForAny;
  }

  /** Whether it is said of the key that it is for this. */
  isFor(purpose: Purpose): bool {
    return (this.purposes & (1 << (<u32>purpose))) != 0;
  }

  /** Whether the CA may issue certificates for this: also where nothing is said of its purposes. */
  mayIssueFor(purpose: Purpose): bool {
    return !this.hasPurposes || this.isForAny || this.isFor(purpose);
  }

  private isCritical(number: Id): bool {
    return ((this.criticals >> number) & 1) != 0;
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
    this.usage = bits.at(1) | (bits.at(2) << 8);
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

/** Whether one of the ways to an authority is that of OCSP, or they make no sense. */
function hasOcsp(access: Text): bool {
  const outer = new Der(access);
  const ways = outer.enter(Tag.Sequence);
  while (!ways.broken && !ways.done) {
    if (numberBelow(ways.enter(Tag.Sequence).read(Tag.Oid), ID_AD) == OCSP) return true;
  }
  return !ways.done || !outer.done;
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
