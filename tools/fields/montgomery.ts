import { balancedLimbs, type Field } from "./number.js";
import { fill } from "./print.js";

// Prints Montgomery multiplication without loops: column by column, each column a sum of products of limbs and of
// the multiples of the prime that make the lower half zero.

/** The methods `mul` and `sqr` of a field's class. */
export function printMultiplication(field: Field): string {
  return `  /** a·b/R; \`out\` may be one of them. */
  mul(out: usize, a: usize, b: usize): void {
${printLoads("a", field.size)}
${printLoads("b", field.size)}
${printColumns(field, productsOf)}
  }

  /** a²/R; \`out\` may be \`a\`. */
  sqr(out: usize, a: usize): void {
${printLoads("a", field.size)}
${fill(printDoubles(field.size), "    ")}
${printColumns(field, squaresOf)}
  }`;
}

function printLoads(name: string, size: number): string {
  const loads = range(0, size).map((i) => `const ${name}${i}: i64 = load<i32>(${name}, ${4 * i});`);
  return fill(loads, "    ");
}

function printDoubles(size: number): string[] {
  return range(0, size - 1).map((i) => `const d${i} = a${i} << 1;`);
}

function productsOf(column: number, size: number): string[] {
  return pairs(column, size).map(([i, j], at) => `${at > 0 ? "+ " : ""}a${i} * b${j}`);
}

function squaresOf(column: number, size: number): string[] {
  return pairs(column, size)
    .filter(([i, j]) => i <= j)
    .map(([i, j], at) => `${at > 0 ? "+ " : ""}${i < j ? "d" : "a"}${i} * a${j}`);
}

function printColumns(field: Field, termsOf: (column: number, size: number) => string[]): string {
  const { bits, size } = field;
  const prime = balancedLimbs(field.prime, bits, size);
  const lines: string[] = [];
  for (let column = 0; column < 2 * size - 1; column++) {
    const reductions = pairs(column, size)
      .filter(([i, j]) => prime[j] !== 0n && i < Math.min(column, size))
      .map(([i, j]) => printMultiple(`q${i}`, prime[j]!));
    // The carry comes last: all that is before it need not wait for the column before.
    const carry = column === 0 ? [] : ["+ carry"];
    const [first, ...terms] = [...termsOf(column, size), ...reductions, ...carry];
    const words = [column === 0 ? "let t =" : "t =", first!, ...terms];
    lines.push(`${fill(words, "    ")};`);
    if (column < size) lines.push(printQuotient(column, prime[0]!, bits));
    else lines.push(printLimb(column - size, bits));
  }
  lines.push(`    store<i32>(out, carry, ${4 * (size - 1)});`);
  return lines.join("\n");
}

/** What makes a column of the lower half zero, and what it carries. */
function printQuotient(column: number, lowest: bigint, bits: number): string {
  const declare = column === 0 ? "let " : "";
  const shift = 64 - bits;
  if (lowest === -1n) {
    const half = 1n << BigInt(bits - 1);
    return `    const q${column} = (t << ${shift}) >> ${shift};
    ${declare}carry = (t + ${half}) >> ${bits};`;
  }
  const factor = BigInt.asIntN(bits, -inverseOfOdd(lowest, bits));
  return `    const q${column} = ((t * ${factor}) << ${shift}) >> ${shift};
    ${declare}carry = (t ${printMultiple(`q${column}`, lowest)}) >> ${bits};`;
}

/** A limb of the result from a column of the upper half, and what it carries. */
function printLimb(index: number, bits: number): string {
  return `    carry = (t + ${1n << BigInt(bits - 1)}) >> ${bits};
    store<i32>(out, t - (carry << ${bits}), ${4 * index});`;
}

/** A multiple of a limb of the prime, as a term of a sum; the limbs of these primes are few, and powers of two. */
function printMultiple(quotient: string, limb: bigint): string {
  const sign = limb < 0n ? "-" : "+";
  const magnitude = limb < 0n ? -limb : limb;
  const exponent = magnitude.toString(2).length - 1;
  if (magnitude === 1n) return `${sign} ${quotient}`;
  return magnitude === 1n << BigInt(exponent)
    ? `${sign} (${quotient} << ${exponent})`
    : `${sign} ${quotient} * ${magnitude}`;
}

/** The inverse modulo 2^bits, by Newton. */
function inverseOfOdd(value: bigint, bits: number): bigint {
  let inverse = value;
  for (let known = 3; known < bits; known *= 2) inverse *= 2n - value * inverse;
  return BigInt.asUintN(bits, inverse);
}

/** The limbs whose product belongs to a column. */
function pairs(column: number, size: number): [number, number][] {
  return range(Math.max(0, column - size + 1), Math.min(column + 1, size)).map((i) => [
    i,
    column - i,
  ]);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
