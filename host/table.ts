/**
 * Formats rows in columns, the first to the left.
 *
 * @param numbers are the others numbers, which stand to the right?
 */
export function formatTable(rows: string[][], numbers = true): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const pad = (cell: string, column: number) =>
    column === 0 || !numbers ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!);
  return rows.map((row) => row.map(pad).join("  ").trimEnd()).join("\n");
}
