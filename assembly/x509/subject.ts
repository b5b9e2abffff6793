import { Der, Tag } from "../crypto/der";
import { Code, Result } from "../failure";
import { Text } from "../sdk";
import { isUtf8 } from "../sdk/text/utf8";
import { X509 } from "./certificate";
import { FULCIO, numberBelow } from "./oid";

/** Whom a certificate is for: Sigstore's CAs name people by e-mail address or user name, and workflows by URI. */
export const enum SubjectKind {
  Email,
  Uri,
  Username,
}

/** Number of the user name's type below Fulcio's identifiers. */
const USERNAME = 7;

/** The name of a certificate's holder. */
export class Subject {
  private constructor(
    readonly kind: SubjectKind,
    readonly name: Text,
  ) {}

  /**
   * Reads `subjectAltName` (RFC 5280 §4.2.1.6). Fulcio gives every certificate exactly one name, so one with
   * several is refused: each verifier would take another one for the holder's.
   */
  static of(certificate: X509): Result<Subject> {
    const value = certificate.extensions.subjectAltName;
    if (!value) return missing("the certificate does not name its holder");
    const outer = new Der(value);
    const names = outer.enter(Tag.Sequence);
    const tag = names.tag;
    const name = names.read(tag);
    if (names.broken || !outer.done) return broken();
    if (!names.done) {
      const detail = "the certificate has more than one name of its holder";
      return Result.fail<Subject>(Code.CertificateSubjectAmbiguous, detail);
    }
    if (tag == Tag.Primitive1) return Subject.ofAscii(SubjectKind.Email, name);
    if (tag == Tag.Primitive6) return Subject.ofAscii(SubjectKind.Uri, name);
    if (tag == Tag.Constructed0) return Subject.ofUsername(new Der(name));
    return missing("the certificate names its holder by no e-mail address, URI or user name");
  }

  /** An IA5String without spaces and control characters: to a reader in C, a name would end at a NUL. */
  private static ofAscii(kind: SubjectKind, name: Text): Result<Subject> {
    for (let i = 0; i < name.length; i++) {
      const byte = name.at(i);
      if (byte <= 0x20 || byte >= 0x7f) return broken();
    }
    return name.length > 0 ? Result.ok(new Subject(kind, name)) : broken();
  }

  /** An `otherName` as Fulcio writes it: its type, and a UTF8String. */
  private static ofUsername(other: Der): Result<Subject> {
    const type = other.read(Tag.Oid);
    const value = other.enter(Tag.Constructed0);
    const name = value.read(Tag.Utf8String);
    if (!other.done || !value.done || numberBelow(type, FULCIO) != USERNAME) return broken();
    return isPlain(name) ? Result.ok(new Subject(SubjectKind.Username, name)) : broken();
  }
}

/** Whether the text is UTF-8 without control characters, and not empty. */
export function isPlain(text: Text): bool {
  for (let i = 0; i < text.length; i++) {
    const byte = text.at(i);
    if (byte < 0x20 || byte == 0x7f) return false;
  }
  return text.length > 0 && isUtf8(text.start, text.start + text.length);
}

function broken(): Result<Subject> {
  return missing("the name of the certificate's holder is broken");
}

function missing(detail: string): Result<Subject> {
  return Result.fail<Subject>(Code.CertificateSubjectMissing, detail);
}
