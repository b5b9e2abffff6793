import { spawn, type ChildProcess } from "node:child_process";
import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stringify } from "yaml";
import type { Identity } from "./identity.js";

const START_MS = 10_000;

/**
 * Starts Debian's registry on a port of the loopback address, with TLS and basic authentication, its content in a folder.
 *
 * @param program the command `docker-registry`
 * @returns how to end it
 */
export async function startRegistry(
  program: string,
  folder: string,
  port: number,
  identity: Identity,
): Promise<() => Promise<void>> {
  if (await isTaken(port)) throw new Error(`port ${port} of 127.0.0.1 is taken: free it first`);
  const config = join(folder, "registry.yml");
  writeFileSync(config, configuration(folder, port, identity));
  const options = { stdio: ["ignore", "ignore", "pipe"] as const, env: {} };
  const child = spawn(program, ["serve", config], { ...options, stdio: [...options.stdio] });
  let log = "";
  child.stderr!.on("data", (chunk: Buffer) => (log += chunk.toString()));
  child.on("error", (error) => (log += error.message));
  for (const end = Date.now() + START_MS; !(await isTaken(port)); await sleep(50)) {
    if (child.exitCode === null && child.pid !== undefined && Date.now() < end) continue;
    await stop(child);
    throw new Error(`the registry does not start: ${log}`);
  }
  return () => stop(child);
}

function configuration(folder: string, port: number, identity: Identity): string {
  const { certificate, key, htpasswd } = identity;
  return stringify({
    version: "0.1",
    log: { level: "error", accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: join(folder, "content") } },
    http: { addr: `127.0.0.1:${port}`, tls: { certificate, key } },
    auth: { htpasswd: { realm: "registry", path: htpasswd } },
  });
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
