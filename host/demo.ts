import { kubewarden } from "./capabilities/index.js";
import { liveHandler } from "./capabilities/live.js";
import { readSettings } from "./commands/options.js";
import { decide } from "./commands/run.js";
import { WatchedClient } from "./explain/watched-client.js";
import { Witness } from "./explain/witness.js";
import { packageFile } from "./package.js";
import { Policy, readPolicy } from "./policy.js";
import { ANONYMOUS } from "./registry/credentials.js";
import { serveExamples } from "./registry/examples.js";
import { NO_SOURCES } from "./registry/sources.js";
import { Transport } from "./registry/transport.js";
import { readRequest } from "./request.js";

/**
 * Shows the policy at work without a cluster or a network: serves a registry with a signed and an
 * unsigned image, and decides a Deployment of each.
 *
 * @param witness of what the policy does: then the verdicts are explained
 */
export async function demo(policyPath?: string, witness?: Witness): Promise<number> {
  const module = await readPolicy(policyPath);
  const registry = await serveExamples();
  try {
    const transport = new Transport(NO_SOURCES, registry.reach);
    const client = new WatchedClient(transport, ANONYMOUS, (pull) => witness?.pulled(pull));
    const capabilities = kubewarden({ handler: liveHandler({ client }) });
    const policy = new Policy(module, witness?.watch(capabilities) ?? capabilities, {
      log: witness?.hear,
    });
    const { settings } = readSettings({ settingsPath: packageFile("examples", "settings.yaml") });
    let code = 0;
    for (const name of ["deployment-signed.yaml", "deployment-unsigned.yaml"]) {
      console.log(`\nexamples/${name}`);
      const request = readRequest(packageFile("examples", name));
      code ||= await decide(policy, settings, [request], true, witness);
    }
    return code;
  } finally {
    await registry.close();
  }
}
