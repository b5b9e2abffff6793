import { describe, expect, test } from "vitest";
import {
  balancedLimbs,
  element,
  invert,
  limbs,
  mod,
  radix,
  toVectors,
} from "../../tools/fields/number.js";
import { bytesOf, callCurve, CURVES, limbBytes, randomBelow, valueOf } from "./curves.js";

const ROUNDS = 50;
const ORDER_BITS = 30;

describe.each(CURVES.map((curve, id) => ({ ...curve, id })))("the field of $name", (curve) => {
  const { id, prime, bits, size } = curve;
  const r = radix(curve);
  const half = 1n << BigInt(bits - 1);

  const largest = 1.001 * Number(half);

  const onLimbs = (operation: string, a: readonly bigint[], b: readonly bigint[] = a) =>
    JSON.parse(callCurve(operation, id, limbBytes(a), limbBytes(b))) as number[];
  const of = (value: bigint) => element(value, curve);
  const expectProduct = (product: number[], wanted: bigint) => {
    expect(mod(valueOf(product, bits), prime)).toBe(mod(wanted, prime));
    for (const limb of product) expect(Math.abs(limb)).toBeLessThanOrEqual(largest);
    const value = valueOf(product, bits);
    expect(value < prime && -value < prime).toBe(true);
  };

  const edges = [0n, 1n, 2n, prime - 1n, prime - 2n, prime >> 1n, (prime >> 1n) + 1n];

  test("multiplies the edges", () => {
    for (const a of edges) {
      for (const b of edges) expectProduct(onLimbs("mul", of(a), of(b)), a * b * r);
      expectProduct(onLimbs("sqr", of(a)), a * a * r);
    }
  });

  test("multiplies any numbers", () => {
    for (let i = 0; i < ROUNDS; i++) {
      const a = randomBelow(prime);
      const b = randomBelow(prime);
      expectProduct(onLimbs("mul", of(a), of(b)), a * b * r);
      expectProduct(onLimbs("sqr", of(a)), a * a * r);
    }
  });

  test("multiplies the largest sums that it may be given", () => {
    // The last limb is that of a number less than the prime; the others are at either end.
    const last = prime >> BigInt(bits * (size - 1));
    const extremes = (sign: (i: number) => bigint, factor: bigint) =>
      Array.from({ length: size }, (_, i) => sign(i) * factor * (i === size - 1 ? last : half));
    const signs = [
      () => 1n,
      () => -1n,
      (i: number) => (i % 2 ? 1n : -1n),
      (i: number) => (i % 3 ? 1n : -1n),
    ];
    for (const left of signs) {
      for (const right of signs) {
        for (const [a, b] of [
          [1n, 3n],
          [2n, 3n],
          [3n, 2n],
          [3n, 3n],
        ] as const) {
          const x = extremes(left, a);
          const y = extremes(right, b);
          const product = onLimbs("mul", x, y);
          expect(mod(valueOf(product, bits) * r, prime)).toBe(
            mod(valueOf(x, bits) * valueOf(y, bits), prime),
          );
        }
      }
      const x = extremes(left, 3n);
      expect(mod(valueOf(onLimbs("sqr", x), bits) * r, prime)).toBe(
        mod(valueOf(x, bits) ** 2n, prime),
      );
    }
  });

  test("adds and subtracts", () => {
    for (let i = 0; i < ROUNDS; i++) {
      const a = of(randomBelow(prime));
      const b = of(randomBelow(prime));
      const sum = onLimbs("add", a, b);
      expect(valueOf(sum, bits)).toBe(valueOf(a, bits) + valueOf(b, bits));
      const difference = onLimbs("sub", a, b);
      expect(valueOf(difference, bits)).toBe(valueOf(a, bits) - valueOf(b, bits));
    }
  });

  test("subtracts twice, and carries", () => {
    for (let i = 0; i < ROUNDS; i++) {
      const [a, b, c] = [randomBelow(prime), randomBelow(prime), randomBelow(prime)].map(of);
      const sum = a!.map((limb, i) => limb + c![i]!);
      const limbs = onLimbs("subTwice", sum, b);
      expect(valueOf(limbs, bits)).toBe(valueOf(sum, bits) - 2n * valueOf(b!, bits));
      for (const limb of limbs) expect(Math.abs(limb)).toBeLessThanOrEqual(largest);
    }
  });

  test("compares", () => {
    const isEqual = (a: readonly bigint[], b: readonly bigint[]) =>
      callCurve("equal", id, limbBytes(a), limbBytes(b));
    const multiple = toVectors(balancedLimbs(2n * prime, bits, size));
    for (const a of edges) {
      const other = of(a).map((limb, i) => limb + multiple[i]!);
      expect(isEqual(of(a), other)).toBe("true");
      for (const b of edges) expect(isEqual(of(a), of(b))).toBe(String(a === b));
    }
  });

  test("reads what is less than the prime", () => {
    const length = bytesOf(prime).length;
    const read = (value: bigint) =>
      JSON.parse(callCurve("decode", id, bytesOf(value, length), Buffer.of())) as number[] | null;
    for (const a of [...edges, randomBelow(prime)]) expectProduct(read(a)!, a * r);
    const highest = (1n << BigInt(8 * length)) - 1n;
    for (const a of [prime, prime + 1n, highest]) expect(read(a)).toBeNull();
  });
});

describe.each(CURVES.map((curve, id) => ({ ...curve, id })))(
  "the order of $name",
  ({ id, order }) => {
    const size = Math.ceil(order.toString(2).length / ORDER_BITS);
    const on = (operation: string, a: bigint, b = 0n) =>
      JSON.parse(callCurve(`order.${operation}`, id, bytesOf(a), bytesOf(b))) as number[];
    const wanted = (value: bigint) => limbs(mod(value, order), ORDER_BITS, size).map(Number);
    const edges = [1n, 2n, 3n, order - 1n, order - 2n, order >> 1n, (order >> 1n) + 1n];

    test("multiplies", () => {
      const highest = (1n << BigInt(order.toString(2).length)) - 1n;
      for (const a of [0n, order, highest, ...edges]) {
        for (const b of [0n, ...edges]) expect(on("mul", a, b)).toEqual(wanted(a * b));
      }
      for (let i = 0; i < ROUNDS; i++) {
        const a = randomBelow(order);
        const b = randomBelow(order);
        expect(on("mul", a, b)).toEqual(wanted(a * b));
      }
    });

    test("inverts", () => {
      const powers = Array.from({ length: order.toString(2).length }, (_, i) => 1n << BigInt(i));
      const below = powers.filter((power) => power < order);
      const tiny = Array.from({ length: 300 }, (_, i) => BigInt(i + 1));
      const some = Array.from({ length: ROUNDS }, () => randomBelow(order - 1n) + 1n);
      for (const a of [...edges, ...below, ...tiny, ...tiny.map((i) => order - i), ...some]) {
        expect(on("invert", a), String(a)).toEqual(wanted(invert(a, order)));
      }
    });
  },
);
