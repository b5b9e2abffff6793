import type { Command } from "commander";
import { parseGrants, type Grants } from "../capabilities/grants.js";
import type { Handler } from "../capabilities/index.js";
import { liveHandler } from "../capabilities/live.js";
import { readKubernetesObjects } from "../kubernetes/objects.js";
import { RegistryClient } from "../registry/client.js";
import { dockerCredentials } from "../registry/credentials.js";
import { NO_SOURCES, readSources } from "../registry/sources.js";
import { Transport } from "../registry/transport.js";
import { readTrustRoot } from "../sigstore/trust.js";

/** How a policy's questions are answered. */
export interface AnswerOptions {
  sourcesPath?: string;
  dockerConfigJsonPath?: string;
  sigstoreTrustConfig?: string;
  kubernetesObjects?: string[];
  /** `true` is the option without a value: nothing is granted. */
  allowedHostCapabilities: string[] | true;
}

/** Gives a command the options that say how a policy's questions are answered. */
export function addAnswerOptions(command: Command): Command {
  return command
    .option("--sources-path <file>", "insecure registries and own CAs, as kwctl's sources.yaml")
    .option(
      "--docker-config-json-path <directory>",
      "where docker's config.json with the registries' credentials is; default: $DOCKER_CONFIG or ~/.docker",
    )
    .option(
      "--sigstore-trust-config <file>",
      "whose keyless signatures and log entries to believe: a ClientTrustConfig or a trusted_root.json",
    )
    .option(
      "--kubernetes-objects <files...>",
      "manifests, or folders of them, that stand for a cluster's objects",
    )
    .option(
      "--allowed-host-capabilities [patterns...]",
      "what the policy may ask its host: *, oci/*, oci/v2/verify, …; without a value nothing",
      ["*"],
    );
}

/** Answers from registries, certificates and files, as the options say. */
export function answering(options: AnswerOptions): Handler {
  const { sourcesPath, dockerConfigJsonPath, sigstoreTrustConfig, kubernetesObjects } = options;
  const sources = sourcesPath === undefined ? NO_SOURCES : readSources(sourcesPath);
  return liveHandler({
    client: new RegistryClient(new Transport(sources), dockerCredentials(dockerConfigJsonPath)),
    trustRoot: sigstoreTrustConfig === undefined ? undefined : readTrustRoot(sigstoreTrustConfig),
    objects: kubernetesObjects && readKubernetesObjects(kubernetesObjects),
  });
}

/** What the options grant. */
export function granted({ allowedHostCapabilities: allowed }: AnswerOptions): Grants {
  return parseGrants(allowed === true ? [] : allowed);
}
