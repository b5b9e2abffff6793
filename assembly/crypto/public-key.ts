import { Builder, Text } from "../sdk";
import { Der, Tag } from "./der";
import { sha256 } from "./sha256";

/** RSA moduli that are taken, in bits. */
const RSA_LEAST = 2048;
const RSA_MOST = 8192;

/**
 * Why the DER of a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7) is no key that signatures can be verified with; empty
 * if it is one: P-256, P-384 or P-521 (RFC 5480), RSA (RFC 3279 §2.3.1) or Ed25519 (RFC 8410).
 */
export function publicKeyProblem(der: Text): string {
  const outer = new Der(der);
  const info = outer.enter(Tag.Sequence);
  const algorithm = info.enter(Tag.Sequence);
  const oid = algorithm.read(Tag.Oid);
  const bits = info.read(Tag.BitString);
  if (!outer.done || !info.done || bits.length == 0 || bits.at(0) != 0)
    return "is not a public key: its DER is broken";
  const key = bits.slice(1);
  if (isOid(oid, EC_PUBLIC_KEY)) return curveProblem(algorithm, key);
  if (isOid(oid, RSA)) return rsaProblem(algorithm, key);
  if (isOid(oid, ED25519)) {
    return algorithm.done && key.length == 32
      ? ""
      : "is not a public key: its Ed25519 point is broken";
  }
  return "has a key of an unsupported kind: it must be ECDSA, RSA or Ed25519";
}

/** How messages name a key that has no name: `SHA256:` and 16 hex digits of its DER's hash. */
export function fingerprint(der: Text): Text {
  return new Builder().ascii("SHA256:").hex(sha256(der).slice(0, 8)).view();
}

function curveProblem(algorithm: Der, point: Text): string {
  const curve = algorithm.read(Tag.Oid);
  const size = isOid(curve, P256) ? 32 : isOid(curve, P384) ? 48 : isOid(curve, P521) ? 66 : 0;
  if (!algorithm.done || size == 0) {
    return "is on an unsupported curve: it must be P-256, P-384 or P-521";
  }
  if (point.length == size + 1 && (point.at(0) == 2 || point.at(0) == 3)) {
    return "has a compressed point: it must be written uncompressed";
  }
  if (point.length != 2 * size + 1 || point.at(0) != 4) {
    return "is not a public key: its point is broken";
  }
  return "";
}

function rsaProblem(algorithm: Der, key: Text): string {
  const none = algorithm.read(Tag.Null);
  const outer = new Der(key);
  const numbers = outer.enter(Tag.Sequence);
  const modulus = numbers.read(Tag.Integer);
  const exponent = numbers.read(Tag.Integer);
  // With an exponent of 1 every number is its own signature.
  const isUsable = bitLength(exponent) > 1 && exponent.at(exponent.length - 1) % 2 == 1;
  if (!algorithm.done || none.length > 0 || !outer.done || !numbers.done || !isUsable) {
    return "is not a public key: its RSA numbers are broken";
  }
  const bits = bitLength(modulus);
  if (bits < RSA_LEAST) return "is an RSA key of less than 2048 bits";
  return bits > RSA_MOST ? "is an RSA key of more than 8192 bits" : "";
}

/** Bits of a DER INTEGER's value; 0 if it is negative or padded. */
function bitLength(integer: Text): i32 {
  const first = integer.at(0);
  if (first >= 0x80) return 0;
  if (first > 0) return 8 * integer.length - clz(first) + 24;
  const second = integer.at(1);
  return second >= 0x80 ? 8 * (integer.length - 1) : 0;
}

// Object identifiers, as the contents of their DER.
const EC_PUBLIC_KEY: StaticArray<u8> = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
const P256: StaticArray<u8> = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
const P384: StaticArray<u8> = [0x2b, 0x81, 0x04, 0x00, 0x22];
const P521: StaticArray<u8> = [0x2b, 0x81, 0x04, 0x00, 0x23];
const RSA: StaticArray<u8> = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const ED25519: StaticArray<u8> = [0x2b, 0x65, 0x70];

function isOid(oid: Text, wanted: StaticArray<u8>): bool {
  return (
    oid.length == wanted.length &&
    memory.compare(oid.start, changetype<usize>(wanted), wanted.length) == 0
  );
}
