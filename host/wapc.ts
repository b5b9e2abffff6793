// TypeScript declares WebAssembly with the browser's interfaces only.
/// <reference lib="dom" />
import { performance } from "node:perf_hooks";

/** One call of the guest to its host. */
export interface HostCall {
  binding: string;
  namespace: string;
  operation: string;
  payload: Uint8Array;
}

export interface GuestOptions {
  /** Answers a host call; an `Error` that it throws goes to the guest as the host's error text. */
  hostCall: (call: HostCall) => Uint8Array;
  /** Receives what the guest writes with `__console_log`. */
  log?: (text: string) => void;
  /** The time that the guest sees, in nanoseconds since 1970. */
  now?: bigint;
}

/** The guest said that the call failed, or it trapped. */
export class GuestError extends Error {}

/**
 * Thrown out of `hostCall` to leave the guest altogether: it passes through the WebAssembly frames
 * to whoever called the guest, and the instance is of no more use.
 */
export class Unwind extends Error {}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

const ERRNO_NOSYS = 52;

/**
 * One instance of a waPC module.
 *
 * waPC has no shared allocator: the host announces lengths, the guest makes room and asks for the
 * bytes. So a call's operation and payload wait here until `__guest_request` fetches them, and an
 * answer to a host call waits until `__host_response` does.
 */
export class Guest {
  private readonly exports: Record<string, unknown>;
  private readonly options: GuestOptions;
  private operation = new Uint8Array();
  private payload = new Uint8Array();
  private response: Uint8Array | undefined;
  private error: string | undefined;
  private hostResponse = new Uint8Array();
  private hostError = new Uint8Array();

  private constructor(module: WebAssembly.Module, options: GuestOptions) {
    this.options = options;
    const imports = { wapc: this.wapcImports(), wasi_snapshot_preview1: this.wasiImports(module) };
    this.exports = new WebAssembly.Instance(module, imports).exports;
    // Before these the module's own memory is not set up; TinyGo and Rust have the one, others the other.
    for (const name of ["_start", "wapc_init"]) this.exportedFunction(name)?.();
  }

  /** Makes an instance of `module` (or compiles it first) and runs its start functions. */
  static load(module: WebAssembly.Module | Uint8Array<ArrayBuffer>, options: GuestOptions): Guest {
    return new Guest(
      module instanceof WebAssembly.Module ? module : new WebAssembly.Module(module),
      options,
    );
  }

  /**
   * Calls one of the guest's operations.
   *
   * @throws GuestError with the guest's own message, or with the trap's
   */
  call(operation: string, payload: Uint8Array): Uint8Array {
    this.operation = encoder.encode(operation);
    this.payload = Uint8Array.from(payload);
    this.response = this.error = undefined;
    const guestCall = this.exportedFunction("__guest_call");
    if (!guestCall) throw new GuestError("not a waPC module: it does not export __guest_call");
    let succeeded;
    try {
      succeeded = guestCall(this.operation.length, this.payload.length) === 1;
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) {
        throw new GuestError(`the guest trapped: ${this.error ?? error.message}`);
      }
      throw error;
    }
    if (!succeeded)
      throw new GuestError(this.error ?? `operation "${operation}" failed, no reason given`);
    return this.response ?? new Uint8Array();
  }

  private exportedFunction(name: string): ((...args: number[]) => unknown) | undefined {
    const value = this.exports[name];
    return typeof value === "function" ? (value as (...args: number[]) => unknown) : undefined;
  }

  // Looked up at each use, for memory that grows gets a new buffer; unsigned, as pointers are.
  private bytes(at: number, length: number): Uint8Array {
    return new Uint8Array(
      (this.exports["memory"] as WebAssembly.Memory).buffer,
      at >>> 0,
      length >>> 0,
    );
  }

  private text(at: number, length: number): string {
    return decoder.decode(this.bytes(at, length));
  }

  private write(at: number, bytes: Uint8Array): void {
    this.bytes(at, bytes.length).set(bytes);
  }

  private wapcImports(): WebAssembly.ModuleImports {
    return {
      __guest_request: (operationAt: number, payloadAt: number) => {
        this.write(operationAt, this.operation);
        this.write(payloadAt, this.payload);
      },
      __guest_response: (at: number, length: number) => {
        this.response = this.bytes(at, length).slice();
      },
      __guest_error: (at: number, length: number) => {
        this.error = this.text(at, length);
      },
      __host_call: (...spans: number[]) => {
        // Binding, namespace, operation, payload: a position and a length each.
        const part = (index: number) => this.bytes(spans[2 * index]!, spans[2 * index + 1]!);
        return this.answer({
          binding: decoder.decode(part(0)),
          namespace: decoder.decode(part(1)),
          operation: decoder.decode(part(2)),
          payload: part(3).slice(),
        });
      },
      __host_response_len: () => this.hostResponse.length,
      __host_response: (at: number) => this.write(at, this.hostResponse),
      __host_error_len: () => this.hostError.length,
      __host_error: (at: number) => this.write(at, this.hostError),
      __console_log: (at: number, length: number) => this.options.log?.(this.text(at, length)),
    };
  }

  private answer(call: HostCall): number {
    this.hostResponse = this.hostError = new Uint8Array();
    try {
      this.hostResponse = Uint8Array.from(this.options.hostCall(call));
      return 1;
    } catch (error) {
      if (error instanceof Unwind) throw error;
      this.hostError = encoder.encode(error instanceof Error ? error.message : String(error));
      return 0;
    }
  }

  // A policy needs a clock at most; whatever else its language's runtime imports is "not supported".
  private wasiImports(module: WebAssembly.Module): WebAssembly.ModuleImports {
    const functions: WebAssembly.ModuleImports = {};
    for (const { module: from, name } of WebAssembly.Module.imports(module)) {
      if (from === "wasi_snapshot_preview1") functions[name] = () => ERRNO_NOSYS;
    }
    if ("clock_time_get" in functions) {
      functions["clock_time_get"] = (_clock: number, _precision: bigint, at: number) => {
        const now = this.options.now ?? wallClock();
        new DataView((this.exports["memory"] as WebAssembly.Memory).buffer).setBigUint64(
          at,
          now,
          true,
        );
        return 0;
      };
    }
    return functions;
  }
}

/** Nanoseconds since 1970. */
export function wallClock(): bigint {
  return BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000)) * 1000n;
}
