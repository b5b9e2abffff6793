/**
 * A number as signed windows: one digit for every bit, the lowest first; a digit is 0 or odd and of a magnitude
 * less than 2^(width-1), and behind each that is not 0 are at least `width` - 1 zeros.
 */
export class Windows {
  /** All digits from here on are 0. */
  length: i32 = 0;
  private readonly digits: usize;

  /** Of a number of `size` limbs of 30 bits, none negative; it must be less than 2^(30·size - 1). */
  constructor(limbs: usize, size: i32, width: i32) {
    const bits = size * 30;
    this.digits = heap.alloc(bits);
    memory.fill(this.digits, 0, bits);
    let carry = 0;
    for (let bit = 0; bit < bits;) {
      if ((bitsAt(limbs, size, bit) & 1) == carry) {
        bit++;
        continue;
      }
      const window = (bitsAt(limbs, size, bit) & ((1 << width) - 1)) + carry;
      carry = window >> (width - 1);
      store<i8>(this.digits + bit, window - (carry << width));
      this.length = bit + 1;
      bit += width;
    }
  }

  /** The digit at a bit; 0 behind the last. */
  @inline
  at(bit: i32): i32 {
    return bit < this.length ? load<i8>(this.digits + bit) : 0;
  }
}

/** The bits of a number from `bit` on, at least 30 of them. */
function bitsAt(limbs: usize, size: i32, bit: i32): i32 {
  const index = bit / 30;
  const limb: u64 = load<u32>(limbs + (index << 2));
  const next: u64 = index + 1 < size ? load<u32>(limbs + (index << 2) + 4) : 0;
  return <i32>((limb | (next << 30)) >> (bit % 30));
}
