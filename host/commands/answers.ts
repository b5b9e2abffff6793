import { resolve } from "node:path";
import { Option, type Command } from "commander";
import { parseGrants } from "../capabilities/grants.js";
import type { Handler, Permissions } from "../capabilities/index.js";
import { liveHandler } from "../capabilities/live.js";
import { grantResources } from "../capabilities/resources.js";
import { packageFile } from "../package.js";
import { WatchedClient, type Pull } from "../explain/watched-client.js";
import { ApiServer } from "../kubernetes/api-server.js";
import type { Cluster } from "../kubernetes/cluster.js";
import { Connection } from "../kubernetes/connection.js";
import { readKubernetesObjects } from "../kubernetes/objects.js";
import { hasMetadata, resourcesNamedBy } from "../metadata/resources.js";
import { printable } from "../pretty.js";
import { dockerCredentials } from "../registry/credentials.js";
import { EXAMPLE_REGISTRY, serveExamples } from "../registry/examples.js";
import { Requests } from "../registry/requests.js";
import { NO_SOURCES, readSources } from "../registry/sources.js";
import { Transport } from "../registry/transport.js";
import type { Deployment } from "../settings.js";
import { readTrustRoot } from "../sigstore/trust.js";
import { writeError } from "./options.js";

/** How registries are spoken to. */
export interface RegistryOptions {
  sourcesPath?: string;
  dockerConfigJsonPath?: string;
  exampleRegistry?: boolean;
}

/** How a policy's questions are answered. */
export interface AnswerOptions extends RegistryOptions {
  sigstoreTrustConfig?: string;
  kubernetesObjects?: string[];
  kubeconfig?: string;
  /** `true` is the option without a value: nothing is granted. */
  allowedHostCapabilities: string[] | true;
  allowContextAware?: boolean;
  metadataPath?: string;
}

/** Gives a command the options that say how registries are spoken to. */
export function addRegistryOptions(command: Command): Command {
  return command
    .option("--sources-path <file>", "insecure registries and own CAs, as kwctl's sources.yaml")
    .option(
      "--docker-config-json-path <directory>",
      "where docker's config.json with the registries' credentials is; default: $DOCKER_CONFIG or ~/.docker",
    )
    .option(
      "--example-registry",
      `take the images of ${EXAMPLE_REGISTRY} from this package's examples/registry, without a network`,
    );
}

/**
 * A client of registries as the options say.
 *
 * @param pulled is told what is pulled
 */
export async function registryClient(
  options: RegistryOptions,
  pulled: (pull: Pull) => void = () => {},
): Promise<WatchedClient> {
  const { sourcesPath, dockerConfigJsonPath, exampleRegistry } = options;
  const sources = sourcesPath === undefined ? NO_SOURCES : readSources(sourcesPath);
  const reach = exampleRegistry ? (await serveExamples()).reach : undefined;
  const transport = new Transport(sources, reach);
  return new WatchedClient(transport, dockerCredentials(dockerConfigJsonPath), pulled);
}

/**
 * Requests to a Notary server as the options say. It takes the registry's credential, if it has none of its own, as
 * docker has it.
 */
export function notaryRequests(options: RegistryOptions, registry: string): Requests {
  const { sourcesPath, dockerConfigJsonPath } = options;
  const sources = sourcesPath === undefined ? NO_SOURCES : readSources(sourcesPath);
  const credentials = dockerCredentials(dockerConfigJsonPath);
  const either = async (server: string) =>
    (await credentials(server)) ?? (await credentials(registry));
  return new Requests(new Transport(sources), either);
}

