import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parse } from "yaml";
import { readDocument, readText, UserError } from "../host/document.js";
import { artifactHubPackage } from "../host/metadata/artifacthub.js";
import { readMetadata } from "../host/metadata/metadata.js";
import { packageFile } from "../host/package.js";

// Writes artifacthub-pkg.yml from metadata.yml and questions-ui.yml. The time in it is that of the last change: as
// long as nothing else changes, it stays.

const output = packageFile("artifacthub-pkg.yml");

const metadata = readMetadata(readDocument(packageFile("metadata.yml"), "metadata"), {
  fail: (path, problem) => {
    throw new UserError(`metadata.yml: ${path} ${problem}`);
  },
  warn: (path, problem) => console.warn(`metadata.yml: ${path} ${problem}`),
});
const questions = readText(packageFile("questions-ui.yml"), "form");
const before = existsSync(output) ? readFileSync(output, "utf8") : "";
const { createdAt = "" } = (parse(before) ?? {}) as { createdAt?: string };
if (artifactHubPackage(metadata, questions, createdAt) !== before) {
  writeFileSync(output, artifactHubPackage(metadata, questions, new Date().toISOString()));
}
