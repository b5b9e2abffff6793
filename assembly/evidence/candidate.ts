import { Layer } from "../cosign/layer";
import { LogEntry } from "../cosign/log-entry";
import { SimpleSigning } from "../cosign/simple-signing";
import { Der, Tag } from "../crypto/der";
import { Hash } from "../crypto/hash";
import { KeyKind, VerificationKey } from "../crypto/key";
import { Code, Failure, Result } from "../failure";
import { Text } from "../sdk";
import { X509 } from "../x509/certificate";
import { Holder } from "../x509/holder";
import { LogKey } from "../trust/log-key";
import { Inquiry } from "./inquiry";

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

  /** What its payload says, if it is at hand. */
  statement(): Result<SimpleSigning> {
    const known = this.knownStatement;
    if (known) return known;
    const found = SimpleSigning.read(this.payload!);
    this.knownStatement = found;
    return found;
  }

  /** Its log entry, which one of these keys has promised to hold. */
  entry(logs: Array<LogKey>, inquiry: Inquiry): Result<LogEntry> {
    let entry = this.knownEntry;
    if (!entry) {
      entry = LogEntry.read(this.layer.bundle!);
      this.knownEntry = entry;
    }
    if (entry.failure) return entry;
    if (this.knownLogs != logs) {
      if (!inquiry.countCheck(1)) return Result.failure<LogEntry>(tooManyChecks());
      this.logFailure = entry.value!.verify(logs);
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
  verify(key: VerificationKey, payload: Text | null, inquiry: Inquiry): Failure | null {
    const signature = this.signature();
    if (signature.failure) return signature.failure;
    if (key.kind == KeyKind.Ed25519 && !payload) {
      return Failure.of(
        Code.PayloadUnknown,
        "its payload is not the one for this image and the rule's annotations, which an Ed25519 key needs",
      );
    }
    for (let i = 0; i < this.checks.length; i++) {
      if (this.checks[i].key.same(key.der)) return this.checks[i].failure;
    }
    if (!inquiry.countCheck(costOf(key))) return tooManyChecks();
    const isSigned =
      key.kind == KeyKind.Ed25519
        ? key.verifies(Hash.Sha256, payload!, signature.value!)
        : key.verifiesDigest(Hash.Sha256, this.digestBytes(), signature.value!);
    let failure: Failure | null = null;
    if (!isSigned) failure = Failure.of(Code.SignatureUnmet, "no signature of the image is by it");
    this.checks.push(new Check(key.der, failure));
    return failure;
  }

  /**
   * Whether it and another may be one signature in two spellings. An ECDSA signature verifies under more keys than its
   * signer's, and so does the one with the other `s`: what they share is `r`.
   */
  isTwinOf(other: Candidate): bool {
    if (this == other) return true;
    const one = this.signature().value;
    const two = other.signature().value;
    return one != null && two != null && nonceOf(one).same(nonceOf(two));
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

/** `r` of an ECDSA signature; of any other, all of it. */
function nonceOf(signature: Text): Text {
  const fields = new Der(signature).enter(Tag.Sequence);
  const r = fields.read(Tag.Integer);
  return fields.broken ? signature : r;
}

function nibble(digit: i32): i32 {
  return digit < 0x40 ? digit - 0x30 : digit - 0x57;
}

/** What a verification costs, in verifications of a P-256 signature. */
function costOf(key: VerificationKey): i32 {
  if (key.kind == KeyKind.P256) return 1;
  if (key.kind == KeyKind.P384) return 4;
  if (key.kind == KeyKind.P521) return 10;
  if (key.kind == KeyKind.Ed25519) return 2;
  // Moduli of 2048 bits to 8192 bits.
  return key.der.length < 400 ? 2 : key.der.length < 600 ? 4 : 14;
}

export function tooManyChecks(): Failure {
  return Failure.of(
    Code.TooManyChecks,
    "needs more than the 1000 signature checks that a request may cost",
  );
}
