import type { WriteStream } from "node:tty";
import { printable } from "./pretty.js";

const PATIENCE_MS = 1000;

/** Where it is written: a terminal. */
type Terminal = Pick<WriteStream, "isTTY" | "columns" | "write">;

/**
 * A line on the terminal that says how far a long piece of work has come. It is shown only to people,
 * and only if the work takes longer than they wait without wondering.
 */
export class Progress {
  private readonly timer: NodeJS.Timeout | undefined;
  private number = 0;
  private line = "";
  private late = false;
  private shown = false;

  constructor(
    private readonly total: number,
    private readonly terminal: Terminal = process.stderr,
  ) {
    if (!terminal.isTTY || process.env["TERM"] === "dumb") return;
    this.timer = setTimeout(() => {
      this.late = true;
      this.show();
    }, PATIENCE_MS);
    this.timer.unref();
  }

  /** The next item begins. */
  next(what: string): void {
    this.number++;
    this.line = `${this.number}/${this.total} ${printable(what)}`;
    this.show();
  }

  /** Makes room for something else. */
  clear(): void {
    if (this.shown) this.terminal.write("\r\x1b[K");
    this.shown = false;
  }

  /** The work is done. */
  end(): void {
    clearTimeout(this.timer);
    this.late = false;
    this.clear();
  }

  private show(): void {
    if (!this.late) return;
    const width = (this.terminal.columns || 80) - 1;
    this.terminal.write(`\r\x1b[K${this.line.slice(0, width)}`);
    this.shown = true;
  }
}
