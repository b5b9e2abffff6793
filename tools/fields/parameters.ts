import type { Field } from "./number.js";

/** y² = x³ - 3x + b (SP 800-186 §3.2.1). */
export interface Weierstrass extends Field {
  name: string;
  b: bigint;
  x: bigint;
  y: bigint;
  order: bigint;
  /** Width of the signed windows that multiples of the base point are added by. */
  window: number;
}

/** -x² + y² = 1 + dx²y² (RFC 8032 §5.1). */
export interface Edwards extends Field {
  name: string;
  d: bigint;
  x: bigint;
  y: bigint;
  order: bigint;
  window: number;
}

export const P256: Weierstrass = {
  name: "P256",
  prime: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
  b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
  x: 0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
  y: 0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
  order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  bits: 29,
  size: 9,
  isMontgomery: true,
  isUnrolled: true,
  window: 7,
};

export const P384: Weierstrass = {
  name: "P384",
  prime: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
  b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
  x: 0xaa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7n,
  y: 0x3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5fn,
  order:
    0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  bits: 28,
  size: 14,
  isMontgomery: true,
  isUnrolled: false,
  window: 5,
};

export const P521: Weierstrass = {
  name: "P521",
  prime: 2n ** 521n - 1n,
  b: 0x0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00n,
  x: 0x00c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66n,
  y: 0x011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650n,
  order:
    0x01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
  bits: 26,
  size: 21,
  isMontgomery: true,
  isUnrolled: false,
  // A table of half the size is worth more than 4 % of its time.
  window: 4,
};

export const CURVE25519: Edwards = {
  name: "Curve25519",
  prime: 2n ** 255n - 19n,
  d: 37095705934669439343138083508754565189542113879843219016388785533085940283555n,
  x: 15112221349535400772501151409588531511454012693041857206046113283949847762202n,
  y: 46316835694926478169428394003475163141307993866256225615783033603165251855960n,
  order: 2n ** 252n + 27742317777372353535851937790883648493n,
  bits: 29,
  size: 9,
  isMontgomery: false,
  isUnrolled: true,
  window: 6,
};
