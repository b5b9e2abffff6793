import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { packageFile } from "../../host/package.js";
import type { Fixture } from "../../host/registry/fixture.js";
import { needsRegistry } from "../../tools/guide.js";
import { Transcript } from "../../tools/transcript.js";
import { makeIdentity } from "./identity.js";
import { pushFixtures } from "./push.js";
import { startRegistry } from "./server.js";

// Starts a real registry, pushes signed images into it, and carries out what asks it: the transcripts in this folder,
// and the guides that need a registry. node build/e2e/registry/main.js DOCKER-REGISTRY [--update]

/** The registry that the images were signed in: their signatures name it. */
const PORT = 5555;
const REGISTRY = `127.0.0.1:${PORT}`;
const IMAGES = [
  "a-single",
  "b-three-keys",
  "c-annotations",
  "d-key-p384",
  "f-offline",
  "g-cert-valid",
  "l-fulcio-email",
];

const [program = "docker-registry", ...flags] = process.argv.slice(2);
const transcript = new Transcript(flags.includes("--update"));
const folder = mkdtempSync(join(tmpdir(), "registry-"));
// The guides' folders go with it, also when a guide is interrupted.
process.env["TMPDIR"] = folder;
let stop = async () => {};
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => cleanUp(1));

try {
  const identity = await makeIdentity(folder, REGISTRY);
  stop = await startRegistry(program, folder, PORT, identity);
  await pushFixtures(IMAGES.map(readFixture), `https://${REGISTRY}`, identity);
  console.log(`${REGISTRY} is docker-registry, with demo/{${IMAGES.join(",")}}\n`);

  const { ca, otherCa, dockerConfig } = identity;
  const surroundings = {
    variables: { DOCKER_CONFIG: dockerConfig },
    links: { "ca.pem": ca, "other-ca.pem": otherCa },
  };
  for (const path of [...markdown("e2e", "registry"), ...markdown("docs", "guides")]) {
    const text = readFileSync(path, "utf8");
    if (path.endsWith("cosign.md") && !isCommand("cosign")) {
      transcript.leaveOut(path, "cosign is not installed");
    } else if (needsRegistry(text)) await transcript.carryOut(path, surroundings);
  }
  await cleanUp(transcript.end());
} catch (error) {
  console.error(error);
  await cleanUp(1);
}

async function cleanUp(code: number): Promise<never> {
  await stop();
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

function isCommand(name: string): boolean {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return folders.some((folder) => existsSync(join(folder, name)));
}
