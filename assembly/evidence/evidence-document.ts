import { readEmbedded } from "../cosign/embedded";
import { Layer } from "../cosign/layer";
import { payloadDigest } from "../cosign/payload";
import { SignatureFile } from "../cosign/signature-files";
import { Code, Failure, Result } from "../failure";
import { isSha256Digest } from "../image/digest";
import { EVIDENCE_BYTES, EVIDENCE_ITEMS } from "../limits";
import { isEnvelopeType } from "../notation/envelope";
import { Builder, JsonError, Kind, NONE, Text } from "../sdk";
import { Bundle } from "../sigstore/bundle";
import { TufFiles } from "../tuf/files";
import { readingCost, tooMuchWork, Work } from "../work";
import { BundleCandidate } from "./bundle-candidate";
import { Candidate } from "./candidate";
import { ItemFields } from "./item-fields";
import { LayerCandidate } from "./layer-candidate";
import { NotaryItem } from "./notary-item";
import { NotationItem } from "./notation-item";

/** Its media type, with its version. */
export const EVIDENCE_TYPE = "application/vnd.trusted-images.evidence.v1+json";

const GUN_CHARACTERS = 512;

/**
 * What is signed of an image in any format, in one document (docs/evidence.md). Nothing of it is proven: each item is
 * verified by itself, for the image that is decided about.
 */
export class EvidenceDocument {
  /** Why items are none of its candidates; known once those are. */
  readonly failures: Array<Failure> = [];
  /** Items `cosign`. */
  private readonly signatures: Array<SignatureFile> = [];
  /** JSON of the items `sigstore-bundle`. */
  private readonly bundles: Array<Text> = [];
  readonly notation: Array<NotationItem> = [];
  readonly notary: Array<NotaryItem> = [];
  private knownCandidates: Array<Candidate> | null = null;

  private constructor(
    /** The digest of the image that it is for, as it says itself: `sha256:…`. */
    readonly image: Text,
  ) {}

  /** Reads a document; a failure if anything in it is not as it must be. */
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
    const fields = new ItemFields(document, 0);
    const mediaType = fields.text("mediaType");
    if (!mediaType || !mediaType.is(EVIDENCE_TYPE)) {
      return Result.failure<EvidenceDocument>(otherEvidence("it has another mediaType"));
    }
    const image = fields.text("image");
    if (!image || !isSha256Digest(image)) return broken("its image is not a sha256 digest");
    const items = document.field(0, "items");
    if (document.kind(items) != Kind.Array) return broken("it has no items");
    const found = new EvidenceDocument(image);
    let count = 0;
    for (let at = items + 1; !document.ends(at); at = document.next(at)) {
      if (++count > EVIDENCE_ITEMS) {
        return Result.fail<EvidenceDocument>(
          Code.TooManyEvidenceItems,
          "an evidence document has more than 64 items",
        );
      }
      if (!found.add(new ItemFields(document, at))) return brokenItem(count);
    }
    if (!fields.areAll() || document.twice != NONE) {
      return broken("it has fields that are not known, or one twice");
    }
    return Result.ok(found);
  }

  /** What it holds of the image, none of it verified: read when it is first needed. */
  candidates(work: Work): Array<Candidate> {
    const known = this.knownCandidates;
    if (known) return known;
    const found: Array<Candidate> = [];
    this.knownCandidates = found;
    for (let i = 0; i < this.signatures.length; i++) {
      const signature = this.signatures[i];
      found.push(new LayerCandidate(signature.layer, signature.payload));
    }
    for (let i = 0; i < this.bundles.length; i++) {
      if (!work.spend(readingCost(this.bundles[i].length))) {
        this.failures.push(tooMuchWork());
        break;
      }
      const bundle = Bundle.read(this.bundles[i]);
      if (bundle.value) found.push(new BundleCandidate(bundle.value!));
      else this.failures.push(bundle.failure!);
    }
    return found;
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

/** Of UTF-8, in which all bytes of a character but the first begin with the bits 10. */
function charactersIn(text: Text): i32 {
  let count = 0;
  for (let i = 0; i < text.length; i++) if ((text.at(i) & 0xc0) != 0x80) count++;
  return count;
}

function broken(why: string): Result<EvidenceDocument> {
  return Result.failure<EvidenceDocument>(malformedEvidence(why));
}

function brokenItem(number: i32): Result<EvidenceDocument> {
  const detail = new Builder().ascii("an evidence document counts for nothing: its item ");
  detail.int(number).ascii(" is broken");
  return Result.failure<EvidenceDocument>(new Failure(Code.EvidenceMalformed, detail.view()));
}

/** Of what is no evidence document of this version. */
function otherEvidence(why: string): Failure {
  const detail = new Builder().ascii("what should be an evidence document is none: ").ascii(why);
  return new Failure(Code.EvidenceKind, detail.view());
}

/** Of a document that cannot be read. */
export function malformedEvidence(why: string): Failure {
  const detail = new Builder().ascii("an evidence document counts for nothing: ").ascii(why);
  return new Failure(Code.EvidenceMalformed, detail.view());
}

/** Of a document that is for another image than the one that is decided about. */
export function otherImage(): Failure {
  return Failure.of(Code.EvidenceImage, "the evidence document is for another image");
}
