import { Builder } from "../text/builder";
import { Text } from "../text/text";
import { Path } from "./path";

/** How many problems are kept; more of them would not be read. */
const MOST = 64;

/** What is wrong with a document: all of it, each with its path. */
export class Problems {
  private readonly lines: Array<Text> = [];
  private left: i32 = 0;

  get none(): bool {
    return this.lines.length == 0;
  }

  /** `path: what`, for an ASCII literal. */
  add(path: Path, what: string): void {
    if (this.lines.length < MOST) this.addLine(path, new Builder().ascii(what));
    else this.left++;
  }

  /** `path: what`, for words that were put together. */
  addLine(path: Path, what: Builder): void {
    if (this.lines.length == MOST) {
      this.left++;
      return;
    }
    const line = new Builder();
    path.write(line);
    if (line.size > 0) line.ascii(": ");
    this.lines.push(line.text(what.view()).view());
  }

  /** All problems in the order they were found, `between` between them. */
  text(between: string): Text {
    const text = new Builder();
    for (let i = 0; i < this.lines.length; i++) {
      if (i > 0) text.ascii(between);
      text.text(this.lines[i]);
    }
    if (this.left > 0) text.ascii(between).ascii("and ").int(this.left).ascii(" more");
    return text.view();
  }
}
