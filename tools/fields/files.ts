import { printMultiplication } from "./multiplication.js";
import { element, limbs, mod, power, radix, toVectors, type Field } from "./number.js";
import { CURVE25519, P256, P384, P521, type Edwards, type Weierstrass } from "./parameters.js";
import { addEdwards, addWeierstrass, oddMultiples } from "./points.js";
import { printArray } from "./print.js";

/** Bits of a limb of an order: see assembly/crypto/order.ts. */
const ORDER_BITS = 30;

/** The guest's files that are generated: their paths in the package, and what is in them. */
export function generateFiles(): Map<string, string> {
  const files = [P256, P384, P521].map(
    (curve) => [pathOf(curve), printWeierstrass(curve)] as const,
  );
  return new Map([...files, [pathOf(CURVE25519), printEdwards(CURVE25519)]]);
}

function pathOf({ name }: { name: string }): string {
  return `assembly/crypto/field/${name.toLowerCase()}.ts`;
}

function printWeierstrass(curve: Weierstrass): string {
  const { name, prime, order, window } = curve;
  const base = curve.isUnrolled ? "Weierstrass" : "Blockwise";
  const points = oddMultiples(curve, addWeierstrass(curve));
  const gap = toVectors(limbs(prime - order, curve.bits, curve.size));
  return `${printHead(curve, base)}
${printField(curve)}
${printArray("The curve's b.", "B", element(curve.b, curve))}
${printArray("The prime less the base point's order, its limbs not signed.", "GAP", gap)}
${printOrder(order)}
${printArray(
  "x and y of the base point times 1, 3, 5 and so on.",
  "POINTS",
  points.flatMap(({ x, y }) => [...element(x, curve), ...element(y, curve)]),
)}
/** The curve ${name} (SP 800-186 §3.2.1) and its field. */
// prettier-ignore
export class ${name} extends ${base} {
  constructor() {
    super(${curve.size}, ${curve.bits}, PRIME, ONE, SQUARE, B, GAP, new Order(ORDER, ORDER_SQUARE), POINTS, ${window});
  }

${printMultiplication(curve)}
}
`;
}

function printEdwards(curve: Edwards): string {
  const { name, prime, order, window, d } = curve;
  const points = oddMultiples(curve, addEdwards(curve)).flatMap(({ x, y }) => [
    ...element(mod(y - x, prime), curve),
    ...element(y + x, curve),
    ...element(2n * d * x * y, curve),
  ]);
  return `${printHead(curve, "Edwards")}
${printField(curve)}
${printArray("The curve's d.", "D", element(d, curve))}
${printArray("A square root of -1.", "ROOT", element(power(2n, (prime - 1n) / 4n, prime), curve))}
${printOrder(order)}
${printArray("y-x, y+x and 2dxy of the base point times 1, 3, 5 and so on.", "POINTS", points)}
/** The curve edwards25519 (RFC 8032 §5.1) and its field. */
// prettier-ignore
export class ${name} extends Edwards {
  constructor() {
    super(${curve.size}, ${curve.bits}, PRIME, ONE, SQUARE, D, ROOT, new Order(ORDER, ORDER_SQUARE), POINTS, ${window});
  }

${printMultiplication(curve)}
}
`;
}

function printHead(field: Field, base: string): string {
  return `// Generated: node build/tools/fields.js
import { Order } from "../order";
import { ${base} } from "./${base.toLowerCase()}";

// Numbers are ${field.size} signed limbs of ${field.bits} bits. R = ${field.isMontgomery ? `2^${field.size * field.bits}` : "1"}.
`;
}

function printField(field: Field): string {
  const { prime, bits, size } = field;
  return `${printArray("The prime, its limbs not signed.", "PRIME", limbs(prime, bits, size))}
${printArray("1.", "ONE", element(1n, field))}
${printArray("R: the product with it brings a number into its form.", "SQUARE", element(radix(field), field))}`;
}

function printOrder(order: bigint): string {
  const size = Math.ceil(order.toString(2).length / ORDER_BITS);
  const square = mod(1n << BigInt(2 * size * ORDER_BITS), order);
  return `${printArray("The base point's order.", "ORDER", limbs(order, ORDER_BITS, size))}
${printArray("R² modulo the order.", "ORDER_SQUARE", limbs(square, ORDER_BITS, size))}`;
}
