/** Walks a number by RFC 8259 §6; gives the address behind it, or 0 if it is none. */
export function skipNumber(p: usize): usize {
  if (load<u8>(p) == 0x2d) p++;
  if (load<u8>(p) == 0x30) p++;
  else {
    p = skipDigits(p);
    if (!p) return 0;
  }
  if (load<u8>(p) == 0x2e) {
    p = skipDigits(p + 1);
    if (!p) return 0;
  }
  if ((load<u8>(p) | 0x20) == 0x65) {
    const sign = load<u8>(p, 1);
    p = skipDigits(p + (sign == 0x2b || sign == 0x2d ? 2 : 1));
  }
  return p;
}

/** One digit or more; gives the address behind them, or 0. */
function skipDigits(p: usize): usize {
  const start = p;
  while (<u32>load<u8>(p) - 0x30 < 10) p++;
  return p > start ? p : 0;
}
