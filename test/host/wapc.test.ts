import { beforeAll, describe, expect, test } from "vitest";
import { evaluate, type Capabilities } from "../../host/evaluate.js";
import { Guest, GuestError, type HostCall } from "../../host/wapc.js";
import { compileGuest } from "./guest.js";

let module: WebAssembly.Module;
beforeAll(async () => {
  module = await compileGuest();
});

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe("a guest", () => {
  const load = (hostCall: (call: HostCall) => Uint8Array = () => encode("answer")) =>
    Guest.load(module, { hostCall, now: 42n });

  test.each(["", "text", "ünïcödé ✔", "x".repeat(3 << 20)])("gets and gives bytes", (text) => {
    expect(decode(load().call("echo", encode(text)))).toBe(text);
  });

  test("is used for many calls", () => {
    const guest = load();
    for (let i = 0; i < 100; i++) expect(decode(guest.call("echo", encode(`${i}`)))).toBe(`${i}`);
  });

  test("is started first, each way there is", () => {
    expect(decode(load().call("started", encode("")))).toBe("_start wapc_init");
  });

  test("fails with its own words", () => {
    expect(() => load().call("other", encode(""))).toThrow(new GuestError("no operation other"));
  });

  test("traps as an error", () => {
    expect(() => load().call("trap", encode(""))).toThrow(/^the guest trapped: unreachable/);
  });

  test("that runs out of stack is an error", () => {
    expect(() => load().call("spin", encode("a b c d"))).toThrow(GuestError);
  });

  test("sees the given clock, and no other WASI", () => {
    expect(decode(load().call("clock", encode("")))).toBe("42");
    expect(decode(load().call("wasi", encode("")))).toBe("52");
  });

  test("asks its host", () => {
    const calls: HostCall[] = [];
    const guest = load((call) => {
      calls.push(call);
      return encode("pong");
    });
    expect(decode(guest.call("call", encode("kubewarden ns op ping")))).toBe("pong\n");
    expect(calls).toEqual([
      { binding: "kubewarden", namespace: "ns", operation: "op", payload: encode("ping") },
    ]);
  });

  test("hears why its host failed, and goes on", () => {
    const guest = load(({ operation }) => {
      if (operation === "bad") throw new Error("dénied");
      return encode("fine");
    });
    expect(decode(guest.call("call", encode("b n bad x\nb n good x")))).toBe(
      "error: dénied\nfine\n",
    );
  });

  test("that is no waPC module is refused", () => {
    const empty = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
    const guest = Guest.load(empty, { hostCall: () => encode("") });
    expect(() => guest.call("echo", encode(""))).toThrow("not a waPC module");
  });
});

describe("evaluate", () => {
  /** Answers later, but for `log`, and keeps what it was asked. */
  function recorder() {
    const asked: string[] = [];
    const capabilities: Capabilities = {
      call({ operation, payload }) {
        asked.push(`${operation} ${decode(payload)}`);
        if (operation === "log") return encode("logged");
        if (operation === "refuse") throw new Error("at once");
        return new Promise((resolve, reject) =>
          setImmediate(() =>
            operation === "fail"
              ? reject(new Error("later"))
              : resolve(encode(`<${decode(payload)}>`)),
          ),
        );
      },
    };
    return { asked, capabilities };
  }

  test("asks for each call once, in order, however often the guest is run", async () => {
    const { asked, capabilities } = recorder();
    const logged: string[] = [];
    const calls = ["get 1", "log a", "get 1", "fail 2", "log b", "refuse 3", "get 4"];
    const payload = encode(calls.map((call) => `b n ${call}`).join("\n"));
    const log = (line: string) => void logged.push(line);
    const answer = await evaluate(module, "call", payload, capabilities, { log });
    expect(decode(answer)).toBe("<1>\nlogged\n<1>\nerror: later\nlogged\nerror: at once\n<4>\n");
    expect(asked).toEqual(calls);
    expect(logged).toEqual(calls.map((_, index) => `call ${index}`));
  });

  test("stops a guest that never stops asking", async () => {
    const answer = await evaluate(module, "many", encode("b n log x"), recorder().capabilities);
    expect(decode(answer)).toBe("error: more than 1024 host calls");
  });

  test("passes the guest's failure on", async () => {
    const { capabilities } = recorder();
    await expect(evaluate(module, "other", encode(""), capabilities)).rejects.toThrow(
      new GuestError("no operation other"),
    );
  });
});
