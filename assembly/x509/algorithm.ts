import { Der, Tag } from "../crypto/der";
import { Hash } from "../crypto/hash";
import { KeyKind, VerificationKey } from "../crypto/key";
import { Text } from "../sdk";
import { ECDSA_SHA2, EDDSA, numberBelow, PKCS_1 } from "./oid";

const enum Family {
  Ecdsa,
  Rsa,
  Ed25519,
}

/** How a certificate is signed. */
export class Algorithm {
  private constructor(
    private readonly family: Family,
    /** Of no meaning for Ed25519, which has its own. */
    private readonly hash: Hash,
  ) {}

  /**
   * Reads an AlgorithmIdentifier (RFC 5280 §4.1.1.2): ECDSA or RSA PKCS #1 v1.5 with SHA-256, -384 or -512, or
   * Ed25519, each with the parameters that it must have; null for any other, such as those with SHA-1.
   *
   * @param digest the hash of what is only said to be by RSA, as CMS may have it (RFC 3370 §3.2); -1 to refuse that
   */
  static parse(der: Text, digest: i32 = -1): Algorithm | null {
    const algorithm = new Der(der).enter(Tag.Sequence);
    const oid = algorithm.read(Tag.Oid);
    const pkcs1 = numberBelow(oid, PKCS_1);
    if (pkcs1 >= 0 && algorithm.read(Tag.Null).length > 0) return null;
    if (!algorithm.done) return null;
    if (pkcs1 >= 11 && pkcs1 <= 13) return new Algorithm(Family.Rsa, pkcs1 - 11);
    if (pkcs1 == 1 && digest >= 0) return new Algorithm(Family.Rsa, digest);
    const ecdsa = numberBelow(oid, ECDSA_SHA2);
    if (ecdsa >= 2 && ecdsa <= 4) return new Algorithm(Family.Ecdsa, ecdsa - 2);
    return numberBelow(oid, EDDSA) == 112 ? new Algorithm(Family.Ed25519, Hash.Sha512) : null;
  }

  /** Whether the signature of a message is by this key, and made so. */
  verifies(key: VerificationKey, message: Text, signature: Text): bool {
    return this.isFor(key.kind) && key.verifies(this.hash, message, signature);
  }

  /** Whether a key of this kind can make such signatures. */
  private isFor(kind: KeyKind): bool {
    if (kind == KeyKind.Rsa) return this.family == Family.Rsa;
    return this.family == (kind == KeyKind.Ed25519 ? Family.Ed25519 : Family.Ecdsa);
  }
}
