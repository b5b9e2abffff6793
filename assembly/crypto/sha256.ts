import { Text } from "../sdk";

// SHA-256 (FIPS 180-4 §6.2).

/** First 32 bits of the fractional parts of the cube roots of the first 64 primes (§4.2.2). */
// prettier-ignore
const K: StaticArray<u32> = [
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
];

/** First 32 bits of the fractional parts of the square roots of the first eight primes (§5.3.3). */
// prettier-ignore
const INITIAL: StaticArray<u32> = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
];

/** Bytes of a block. */
const BLOCK = 64;

/** SHA-256 of bytes that come in pieces. */
export class Sha256 {
  private readonly state: usize = heap.alloc(32);
  private readonly schedule: usize = heap.alloc(256);
  private readonly buffer: usize = heap.alloc(BLOCK);
  private total: u64 = 0;

  constructor() {
    memory.copy(this.state, changetype<usize>(INITIAL), 32);
  }

  /** Appends bytes. */
  update(bytes: Text): this {
    let from = bytes.start;
    const end = from + bytes.length;
    const held = (<i32>this.total) & (BLOCK - 1);
    this.total += bytes.length;
    if (held > 0) {
      const taken = min(BLOCK - held, bytes.length);
      memory.copy(this.buffer + held, from, taken);
      if (held + taken < BLOCK) return this;
      this.compress(this.buffer);
      from += taken;
    }
    for (; from + BLOCK <= end; from += BLOCK) this.compress(from);
    memory.copy(this.buffer, from, end - from);
    return this;
  }

  /** The hash of all bytes: 32 bytes. Nothing may be appended afterwards. */
  digest(): Text {
    // §5.1.1: a one bit, zeros, and the length in bits, up to a whole block.
    let held = (<i32>this.total) & (BLOCK - 1);
    store<u8>(this.buffer + held++, 0x80);
    memory.fill(this.buffer + held, 0, BLOCK - held);
    if (held > BLOCK - 8) {
      this.compress(this.buffer);
      memory.fill(this.buffer, 0, BLOCK);
    }
    store<u64>(this.buffer + BLOCK - 8, bswap<u64>(this.total << 3));
    this.compress(this.buffer);
    const digest = heap.alloc(32);
    for (let i = 0; i < 32; i += 4) store<u32>(digest + i, bswap(load<u32>(this.state + i)));
    return new Text(digest, 32);
  }

  /** One block (§6.2.2). */
  private compress(block: usize): void {
    const state = this.state;
    const schedule = this.schedule;
    for (let t: usize = 0; t < 64; t += 4) store<u32>(schedule + t, bswap(load<u32>(block + t)));
    for (let w = schedule; w < schedule + 192; w += 4) {
      const w1 = load<u32>(w, 4);
      const w14 = load<u32>(w, 56);
      const s0 = rotr<u32>(w1, 7) ^ rotr<u32>(w1, 18) ^ (w1 >> 3);
      const s1 = rotr<u32>(w14, 17) ^ rotr<u32>(w14, 19) ^ (w14 >> 10);
      store<u32>(w, load<u32>(w) + s0 + load<u32>(w, 36) + s1, 64);
    }
    let a = load<u32>(state);
    let b = load<u32>(state, 4);
    let c = load<u32>(state, 8);
    let d = load<u32>(state, 12);
    let e = load<u32>(state, 16);
    let f = load<u32>(state, 20);
    let g = load<u32>(state, 24);
    let h = load<u32>(state, 28);
    for (let t: usize = 0; t < 256; t += 4) {
      const s1 = rotr<u32>(e, 6) ^ rotr<u32>(e, 11) ^ rotr<u32>(e, 25);
      const word = load<u32>(changetype<usize>(K) + t) + load<u32>(schedule + t);
      const t1 = h + s1 + (g ^ (e & (f ^ g))) + word;
      const s0 = rotr<u32>(a, 2) ^ rotr<u32>(a, 13) ^ rotr<u32>(a, 22);
      const t2 = s0 + ((a & b) | (c & (a | b)));
      h = g;
      g = f;
      f = e;
      e = d + t1;
      d = c;
      c = b;
      b = a;
      a = t1 + t2;
    }
    store<u32>(state, load<u32>(state) + a);
    store<u32>(state, load<u32>(state, 4) + b, 4);
    store<u32>(state, load<u32>(state, 8) + c, 8);
    store<u32>(state, load<u32>(state, 12) + d, 12);
    store<u32>(state, load<u32>(state, 16) + e, 16);
    store<u32>(state, load<u32>(state, 20) + f, 20);
    store<u32>(state, load<u32>(state, 24) + g, 24);
    store<u32>(state, load<u32>(state, 28) + h, 28);
  }
}

/** The SHA-256 of `bytes`: 32 bytes. */
export function sha256(bytes: Text): Text {
  return new Sha256().update(bytes).digest();
}
