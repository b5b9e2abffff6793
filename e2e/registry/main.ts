import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageFile } from "../../host/package.js";
import type { Fixture } from "../../host/registry/fixture.js";
import { neededCommand, needsRegistry } from "../../tools/guide.js";
import { Transcript } from "../../tools/transcript.js";
import { startRegistry } from "./docker-registry.js";
import { makeIdentity } from "./identity.js";
import { startNotary } from "./notary.js";
import { findCommand, lackOf } from "./program.js";
import { pushFixtures } from "./push.js";

// Starts a real registry, pushes signed images into it, and carries out what asks it: the transcripts in this folder,
// and the guides that need a registry. Beside it runs a Notary server, if there is one.
// node build/e2e/registry/main.js [--update] [guide.md…]

/** The registry that the images were signed in: their signatures name it. */
const PORT = 5555;
const REGISTRY = `127.0.0.1:${PORT}`;
/** Where the guide to content trust has a Notary server. */
const NOTARY_PORT = 4443;
const IMAGES = [
  "a-single",
  "b-three-keys",
  "c-annotations",
  "d-key-p384",
  "f-offline",
  "g-cert-valid",
  "h-v3-annotations",
  "h-v3-fallback",
  "j-notation-api",
  "j-notation-cose",
  "j-notation-expired-sig",
  "j-notation-jws",
  "l-fulcio-email",
  "n-v3-fulcio-email",
];

const transcript = new Transcript(process.argv.includes("--update"));
const named = process.argv.slice(2).filter((argument) => argument !== "--update");
const folder = mkdtempSync(join(tmpdir(), "registry-"));
// The guides' folders go with it, also when a guide is interrupted.
process.env["TMPDIR"] = folder;
const running: (() => Promise<void>)[] = [];
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => cleanUp(1));

try {
  const identity = await makeIdentity(folder, REGISTRY);
  const registry = findCommand("docker-registry");
  if (registry === undefined) throw new Error("docker-registry is not installed");
  running.push(await startRegistry(registry, folder, PORT, identity));
  await pushFixtures(IMAGES.map(readFixture), `https://${REGISTRY}`, identity);
  const [server, signer] = [findCommand("notary-server"), findCommand("notary-signer")];
  if (server !== undefined && signer !== undefined) {
    running.push(await startNotary({ server, signer }, folder, NOTARY_PORT, identity));
  }
  console.log(`${REGISTRY} is docker-registry, with demo/{${IMAGES.join(",")}}\n`);

  const { ca, otherCa, dockerConfig } = identity;
  const surroundings = {
    variables: { DOCKER_CONFIG: dockerConfig },
    links: { "ca.pem": ca, "other-ca.pem": otherCa },
  };
  const all = [...markdown("e2e", "registry"), ...markdown("docs", "guides")];
  for (const path of named.length > 0 ? named : all) {
    const text = readFileSync(path, "utf8");
    const needed = neededCommand(text);
    const lack = needed && lackOf(needed);
    if (lack !== undefined) {
      transcript.leaveOut(path, lack);
    } else if (needsRegistry(text)) await transcript.carryOut(path, surroundings);
  }
  await cleanUp(transcript.end());
} catch (error) {
  console.error(error);
  await cleanUp(1);
}

async function cleanUp(code: number): Promise<never> {
  for (const stop of running.splice(0)) await stop();
  rmSync(folder, { recursive: true, force: true });
  process.exit(code);
}

function readFixture(name: string): Fixture {
  const path = packageFile("test", "fixtures", "registry", `${name}.json`);
  return JSON.parse(readFileSync(path, "utf8")) as Fixture;
}

function markdown(...folder: string[]): string[] {
  const path = packageFile(...folder);
  const names = readdirSync(path).filter((name) => name.endsWith(".md"));
  return names.map((name) => join(path, name));
}
