import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Identity } from "./identity.js";
import { startProgram } from "./program.js";

const LOGGING = { level: "error" };
const STORAGE = { backend: "memory" };

/**
 * Starts Debian's Notary server on a port of the loopback address, with TLS, and on the next one the signer that holds its
 * keys. Nothing is kept, and nobody has to log in.
 *
 * @param programs the commands `notary-server` and `notary-signer`
 * @returns how to end them
 */
export async function startNotary(
  programs: { server: string; signer: string },
  folder: string,
  port: number,
  { ca, certificate, key }: Identity,
): Promise<() => Promise<void>> {
  const write = (name: string, config: object) => {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify({ ...config, logging: LOGGING, storage: STORAGE }));
    return path;
  };
  const signerPort = port + 1;
  const tls = { tls_cert_file: certificate, tls_key_file: key };
  const signer = write("notary-signer.json", {
    server: { grpc_addr: `127.0.0.1:${signerPort}`, ...tls },
  });
  const server = write("notary-server.json", {
    server: { http_addr: `127.0.0.1:${port}`, ...tls },
    trust_service: {
      type: "remote",
      ...{ hostname: "127.0.0.1", port: String(signerPort) },
      ...{ key_algorithm: "ecdsa", tls_ca_file: ca },
    },
  });
  const stopSigner = await startProgram(programs.signer, ["-config", signer], signerPort);
  try {
    const stopServer = await startProgram(programs.server, ["-config", server], port);
    return async () => {
      await stopServer();
      await stopSigner();
    };
  } catch (error) {
    await stopSigner();
    throw error;
  }
}
