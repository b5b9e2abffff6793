import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { packageFile } from "../../host/package.js";
import { generateFiles } from "../../tools/fields/files.js";

test.each([...generateFiles()])("%s is what tools/fields.ts writes", (path, text) => {
  expect(readFileSync(packageFile(path), "utf8") === text).toBe(true);
});
