import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../", import.meta.url));

/** What came of a command. */
export interface Ran {
  code: number | null;
  out: string;
  err: string;
}

/** Compiles the command line if its sources are newer; throws with the compiler's words if it cannot. */
export function compileCommandLine(): void {
  // Packages are not installed anew below a test that runs with them.
  const make = ["-o", "node_modules/.stamp", "build/host/.stamp"];
  const { status, stdout, stderr } = spawnSync("make", make, { cwd: root });
  if (status !== 0) throw new Error(`${stdout}${stderr}`);
}

/** Runs the command line as it was compiled. */
export function commandLine(
  args: string[],
  input = "",
  env: Record<string, string | undefined> = {},
): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, "build/host/cli.js"), ...args], {
      cwd: root,
      env: { ...process.env, FORCE_COLOR: undefined, NO_COLOR: undefined, ...env },
    });
    const ran = { out: "", err: "" };
    child.stdout.on("data", (chunk) => (ran.out += chunk));
    child.stderr.on("data", (chunk) => (ran.err += chunk));
    child.on("close", (code) => resolve({ code, ...ran }));
    child.stdin.end(input);
  });
}
