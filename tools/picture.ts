import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { packageFile } from "../host/package.js";
import { drawTerminal } from "./terminal.js";

// Draws what `make run` prints on a terminal, for the README.

const { stdout, stderr, status } = spawnSync(
  process.execPath,
  [packageFile("build", "host", "cli.js"), "demo"],
  { encoding: "utf8", env: { ...process.env, FORCE_COLOR: "1", NO_COLOR: undefined } },
);
if (status !== 0) throw new Error(`the demonstration failed: ${stderr}`);
writeFileSync(packageFile("docs", "demo.svg"), drawTerminal("make run", stdout));
