import { afterEach, expect, test, vi } from "vitest";
import { decide } from "../../host/commands/run.js";
import { Witness } from "../../host/explain/witness.js";
import type { Policy } from "../../host/policy.js";
import { GuestError } from "../../host/wapc.js";

afterEach(() => {
  vi.restoreAllMocks();
});

test("a request without a verdict is explained as far as it came", async () => {
  const policy = {
    validateSettings: async () => [],
    explain: async () => {
      witness.hear('{"step":"idle"}');
      throw new GuestError("the guest trapped: unreachable");
    },
  } as unknown as Policy;
  const witness = new Witness();
  const written: string[] = [];
  vi.spyOn(console, "log").mockImplementation((text = "") => written.push(String(text)));
  vi.spyOn(process.stderr, "write").mockImplementation((text) => written.push(String(text)) > 0);
  expect(await decide(policy, {}, [{ name: "a", kind: { kind: "Pod" } }], false, witness)).toBe(1);
  expect(written).toEqual([
    expect.stringContaining("Nothing will run by this request"),
    "the guest trapped: unreachable\n",
  ]);
  expect(written[0]).not.toContain("verdict");
});

test("one request of several without a verdict: the others have theirs, the exit code is 1", async () => {
  const policy = {
    validateSettings: async () => [],
    validate: async ({ name }: { name: string }) => {
      if (name === "b") throw new GuestError("the guest trapped:\nunreachable\x1b[2J");
      return { accepted: name === "a" };
    },
  } as unknown as Policy;
  const requests = ["a", "b", "c"].map((name) => ({ name, uid: name, kind: { kind: "Pod" } }));
  const written: string[] = [];
  vi.spyOn(console, "log").mockImplementation((text = "") => written.push(String(text)));
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    written.push(`error: ${String(text)}`);
    return true;
  });
  expect(await decide(policy, {}, requests, false)).toBe(1);
  expect(written.map((line) => /^error: .*|"uid":"."/.exec(line)?.[0])).toEqual([
    '"uid":"a"',
    "error: Pod b: the guest trapped:",
    "error: Pod b: unreachable[2J",
    '"uid":"c"',
  ]);
  written.length = 0;
  await decide(policy, {}, requests, true);
  expect(written.at(-1)).toContain("1 accepted, 1 rejected, 1 undecided");
  expect(await decide(policy, {}, [requests[0]!], true)).toBe(0);
});
