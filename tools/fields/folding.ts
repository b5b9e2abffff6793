import type { Field } from "./number.js";
import { printSum, printTerm } from "./print.js";

/** Reduction modulo 2^n - c, c being small: what is above 2^n is multiplied by c and added to what is below. */
export function printFolding({ prime, bits, size }: Field, columns: string[][]): string {
  const n = prime.toString(2).length;
  const c = (1n << BigInt(n)) - prime;
  const half = 1n << BigInt(bits - 1);
  const next = `    carry = (t + ${half}) >> ${bits};`;
  const rest = `t - (carry << ${bits})`;

  // The upper half comes first. Its limbs are not for keeping: they need not be signed.
  const upper = columns.slice(size).flatMap((products, i) => {
    const declare = i > 0 ? "" : "let ";
    return [
      printSum(`${declare}t`, i > 0 ? [...products, "+ carry"] : products),
      `    const u${i} = t & ${2n * half - 1n};`,
      `    ${declare}carry = t >> ${bits};`,
    ];
  });
  upper.push(`    const u${size - 1} = carry;`);

  // A limb of the upper half counts 2^(bits·size) times, which is c·2^(bits·size - n).
  const factor = c << BigInt(bits * size - n);
  const lower = columns.slice(0, size).flatMap((products, i) => {
    const carry = i > 0 ? ["+ carry"] : [];
    const sum = printSum("t", [...products, printTerm(`u${i}`, factor), ...carry]);
    if (i === size - 1) return [sum];
    const keep = i < 2 ? `    const r${i} = ${rest};` : `    store<i32>(out, ${rest}, ${4 * i});`;
    return [sum, next, keep];
  });

  // The last limb has fewer bits. What it carries goes to the first.
  const last = n - bits * (size - 1);
  const around = [
    `    carry = (t + ${1n << BigInt(last - 1)}) >> ${last};`,
    `    store<i32>(out, t - (carry << ${last}), ${4 * (size - 1)});`,
    printSum("t", ["r0", printTerm("carry", c)]),
    next,
    `    store<i32>(out, ${rest});`,
    "    store<i32>(out, r1 + carry, 4);",
  ];
  return [...upper, ...lower, ...around].join("\n");
}
