import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import type { Identity } from "./identity.js";
import { startProgram } from "./program.js";

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
  const config = join(folder, "registry.yml");
  writeFileSync(config, configuration(folder, port, identity));
  return startProgram(program, ["serve", config], port);
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
