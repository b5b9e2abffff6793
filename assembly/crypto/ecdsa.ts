import { Text } from "../sdk";
import { Der, Tag } from "./der";
import { P256 } from "./field/p256";
import { P384 } from "./field/p384";
import { P521 } from "./field/p521";
import { Weierstrass } from "./field/weierstrass";
import { Jacobian } from "./jacobian";
import { isLess, unpack } from "./limbs";
import { Order } from "./order";
import { Windows } from "./windows";

/** The curves of ECDSA that are known here (SP 800-186 §3.2.1). */
export const enum Curve {
  P256,
  P384,
  P521,
}

/** Width of the signed windows that multiples of the key are added by. */
const KEY_WINDOW = 5;

/** Whether the bytes are `04 || x || y` (SEC 1 §2.3.3) of a point of the curve that is not infinity. */
export function isOnCurve(curve: Curve, point: Text): bool {
  if (curve == Curve.P256) return readPoint(new P256(), point) != 0;
  if (curve == Curve.P384) return readPoint(new P384(), point) != 0;
  return readPoint(new P521(), point) != 0;
}

/**
 * Whether the signature of a message with this digest is the key's (SEC 1 §4.1.4). The key is `04 || x || y`, the
 * signature the strict DER of SEQUENCE {INTEGER r, INTEGER s}. Nothing here is secret, and how long it takes depends
 * on all of it.
 */
export function verifyEcdsa(curve: Curve, point: Text, digest: Text, signature: Text): bool {
  const outer = new Der(signature);
  const numbers = outer.enter(Tag.Sequence);
  const r = unsigned(numbers.read(Tag.Integer));
  const s = unsigned(numbers.read(Tag.Integer));
  return outer.done && numbers.done && verifyOn(curve, point, digest, r, s);
}

/** The same for `r || s`, both as long as a coordinate (RFC 7518 §3.4, RFC 9053 §2.1). */
export function verifyRawEcdsa(curve: Curve, point: Text, digest: Text, signature: Text): bool {
  const size = point.length >> 1;
  if (signature.length != 2 * size) return false;
  const r = withoutZeros(signature.slice(0, size));
  const s = withoutZeros(signature.slice(size));
  return verifyOn(curve, point, digest, r, s);
}

function verifyOn(curve: Curve, point: Text, digest: Text, r: Text, s: Text): bool {
  if (curve == Curve.P256) return verify(new P256(), point, digest, r, s);
  if (curve == Curve.P384) return verify(new P384(), point, digest, r, s);
  return verify(new P521(), point, digest, r, s);
}

function verify(curve: Weierstrass, key: Text, digest: Text, rBytes: Text, sBytes: Text): bool {
  const order = curve.order;
  const point = readPoint(curve, key);
  const r = readScalar(order, rBytes);
  const s = readScalar(order, sBytes);
  if (point == 0 || r == 0 || s == 0) return false;

  // e is the digest's leftmost bits, as many as n has: two of the orders have whole bytes, the third more than 512.
  const e = order.alloc();
  order.decode(e, digest.slice(0, min(digest.length, order.bits >> 3)));
  order.invert(s, s);
  order.mul(e, e, s);
  order.mul(r, r, s);
  const sum = combine(curve, e, point, r);
  return !sum.isInfinity && hasX(curve, sum, rBytes);
}

/** x and y one behind the other, or 0 if the bytes are not those of a point of the curve. */
function readPoint(curve: Weierstrass, bytes: Text): usize {
  const size = bytes.length >> 1;
  if (bytes.length != 2 * curve.coordinateBytes + 1 || bytes.at(0) != 4) return 0;
  const x = curve.alloc(2);
  const y = x + curve.bytes;
  if (!curve.decode(x, bytes.slice(1, size + 1)) || !curve.decode(y, bytes.slice(size + 1)))
    return 0;
  // y² = (x² - 3)x + b
  const left = curve.alloc(1);
  const right = curve.alloc(1);
  curve.sqr(left, y);
  curve.sqr(right, x);
  for (let i = 0; i < 3; i++) curve.sub(right, right, curve.one);
  curve.mul(right, right, x);
  curve.add(right, right, curve.b);
  return curve.isEqual(left, right) ? x : 0;
}

