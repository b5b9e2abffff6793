// The functions that a host gives a guest, by their names in waPC and WASI. Pointers are offsets in the guest's
// memory, lengths are bytes.

// @ts-ignore: decorator
@external("wapc", "__guest_request")
export declare function guestRequest(operation: usize, payload: usize): void;

// @ts-ignore: decorator
@external("wapc", "__guest_response")
export declare function guestResponse(start: usize, length: i32): void;

// @ts-ignore: decorator
@external("wapc", "__guest_error")
export declare function guestError(start: usize, length: i32): void;

// @ts-ignore: decorator
@external("wapc", "__host_call")
export declare function hostCall(
  binding: usize,
  bindingLength: i32,
  namespace: usize,
  namespaceLength: i32,
  operation: usize,
  operationLength: i32,
  payload: usize,
  payloadLength: i32,
): i32;

// @ts-ignore: decorator
@external("wapc", "__host_response_len")
export declare function hostResponseLength(): i32;

// @ts-ignore: decorator
@external("wapc", "__host_response")
export declare function hostResponse(start: usize): void;

// @ts-ignore: decorator
@external("wapc", "__host_error_len")
export declare function hostErrorLength(): i32;

// @ts-ignore: decorator
@external("wapc", "__host_error")
export declare function hostError(start: usize): void;

// @ts-ignore: decorator
@external("wapc", "__console_log")
export declare function consoleLog(start: usize, length: i32): void;

// WASI preview 1, which policy-server links beside waPC: writes nanoseconds to `time`; gives an error's number, or 0.
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "clock_time_get")
export declare function clockTimeGet(clock: i32, precision: i64, time: usize): i32;
