// Numbers as the guest holds them: signed limbs, in some fields in Montgomery form.

/** A field of a prime modulus, and the limbs that its elements are held in. */
export interface Field {
  /** The modulus. */
  prime: bigint;
  /** Bits of a limb. */
  bits: number;
  /** Limbs of an element. */
  size: number;
  /** Whether elements are in Montgomery form; if not, the prime is a little less than a power of two. */
  isMontgomery: boolean;
  /**
   * Whether products are made without loops. If not, they are made in blocks of seven limbs, of which `size` must be a
   * multiple: see assembly/crypto/field/blockwise.ts.
   */
  isUnrolled: boolean;
}

/** The remainder that is not negative. */
export function mod(value: bigint, modulus: bigint): bigint {
  const rest = value % modulus;
  return rest < 0n ? rest + modulus : rest;
}

export function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (let bit = exponent.toString(2).length - 1; bit >= 0; bit--) {
    result = mod(result * result, modulus);
    if ((exponent >> BigInt(bit)) & 1n) result = mod(result * base, modulus);
  }
  return result;
}

/** The inverse modulo a prime, by Fermat. */
export function invert(value: bigint, prime: bigint): bigint {
  return power(value, prime - 2n, prime);
}

/** The limbs of a number that is not negative, lowest first, none negative. */
export function limbs(value: bigint, bits: number, size: number): bigint[] {
  return Array.from({ length: size }, (_, i) => BigInt.asUintN(bits, value >> BigInt(i * bits)));
}

/** The limbs of a number, lowest first: each but the last is in [-2^(bits-1), 2^(bits-1)). */
export function balancedLimbs(value: bigint, bits: number, size: number): bigint[] {
  let rest = value;
  return Array.from({ length: size }, (_, i) => {
    if (i === size - 1) return rest;
    const limb = BigInt.asIntN(bits, rest);
    rest = (rest - limb) >> BigInt(bits);
    return limb;
  });
}

/** What elements are multiplied by: 2^(bits·size) in Montgomery form, else 1. */
export function radix({ bits, size, isMontgomery }: Field): bigint {
  return isMontgomery ? 1n << BigInt(bits * size) : 1n;
}

/** The limbs of an element, R·`value` mod p, its magnitude the least possible. */
export function element(value: bigint, field: Field): bigint[] {
  const { prime, bits, size } = field;
  const form = mod(value * radix(field), prime);
  return toVectors(balancedLimbs(2n * form > prime ? form - prime : form, bits, size));
}

/** Limbs with zeros behind them, for numbers to be read in vectors of four. */
export function toVectors(limbs: bigint[]): bigint[] {
  return [...limbs, ...Array<bigint>(-limbs.length & 3).fill(0n)];
}
