import { readdirSync } from "node:fs";
import { readText } from "../document.js";
import { packageFile } from "../package.js";
import type { Fixture } from "./fixture.js";
import { serveRegistry } from "./server.js";

/** The registry in the examples' image names, which are in the signatures too. */
export const EXAMPLE_REGISTRY = "127.0.0.1:5555";

/** The examples' registry while it is served. */
export interface ServedExamples {
  /** Where it is really reached, by its name in images. */
  reach: ReadonlyMap<string, string>;
  close(): Promise<void>;
}

/** Serves the repositories of `examples/registry`, on any port that is free; it keeps no command from ending. */
export async function serveExamples(): Promise<ServedExamples> {
  const folder = packageFile("examples", "registry");
  const fixtures = readdirSync(folder).map(
    (name) => JSON.parse(readText(`${folder}/${name}`, "example registry")) as Fixture,
  );
  const { origin, close } = await serveRegistry(fixtures, { background: true });
  return { reach: new Map([[EXAMPLE_REGISTRY, origin]]), close };
}
