import { decodeBase64 } from "../crypto/base64";
import { DELEGATIONS, EVIDENCE_FIELD_BYTES } from "../limits";
import { Document, Kind, lengthOf, NONE, Text } from "../sdk";
import { DelegationFile } from "../tuf/files";

const BELOW_TARGETS = "targets/";

/** The fields of an object in which each has a known name and form. */
export class ItemFields {
  private isBroken: bool = false;

  constructor(
    private readonly document: Document,
    private readonly object: i32,
  ) {}

  /** A string that is not empty; null if it is absent. */
  text(name: string): Text | null {
    return this.textAt(this.document.field(this.object, name));
  }

  private textAt(value: i32): Text | null {
    if (value == NONE) return null;
    if (this.document.kind(value) != Kind.String) {
      this.isBroken = true;
      return null;
    }
    const text = this.document.text(value);
    if (text.length > 0 && text.length <= EVIDENCE_FIELD_BYTES) return text;
    this.isBroken = true;
    return null;
  }

  /** A string that is base64, as it is. */
  base64(name: string): Text | null {
    const text = this.text(name);
    if (text && !decodeBase64(text)) this.isBroken = true;
    return text;
  }

  /** What a string is the base64 of. */
  bytes(name: string): Text | null {
    return this.bytesAt(this.document.field(this.object, name));
  }

  private bytesAt(value: i32): Text | null {
    const text = this.textAt(value);
    const bytes = text ? decodeBase64(text) : null;
    if (text && !bytes) this.isBroken = true;
    return bytes;
  }

  /** Those of an object in here; null if there is none. */
  fields(name: string): ItemFields | null {
    const value = this.document.field(this.object, name);
    return value == NONE ? null : new ItemFields(this.document, value);
  }

  /** The metadata of roles that Notary's `targets` delegates to. */
  delegations(): Array<DelegationFile> {
    const files: Array<DelegationFile> = [];
    const document = this.document;
    if (document.kind(this.object) != Kind.Object) return files;
    for (let key = this.object + 1; !document.ends(key); key = document.next(key + 1)) {
      const role = document.text(key);
      if (!role.startsWith(BELOW_TARGETS) || role.length == lengthOf(BELOW_TARGETS)) continue;
      if (files.length == DELEGATIONS) this.isBroken = true;
      if (this.isBroken) break;
      const bytes = this.bytesAt(document.fieldOf(this.object, role));
      if (bytes) files.push(new DelegationFile(role, bytes));
    }
    return files;
  }

  /** Whether those that were asked for are good, and there are no others. */
  areAll(): bool {
    const document = this.document;
    if (document.kind(this.object) != Kind.Object || this.isBroken) return false;
    for (let key = this.object + 1; !document.ends(key); key = document.next(key + 1)) {
      if (!document.asked(key)) return false;
    }
    return true;
  }
}
