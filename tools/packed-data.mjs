import { Compiler, MemorySegment } from "assemblyscript";
import { Transform } from "assemblyscript/transform";

// An asc transform: what the policy has in its memory from the start takes no more room than it needs. docs/decisions/0011

export default class PackedData extends Transform {}

const { compileStringLiteral, ensureStaticStringPtr, initDefaultMemory } = Compiler.prototype;

// AssemblyScript makes each an object of its heap: aligned to 16 bytes, and with a header of 20, of which a program that never
// collects garbage reads the last four, which tell its size.
const SIZE = 4;

Compiler.prototype.addRuntimeMemorySegment = function (object) {
  const unread = this.program.totalOverhead - SIZE;
  const { offset } = this.addAlignedMemorySegment(object.subarray(unread), SIZE);
  return { offset: i64_sub(offset, i64_new(unread)), buffer: object };
};

// AssemblyScript's library reads its own literals as UTF-16, except for messages, which it only passes on.
let inLibrary = false;
Compiler.prototype.compileStringLiteral = function (literal, ...rest) {
  const { isLibrary, normalizedPath } = literal.range.source;
  inLibrary = isLibrary && normalizedPath !== "~lib/util/error.ts";
  const compiled = compileStringLiteral.call(this, literal, ...rest);
  inLibrary = false;
  return compiled;
};

/** The address of the first character. */
Compiler.prototype.ensureStaticStringPtr = function (text) {
  if (inLibrary) return ensureStaticStringPtr.call(this, text);
  this.literals ??= new Map();
  let segment = this.literals.get(text);
  if (!segment) {
    segment = this.addAlignedMemorySegment(literal(text), 1);
    this.literals.set(text, segment);
  }
  return i64_add(segment.offset, i64_new(SIZE));
};

/** A byte a character; the size is what it would be in UTF-16, for `length` is half of it. */
function literal(text) {
  if (!/^[\x01-\x7f]*$/.test(text)) throw new Error(`a literal is not ASCII: ${text}`);
  const bytes = Buffer.alloc(SIZE + text.length, text, "latin1");
  bytes.writeUInt32LE(2 * text.length);
  bytes.write(text, SIZE, "latin1");
  return bytes;
}

// All in one segment: each has a header in the module. The optimizer takes the zeros out where that pays.
Compiler.prototype.initDefaultMemory = function (end) {
  const [first] = this.memorySegments;
  const buffer = Buffer.alloc(i64_low(i64_sub(end, first.offset)));
  for (const segment of this.memorySegments) {
    buffer.set(segment.buffer, i64_low(i64_sub(segment.offset, first.offset)));
  }
  this.memorySegments = [new MemorySegment(buffer, first.offset)];
  return initDefaultMemory.call(this, end);
};
