import { Layer } from "../cosign/layer";
import { LogEntry } from "../cosign/log-entry";
import { SimpleSigning } from "../cosign/simple-signing";
import { Der, Tag } from "../crypto/der";
import { Hash } from "../crypto/hash";
import { KeyKind, VerificationKey } from "../crypto/key";
import { Code, Failure, Result } from "../failure";
import { Builder, Text } from "../sdk";
import { parseAll, X509 } from "../x509/certificate";
import { Holder } from "../x509/holder";
import { LogKey } from "../trust/log-key";
import { CHECK, tooMuchWork, Work } from "../work";

/** A key that a candidate was verified with, and what came of it. */
class Check {
  constructor(
    readonly key: Text,
    readonly failure: Failure | null,
  ) {}
}

/** A signature, be it a layer of the signature manifest or in files, and what has been found out about it so far: each thing once. */
export class Candidate {
  private readonly checks: Array<Check> = [];
  private knownSignature: Result<Text> | null = null;
  private knownCertificate: Result<X509> | null = null;
  private knownHolder: Result<Holder> | null = null;
  private knownChain: Result<Array<X509>> | null = null;
  private knownNonce: Text | null = null;
  private knownStatement: Result<SimpleSigning> | null = null;
  private knownEntry: Result<LogEntry> | null = null;
  private knownLogs: Array<LogKey> | null = null;
  private logFailure: Failure | null = null;

  constructor(
    readonly layer: Layer,
    /** What was signed; null for a layer, which does not say. */
    readonly payload: Text | null,
  ) {}

  /** Whether it comes with an entry of a log. */
  get hasEntry(): bool {
    return this.layer.bundle != null;
  }

  /** Whether its payload is a file that ends a line: cosign writes none such, some editors do. */
  private get hasLineBreak(): bool {
    const payload = this.payload;
    return payload != null && payload.at(payload.length - 1) == 0x0a;
  }

  /** Whether it comes with the certificate of its signer. */
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

  /** The certificate of its signer: nothing about it is proven. */
  certificate(): Result<X509> {
    const known = this.knownCertificate;
    if (known) return known;
    const der = this.layer.certificate();
    const found = der.value ? X509.parse(der.value!) : Result.failure<X509>(der.failure!);
    this.knownCertificate = found;
    return found;
  }

  /** Whom that certificate is for, if it is genuine. */
  holder(): Result<Holder> {
    const known = this.knownHolder;
    if (known) return known;
    const certificate = this.certificate();
    const found = certificate.value
      ? Holder.of(certificate.value!)
      : Result.failure<Holder>(certificate.failure!);
    this.knownHolder = found;
    return found;
  }

  /** The certificates that came with that one. */
  chain(): Result<Array<X509>> {
    const known = this.knownChain;
    if (known) return known;
    const ders = this.layer.chain();
    const found = ders.value ? parseAll(ders.value!) : Result.failure<Array<X509>>(ders.failure!);
    this.knownChain = found;
    return found;
  }

  /** What its payload says, if it is at hand. */
  statement(): Result<SimpleSigning> {
    const known = this.knownStatement;
    if (known) return known;
    const found = SimpleSigning.read(this.payload!);
    this.knownStatement = found;
    return found;
  }

  /** Its log entry, which one of these keys has promised to hold. */
  entry(logs: Array<LogKey>, work: Work): Result<LogEntry> {
    let entry = this.knownEntry;
    if (!entry) {
      entry = LogEntry.read(this.layer.bundle!);
      this.knownEntry = entry;
    }
    if (entry.failure) return entry;
    if (this.knownLogs != logs) {
      this.logFailure = entry.value!.verify(logs, work);
      this.knownLogs = logs;
    }
    const failure = this.logFailure;
    return failure ? Result.failure<LogEntry>(failure) : entry;
  }

  /**
   * Why its signature is not this key's; null if it is.
   *
   * @param payload what was signed, if it is known: an Ed25519 key can say nothing without
   */
  verify(key: VerificationKey, payload: Text | null, work: Work): Failure | null {
    const signature = this.signature();
    if (signature.failure) return signature.failure;
    if (key.kind == KeyKind.Ed25519 && !payload) {
      return payloadUnknown("an Ed25519 key needs it");
    }
    for (let i = 0; i < this.checks.length; i++) {
      if (this.checks[i].key.same(key.der)) return this.checks[i].failure;
    }
    if (!work.spend(key.cost * CHECK)) return tooMuchWork();
    const isSigned =
      key.kind == KeyKind.Ed25519
        ? key.verifies(Hash.Sha256, payload!, signature.value!)
        : key.verifiesDigest(Hash.Sha256, this.digestBytes(), signature.value!);
    let failure: Failure | null = null;
    if (!isSigned) failure = Failure.of(Code.SignatureUnmet, this.hasLineBreak ? BROKEN : UNSIGNED);
    this.checks.push(new Check(key.der, failure));
    return failure;
  }

  /**
   * Whether it and another may be one signature in two spellings. An ECDSA signature verifies under more keys than its
   * signer's, and so does the one with the other `s`: what they share is `r`.
   */
  isTwinOf(other: Candidate): bool {
    return this == other || this.nonce().same(other.nonce());
  }

  /** `r` of an ECDSA signature; of any other, all of it; of none, its layer's digest. */
  private nonce(): Text {
    const known = this.knownNonce;
    if (known) return known;
    const signature = this.signature().value;
    const found = signature ? nonceOf(signature) : this.layer.digest;
    this.knownNonce = found;
    return found;
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

function nonceOf(signature: Text): Text {
  const fields = new Der(signature).enter(Tag.Sequence);
  const r = fields.read(Tag.Integer);
  return fields.broken ? signature : r;
}

function nibble(digit: i32): i32 {
  return digit < 0x40 ? digit - 0x30 : digit - 0x57;
}
