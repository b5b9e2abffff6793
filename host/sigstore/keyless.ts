import type { RegistryClient } from "../registry/client.js";
import { verifyPurpose } from "./certificate.js";
import { certificateIdentity, type Identity } from "./identity.js";
import { decodePem } from "./key.js";
import { fetchSignatures, type SignatureLayer } from "./layers.js";
import { carriesAnnotations } from "./payload.js";
import type { TrustRoot } from "./trust.js";
import { describeMissing, type Annotations, type Verified } from "./verify.js";

/** Who must have signed: how messages describe it, and how to know them. */
export interface Signer {
  description: object;
  matches: (identity: Identity) => boolean;
}

const GITHUB_ACTIONS = "https://token.actions.githubusercontent.com";

/** The identity with exactly this issuer and subject. */
export function exactly(issuer: string, subject: string): Signer {
  return {
    description: { kind: "genericIssuer", issuer, subject: { equal: subject } },
    matches: (identity) => identity.issuer === issuer && identity.subject === subject,
  };
}

/** The identities with this issuer, below a URL: `/` is appended to a prefix that does not end in one. */
export function below(issuer: string, urlPrefix: string): Signer {
  const { href } = new URL(urlPrefix);
  const prefix = href.endsWith("/") ? href : `${href}/`;
  return {
    description: { kind: "genericIssuer", issuer, subject: { urlPrefix: prefix } },
    matches: (identity) => identity.issuer === issuer && identity.subject.startsWith(prefix),
  };
}

/** The GitHub workflows of an owner, or of one repository. */
export function githubActions(owner: string, repo: string | null): Signer {
  return {
    description: { kind: "githubAction", owner, repo },
    matches: ({ issuer, subject, isUri, repository = "" }) => {
      const [actualOwner, actualRepo] = repository.split("/");
      const isWorkflow = isUri && subject.startsWith("https://github.com/");
      const isRepository = actualOwner === owner && (repo === null || actualRepo === repo);
      return issuer === GITHUB_ACTIONS && isWorkflow && isRepository;
    },
  };
}

/** Verifies that every one of the signers signed the image, each with all the annotations on its layer. */
export async function verifyKeyless(
  client: RegistryClient,
  root: TrustRoot,
  image: string,
  signers: Signer[],
  annotations: Annotations,
): Promise<Verified> {
  if (signers.length === 0) throw new Error("Must provide keyless info");
  const { digest, layers } = await fetchSignatures(client, image);
  const signed = layers
    .filter(({ payload }) => carriesAnnotations(payload, annotations ?? {}))
    .flatMap((layer) => identify(layer, root) ?? []);
  const missing = signers.filter(({ matches }) => !signed.some(matches));
  if (missing.length > 0) {
    throw new Error(
      describeMissing(missing.map(({ description }) => ({ ...description, annotations }))),
    );
  }
  return { is_trusted: true, digest };
}

/** The identity that signed a layer; undefined if nothing proves that one did. */
function identify(layer: SignatureLayer, root: TrustRoot): Identity | undefined {
  if (layer.certificate === undefined) return undefined;
  try {
    const certificate = decodePem(layer.certificate);
    verifyPurpose(certificate);
    root.verifyCertificate(layer, certificate);
    return certificateIdentity(certificate);
  } catch {
    return undefined;
  }
}
