import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { isObject, parseText, readDocument, UserError } from "../document.js";
import type { Json, JsonObject } from "../document.js";

/** How to identify oneself to a registry. */
export type Credential =
  | { username: string; password: string }
  /** An OAuth2 refresh token, from `docker login` at some clouds. */
  | { identityToken: string };

/** Finds the credential for a registry; undefined is anonymous. */
export type Credentials = (registry: string) => Promise<Credential | undefined>;

export const ANONYMOUS: Credentials = async () => undefined;

const HELPER_TIMEOUT_MS = 30_000;
/** What a helper answers for a user name when the secret is an identity token. */
const TOKEN_USER = "<token>";

/**
 * Credentials from Docker's configuration.
 *
 * @param directory holds config.json; without it $DOCKER_CONFIG or ~/.docker, where a missing file
 *   means that there are no credentials
 */
export function dockerCredentials(directory?: string): Credentials {
  const path = join(
    directory ?? process.env["DOCKER_CONFIG"] ?? join(homedir(), ".docker"),
    "config.json",
  );
  if (!existsSync(path)) {
    if (directory === undefined) return ANONYMOUS;
    throw new UserError(`there is no config.json in ${directory}: log in with docker first`);
  }
  const config = readDocument(path, "docker configuration");
  if (!isObject(config)) throw new UserError(`${path} must be a JSON object`);
  return (registry) => find(config, registry);
}

async function find(config: JsonObject, registry: string): Promise<Credential | undefined> {
  const { auths, credHelpers, credsStore } = config;
  const names = spellings(registry);
  const helpers = isObject(credHelpers) ? credHelpers : {};
  const name = names.find((name) => typeof helpers[name] === "string");
  if (name !== undefined) return askHelper(String(helpers[name]), name);
  if (typeof credsStore === "string") {
    for (const name of names) {
      const credential = await askHelper(credsStore, name);
      if (credential) return credential;
    }
  }
  const entries = isObject(auths) ? auths : {};
  for (const name of names) {
    const credential = fromEntry(entries[name], name);
    if (credential) return credential;
  }
  return undefined;
}

// `docker login` has written these over the years.
function spellings(registry: string): string[] {
  const hub = registry === "docker.io" ? ["https://index.docker.io/v1/", "index.docker.io"] : [];
  return [
    ...hub,
    registry,
    `https://${registry}`,
    `https://${registry}/v1/`,
    `https://${registry}/v2/`,
  ];
}

function fromEntry(entry: Json | undefined, name: string): Credential | undefined {
  if (!isObject(entry)) return undefined;
  const { identitytoken, auth, username, password } = entry;
  if (typeof identitytoken === "string" && identitytoken) return { identityToken: identitytoken };
  if (typeof auth === "string" && auth) {
    const text = Buffer.from(auth, "base64").toString("utf8");
    const colon = text.indexOf(":");
    if (colon < 0) {
      throw new Error(`the docker configuration's auth for ${name} is not user:password in base64`);
    }
    // Docker pads with zero bytes.
    return { username: text.slice(0, colon), password: text.slice(colon + 1).replace(/\0+$/, "") };
  }
  if (typeof username === "string" && typeof password === "string") return { username, password };
  return undefined;
}

/** Runs `docker-credential-<helper> get`: the server's name goes in, JSON comes out. */
async function askHelper(helper: string, server: string): Promise<Credential | undefined> {
  if (!/^[\w.-]+$/.test(helper)) throw new Error(`not a credential helper's name: ${helper}`);
  const command = `docker-credential-${helper}`;
  const { code, output } = await run(command, server);
  // The protocol has no other way to say "none".
  if (code !== 0 && /credentials not found/i.test(output)) return undefined;
  if (code !== 0) throw new Error(`${command} failed: ${output.trim().split("\n")[0]}`);
  const answer = parseText(output, `answer of ${command}`);
  const { Username: username, Secret: secret } = isObject(answer) ? answer : {};
  if (typeof username !== "string" || typeof secret !== "string") {
    throw new Error(`${command} gave no user name and secret for ${server}`);
  }
  return username === TOKEN_USER ? { identityToken: secret } : { username, password: secret };
}

function run(command: string, input: string): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, ["get"], {
      stdio: ["pipe", "pipe", "ignore"],
      timeout: HELPER_TIMEOUT_MS,
    });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.on("error", (error) => reject(new Error(`cannot run ${command}: ${error.message}`)));
    child.on("close", (code) => resolve({ code, output }));
    // A helper may exit before it has read its input; its exit code says what there is to say.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}
