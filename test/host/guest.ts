import asc from "assemblyscript/asc";

/**
 * A waPC guest that does what tests ask. `call` makes the host calls that its payload lists, a line
 * each of binding, namespace, operation and payload, and answers the hosts' answers in lines.
 */
const SOURCE = `
@external("wapc", "__guest_request") declare function guestRequest(operation: usize, payload: usize): void;
@external("wapc", "__guest_response") declare function guestResponse(at: usize, length: usize): void;
@external("wapc", "__guest_error") declare function guestError(at: usize, length: usize): void;
@external("wapc", "__host_call") declare function hostCall(b: usize, bl: usize, n: usize, nl: usize, o: usize, ol: usize, p: usize, pl: usize): i32;
@external("wapc", "__host_response_len") declare function hostResponseLength(): usize;
@external("wapc", "__host_response") declare function hostResponse(at: usize): void;
@external("wapc", "__host_error_len") declare function hostErrorLength(): usize;
@external("wapc", "__host_error") declare function hostError(at: usize): void;
@external("wapc", "__console_log") declare function consoleLog(at: usize, length: usize): void;
@external("wasi_snapshot_preview1", "clock_time_get") declare function clock(id: i32, precision: i64, at: usize): i32;
@external("wasi_snapshot_preview1", "fd_close") declare function close(fd: i32): i32;

let started = "";
export function _start(): void { started += "_start "; }
export function wapc_init(): void { started += "wapc_init"; }

function text(at: usize, length: usize): string { return String.UTF8.decodeUnsafe(at, length); }
function bytes(s: string): ArrayBuffer { return String.UTF8.encode(s); }
function at(b: ArrayBuffer): usize { return changetype<usize>(b); }
function respond(s: string): void { const b = bytes(s); guestResponse(at(b), b.byteLength); }

function ask(line: string): string {
  const p = line.split(" ");
  const b = bytes(p[0]), n = bytes(p[1]), o = bytes(p[2]), d = bytes(p[3]);
  const ok = hostCall(at(b), b.byteLength, at(n), n.byteLength, at(o), o.byteLength, at(d), d.byteLength);
  const length = ok ? hostResponseLength() : hostErrorLength();
  const buffer = heap.alloc(length);
  if (ok) hostResponse(buffer); else hostError(buffer);
  return (ok ? "" : "error: ") + text(buffer, length);
}

export function __guest_call(operationLength: usize, payloadLength: usize): i32 {
  const operationAt = heap.alloc(operationLength), payloadAt = heap.alloc(payloadLength);
  guestRequest(operationAt, payloadAt);
  const operation = text(operationAt, operationLength), payload = text(payloadAt, payloadLength);
  if (operation == "echo") { respond(payload); return 1; }
  if (operation == "started") { respond(started); return 1; }
  if (operation == "trap") { unreachable(); }
  if (operation == "spin") { ask(payload); return __guest_call(0, 0); }
  if (operation == "clock") { const t = heap.alloc(8); clock(0, 0, t); respond(load<u64>(t).toString()); return 1; }
  if (operation == "wasi") { respond(close(1).toString()); return 1; }
  if (operation == "call") {
    const lines = payload.split("\\n");
    let answers = "";
    for (let i = 0; i < lines.length; i++) {
      const note = bytes("call " + i.toString());
      consoleLog(at(note), note.byteLength);
      answers += ask(lines[i]) + "\\n";
    }
    respond(answers);
    return 1;
  }
  if (operation == "many") { while (true) { const answer = ask(payload); if (answer.startsWith("error")) { respond(answer); return 1; } } }
  const error = bytes("no operation " + operation);
  guestError(at(error), error.byteLength);
  return 0;
}

export function abort(message: string | null, file: string | null, line: u32, column: u32): void { unreachable(); }
`;

/** Compiles the guest. */
export async function compileGuest(): Promise<WebAssembly.Module> {
  let binary: Uint8Array<ArrayBuffer> | undefined;
  const flags = ["--runtime", "stub", "--use", "abort=guest/abort", "--outFile", "guest.wasm"];
  const { error, stderr } = await asc.main(["guest.ts", ...flags], {
    readFile: (name: string) => (name === "guest.ts" ? SOURCE : null),
    writeFile: (name: string, contents: unknown) => {
      if (name === "guest.wasm") binary = Uint8Array.from(contents as Uint8Array);
    },
    listFiles: () => [],
  });
  if (error || !binary) throw new Error(`${error?.message}\n${stderr.toString()}`);
  return WebAssembly.compile(binary);
}
