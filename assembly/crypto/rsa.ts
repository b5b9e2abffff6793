import { Builder, Text } from "../sdk";
import { Hash, hashBytes, hashLength } from "./hash";
import { Modulus } from "./modulus";

// DigestInfo (RFC 8017 §9.2, note 1) up to the digest: the hash's identifier with its NULL. SHA-256, -384 and -512
// are 2.16.840.1.101.3.4.2.1, .2 and .3.
// prettier-ignore
const DIGEST_INFO: StaticArray<u8> = [
  0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20,
];

/**
 * RSASSA-PKCS1-v1_5 (RFC 8017 §8.2.2): whether `signature` is that of a message with this digest. The modulus and
 * exponent are big-endian, without a sign; the modulus odd, of at least 1024 bits, the exponent of at most 32.
 * The one encoding that is right is built and compared as a whole, so nothing of it is parsed.
 */
export function verifyPkcs1(
  modulus: Text,
  exponent: Text,
  hash: Hash,
  digest: Text,
  signature: Text,
): bool {
  const found = new Modulus(modulus).raise(signature, exponent);
  const length = hashLength(hash);
  if (!found || digest.length != length) return false;
  const wanted = heap.alloc(found.length);
  const info = wanted + found.length - length - DIGEST_INFO.length;
  memory.fill(wanted, 0xff, found.length);
  store<u8>(wanted, 0x00);
  store<u8>(wanted, 0x01, 1);
  store<u8>(info - 1, 0x00);
  memory.copy(info, changetype<usize>(DIGEST_INFO), DIGEST_INFO.length);
  store<u8>(info, 0x11 + length, 1);
  store<u8>(info, 1 + hash, 14);
  store<u8>(info, length, 18);
  memory.copy(info + DIGEST_INFO.length, digest.start, length);
  return memory.compare(wanted, found.start, found.length) == 0;
}

/**
 * RSASSA-PSS (RFC 8017 §8.1.2) with MGF1 over the same hash: whether `signature` is that of a message with this
 * digest, its salt having `saltLength` bytes, or any number of them if that is -1. Modulus and exponent as above.
 */
export function verifyPss(
  modulus: Text,
  exponent: Text,
  hash: Hash,
  digest: Text,
  signature: Text,
  saltLength: i32,
): bool {
  const found = new Modulus(modulus).raise(signature, exponent);
  const length = hashLength(hash);
  if (!found || digest.length != length) return false;
  // §9.1.2. The encoding has one bit less than the modulus: the highest `spare` bits of the bytes are zero.
  const spare = clz(modulus.at(0)) - 24 + 1;
  const encoded = found.slice(spare >> 3);
  const masked = encoded.length - length - 1;
  if (masked < 1 || encoded.at(encoded.length - 1) != 0xbc) return false;
  if (found.at(0) >> (8 - spare) != 0) return false;
  const seed = encoded.slice(masked, masked + length);
  unmask(encoded.slice(0, masked), hash, seed);
  const first = encoded.start;
  store<u8>(first, (<i32>load<u8>(first)) & (0xff >> (spare & 7)));
  let zeros = 0;
  while (zeros < masked && encoded.at(zeros) == 0) zeros++;
  if (zeros == masked || encoded.at(zeros) != 1) return false;
  const salt = encoded.slice(zeros + 1, masked);
  if (saltLength >= 0 && salt.length != saltLength) return false;
  const message = new Builder(8 + length + salt.length);
  for (let i = 0; i < 8; i++) message.byte(0);
  return hashBytes(hash, message.text(digest).text(salt).view()).same(seed);
}

/** Takes the mask that `seed` gives (MGF1, RFC 8017 §B.2.1) off some bytes, in place. */
function unmask(bytes: Text, hash: Hash, seed: Text): void {
  const length = hashLength(hash);
  const input = new Builder(seed.length + 4).text(seed).bytes(bytes.start, 4).view();
  for (let at = 0; at < bytes.length; at += length) {
    store<u32>(input.start + seed.length, bswap<u32>(at / length));
    const mask = hashBytes(hash, input);
    for (let i = 0; i < length && at + i < bytes.length; i++) {
      const byte = bytes.start + at + i;
      store<u8>(byte, load<u8>(byte) ^ mask.at(i));
    }
  }
}
