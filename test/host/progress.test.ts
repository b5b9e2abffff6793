import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Progress } from "../../host/progress.js";

let written: string;
const terminal = (isTTY: boolean, columns = 80) => ({
  isTTY,
  columns,
  write: (text: unknown) => {
    written += String(text);
    return true;
  },
});

beforeEach(() => {
  written = "";
  vi.useFakeTimers();
  vi.stubEnv("TERM", "xterm");
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

test("says nothing of what is quick", () => {
  const progress = new Progress(2, terminal(true));
  progress.next("a");
  vi.advanceTimersByTime(900);
  progress.next("b");
  progress.clear();
  progress.end();
  vi.advanceTimersByTime(5000);
  expect(written).toBe("");
});

test("says how far it is, and leaves nothing behind", () => {
  const progress = new Progress(20, terminal(true, 12));
  progress.next("first");
  vi.advanceTimersByTime(1000);
  expect(written).toBe("\r\x1b[K1/20 first");
  progress.clear();
  progress.next("a\x1b[2J long one");
  progress.end();
  expect(written).toBe("\r\x1b[K1/20 first\r\x1b[K\r\x1b[K2/20 a[2J l\r\x1b[K");
});

test("is for terminals that can", () => {
  vi.stubEnv("TERM", "dumb");
  const progress = new Progress(1, terminal(true));
  progress.next("a");
  const elsewhere = new Progress(1, terminal(false));
  elsewhere.next("a");
  vi.advanceTimersByTime(5000);
  expect(written).toBe("");
});
