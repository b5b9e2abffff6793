import { readFileSync } from "node:fs";
import { parseAllDocuments } from "yaml";
import type { JsonObject } from "../../host/document.js";
import { packageFile } from "../../host/package.js";
import { parseGuide, type Step } from "../../tools/guide.js";

/** The steps of a page: `README.md`, or a guide by its name. */
export function stepsOf(page: string): Step[] {
  const path = page === "README.md" ? page : `docs/guides/${page}.md`;
  return parseGuide(readFileSync(packageFile(...path.split("/")), "utf8"));
}

/** The objects in a file that a page shows, or in a command's output. Those of a List are each an object. */
export function objectsShown(page: string, shown: string): JsonObject[] {
  const step = stepsOf(page).find(
    (each) => (each.kind === "file" ? each.path : each.command) === shown,
  );
  if (!step) throw new Error(`${page} does not show ${shown}`);
  const documents = parseAllDocuments(step.kind === "file" ? step.text : step.output);
  return documents
    .map((document) => document.toJS() as JsonObject)
    .flatMap((object) =>
      object["kind"] === "List" ? (object["items"] as JsonObject[]) : [object],
    );
}

/** The ClusterRole of a page's `role.yaml`. */
export function roleShown(page: string): JsonObject {
  return objectsShown(page, "role.yaml").find(({ kind }) => kind === "ClusterRole")!;
}
