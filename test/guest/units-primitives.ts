import { Hash, hashBytes } from "../../assembly/crypto/hash";
import { VerificationKey } from "../../assembly/crypto/key";
import { Modulus } from "../../assembly/crypto/modulus";
import { Sha256 } from "../../assembly/crypto/sha256";
import { Sha512 } from "../../assembly/crypto/sha512";
import { Builder, Text } from "../../assembly/sdk";

/** Hashes, RSA, Ed25519 and keys, one by one; null if there is no such operation. */
export function callPrimitives(operation: Text, payload: Text): Text | null {
  if (operation.is("verify_signature")) return verifySignature(payload);
  if (operation.is("hash")) return hash(payload);
  if (operation.is("hash_split")) return hashSplit(payload);
  if (operation.is("power")) return power(payload);
  if (operation.is("key")) return key(payload);
  return null;
}

/** u8 hash, bytes: the hash in hexadecimal. */
function hash(payload: Text): Text {
  const digest = hashBytes(<Hash>payload.at(0), payload.slice(1));
  return new Builder().hex(digest).view();
}

/** u8 hash, u8 step, u16 cut, bytes: the hash in hexadecimal of a first piece up to the cut and then so long ones. */
function hashSplit(payload: Text): Text {
  const kind = <Hash>payload.at(0);
  const small = new Sha256();
  const large = new Sha512(kind == Hash.Sha384 ? 48 : 64);
  let from = 4;
  let to = 4 + <i32>load<u16>(payload.start, 2);
  while (true) {
    if (kind == Hash.Sha256) small.update(payload.slice(from, to));
    else large.update(payload.slice(from, to));
    if (to == payload.length) break;
    from = to;
    to = min(to + payload.at(1), payload.length);
  }
  return new Builder().hex(kind == Hash.Sha256 ? small.digest() : large.digest()).view();
}

/** Modulus, exponent and base, each a u32 length and its bytes: the power in hexadecimal, or `none`. */
function power(payload: Text): Text {
  const modulus = stringAt(payload, 0);
  const exponent = stringAt(payload, 4 + modulus.length);
  const base = stringAt(payload, 8 + modulus.length + exponent.length);
  const found = new Modulus(modulus).raise(base, exponent);
  return found ? new Builder().hex(found).view() : Text.of("none");
}

/** A SubjectPublicKeyInfo: the problem of its form, or its kind, and behind that what is wrong with its point. */
function key(payload: Text): Text {
  const key = VerificationKey.parse(payload);
  if (key.problem.length > 0) return Text.of(key.problem);
  const answer = new Builder().byte(0x30 + key.kind);
  if (!key.isUsable()) answer.byte(0x20).ascii(key.problem);
  return answer.view();
}

/**
 * u8 scheme (0 as the key's kind says, 1 RSA-PSS, 2 Ed25519ph, 3 `r || s`), u8 hash, i16 length of the salt (-1: any; PSS only),
 * then SubjectPublicKeyInfo, message and signature, each a u32 length and its bytes: `valid`, `invalid`, or
 * `key: ` and what is wrong with it.
 */
function verifySignature(payload: Text): Text {
  const hash = <Hash>payload.at(1);
  const saltLength = <i32>load<i16>(payload.start, 2);
  const spki = stringAt(payload, 4);
  const messageAt = 8 + spki.length;
  const message = stringAt(payload, messageAt);
  const signature = stringAt(payload, messageAt + 4 + message.length);
  const key = VerificationKey.parse(spki);
  let isValid: bool = false;
  if (payload.at(0) == 0) isValid = key.verifies(hash, message, signature);
  else if (payload.at(0) == 1) {
    isValid = key.verifiesPss(hash, hashBytes(hash, message), signature, saltLength);
  } else if (payload.at(0) == 3) isValid = key.verifiesRaw(hashBytes(hash, message), signature);
  else isValid = key.verifiesPrehashed(hashBytes(Hash.Sha512, message), signature);
  // Asked last: a key that is not usable verifies nothing even when nobody has asked.
  if (!isValid && !key.isUsable()) return new Builder().ascii("key: ").ascii(key.problem).view();
  return Text.of(isValid ? "valid" : "invalid");
}

function stringAt(payload: Text, at: i32): Text {
  return payload.slice(at + 4, at + 4 + load<i32>(payload.start + at));
}
