import picocolors from "picocolors";

const { FORCE_COLOR, NO_COLOR, TERM } = process.env;
const isTerminal = process.stdout.isTTY && TERM !== "dumb";

/** Colours for standard output: on a terminal, unless NO_COLOR is set; elsewhere if FORCE_COLOR is. */
export const colors = picocolors.createColors(
  !NO_COLOR && (Boolean(isTerminal) || Boolean(FORCE_COLOR && FORCE_COLOR !== "0")),
);
