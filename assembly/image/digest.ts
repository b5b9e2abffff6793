import { Text } from "../sdk";

/** Whether every byte from `from` on is a lower-case hexadecimal digit. */
function isLowerHex(text: Text, from: i32): bool {
  for (let i = from; i < text.length; i++) {
    const byte = text.at(i);
    if (!((byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x66))) return false;
  }
  return true;
}

/** `sha256:` and 64 lower-case hexadecimal digits: what a manifest is known by (OCI image spec, descriptor.md). */
export function isSha256Digest(text: Text): bool {
  return text.length == 71 && text.startsWith("sha256:") && isLowerHex(text, 7);
}

/** A digest by one of the algorithms that the OCI image spec registers, in its canonical spelling. */
export function isDigest(text: Text): bool {
  if (text.startsWith("sha512:")) return text.length == 135 && isLowerHex(text, 7);
  if (text.startsWith("sha384:")) return text.length == 103 && isLowerHex(text, 7);
  return isSha256Digest(text);
}

/** Whether a digest's algorithm is one that `isDigest` knows. */
export function isKnownAlgorithm(text: Text): bool {
  return text.startsWith("sha256:") || text.startsWith("sha384:") || text.startsWith("sha512:");
}

/** 64 lower-case hexadecimal digits: an image's ID, which is no name. */
export function isIdentifier(text: Text): bool {
  return text.length == 64 && isLowerHex(text, 0);
}
