import { lookup } from "node:dns/promises";
import type { CallbackRequest } from "../callback.js";
import { parseReference } from "../registry/reference.js";
import type { RegistryClient } from "../registry/client.js";
import { verifyCertificate, verifyPublicKeys, type Annotations } from "../sigstore/verify.js";
import { isCertificateTrusted, type CertificateRequest } from "./crypto.js";
import type { Handler } from "./index.js";

type Fields = CallbackRequest["fields"];
type Answer = (fields: Fields, client: RegistryClient) => Promise<unknown>;

const ANSWERS: Record<string, Answer> = {
  OciManifestDigest: async ({ image }, client) => {
    const { digest } = await pull(client, String(image));
    return { digest };
  },
  OciManifest: async ({ image }, client) => {
    const { manifest } = await pull(client, String(image));
    return manifest;
  },
  OciManifestAndConfig: async ({ image }, client) => {
    const { digest, manifest } = await pull(client, String(image));
    const { config } = manifest;
    if (!config)
      throw new Error(`${image} is an index of several images: it has no config of its own`);
    const bytes = await registry(() => client.pullBlob(parseReference(String(image)), config));
    return { manifest, digest, config: JSON.parse(bytes.toString("utf8")) as unknown };
  },
  SigstorePubKeyVerify: ({ image, pub_keys, annotations }, client) =>
    verifyPublicKeys(client, String(image), pub_keys as string[], annotations as Annotations),
  SigstoreCertificateVerify: (fields, client) =>
    verifyCertificate(
      client,
      String(fields["image"]),
      Buffer.from(fields["certificate"] as number[]),
      (fields["certificate_chain"] as number[][] | null)?.map((bytes) => Buffer.from(bytes)) ??
        null,
      fields["require_rekor_bundle"] === true,
      fields["annotations"] as Annotations,
    ),
  SigstoreKeylessVerify: needsSession("Keyless signatures need sigstore's trust root"),
  SigstoreKeylessPrefixVerify: needsSession("Keyless signatures need sigstore's trust root"),
  SigstoreGithubActionsVerify: needsSession("Keyless signatures need sigstore's trust root"),
  DNSLookupHost: async ({ host }) => {
    const addresses = await lookup(String(host), { all: true });
    return { ips: addresses.map(({ address }) => address) };
  },
  CryptoIsCertificateTrusted: async ({ request }) =>
    isCertificateTrusted(request as unknown as CertificateRequest),
};

/** Answers requests from real registries, name servers and certificates. */
export function liveHandler(client: RegistryClient): Handler {
  return async ({ variant, fields }) => {
    const answer = ANSWERS[variant] ?? needsSession(`${variant} needs a cluster`);
    return JSON.stringify(await answer(fields, client));
  };
}

function needsSession(why: string): Answer {
  return async () => {
    throw new Error(
      `${why}, which this host does not have: ` +
        "record a session with kwctl and give it with --replay-host-capabilities-interactions",
    );
  };
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
