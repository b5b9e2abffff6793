/** How a piece of a terminal's text looks. */
interface Style {
  bold?: boolean;
  underline?: boolean;
  color?: "red" | "green" | "magenta";
}

interface Cell {
  character: string;
  style: Style;
}

const COLUMNS = 124;
const FONT_SIZE = 14;
/** Nearly every monospaced font's advance, in the font's size. */
const ADVANCE = 0.602;
const LINE_HEIGHT = 20;
const PADDING = 16;

const CHANGES: Record<number, Style> = {
  0: {},
  1: { bold: true },
  4: { underline: true },
  22: { bold: false },
  24: { underline: false },
  31: { color: "red" },
  32: { color: "green" },
  35: { color: "magenta" },
};

// The colours are those of GitHub's pages, whichever the reader has chosen. Some programs that show
// SVG keep spaces for `white-space`, others for `xml:space`.
const STYLES = `
  text { font: ${FONT_SIZE}px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #1f2328; white-space: pre }
  rect { fill: #f6f8fa; stroke: #d1d9e0 }
  .bold { font-weight: bold }
  .underline { text-decoration: underline }
  .red { fill: #b3141c }
  .green { fill: #116329 }
  .magenta { fill: #8250df }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    rect { fill: #151b23; stroke: #3d444d }
    .red { fill: #ff8e86 }
    .green { fill: #56d364 }
    .magenta { fill: #d2a8ff }
  }`;

/** Draws what a command prints on a terminal, as an SVG with the text in it; long lines are wrapped. */
export function drawTerminal(command: string, output: string): string {
  const text = `\x1b[1m$ ${command}\x1b[22m\n${output.replace(/\n+$/, "")}`;
  const lines = parseCells(text).flatMap(wrap);
  const width = Math.ceil(COLUMNS * FONT_SIZE * ADVANCE) + 2 * PADDING;
  const height = lines.length * LINE_HEIGHT + 2 * PADDING;
  const drawn = lines.map((cells, index) => {
    const y = PADDING + (index + 0.75) * LINE_HEIGHT;
    return cells.length > 0 ? `<text x="${PADDING}" y="${y}">${drawCells(cells)}</text>\n` : "";
  });
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
    `viewBox="0 0 ${width} ${height}" role="img" xml:space="preserve">\n<title>${escape(`What ${command} prints`)}</title>\n` +
    `<style>${STYLES}\n</style>\n` +
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>\n` +
    `${drawn.join("")}</svg>\n`
  );
}

function parseCells(text: string): Cell[][] {
  const lines: Cell[][] = [[]];
  let style: Style = {};
  for (const [, code, character] of text.matchAll(/\x1b\[(\d+)m|([^])/gu)) {
    if (code === "0") style = {};
    else if (code === "39")
      style = { bold: style.bold ?? false, underline: style.underline ?? false };
    else if (code !== undefined) style = { ...style, ...CHANGES[Number(code)] };
    else if (character === "\n") lines.push([]);
    else lines.at(-1)!.push({ character: character!, style });
  }
  return lines;
}

/** Breaks a line at a space; what is left goes on a little further in than the line began. */
function wrap(line: Cell[]): Cell[][] {
  if (line.length <= COLUMNS) return [line];
  const space = line.findLastIndex(({ character }, at) => character === " " && at <= COLUMNS);
  const indent = line.findIndex(({ character }) => character !== " ") + 2;
  const end = space > indent ? space : COLUMNS;
  const rest = line.slice(space > indent ? space + 1 : COLUMNS);
  const margin = Array<Cell>(indent).fill({ character: " ", style: {} });
  return [line.slice(0, end), ...wrap([...margin, ...rest])];
}

function drawCells(cells: Cell[]): string {
  const runs: { classes: string; text: string }[] = [];
  for (const { character, style } of cells) {
    const { bold, underline, color } = style;
    const classes = [bold && "bold", underline && "underline", color].filter(Boolean).join(" ");
    const last = runs.at(-1);
    if (last?.classes === classes) last.text += character;
    else runs.push({ classes, text: character });
  }
  const draw = ({ classes, text }: { classes: string; text: string }) =>
    classes ? `<tspan class="${classes}">${escape(text)}</tspan>` : escape(text);
  return runs.map(draw).join("");
}

function escape(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
