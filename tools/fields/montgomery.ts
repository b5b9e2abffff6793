import { balancedLimbs, type Field } from "./number.js";
import { printSum, printTerm } from "./print.js";

/**
 * Montgomery reduction: multiples of the prime make the columns of the lower half zero. Each prime here is -1 modulo
 * 2^bits: the multiple is the column itself.
 */
export function printMontgomery({ prime, bits, size }: Field, columns: string[][]): string {
  const limbs = balancedLimbs(prime, bits, size);
  if (limbs[0] !== -1n) throw new Error("the prime's lowest limb is not -1");
  const half = 1n << BigInt(bits - 1);
  const lines = columns.flatMap((products, column) => {
    const multiples = limbs.flatMap((_, i) => {
      const limb = i < column ? limbs[column - i] : undefined;
      return limb ? [printTerm(`q${i}`, limb)] : [];
    });
    // The latest multiple and the carry come last: all that is before them need not wait for the column before.
    const carry = column > 0 ? ["+ carry"] : [];
    const declare = column > 0 ? "" : "let ";
    const sum = printSum(`${declare}t`, [...products, ...multiples, ...carry]);
    const next = `    ${declare}carry = (t + ${half}) >> ${bits};`;
    return column < size
      ? [sum, `    const q${column} = (t << ${64 - bits}) >> ${64 - bits};`, next]
      : [sum, next, `    store<i32>(out, t - (carry << ${bits}), ${4 * (column - size)});`];
  });
  return [...lines, `    store<i32>(out, carry, ${4 * (size - 1)});`].join("\n");
}
