import asc from "assemblyscript/asc";

const SOURCE = `
@external("wapc", "__guest_request") declare function guestRequest(operation: usize, payload: usize): void;
@external("wapc", "__guest_response") declare function guestResponse(at: usize, length: usize): void;
@external("wapc", "__host_call") declare function hostCall(b: usize, bl: usize, n: usize, nl: usize, o: usize, ol: usize, p: usize, pl: usize): i32;
@external("wapc", "__host_error_len") declare function hostErrorLength(): usize;
@external("wapc", "__host_error") declare function hostError(at: usize): void;
function bytes(s: string): ArrayBuffer { return String.UTF8.encode(s); }
function at(b: ArrayBuffer): usize { return changetype<usize>(b); }
function respond(s: string): i32 { const b = bytes(s); guestResponse(at(b), b.byteLength); return 1; }
export function __guest_call(operationLength: usize, payloadLength: usize): i32 {
  const operationAt = heap.alloc(operationLength), payloadAt = heap.alloc(payloadLength);
  guestRequest(operationAt, payloadAt);
  if (String.UTF8.decodeUnsafe(operationAt, operationLength) != "validate") return respond('{"valid":true}');
  const b = bytes("kubewarden"), n = bytes("kubernetes"), o = bytes("list_resources_all");
  const p = bytes('{"api_version":"v1","kind":"ConfigMap"}');
  const ok = hostCall(at(b), b.byteLength, at(n), n.byteLength, at(o), o.byteLength, at(p), p.byteLength);
  if (ok) return respond('{"accepted":true}');
  const length = hostErrorLength();
  const buffer = heap.alloc(length);
  hostError(buffer);
  const line = String.UTF8.decodeUnsafe(buffer, length).split("\\n")[0].replaceAll('"', "'").replaceAll("\\\\", "/");
  return respond('{"accepted":false,"message":"' + line + '"}');
}
export function abort(message: string | null, file: string | null, line: u32, column: u32): void { unreachable(); }
`;

/** Compiles a policy that accepts if it is answered which ConfigMaps there are, and else says what it was told. */
export async function compileReader(): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const flags = ["--runtime", "stub", "--use", "abort=guest/abort", "--outFile", "guest.wasm"];
  const { error, stderr } = await asc.main(["guest.ts", ...flags], {
    readFile: (name: string) => (name === "guest.ts" ? SOURCE : null),
    writeFile: (name: string, contents: unknown) => {
      if (name === "guest.wasm") binary = Uint8Array.from(contents as Uint8Array);
    },
    listFiles: () => [],
  });
  if (error || !binary) throw new Error(`${error?.message}\n${stderr.toString()}`);
  return binary;
}
