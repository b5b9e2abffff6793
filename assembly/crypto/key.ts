import { Text } from "../sdk";
import { Der, Tag } from "./der";
import { Curve, isOnCurve, verifyEcdsa, verifyRawEcdsa } from "./ecdsa";
import { isEd25519Point, verifyEd25519, verifyEd25519ph } from "./ed25519";
import { Hash, hashBytes } from "./hash";
import { EC_PUBLIC_KEY, ED25519, isOid, P256, P384, P521, RSA } from "./oid";
import { verifyPkcs1, verifyPss } from "./rsa";

/** The kinds of keys; the first three are those of `Curve`. */
export const enum KeyKind {
  P256,
  P384,
  P521,
  Rsa,
  Ed25519,
}

/** RSA moduli that are taken, in bits. */
const RSA_LEAST = 2048;
const RSA_MOST = 8192;

/** RSA exponents that are taken, in bits: none in use has more than 17, and each bit costs up to two products. */
const EXPONENT_MOST = 32;

/**
 * A key that signatures are verified with: P-256, P-384 or P-521 (RFC 5480), RSA (RFC 3279 §2.3.1) or Ed25519
 * (RFC 8410). Without a problem its form is right. Whether its point is one of the curve takes arithmetic: `isUsable`
 * tells, and every verification finds out for itself.
 */
export class VerificationKey {
  private isTested: bool = false;

  private constructor(
    /** The SubjectPublicKeyInfo, as it was read. */
    readonly der: Text,
    readonly kind: KeyKind,
    /** Empty, or why no signature can be verified with it. */
    public problem: string,
    /** The point; of RSA the modulus. */
    private readonly point: Text,
    /** Of RSA only. */
    private readonly exponent: Text,
  ) {}

  /** Reads the DER of a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7). */
  static parse(spki: Text): VerificationKey {
    const outer = new Der(spki);
    const info = outer.enter(Tag.Sequence);
    const algorithm = info.enter(Tag.Sequence);
    const oid = algorithm.read(Tag.Oid);
    const bits = info.read(Tag.BitString);
    if (!outer.done || !info.done || bits.length == 0 || bits.at(0) != 0) {
      return VerificationKey.bad(spki, "is not a public key: its DER is broken");
    }
    const key = bits.slice(1);
    if (isOid(oid, EC_PUBLIC_KEY)) return VerificationKey.ofCurve(spki, algorithm, key);
    if (isOid(oid, RSA)) return VerificationKey.ofRsa(spki, algorithm, key);
    if (isOid(oid, ED25519)) {
      const problem = algorithm.done && key.length == 32 ? "" : BROKEN_ED25519;
      return new VerificationKey(spki, KeyKind.Ed25519, problem, key, key);
    }
    const problem = "has a key of an unsupported kind: it must be ECDSA, RSA or Ed25519";
    return VerificationKey.bad(spki, problem);
  }

  /** Whether signatures can be verified with it: its point too is right. If not, `problem` says so from now on. */
  isUsable(): bool {
    if (this.isTested || this.problem.length > 0) return this.problem.length == 0;
    this.isTested = true;
    if (this.kind == KeyKind.Ed25519) {
      if (!isEd25519Point(this.point)) this.problem = BROKEN_ED25519;
    } else if (this.kind != KeyKind.Rsa && !isOnCurve(<Curve>(<i32>this.kind), this.point)) {
      this.problem = "is not a public key: its point is not on the curve";
    }
    return this.problem.length == 0;
  }

  /** Bits of an RSA modulus, in whole bytes; 0 for other kinds. */
  get modulusBits(): i32 {
    return this.kind == KeyKind.Rsa ? this.point.length << 3 : 0;
  }

  /** What a verification costs, in verifications of a P-256 signature. */
  get cost(): i32 {
    // Nothing is verified with such a one, and its numbers may have any length.
    if (this.problem.length > 0) return 1;
    if (this.kind == KeyKind.P384) return 4;
    if (this.kind == KeyKind.P521) return 9;
    if (this.kind != KeyKind.Rsa) return 1;
    const bytes = this.point.length;
    const cost = bytes <= 257 ? 2 : bytes <= 513 ? 6 : 34;
    // That is for 65537: a square for each of its bits, and another product for those two that are not zero.
    let products = bitLength(this.exponent);
    for (let i = 0; i < this.exponent.length; i++) products += popcnt(this.exponent.at(i));
    return (cost * products + 18) / 19;
  }

  /** Verifies a signature of a message: ECDSA, RSA PKCS #1 v1.5, or Ed25519, which has a hash of its own. */
  verifies(hash: Hash, message: Text, signature: Text): bool {
    if (this.kind != KeyKind.Ed25519) {
      return this.verifiesDigest(hash, hashBytes(hash, message), signature);
    }
    return this.problem.length == 0 && verifyEd25519(this.point, message, signature);
  }

