import { Text } from "../sdk";

// Where object identifiers stand that differ in their last number only, as the contents of their DER.

/** Certificate extensions, id-ce (RFC 5280 §4.2.1). */
export const ID_CE: StaticArray<u8> = [0x55, 0x1d];

/** Purposes of keys, id-kp (RFC 5280 §4.2.1.12); `anyExtendedKeyUsage` stands elsewhere. */
export const ID_KP: StaticArray<u8> = [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03];
export const ID_CE_EXT_KEY_USAGE: StaticArray<u8> = [0x55, 0x1d, 0x25];

/** Attributes of names, id-at (RFC 5280 appendix A.1). */
export const ID_AT: StaticArray<u8> = [0x55, 0x04];

/** Private extensions of the Internet, id-pe, and ways to an authority, id-ad (RFC 5280 §4.2.2). */
export const ID_PE: StaticArray<u8> = [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x01];
export const ID_AD: StaticArray<u8> = [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30];

/** ecdsa-with-SHA2 (RFC 5758 §3.2), pkcs-1 (RFC 4055 §5) and the EdDSA curves (RFC 8410 §3). */
export const ECDSA_SHA2: StaticArray<u8> = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03];
export const PKCS_1: StaticArray<u8> = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01];
export const EDDSA: StaticArray<u8> = [0x2b, 0x65];

/** SHA-2 (RFC 5754 §2): SHA-256, -384 and -512 are its numbers 1 to 3. */
export const SHA_2: StaticArray<u8> = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02];

/** Attributes of PKCS #9, and contents of CMS: `signedData` (RFC 5652 §5.1, §11) and `id-ct` (RFC 3161 §2.4.2). */
export const PKCS_9: StaticArray<u8> = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09];
export const PKCS_7: StaticArray<u8> = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07];
export const ID_CT: StaticArray<u8> = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01];

/** What Sigstore's Fulcio says in its certificates: 1.3.6.1.4.1.57264.1. */
export const FULCIO: StaticArray<u8> = [0x2b, 0x06, 0x01, 0x04, 0x01, 0x83, 0xbf, 0x30, 0x01];

/** The last number of an object identifier that stands below another, up to 127; -1 if it does not. */
export function numberBelow(oid: Text, parent: StaticArray<u8>): i32 {
  const length = parent.length;
  if (oid.length != length + 1) return -1;
  for (let i = 0; i < length; i++) if (oid.at(i) != unchecked(parent[i])) return -1;
  const number = oid.at(length);
  return number < 0x80 ? number : -1;
}
