import { Text } from "../sdk";

// Object identifiers of keys (RFC 5480 §2.1.1, RFC 3279 §2.3.1, RFC 8410 §3), as the contents of their DER.
export const EC_PUBLIC_KEY: StaticArray<u8> = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
export const P256: StaticArray<u8> = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
export const P384: StaticArray<u8> = [0x2b, 0x81, 0x04, 0x00, 0x22];
export const P521: StaticArray<u8> = [0x2b, 0x81, 0x04, 0x00, 0x23];
export const RSA: StaticArray<u8> = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
export const ED25519: StaticArray<u8> = [0x2b, 0x65, 0x70];

/** Whether the contents of an OBJECT IDENTIFIER are those of one above. */
export function isOid(oid: Text, wanted: StaticArray<u8>): bool {
  return (
    oid.length == wanted.length &&
    memory.compare(oid.start, changetype<usize>(wanted), wanted.length) == 0
  );
}
