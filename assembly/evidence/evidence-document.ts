import { readEmbedded } from "../cosign/embedded";
import { Layer } from "../cosign/layer";
import { payloadDigest } from "../cosign/payload";
import { SignatureFile } from "../cosign/signature-files";
import { decodeBase64 } from "../crypto/base64";
import { Code, Failure, Result } from "../failure";
import { DELEGATIONS, EVIDENCE_BYTES, EVIDENCE_FIELD_BYTES, EVIDENCE_ITEMS } from "../limits";
import { isEnvelopeType } from "../notation/envelope";
import { Builder, Document, JsonError, Kind, lengthOf, NONE, Text } from "../sdk";
import { DelegationFile, TufFiles } from "../tuf/files";
import { readingCost, tooMuchWork, Work } from "../work";
import { NotaryItem } from "./notary-item";
import { NotationItem } from "./notation-item";

/** Its media type, with its version. */
export const EVIDENCE_TYPE = "application/vnd.trusted-images.evidence.v1+json";

const BELOW_TARGETS = "targets/";
const GUN_CHARACTERS = 512;

/**
 * What is signed of an image in any format, in one document (docs/evidence.md). Nothing of it is proven: each item is
 * verified by itself, for the image that is decided about.
 */
export class EvidenceDocument {
  /** Items `cosign`. */
  readonly signatures: Array<SignatureFile> = [];
  /** JSON of the items `sigstore-bundle`. */
  readonly bundles: Array<Text> = [];
  readonly notation: Array<NotationItem> = [];
  readonly notary: Array<NotaryItem> = [];

  private constructor() {}

  static read(json: Text, work: Work): Result<EvidenceDocument> {
    if (json.length > EVIDENCE_BYTES) {
      return Result.fail<EvidenceDocument>(
        Code.EvidenceTooLarge,
        "an evidence document has more than 4 MiB",
      );
    }
    if (!work.spend(readingCost(json.length))) {
      return Result.failure<EvidenceDocument>(tooMuchWork());
    }
    const document = readEmbedded(json);
    if (document.error != JsonError.None) return broken("it is not JSON");
    const type = new ItemFields(document, 0);
    const mediaType = type.text("mediaType");
    if (!mediaType || !mediaType.is(EVIDENCE_TYPE)) return broken("it has another mediaType");
    if (!type.text("image")) return broken("it names no image");
    const items = document.field(0, "items");
    if (document.kind(items) != Kind.Array) return broken("it has no items");
    const found = new EvidenceDocument();
    let count = 0;
    for (let at = items + 1; !document.ends(at); at = document.next(at)) {
      if (++count > EVIDENCE_ITEMS) return broken("it has more than 64 items");
      if (!found.add(new ItemFields(document, at))) return broken("an item of it is broken");
    }
    if (!type.areAll() || document.twice != NONE) {
      return broken("it has fields that are not known, or one twice");
    }
    return Result.ok(found);
  }

  /** Adds an item; false if it is broken. One of another type proves nothing here. */
  private add(item: ItemFields): bool {
    const type = item.text("type");
    if (!type) return false;
    if (type.is("cosign")) return this.addCosign(item);
    if (type.is("sigstore-bundle")) return this.addBundle(item);
    if (type.is("notation")) return this.addNotation(item);
    return type.is("notary-v1") ? this.addNotary(item) : true;
  }

  private addCosign(item: ItemFields): bool {
    const payload = item.bytes("payload");
    const signature = item.base64("signature");
    const certificate = item.bytes("certificate");
    const chain = item.bytes("chain");
    const bundle = item.bytes("bundle");
    if (!payload || !signature || !item.areAll()) return false;
    const layer = new Layer(payloadDigest(payload), signature, certificate, chain, bundle);
    this.signatures.push(new SignatureFile(layer, payload));
    return true;
  }

  private addBundle(item: ItemFields): bool {
    const bundle = item.bytes("bundle");
    if (!bundle || !item.areAll()) return false;
    this.bundles.push(bundle);
    return true;
  }

  private addNotation(item: ItemFields): bool {
    const mediaType = item.text("mediaType");
    const envelope = item.bytes("envelope");
    if (!mediaType || !isEnvelopeType(mediaType) || !envelope || !item.areAll()) return false;
    this.notation.push(new NotationItem(mediaType, envelope));
    return true;
  }

  private addNotary(item: ItemFields): bool {
    const gun = item.text("gun");
    const roles = item.fields("metadata");
    if (!gun || charactersIn(gun) > GUN_CHARACTERS || !roles || !item.areAll()) return false;
    const root = roles.bytes("root");
    const timestamp = roles.bytes("timestamp");
    const snapshot = roles.bytes("snapshot");
    const targets = roles.bytes("targets");
    const delegations = roles.delegations();
    if (!root || !timestamp || !snapshot || !targets || !roles.areAll()) return false;
    const files = new TufFiles(root, timestamp, snapshot, targets, delegations);
    this.notary.push(new NotaryItem(gun, files));
    return true;
  }
}

/** The fields of an object in which each has a known name and form. */
class ItemFields {
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

/** Of UTF-8, in which all bytes of a character but the first begin with the bits 10. */
function charactersIn(text: Text): i32 {
  let count = 0;
  for (let i = 0; i < text.length; i++) if ((text.at(i) & 0xc0) != 0x80) count++;
  return count;
}

function broken(why: string): Result<EvidenceDocument> {
  return Result.failure<EvidenceDocument>(malformedEvidence(why));
}

/** Of a document that cannot be read. */
export function malformedEvidence(why: string): Failure {
  const detail = new Builder().ascii("an evidence document counts for nothing: ").ascii(why);
  return new Failure(Code.EvidenceMalformed, detail.view());
}
