import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { connect } from "node:net";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { NeededCommand } from "../../tools/guide.js";

const START_MS = 10_000;

/** Where a command is; undefined if it is not installed. */
export function findCommand(name: string): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** Why a command that is needed is not there, in words; undefined if it is. Its major version is what it says itself. */
export function lackOf({ name, major }: NeededCommand): string | undefined {
  const path = findCommand(name);
  if (path === undefined) return `${name} is not installed`;
  if (major === undefined) return undefined;
  const { stdout } = spawnSync(path, ["version"], { encoding: "utf8" });
  const [, found] = /version:\s*v?(\d+)\./i.exec(stdout) ?? [];
  if (Number(found) === major) return undefined;
  return `${name} is not version ${major}, but ${found ?? "one that it does not tell"}`;
}

/**
 * Starts a program that serves a port of the loopback address, with nothing of this process's environment.
 *
 * @returns how to end it, once it takes connections
 */
export async function startProgram(
  program: string,
  args: string[],
  port: number,
): Promise<() => Promise<void>> {
  if (await isTaken(port)) throw new Error(`port ${port} of 127.0.0.1 is taken: free it first`);
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"], env: {} });
  let log = "";
  child.stderr.on("data", (chunk: Buffer) => (log += chunk.toString()));
  child.on("error", (error) => (log += error.message));
  for (const end = Date.now() + START_MS; !(await isTaken(port)); await sleep(50)) {
    if (child.exitCode === null && child.pid !== undefined && Date.now() < end) continue;
    await stop(child);
    throw new Error(`${program} does not start: ${log}`);
  }
  return () => stop(child);
}

function isTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("connect", () => resolve(true));
    socket.on("error", () => resolve(false));
    socket.on("close", () => socket.destroy());
    socket.on("connect", () => socket.end());
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null) return;
  const closed = new Promise((resolve) => child.once("close", resolve));
  child.kill();
  await closed;
}
