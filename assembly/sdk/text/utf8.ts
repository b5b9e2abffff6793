/**
 * Whether the bytes from `start` up to `end` are UTF-8 (RFC 3629 §4): no overlong form, no surrogate, nothing
 * above U+10FFFF, nothing cut off.
 */
export function isUtf8(start: usize, end: usize): bool {
  let p = start;
  while (p < end) {
    const first: u32 = load<u8>(p);
    if (first < 0x80) {
      p++;
      continue;
    }
    // The second byte's range is the narrow one; further bytes are 80..BF.
    let more: usize;
    let low: u32 = 0x80;
    let high: u32 = 0xbf;
    if (first >= 0xc2 && first <= 0xdf) more = 1;
    else if (first >= 0xe0 && first <= 0xef) {
      more = 2;
      if (first == 0xe0) low = 0xa0;
      else if (first == 0xed) high = 0x9f;
    } else if (first >= 0xf0 && first <= 0xf4) {
      more = 3;
      if (first == 0xf0) low = 0x90;
      else if (first == 0xf4) high = 0x8f;
    } else return false;
    if (end - p <= more) return false;
    const second: u32 = load<u8>(p + 1);
    if (second < low || second > high) return false;
    for (let i: usize = 2; i <= more; i++) {
      if ((load<u8>(p + i) & 0xc0) != 0x80) return false;
    }
    p += more + 1;
  }
  return true;
}
