const WIDTH = 100;

/** Words on as few lines as it takes, each line indented. */
export function fill(words: string[], indent: string): string {
  const lines: string[] = [];
  let line = indent;
  for (const word of words) {
    if (line !== indent && line.length + word.length + 1 > WIDTH) {
      lines.push(line);
      line = indent;
    }
    line += line === indent ? word : ` ${word}`;
  }
  return [...lines, line].join("\n");
}

/** A statement that sets a variable to a sum; each term but the first has its sign. */
export function printSum(variable: string, terms: string[]): string {
  const signed = terms.map((term, i) => (i === 0 || /^[+-] /.test(term) ? term : `+ ${term}`));
  return `${fill([`${variable} =`, ...signed], "    ")};`;
}

/** A multiple as a term of a sum, with its sign; by a shift if the factor is a power of two. */
export function printTerm(name: string, factor: bigint): string {
  const sign = factor < 0n ? "-" : "+";
  const magnitude = factor < 0n ? -factor : factor;
  const exponent = magnitude.toString(2).length - 1;
  return magnitude === 1n << BigInt(exponent)
    ? `${sign} (${name} << ${exponent})`
    : `${sign} ${name} * ${magnitude}`;
}

/** A constant of the guest: numbers of 32 bits. */
export function printArray(about: string, name: string, values: bigint[]): string {
  const words = values.map((value) => `${value},`);
  return `/** ${about} */
// prettier-ignore
const ${name}: StaticArray<i32> = [
${fill(words, "  ")}
];
`;
}
