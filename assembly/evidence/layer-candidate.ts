import { Layer } from "../cosign/layer";
import { LogEntry } from "../cosign/log-entry";
import { SimpleSigning } from "../cosign/simple-signing";
import { Hash } from "../crypto/hash";
import { KeyKind, VerificationKey } from "../crypto/key";
import { Code, Failure, Result } from "../failure";
import { Annotation, Builder, Text } from "../sdk";
import { Need, TrustedWitnesses } from "../sigstore/witnesses";
import { CHECK, readingCost, tooMuchWork, Work } from "../work";
import { parseAll, X509 } from "../x509/certificate";
import { Candidate } from "./candidate";

/** A signature as cosign 2 makes it, be it a layer of the signature manifest or in files. */
export class LayerCandidate extends Candidate {
  private knownSignature: Result<Text> | null = null;
  private knownCertificate: Result<X509> | null = null;
  private knownChain: Result<Array<X509>> | null = null;
  private knownStatement: Result<SimpleSigning> | null = null;
  private knownEntry: Result<LogEntry> | null = null;
  private trusted: TrustedWitnesses | null = null;
  private logFailure: Failure | null = null;

  constructor(
    readonly layer: Layer,
    /** What was signed; null for a layer of a manifest, which does not say. */
    private readonly signed: Text | null,
  ) {
    super();
  }

  get name(): Text {
    return this.layer.digest;
  }

  get payload(): Text | null {
    return this.signed;
  }

  /** Whether its payload is a file that ends a line: cosign writes none such, some editors do. */
  private get hasLineBreak(): bool {
    const payload = this.payload;
    return payload != null && payload.at(payload.length - 1) == 0x0a;
  }

  get hasCertificate(): bool {
    return this.layer.hasCertificate;
  }

  signature(): Result<Text> {
    const known = this.knownSignature;
    if (known) return known;
    const found = this.layer.signature();
    this.knownSignature = found;
    return found;
  }

  certificate(): Result<X509> {
    const known = this.knownCertificate;
    if (known) return known;
    const der = this.layer.certificate();
    const found = der.value ? X509.parse(der.value!) : Result.failure<X509>(der.failure!);
    this.knownCertificate = found;
    return found;
  }

  chain(): Result<Array<X509>> {
    const known = this.knownChain;
    if (known) return known;
    const ders = this.layer.chain();
    const found = ders.value ? parseAll(ders.value!) : Result.failure<Array<X509>>(ders.failure!);
    this.knownChain = found;
    return found;
  }

  refuseImage(digest: Text, _work: Work): Failure | null {
    const said = this.statement();
    if (said.failure) return said.failure;
    if (said.value!.digest.same(digest)) return null;
    return Failure.of(Code.PayloadDigest, "the signatures in files are for other images");
  }

  refuseContent(digest: Text, annotations: Array<Annotation>, work: Work): Failure | null {
    const other = this.refuseImage(digest, work);
    if (other || annotations.length == 0) return other;
    // What stands there in escapes is decoded each time.
    if (!work.spend(readingCost(this.signed!.length))) return tooMuchWork();
    if (this.statement().value!.carries(annotations)) return null;
    return Failure.of(
      Code.PayloadAnnotations,
      "what it signed has not the annotations that the rule asks for",
    );
  }

  /** Its entry must be about this payload, this signature and one of these keys, all of it. */
  times(
    keys: Array<Text>,
    trusted: TrustedWitnesses,
    needs: Need,
    _now: i64,
    work: Work,
  ): Result<Array<i64>> {
    const isRequired = (needs & Need.Log) != 0;
    if (!this.layer.bundle) {
      if (!isRequired) return Result.ok<Array<i64>>([]);
      return Result.fail<Array<i64>>(
        Code.LogEntryMissing,
        "its signature has no entry of a transparency log",
      );
    }
    const read = this.entry(trusted, work);
    const entry = read.value;
    if (!entry) {
      const failure = read.failure!;
      if (!isRequired && failure.code == Code.LogUnknown) return Result.ok<Array<i64>>([]);
      return Result.failure<Array<i64>>(failure);
    }
    const signature = this.signature().value!;
    let failure: Failure | null = null;
    for (let i = 0; i < keys.length; i++) {
      failure = entry.names(this.layer.digest, signature, keys[i]);
      if (!failure) return Result.ok<Array<i64>>([entry.time]);
    }
    return Result.failure<Array<i64>>(failure!);
  }

  /** An Ed25519 key can say nothing without the payload. */
  protected verifyAnew(key: VerificationKey, payload: Text | null, work: Work): Failure | null {
    const signature = this.signature();
    if (signature.failure) return signature.failure;
    if (key.kind == KeyKind.Ed25519 && !payload) {
      return payloadUnknown("an Ed25519 key needs it");
    }
    if (!work.spend(key.cost * CHECK)) return tooMuchWork();
    const isSigned =
      key.kind == KeyKind.Ed25519
        ? key.verifies(Hash.Sha256, payload!, signature.value!)
        : key.verifiesDigest(Hash.Sha256, this.digestBytes(), signature.value!);
    if (isSigned) return null;
    return Failure.of(Code.SignatureUnmet, this.hasLineBreak ? BROKEN : UNSIGNED);
  }

  /** What its payload says. */
  private statement(): Result<SimpleSigning> {
    const known = this.knownStatement;
    if (known) return known;
    const found = SimpleSigning.read(this.signed!);
    this.knownStatement = found;
    return found;
  }

  /** Its log entry, which a trusted log has promised to hold. */
  private entry(trusted: TrustedWitnesses, work: Work): Result<LogEntry> {
    let entry = this.knownEntry;
    if (!entry) {
      entry = LogEntry.read(this.layer.bundle!);
      this.knownEntry = entry;
    }
    if (entry.failure) return entry;
    if (this.trusted != trusted) {
      this.logFailure = entry.value!.verify(trusted.logs, work);
      this.trusted = trusted;
    }
    const failure = this.logFailure;
    return failure ? Result.failure<LogEntry>(failure) : entry;
  }

  /** The SHA-256 of the payload: 32 bytes. */
  private digestBytes(): Text {
    const hex = this.layer.digest;
    const start = heap.alloc(32);
    for (let i = 0; i < 32; i++) {
      store<u8>(start + i, (nibble(hex.at(7 + 2 * i)) << 4) | nibble(hex.at(8 + 2 * i)));
    }
    return new Text(start, 32);
  }
}

const UNSIGNED = "no signature of the image is by it";
const BROKEN =
  "no signature of the image is by it; its payload ends with a line break: write that file without";

/** Of a signature over a payload that is not known here: why there is no knowing what it says. */
export function payloadUnknown(why: string): Failure {
  const detail = new Builder()
    .ascii("its payload is not the one for this image and the rule's annotations, and ")
    .ascii(why)
    .ascii(": name all its annotations in the rule");
  return new Failure(Code.PayloadUnknown, detail.view());
}

function nibble(digit: i32): i32 {
  return digit < 0x40 ? digit - 0x30 : digit - 0x57;
}
