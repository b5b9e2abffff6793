import { readdirSync, readFileSync } from "node:fs";
import { RegistryClient } from "../../host/registry/client.js";
import { serveRegistry, type Registry } from "../../host/registry/server.js";
import type { Fixture } from "../../host/registry/fixture.js";
import { NO_SOURCES } from "../../host/registry/sources.js";
import { Transport } from "../../host/registry/transport.js";

const folder = new URL("../fixtures/", import.meta.url);

/** Names of the recorded sessions. */
export const sessionNames = readdirSync(new URL("sessions/", folder))
  .filter((name) => name.endsWith(".yml"))
  .map((name) => name.replace(".yml", ""));

/** The text of a recorded session. */
export function sessionText(name: string): string {
  return readFileSync(new URL(`sessions/${name}.yml`, folder), "utf8");
}

/** What policy-server's host said: for each key session, its image and whether it was accepted. */
export const results = readFileSync(new URL("sessions/results.tsv", folder), "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => {
    const [name = "", image = "", accepted = ""] = line.split("\t");
    if (!["True", "False"].includes(accepted)) throw new Error(`results.tsv: ${line}`);
    return { name, image, accepted: accepted === "True" };
  });

/** Every fixture of the registry. */
export function readFixtures(): Fixture[] {
  return readdirSync(new URL("registry/", folder)).map(readFixture);
}

/** One fixture, by its file's name. */
export function readFixture(file: string): Fixture {
  return JSON.parse(readFileSync(new URL(`registry/${file}`, folder), "utf8")) as Fixture;
}

/** Serves fixtures and makes a client that finds them under the names in their images. */
export async function fixtureRegistry(
  fixtures: Fixture[],
): Promise<{ registry: Registry; client: RegistryClient }> {
  const registry = await serveRegistry(fixtures);
  const reach = new Map(
    ["127.0.0.1:5555", "127.0.0.1:5556"].map((name) => [name, registry.origin]),
  );
  return { registry, client: new RegistryClient(new Transport(NO_SOURCES, reach)) };
}
