import { kubewarden } from "./capabilities/index.js";
import { liveHandler } from "./capabilities/live.js";
import { decide } from "./commands/run.js";
import { readText, UserError } from "./document.js";
import type { JsonObject } from "./document.js";
import { packageFile } from "./package.js";
import { Policy, readPolicy } from "./policy.js";
import { RegistryClient } from "./registry/client.js";
import { contentBytes, type Fixture } from "./registry/fixture.js";
import { serveRegistry } from "./registry/server.js";
import { NO_SOURCES } from "./registry/sources.js";
import { Transport } from "./registry/transport.js";
import { readRequest } from "./request.js";

/** The registry in the examples' image names, which are in the signatures too. */
const REGISTRY = "127.0.0.1:5555";
const KEY = "keys/a1.pub";

/**
 * Shows the policy at work without a cluster or a network: serves a registry with a signed and an
 * unsigned image, and decides a Deployment of each.
 */
export async function demo(policyPath?: string): Promise<number> {
  const module = await readPolicy(policyPath);
  const fixture = readFixture();
  const registry = await serveRegistry([fixture]);
  try {
    const transport = new Transport(NO_SOURCES, new Map([[REGISTRY, registry.origin]]));
    const handler = liveHandler(new RegistryClient(transport));
    const policy = new Policy(module, kubewarden({ handler }));
    const settings = demoSettings(fixture);
    let code = 0;
    for (const name of ["deployment-signed.yaml", "deployment-unsigned.yaml"]) {
      console.log(`\nexamples/${name}`);
      code ||= await decide(policy, settings, readRequest(packageFile("examples", name)), true);
    }
    return code;
  } finally {
    await registry.close();
  }
}

function readFixture(): Fixture {
  const path = packageFile("examples", "registry", "a-single.json");
  return JSON.parse(readText(path, "example registry")) as Fixture;
}

function demoSettings({ files }: Fixture): JsonObject {
  const key = files[KEY];
  if (!key) throw new UserError(`the example registry has no ${KEY}`);
  const rule = {
    image: `${REGISTRY}/demo/*`,
    pubKeys: [{ name: "release key", key: contentBytes(key).toString("utf8") }],
  };
  return { signatures: [rule] };
}
