import { Builder, Text } from "../sdk";
import { Extended } from "./extended";
import { Curve25519 } from "./field/curve25519";
import { Edwards } from "./field/edwards";
import { Sha512 } from "./sha512";
import { Windows } from "./windows";

// Ed25519 and Ed25519ph (RFC 8032 §5.1), strictly: a point is encoded in one way only, and none is of small order,
// for such a key has signatures that are those of any message. Nothing here is secret, and how long it takes depends
// on all of it.

/** dom2 (§2) of Ed25519ph, the context being empty: behind the text come the flag and the context's length. */
function domain(): Text {
  return new Builder().ascii("SigEd25519 no Ed25519 collisions").byte(1).byte(0).view();
}

/** Width of the signed windows that multiples of the key are added by. */
const KEY_WINDOW = 5;

/** Whether the 32 bytes are a point that signatures can be verified with. */
export function isEd25519Point(key: Text): bool {
  return readKey(new Curve25519(), key) != null;
}

/** Whether the signature of this message is the key's (§5.1.7). */
export function verifyEd25519(key: Text, message: Text, signature: Text): bool {
  return verify(new Sha512(), key, message, signature);
}

/** The same with Ed25519ph, of a message that has this SHA-512. */
export function verifyEd25519ph(key: Text, digest: Text, signature: Text): bool {
  return digest.length == 64 && verify(new Sha512().update(domain()), key, digest, signature);
}

function verify(hash: Sha512, key: Text, message: Text, signature: Text): bool {
  const curve = new Curve25519();
  const order = curve.order;
  const negative = readKey(curve, key);
  if (!negative || signature.length != 64) return false;
  const s = order.alloc();
  if (!order.decode(s, reverse(signature.slice(32)))) return false;

  const k = order.alloc();
  const r = signature.slice(0, 32);
  order.decodeModulo(k, reverse(hash.update(r).update(key).update(message).digest()));
  const sum = combine(curve, s, negative, k);
  return isEncodedAs(curve, sum, r) && !sum.isSmall();
}

/** The negative of a key's point; null if the bytes are not the one encoding of a point, or it is of small order. */
function readKey(curve: Edwards, key: Text): Extended | null {
  const y = curve.alloc(1);
  if (key.length != 32 || !readY(curve, y, key)) return null;
  // x² = (y² - 1) / (dy² + 1)
  const x = curve.alloc(1);
  const u = curve.alloc(1);
  const v = curve.alloc(1);
  curve.sqr(u, y);
  curve.mul(v, u, curve.d);
  curve.sub(u, u, curve.one);
  curve.add(v, v, curve.one);
  if (!curve.rootOfRatio(x, u, v)) return null;
  if (curve.isOdd(x) == isSigned(key)) curve.subTwice(x, x, x);
  const point = new Extended(curve);
  point.set(x, y);
  if (point.isSmall()) return null;
  point.set(x, y);
  return point;
}

/** The y of an encoded point (§5.1.2); false if it is not less than p. */
function readY(curve: Edwards, y: usize, encoded: Text): bool {
  const bytes = reverse(encoded);
  store<u8>(bytes.start, load<u8>(bytes.start) & 0x7f);
  return curve.decode(y, bytes);
}

/** Whether the x of an encoded point is odd. */
function isSigned(encoded: Text): bool {
  return encoded.at(31) >= 0x80;
}

/** s·B + k·Q (Strauss and Shamir): one chain of doublings for both, windows of signed digits for each. */
function combine(curve: Edwards, s: usize, q: Extended, k: usize): Extended {
  const size = curve.order.size;
  const bytes = curve.bytes;
  const base = new Windows(s, size, curve.window);
  const key = new Windows(k, size, KEY_WINDOW);
  const multiples = saveOddMultiples(curve, q);
  const sum = new Extended(curve);
  for (let bit = max(base.length, key.length) - 1; bit >= 0; bit--) {
    sum.double();
    const ofBase = base.at(bit);
    if (ofBase != 0) sum.addAffine(curve.points + (abs(ofBase) >> 1) * 3 * bytes, ofBase < 0);
    const ofKey = key.at(bit);
    if (ofKey != 0) sum.addSaved(multiples + (abs(ofKey) >> 1) * 4 * bytes, ofKey < 0);
  }
  return sum;
}

/** Q, 3Q, 5Q and so on: all that the windows of the key need. The point is another one afterwards. */
function saveOddMultiples(curve: Edwards, point: Extended): usize {
  const count = 1 << (KEY_WINDOW - 2);
  const stride = 4 * curve.bytes;
  // Behind them is 2Q.
  const multiples = heap.alloc((count + 1) * stride);
  const twice = multiples + count * stride;
  point.save(multiples);
  point.double();
  point.save(twice);
  for (let i = 1; i < count; i++) {
    point.addSaved(i == 1 ? multiples : twice, false);
    point.save(multiples + i * stride);
  }
  return multiples;
}

/** Whether the bytes are the encoding of a point (§5.1.2). */
function isEncodedAs(curve: Edwards, point: Extended, encoded: Text): bool {
  const y = curve.alloc(1);
  if (!readY(curve, y, encoded)) return false;
  curve.mul(y, y, point.z);
  const x = curve.alloc(1);
  curve.invert(x, point.z);
  curve.mul(x, x, point.x);
  return curve.isEqual(y, point.y) && curve.isOdd(x) == isSigned(encoded);
}

function reverse(bytes: Text): Text {
  const start = heap.alloc(bytes.length);
  for (let i = 0; i < bytes.length; i++) store<u8>(start + i, bytes.at(bytes.length - 1 - i));
  return new Text(start, bytes.length);
}
