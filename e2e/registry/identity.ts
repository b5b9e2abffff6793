import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import bcrypt from "bcryptjs";
import { makeCertificate } from "../../test/host/certificates.js";

/** What a registry and those who ask it know of each other: paths of files, and the login. */
export interface Identity {
  /** Of the authority that has issued the registry's certificate, and of one that has not. */
  ca: string;
  otherCa: string;
  certificate: string;
  key: string;
  /** For the registry: who may log in. */
  htpasswd: string;
  /** A folder with the config.json that `docker login` would have written. */
  dockerConfig: string;
  username: string;
  password: string;
}

/** Called as Harbor calls the robot account `cluster` of the project `demo`. */
const ROBOT = "robot$demo+cluster";

/** Makes an authority, a certificate of it for a registry on the loopback address, and a login, in files of a folder. */
export async function makeIdentity(folder: string, registry: string): Promise<Identity> {
  const write = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  const ca = await makeCertificate({ name: "Example CA", ca: true });
  const otherCa = await makeCertificate({ name: "Another CA", ca: true });
  const server = await makeCertificate({ name: "registry", issuer: ca, ip: "127.0.0.1" });
  const password = randomBytes(16).toString("hex");
  const auth = Buffer.from(`${ROBOT}:${password}`).toString("base64");
  const dockerConfig = join(folder, "docker");
  mkdirSync(dockerConfig);
  write("docker/config.json", JSON.stringify({ auths: { [registry]: { auth } } }));
  return {
    ca: write("ca.pem", ca.pem),
    otherCa: write("other-ca.pem", otherCa.pem),
    certificate: write("registry.pem", server.pem),
    key: write("registry.key", server.keyPem),
    htpasswd: write("htpasswd", `${ROBOT}:${bcrypt.hashSync(password, 4)}\n`),
    dockerConfig,
    username: ROBOT,
    password,
  };
}
