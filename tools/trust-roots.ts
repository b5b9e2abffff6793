import { writeFileSync } from "node:fs";
import { packageFile } from "../host/package.js";
import { readSeed, trustRootsSource } from "./seed.js";

// Writes assembly/trust/sigstore.ts from the seed in the npm package @sigstore/tuf.

writeFileSync(packageFile("assembly/trust/sigstore.ts"), trustRootsSource(readSeed()));
