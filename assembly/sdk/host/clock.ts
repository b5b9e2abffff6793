import { clockTimeGet } from "../wapc/imports";

const REALTIME = 0;

/** Seconds since 1970 by the host's clock; the least number if it has none. */
export function now(): i64 {
  const time = heap.alloc(8);
  if (clockTimeGet(REALTIME, 1_000_000_000, time) != 0) return i64.MIN_VALUE;
  return <i64>(load<u64>(time) / 1_000_000_000);
}
