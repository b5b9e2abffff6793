import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFile } from "../host/package.js";
import { needsRegistry } from "./guide.js";
import { Transcript } from "./transcript.js";

// Carries out guides and prints the transcript: node build/tools/guides.js [--update] [guide.md…]
// With --update a guide is given the real output where it shows another.

const update = process.argv.includes("--update");
const named = process.argv.slice(2).filter((argument) => argument !== "--update");
const folder = packageFile("docs", "guides");
const paths = named.length > 0 ? named : readdirSync(folder).map((name) => join(folder, name));

const transcript = new Transcript(update);
for (const path of paths) {
  if (!needsRegistry(readFileSync(path, "utf8"))) await transcript.carryOut(path);
  else transcript.leaveOut(path, "it needs the registry of make e2e");
}
process.exitCode = transcript.end();
