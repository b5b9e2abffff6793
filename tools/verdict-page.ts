import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { packageFile } from "../host/package.js";
import { explanations, fillPage } from "./page.js";

// Writes what `--explain` prints of the examples into docs/how-a-verdict-is-made.md.

const page = packageFile("docs", "how-a-verdict-is-made.md");

function run(args: string[]): string {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [packageFile("build", "host", "cli.js"), ...args],
    { cwd: packageFile(), encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } },
  );
  if (status !== 0) throw new Error(`${args.join(" ")} failed: ${stderr}`);
  return stdout;
}

writeFileSync(page, fillPage(readFileSync(page, "utf8"), await explanations(run)));
