import { UserError } from "../document.js";

/** A section of a module, in the file's order. */
export interface Section {
  /** `custom`, or what the specification calls it. */
  kind: string;
  /** A custom section's own name. */
  name?: string;
  /** What is in it, a custom section's name not included. */
  data: Uint8Array;
}

// https://webassembly.github.io/spec/core/binary/modules.html#sections, by their numbers.
const KINDS = [
  "custom",
  "type",
  "import",
  "function",
  "table",
  "memory",
  "global",
  "export",
  "start",
  "element",
  "code",
  "data",
  "data count",
  "tag",
];

const MAGIC = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const CUSTOM = 0;

/** Reads the sections of a module. */
export function readSections(module: Uint8Array): Section[] {
  if (MAGIC.some((byte, index) => module[index] !== byte)) throw malformed("its header is missing");
  const reader = new Reader(module, MAGIC.length);
  const sections: Section[] = [];
  while (!reader.atEnd()) {
    const id = reader.byte();
    const section = reader.bytes();
    const kind = KINDS[id] ?? `unknown (${id})`;
    if (id !== CUSTOM) sections.push({ kind, data: section });
    else {
      const inner = new Reader(section);
      sections.push({ kind, name: inner.text(), data: inner.rest() });
    }
  }
  return sections;
}

/** The module with this custom section at its end, instead of any of the same name. */
export function withCustomSection(module: Uint8Array, name: string, data: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.from(MAGIC)];
  const reader = new Reader(module, MAGIC.length);
  while (!reader.atEnd()) {
    const from = reader.position;
    const id = reader.byte();
    const section = reader.bytes();
    if (id === CUSTOM && new Reader(section).text() === name) continue;
    parts.push(module.subarray(from, reader.position));
  }
  const called = new TextEncoder().encode(name);
  const length = leb128(called.length);
  const size = length.length + called.length + data.length;
  parts.push(Uint8Array.of(CUSTOM), leb128(size), length, called, data);
  return Uint8Array.from(Buffer.concat(parts));
}

/** What the module's data segments put into its memory, a segment an item. */
export function dataSegments(sections: Section[]): Uint8Array[] {
  const data = sections.find(({ kind }) => kind === "data")?.data;
  if (!data) return [];
  const reader = new Reader(data);
  return Array.from({ length: reader.unsigned() }, () => {
    // 0: at an offset; 1: on demand; 2: as 0, with the number of a memory.
    const mode = reader.unsigned();
    if (mode > 2) throw malformed(`a data segment has the unknown mode ${mode}`);
    if (mode === 2) reader.unsigned();
    if (mode !== 1) reader.skipConstant();
    return reader.bytes();
  });
}

/** A cursor over WebAssembly's binary format. */
class Reader {
  constructor(
    private readonly from: Uint8Array,
    public position = 0,
  ) {}

  atEnd(): boolean {
    return this.position >= this.from.length;
  }

  byte(): number {
    const byte = this.from[this.position++];
    if (byte === undefined) throw malformed("it ends in the middle");
    return byte;
  }

  /** A LEB128 of at most 32 bits. */
  unsigned(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw malformed("a number is too long");
  }

  /** As many bytes as the number before them says. */
  bytes(): Uint8Array {
    const length = this.unsigned();
    const from = this.position;
    if (length > this.from.length - from) throw malformed("it ends in the middle");
    this.position += length;
    return this.from.subarray(from, this.position);
  }

  text(): string {
    return new TextDecoder().decode(this.bytes());
  }

  rest(): Uint8Array {
    return this.from.subarray(this.position);
  }

  /** Passes over a constant expression: an offset is a number, a global, or a sum of such. */
  skipConstant(): void {
    for (let code = this.byte(); code !== 0x0b; code = this.byte()) {
      const hasOperand = code === 0x41 || code === 0x42 || code === 0x23;
      if (!hasOperand && (code < 0x6a || code > 0x7e)) {
        throw malformed(`an offset has the unknown instruction ${code}`);
      }
      if (hasOperand) while (this.byte() >= 0x80);
    }
  }
}

function leb128(value: number): Uint8Array {
  const bytes = [];
  for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes.push((value % 0x80) | 0x80);
  return Uint8Array.from([...bytes, value]);
}

function malformed(reason: string): UserError {
  return new UserError(`not a WebAssembly module: ${reason}`);
}
