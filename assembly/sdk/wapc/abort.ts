import { consoleLog } from "./imports";
import { Builder } from "../text/builder";

/**
 * What a failed assertion runs (`asc --use abort=…`). It is a programming error, not bad input: it says where on
 * the console and traps, which every host answers with a rejection. (`__guest_error` would be lost: the host
 * puts the trap's own message over it.)
 */
export function abort(message: string | null, file: string | null, line: i32, column: i32): void {
  const text = new Builder();
  text.ascii(message ? message : "assertion failed").ascii(" at ");
  text
    .ascii(file ? file : "?")
    .byte(0x3a)
    .int(line)
    .byte(0x3a)
    .int(column);
  const view = text.view();
  consoleLog(view.start, view.length);
  unreachable();
}