/** The number in a DER INTEGER, without its sign; empty if it is negative, zero, or not in its shortest form. */
function unsigned(integer: Text): Text {
  const first = integer.at(0);
  if (first >= 0x80) return integer.slice(0, 0);
  if (first > 0 || integer.length == 0) return integer;
  // A first byte of zero is for the sign only. That of the number zero is not, either.
  return integer.slice(integer.at(1) >= 0x80 ? 1 : integer.length);
}

/** A number of a fixed length without the zeros before it. */
function withoutZeros(bytes: Text): Text {
  let at = 0;
  while (at < bytes.length && bytes.at(at) == 0) at++;
  return bytes.slice(at);
}

/** A number from 1 to n - 1 from its bytes, the first of which is not zero; 0 if they are none. */
function readScalar(order: Order, bytes: Text): usize {
  if (bytes.length == 0 || bytes.length > (order.bits + 7) >> 3) return 0;
  const scalar = order.alloc();
  return order.decode(scalar, bytes) ? scalar : 0;
}

/** u·G + v·Q (Strauss and Shamir): one chain of doublings for both, windows of signed digits for each. */
function combine(curve: Weierstrass, u: usize, q: usize, v: usize): Jacobian {
  const size = curve.order.size;
  const base = new Windows(u, size, curve.window);
  const key = new Windows(v, size, KEY_WINDOW);
  const multiples = saveOddMultiples(curve, q);
  const stride = 5 * curve.bytes;
  const sum = new Jacobian(curve);
  for (let bit = max(base.length, key.length) - 1; bit >= 0; bit--) {
    sum.double();
    const ofBase = base.at(bit);
    if (ofBase != 0) sum.addAffine(curve.points + (abs(ofBase) >> 1) * 2 * curve.bytes, ofBase < 0);
    const ofKey = key.at(bit);
    if (ofKey != 0) sum.addSaved(multiples + (abs(ofKey) >> 1) * stride, ofKey < 0);
  }
  return sum;
}

/** Q, 3Q, 5Q and so on: all that the windows of the key need. */
function saveOddMultiples(curve: Weierstrass, q: usize): usize {
  const count = 1 << (KEY_WINDOW - 2);
  const stride = 5 * curve.bytes;
  // Behind them is 2Q.
  const multiples = heap.alloc((count + 1) * stride);
  const point = new Jacobian(curve);
  point.set(q, curve.one, false);
  point.save(multiples);
  point.double();
  const twice = multiples + count * stride;
  point.save(twice);
  for (let i = 1; i < count; i++) {
    point.addSaved(i == 1 ? multiples : twice, false);
    point.save(multiples + i * stride);
  }
  return multiples;
}

/** Whether x mod n = r of a point that is not infinity: x = r, or x = r + n if that is less than p. */
function hasX(curve: Weierstrass, point: Jacobian, r: Text): bool {
  // x = X/z²: X is compared with r·z².
  const zz = curve.alloc(1);
  const x = curve.alloc(1);
  const scaled = curve.alloc(1);
  curve.sqr(zz, point.z);
  curve.decode(x, r);
  curve.mul(scaled, x, zz);
  if (curve.isEqual(scaled, point.x)) return true;
  const plain = curve.alloc(1);
  unpack(plain, curve.size, curve.bits, r);
  if (!isLess(plain, curve.gap, curve.size)) return false;
  // r + n = r - (p - n) mod p
  curve.mul(scaled, curve.gap, curve.square);
  curve.sub(x, x, scaled);
  curve.mul(scaled, x, zz);
  return curve.isEqual(scaled, point.x);
}
