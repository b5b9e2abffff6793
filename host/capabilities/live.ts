import { lookup } from "node:dns/promises";
import type { CallbackRequest } from "../callback.js";
import type { Json } from "../document.js";
import type { Cluster } from "../kubernetes/cluster.js";
import { parseReference } from "../registry/reference.js";
import type { RegistryClient } from "../registry/client.js";
import { below, exactly, githubActions, verifyKeyless, type Signer } from "../sigstore/keyless.js";
import type { TrustRoot } from "../sigstore/trust.js";
import { verifyCertificate, verifyPublicKeys, type Annotations } from "../sigstore/verify.js";
import { isCertificateTrusted, type CertificateRequest } from "./crypto.js";
import type { Handler } from "./index.js";

type Fields = CallbackRequest["fields"];
type Answer = (fields: Fields, world: World) => Promise<unknown>;

/** Where answers come from. */
export interface World {
  client: RegistryClient;
  /** Without it no keyless signature can be verified, and log entries do not count. */
  trustRoot?: TrustRoot | undefined;
  /** Without it there are no Kubernetes objects to read. */
  cluster?: Cluster | undefined;
}

const ANSWERS: Record<string, Answer> = {
  OciManifestDigest: async ({ image }, { client }) => {
    const { digest } = await pull(client, String(image));
    return { digest };
  },
  OciManifest: async ({ image }, { client }) => {
    const { manifest } = await pull(client, String(image));
    return manifest;
  },
  OciManifestAndConfig: async ({ image }, { client }) => {
    const { digest, manifest } = await pull(client, String(image));
    const { config } = manifest;
    if (!config)
      throw new Error(`${image} is an index of several images: it has no config of its own`);
    const bytes = await registry(() => client.pullBlob(parseReference(String(image)), config));
    return { manifest, digest, config: JSON.parse(bytes.toString("utf8")) as unknown };
  },
  SigstorePubKeyVerify: ({ image, pub_keys, annotations }, { client, trustRoot }) =>
    verifyPublicKeys(
      client,
      String(image),
      pub_keys as string[],
      annotations as Annotations,
      trustRoot,
    ),
  SigstoreCertificateVerify: (fields, { client, trustRoot }) =>
    verifyCertificate(
      client,
      String(fields["image"]),
      Buffer.from(fields["certificate"] as number[]),
      (fields["certificate_chain"] as number[][] | null)?.map((bytes) => Buffer.from(bytes)) ??
        null,
      fields["require_rekor_bundle"] === true,
      fields["annotations"] as Annotations,
      trustRoot,
    ),
  SigstoreKeylessVerify: keyless(({ keyless }) =>
    identities(keyless).map(({ issuer, subject }) => exactly(issuer!, subject!)),
  ),
  SigstoreKeylessPrefixVerify: keyless(({ keyless_prefix }) =>
    identities(keyless_prefix).map(({ issuer, url_prefix }) => below(issuer!, url_prefix!)),
  ),
  SigstoreGithubActionsVerify: keyless(({ owner, repo }) => [
    githubActions(String(owner), repo as string | null),
  ]),
  KubernetesListResourceNamespace: (fields, world) => cluster(world).list(fields),
  KubernetesListResourceAll: (fields, world) => cluster(world).list(fields),
  KubernetesGetResource: (fields, world) => cluster(world).get(fields),
  DNSLookupHost: async ({ host }) => {
    const addresses = await lookup(String(host), { all: true });
    return { ips: addresses.map(({ address }) => address) };
  },
  CryptoIsCertificateTrusted: async ({ request }) =>
    isCertificateTrusted(request as unknown as CertificateRequest),
};

/** Answers requests from real registries and name servers, from certificates and a cluster's objects. */
export function liveHandler(world: World): Handler {
  return async ({ variant, fields }) => {
    const answer = ANSWERS[variant];
    if (!answer) throw lacking(`${variant} needs a cluster`);
    return JSON.stringify(await answer(fields, world));
  };
}

function keyless(signers: (fields: Fields) => Signer[]): Answer {
  return async (fields, { client, trustRoot }) => {
    if (!trustRoot)
      throw lacking("A keyless signature needs a trust root", "--sigstore-trust-config");
    const annotations = fields["annotations"] as Annotations;
    const image = String(fields["image"]);
    return verifyKeyless(client, trustRoot, image, signers(fields), annotations);
  };
}

function identities(value: Json | undefined): Record<string, string>[] {
  return value as Record<string, string>[];
}

function cluster({ cluster }: World): Cluster {
  if (cluster) return cluster;
  throw lacking("This needs the objects of a cluster", "--kubernetes-objects or --kubeconfig");
}

function lacking(what: string, option?: string): Error {
  const replay =
    "record a session with kwctl and give it with --replay-host-capabilities-interactions";
  return new Error(
    `${what}, which this host does not have: ${option ? `give ${option}, or ` : ""}${replay}`,
  );
}

function pull(client: RegistryClient, image: string) {
  const reference = parseReference(image);
  return registry(() => client.pullManifest(reference));
}

async function registry<T>(step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw new Error(`Fail to interact with OCI registry: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
