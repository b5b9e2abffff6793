import { readFileSync } from "node:fs";
import { packageFile } from "../../host/package.js";
import { Guest, type GuestOptions } from "../../host/wapc.js";

const refuse = () => {
  throw new Error("no host calls here");
};

/** A guest module that `make` has built. */
export function loadGuest(file: string, hostCall: GuestOptions["hostCall"] = refuse): Guest {
  return Guest.load(Uint8Array.from(readFileSync(packageFile(file))), { hostCall });
}

/** The policy's functions one by one: `test/guest/units.ts`. */
export function loadUnits(hostCall?: GuestOptions["hostCall"]): Guest {
  return loadGuest("build/units.wasm", hostCall);
}

const units = loadUnits();

/** Calls one of the functions; text goes as UTF-8, what is no text or bytes as JSON. */
export function call(operation: string, input: unknown): string {
  return callOn(units, operation, input);
}

/** The same, its answer being JSON. */
export function callJson<T>(operation: string, input: unknown): T {
  return JSON.parse(call(operation, input)) as T;
}

/** The same, with a guest of one's own. */
export function callOn(guest: Guest, operation: string, input: unknown): string {
  const bytes =
    input instanceof Uint8Array
      ? input
      : Buffer.from(typeof input === "string" ? input : JSON.stringify(input));
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
    guest.call(operation, bytes),
  );
}
