import { writeFileSync } from "node:fs";
import { packageFile } from "../host/package.js";
import { generateFiles } from "./fields/files.js";

// Writes the arithmetic and the constants of the elliptic curves' fields for the guest.

for (const [path, text] of generateFiles()) writeFileSync(packageFile(path), text);