  /**
   * Verifies a signature of a message whose digest is known: ECDSA, the signature being strict DER, or RSA
   * PKCS #1 v1.5. Ed25519 signs no digest: false.
   */
  verifiesDigest(hash: Hash, digest: Text, signature: Text): bool {
    if (this.kind == KeyKind.Ed25519 || this.problem.length > 0) return false;
    return this.kind == KeyKind.Rsa
      ? verifyPkcs1(this.point, this.exponent, hash, digest, signature)
      : verifyEcdsa(<Curve>(<i32>this.kind), this.point, digest, signature);
  }

  /** Verifies an ECDSA signature that is `r || s`, both as long as a coordinate. False for other kinds. */
  verifiesRaw(digest: Text, signature: Text): bool {
    if (this.kind == KeyKind.Ed25519 || this.kind == KeyKind.Rsa || this.problem.length > 0) {
      return false;
    }
    return verifyRawEcdsa(<Curve>(<i32>this.kind), this.point, digest, signature);
  }

  /** Verifies an RSA-PSS signature with a salt of so many bytes, -1 for any. False for other kinds. */
  verifiesPss(hash: Hash, digest: Text, signature: Text, saltLength: i32): bool {
    if (this.kind != KeyKind.Rsa || this.problem.length > 0) return false;
    return verifyPss(this.point, this.exponent, hash, digest, signature, saltLength);
  }

  /** Verifies an Ed25519ph signature (RFC 8032 §5.1) of a message with this SHA-512. False for other kinds. */
  verifiesPrehashed(digest: Text, signature: Text): bool {
    if (this.kind != KeyKind.Ed25519 || this.problem.length > 0) return false;
    return verifyEd25519ph(this.point, digest, signature);
  }

  private static bad(spki: Text, problem: string): VerificationKey {
    return new VerificationKey(spki, KeyKind.Rsa, problem, spki, spki);
  }

  private static ofCurve(spki: Text, algorithm: Der, point: Text): VerificationKey {
    const curve = algorithm.read(Tag.Oid);
    let kind = KeyKind.P256;
    let size = 32;
    if (isOid(curve, P384)) {
      kind = KeyKind.P384;
      size = 48;
    } else if (isOid(curve, P521)) {
      kind = KeyKind.P521;
      size = 66;
    } else if (!isOid(curve, P256)) size = 0;
    let problem = "";
    if (!algorithm.done || size == 0) {
      problem = "is on an unsupported curve: it must be P-256, P-384 or P-521";
    } else if (point.length == size + 1 && (point.at(0) == 2 || point.at(0) == 3)) {
      problem = "has a compressed point: it must be written uncompressed";
    } else if (point.length != 2 * size + 1 || point.at(0) != 4) {
      problem = "is not a public key: its point is broken";
    }
    return new VerificationKey(spki, kind, problem, point, point);
  }

  private static ofRsa(spki: Text, algorithm: Der, key: Text): VerificationKey {
    const none = algorithm.read(Tag.Null);
    const outer = new Der(key);
    const numbers = outer.enter(Tag.Sequence);
    const modulus = numbers.read(Tag.Integer);
    const exponent = numbers.read(Tag.Integer);
    // With an exponent of 1 every number is its own signature.
    const isOdd = bitLength(exponent) > 1 && exponent.at(exponent.length - 1) % 2 == 1;
    const bits = bitLength(modulus);
    let problem = "";
    if (!algorithm.done || none.length > 0 || !outer.done || !numbers.done || !isOdd) {
      problem = BROKEN_RSA;
    } else if (bits < RSA_LEAST) {
      problem = "is an RSA key of less than 2048 bits";
    } else if (bits > RSA_MOST) {
      problem = "is an RSA key of more than 8192 bits";
    } else if (bitLength(exponent) > EXPONENT_MOST) {
      problem = "is an RSA key with an exponent of more than 32 bits";
    } else if (modulus.at(modulus.length - 1) % 2 == 0) {
      problem = BROKEN_RSA;
    }
    // A sign stands before a number whose highest bit is set.
    const unsigned = modulus.at(0) == 0 && modulus.length > 0 ? modulus.slice(1) : modulus;
    return new VerificationKey(spki, KeyKind.Rsa, problem, unsigned, exponent);
  }
}

const BROKEN_RSA = "is not a public key: its RSA numbers are broken";
const BROKEN_ED25519 = "is not a public key: its Ed25519 point is broken";

/** Bits of a DER INTEGER's value; 0 if it is negative or padded. */
function bitLength(integer: Text): i32 {
  const first = integer.at(0);
  if (first >= 0x80) return 0;
  if (first > 0) return 8 * integer.length - clz(first) + 24;
  const second = integer.at(1);
  return second >= 0x80 ? 8 * (integer.length - 1) : 0;
}
