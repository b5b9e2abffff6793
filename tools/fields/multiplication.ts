import { printFolding } from "./folding.js";
import { printMontgomery } from "./montgomery.js";
import type { Field } from "./number.js";
import { fill } from "./print.js";

// Prints multiplication without loops: a product is a sum of products of limbs for every column, which is then
// reduced, column by column. Or only the reduction, of columns in memory.

/** The methods `mul` and `sqr` of a field's class, or its `reduce`. */
export function printMultiplication(field: Field): string {
  const { size } = field;
  if (!field.isUnrolled) {
    return `  protected reduce(out: usize, columns: usize): void {
${printReduction(field, columnsInMemory(size))}
  }`;
  }
  return `  mul(out: usize, a: usize, b: usize): void {
${printLoads("a", size)}
${printLoads("b", size)}
${printReduction(field, productsOf(size))}
  }

  sqr(out: usize, a: usize): void {
${printLoads("a", size)}
${fill(printDoubles(size), "    ")}
${printReduction(field, squaresOf(size))}
  }`;
}

function printReduction(field: Field, columns: string[][]): string {
  return field.isMontgomery ? printMontgomery(field, columns) : printFolding(field, columns);
}

function printLoads(name: string, size: number): string {
  const loads = range(0, size).map((i) => `const ${name}${i}: i64 = load<i32>(${name}, ${4 * i});`);
  return fill(loads, "    ");
}

function printDoubles(size: number): string[] {
  return range(0, size - 1).map((i) => `const d${i} = a${i} << 1;`);
}

function columnsInMemory(size: number): string[][] {
  return range(0, 2 * size - 1).map((column) => [`load<i64>(columns, ${8 * column})`]);
}

function productsOf(size: number): string[][] {
  return columnsOf(size).map((pairs) => pairs.map(([i, j]) => `a${i} * b${j}`));
}

function squaresOf(size: number): string[][] {
  return columnsOf(size).map((pairs) =>
    pairs.filter(([i, j]) => i <= j).map(([i, j]) => `${i < j ? "d" : "a"}${i} * a${j}`),
  );
}

/** For every column of a product, the limbs that belong to it. */
function columnsOf(size: number): [number, number][][] {
  return range(0, 2 * size - 1).map((column) =>
    range(Math.max(0, column - size + 1), Math.min(column + 1, size)).map((i) => [i, column - i]),
  );
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
