import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { colors } from "../host/colors.js";
import { packageFile } from "../host/package.js";
import { isAsShown, needsRegistry, parseGuide, runGuide, updateGuide } from "./guide.js";

// Carries out guides and prints the transcript: node build/tools/guides.js [--update] [guide.md…]
// With --update a guide is given the real output where it shows another.

const update = process.argv.includes("--update");
const named = process.argv.slice(2).filter((argument) => argument !== "--update");
const folder = packageFile("docs", "guides");
const paths = named.length > 0 ? named : readdirSync(folder).map((name) => join(folder, name));

const count = { passed: 0, failed: 0, skipped: 0 };
for (const path of paths) await carryOut(path);
console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
process.exitCode = count.failed > 0 ? 1 : 0;

async function carryOut(path: string): Promise<void> {
  const guide = readFileSync(path, "utf8");
  const steps = parseGuide(guide);
  console.log(colors.bold(`# ${relative("", path)}`));
  if (needsRegistry(guide) && process.env["REGISTRY"] === undefined) {
    count.skipped += steps.filter(({ kind }) => kind === "command").length;
    return console.log("skipped: it needs the registry of make e2e\n");
  }
  const ran = await runGuide(steps);
  for (const each of ran) {
    console.log(`${colors.dim("$")} ${each.step.command}`);
    if (each.output) console.log(each.output);
    const good = isAsShown(each);
    count[good || update ? "passed" : "failed"]++;
    if (!good && !update) console.log(colors.red(`NOT AS SHOWN:\n${each.step.output}`));
  }
  console.log();
  if (update) writeFileSync(path, updateGuide(guide, ran));
}
