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
