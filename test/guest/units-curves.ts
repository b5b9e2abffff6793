import { Curve, isOnCurve, verifyEcdsa } from "../../assembly/crypto/ecdsa";
import { isEd25519Point, verifyEd25519, verifyEd25519ph } from "../../assembly/crypto/ed25519";
import { Curve25519 } from "../../assembly/crypto/field/curve25519";
import { Field } from "../../assembly/crypto/field/field";
import { P256 } from "../../assembly/crypto/field/p256";
import { P384 } from "../../assembly/crypto/field/p384";
import { P521 } from "../../assembly/crypto/field/p521";
import { Order } from "../../assembly/crypto/order";
import { Builder, Text } from "../../assembly/sdk";

/** The parts of a payload, each behind its length in two bytes, little-endian. */
class Parts {
  private at: i32 = 0;

  constructor(private readonly payload: Text) {}

  next(): Text {
    const from = this.at + 2;
    this.at = from + load<u16>(this.payload.start + this.at);
    return this.payload.slice(from, this.at);
  }
}

/** Field arithmetic and signatures on curves, one by one; null if there is no such operation. */
export function callCurves(operation: Text, payload: Text): Text | null {
  if (operation.length < 6 || !operation.startsWith("curve.")) return null;
  const parts = new Parts(payload);
  const curve = parts.next().at(0);
  const name = operation.slice(6);
  if (name.is("point")) return truth(isOnCurve(<Curve>curve, parts.next()));
  if (name.is("ecdsa")) {
    return truth(verifyEcdsa(<Curve>curve, parts.next(), parts.next(), parts.next()));
  }
  if (name.is("key")) return truth(isEd25519Point(parts.next()));
  if (name.is("ed25519")) return truth(verifyEd25519(parts.next(), parts.next(), parts.next()));
  if (name.is("ed25519ph")) return truth(verifyEd25519ph(parts.next(), parts.next(), parts.next()));
  if (name.startsWith("order.")) {
    return onOrder(orderOf(curve), name.slice(6), parts.next(), parts.next());
  }
  return onField(fieldOf(curve), name, parts.next(), parts.next());
}

function fieldOf(curve: i32): Field {
  if (curve == 0) return new P256();
  if (curve == 1) return new P384();
  if (curve == 2) return new P521();
  return new Curve25519();
}

function orderOf(curve: i32): Order {
  if (curve == 0) return new P256().order;
  if (curve == 1) return new P384().order;
  if (curve == 2) return new P521().order;
  return new Curve25519().order;
}

/** The limbs of what comes of two numbers, given as their limbs. */
function onField(field: Field, name: Text, a: Text, b: Text): Text | null {
  const out = field.alloc(1);
  if (name.is("mul")) field.mul(out, a.start, b.start);
  else if (name.is("sqr")) field.sqr(out, a.start);
  else if (name.is("add")) field.add(out, a.start, b.start);
  else if (name.is("sub")) field.sub(out, a.start, b.start);
  else if (name.is("subTwice")) field.subTwice(out, a.start, b.start);
  else if (name.is("equal")) return truth(field.isEqual(a.start, b.start));
  else if (name.is("decode")) {
    if (!field.decode(out, a)) return Text.of("null");
  } else return null;
  return limbs(out, field.size);
}

/** The limbs of what comes of two numbers, given as big-endian bytes. */
function onOrder(order: Order, name: Text, aBytes: Text, bBytes: Text): Text | null {
  const a = order.alloc();
  const b = order.alloc();
  order.decode(a, aBytes);
  order.decode(b, bBytes);
  if (name.is("mul")) order.mul(a, a, b);
  else if (name.is("modulo")) order.decodeModulo(a, aBytes);
  else if (name.is("invert")) order.invert(a, a);
  else return null;
  return limbs(a, order.size);
}

function limbs(start: usize, size: i32): Text {
  const list = new Builder().byte(0x5b);
  for (let i = 0; i < size; i++) {
    if (i > 0) list.byte(0x2c);
    const limb = load<i32>(start + (i << 2));
    if (limb < 0) list.byte(0x2d);
    list.int(abs(limb));
  }
  return list.byte(0x5d).view();
}

function truth(value: bool): Text {
  return Text.of(value ? "true" : "false");
}
