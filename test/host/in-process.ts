import { vi } from "vitest";
import { UserError } from "../../host/document.js";
import type { Ran } from "./command-line.js";

/** Runs a command in this process, as the command line would: what it prints, and its exit code. */
export async function inProcess(command: () => Promise<number>): Promise<Ran> {
  const ran = { out: "", err: "" };
  const log = vi.spyOn(console, "log").mockImplementation((line: string) => {
    ran.out += `${line}\n`;
  });
  const out = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    ran.out += String(text);
    return true;
  });
  const err = vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    ran.err += String(text);
    return true;
  });
  try {
    const code = await command();
    return { code, ...ran };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { code: 1, out: ran.out, err: `${ran.err}${error.message}\n` };
  } finally {
    for (const spy of [log, out, err]) spy.mockRestore();
  }
}