/** Gives a command the options that say how a policy's questions are answered. */
export function addAnswerOptions(command: Command): Command {
  return addRegistryOptions(command)
    .option(
      "--sigstore-trust-config <file>",
      "whose keyless signatures and log entries to believe: a ClientTrustConfig or a trusted_root.json",
    )
    .option(
      "--kubernetes-objects <files...>",
      "manifests, or folders of them, that stand for a cluster's objects",
    )
    .addOption(
      new Option(
        "--kubeconfig <file>",
        "ask the cluster of this kubeconfig's current context",
      ).conflicts("kubernetesObjects"),
    )
    .option(
      "--allowed-host-capabilities [patterns...]",
      "what the policy may ask its host: *, oci/*, oci/v2/verify, …; without a value nothing",
      ["*"],
    )
    .option(
      "--allow-context-aware",
      "let the policy read the Kubernetes objects that its metadata names; always so in a test, and " +
        "of this package's policy while it has no metadata; with a policy's manifest, that alone says what it may read",
    )
    .option(
      "--metadata-path <file>",
      "metadata of a policy whose module has none inside; default, for the policy of this package: " +
        "its metadata-context-aware.yml",
    );
}

/**
 * Answers from registries, certificates, and files or a cluster, as the options say.
 *
 * @param pulled is told what is pulled from registries
 */
export async function answering(
  options: AnswerOptions,
  pulled: (pull: Pull) => void = () => {},
): Promise<Handler> {
  const { sigstoreTrustConfig } = options;
  return liveHandler({
    client: await registryClient(options, pulled),
    trustRoot: sigstoreTrustConfig === undefined ? undefined : readTrustRoot(sigstoreTrustConfig),
    cluster: await clusterOf(options),
  });
}

async function clusterOf(options: AnswerOptions): Promise<Cluster | undefined> {
  const { kubeconfig, kubernetesObjects } = options;
  if (kubeconfig !== undefined) return new ApiServer(await Connection.open(kubeconfig));
  return kubernetesObjects && readKubernetesObjects(kubernetesObjects);
}

/** What this package's policy may read while nothing else is said. */
const OWN_METADATA = "metadata-context-aware.yml";

/**
 * What the options grant: capabilities, and the Kubernetes objects that the policy's metadata names. As with kwctl
 * these are granted only if `--allow-context-aware` says so, but for this package's own policy as `make policy.wasm`
 * leaves it, without metadata: there a line on standard error tells what it may read of the cluster that is given.
 *
 * @param deployment where the policy's manifest is given: then its grants count and no others, as in a cluster
 */
export function granted(
  options: AnswerOptions,
  module: WebAssembly.Module,
  policyPath: string | undefined,
  deployment?: Deployment,
): Permissions {
  const { allowedHostCapabilities: allowed, metadataPath } = options;
  const own = packageFile("policy.wasm");
  const isOwn = resolve(policyPath ?? own) === own;
  const assumed = isOwn && metadataPath === undefined && !hasMetadata(module);
  const path = assumed ? packageFile(OWN_METADATA) : metadataPath;
  const named = assumed || options.allowContextAware ? resourcesNamedBy(module, path) : [];
  const resources = deployment?.resources ?? named;
  const source = deployment?.source ?? (assumed ? OWN_METADATA : undefined);
  if (source !== undefined && (options.kubernetesObjects ?? options.kubeconfig) !== undefined) {
    const kinds = resources.map(({ kind }) => kind).join(", ") || "none";
    writeError(printable(`The policy may read objects of these kinds, as in ${source}: ${kinds}.`));
  }
  return {
    grants: parseGrants(allowed === true ? [] : allowed),
    resources: grantResources(resources),
  };
}

/** Says which Kubernetes objects a policy wants to read and is not granted; undefined if there are none. */
export function warningOf(
  { allowContextAware, metadataPath }: AnswerOptions,
  module: WebAssembly.Module,
): string | undefined {
  const named = allowContextAware ? [] : resourcesNamedBy(module, metadataPath);
  if (named.length === 0) return undefined;
  const kinds = named.map(({ apiVersion, kind }) => `${apiVersion}/${kind}`);
  return (
    `warning: the policy is not granted the Kubernetes objects that its metadata names, ${kinds.join(", ")}: ` +
    "if it may read them, give --allow-context-aware"
  );
}
