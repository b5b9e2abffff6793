import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { liveHandler } from "../../host/capabilities/live.js";
import type { Handler } from "../../host/capabilities/index.js";
import type { Cluster } from "../../host/kubernetes/cluster.js";
import { readKubernetesObjects } from "../../host/kubernetes/objects.js";
import { readCase } from "../../host/cases/folder.js";
import { runCase } from "../../host/cases/run.js";
import type { Registry } from "../../host/registry/server.js";
import { formatSession } from "../../host/session.js";
import { parseTrustRoot } from "../../host/sigstore/trust.js";
import { fixtureRegistry, readFixture, readFixtures } from "../host/fixtures.js";
import { trustedRoot } from "../host/trusted-root.js";
import { withEvidence } from "./evidence-registry.js";
import { module } from "./guest.js";

const cases = new URL("../cases/", import.meta.url);

const isThere = (folder: string, file: string) => existsSync(new URL(`${folder}/${file}`, cases));
const foldersIn = (area: string) =>
  readdirSync(new URL(area, cases)).map((name) => `${area}/${name}`);

let registry: Registry;
let live: (cluster?: Cluster) => Handler;

beforeAll(async () => {
  const served = await fixtureRegistry(await withEvidence(readFixtures()));
  registry = served.registry;
  const trustRoot = parseTrustRoot(trustedRoot(readFixture("l-fulcio-email.json")));
  live = (cluster) => async (request) => {
    try {
      return await liveHandler({ ...served, trustRoot, cluster })(request);
    } catch (error) {
      // Under the name that the images have, not at the port of today.
      const words = (error as Error).message.replaceAll(registry.origin, "http://127.0.0.1:5555");
      throw new Error(words, { cause: error });
    }
  };
});
afterAll(() => registry.close());

// `npx vitest run test/policy/recorded.test.ts -u` records anew.
describe("what a host answers of the fixtures is what the sessions say", () => {
  const ofClusters = [...foldersIn("cluster"), ...foldersIn("files")].filter((name) =>
    isThere(name, "objects.yaml"),
  );
  // Documents with what Notation and Notary signed, or an authority of time, are in no registry of the fixtures: the
  // sessions are made of them.
  const made = /-denied$|-failed$|\/(nota(tion|ry)|timestamp)/;
  const honest = foldersIn("evidence").filter((name) => !made.test(name));
  test.each([...foldersIn("verify"), ...ofClusters, ...honest])("%s", async (name) => {
    const folder = new URL(`${name}/`, cases);
    const read = readCase(fileURLToPath(folder));
    const objects = isThere(name, "objects.yaml")
      ? readKubernetesObjects([fileURLToPath(new URL("objects.yaml", folder))])
      : undefined;
    const { asked } = await runCase(module, { ...read, session: undefined }, live(objects));
    if (asked.length === 0) expect(readdirSync(folder)).not.toContain("session.yml");
    else {
      const file = fileURLToPath(new URL("session.yml", folder));
      await expect(formatSession(asked)).toMatchFileSnapshot(file);
    }
  });
});
