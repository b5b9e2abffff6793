/** Where an image is: what a registry client needs to know of its name. */
export interface Reference {
  registry: string;
  repository: string;
  tag?: string;
  digest?: string;
}

const DOCKER_HUB = "docker.io";

const SEGMENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const REGISTRY = /^(?:[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*|\[[0-9a-fA-F:]+\])(?::[0-9]+)?$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const DIGEST = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;
const SHA256 = /^sha256:[0-9a-f]{64}$/;

/**
 * Parses an image name and fills in what Docker leaves out: `nginx` is
 * `docker.io/library/nginx:latest`.
 */
export function parseReference(image: string): Reference {
  const at = image.indexOf("@");
  const digest = at < 0 ? undefined : image.slice(at + 1);
  const named = at < 0 ? image : image.slice(0, at);
  const colon = named.lastIndexOf(":");
  const hasTag = colon > named.lastIndexOf("/");
  const tag = hasTag ? named.slice(colon + 1) : undefined;
  const { registry, repository } = splitName(hasTag ? named.slice(0, colon) : named);
  const wellFormed =
    REGISTRY.test(registry) &&
    repository.length <= 255 &&
    repository.split("/").every((segment) => SEGMENT.test(segment)) &&
    (tag === undefined || TAG.test(tag)) &&
    (digest === undefined || DIGEST.test(digest));
  if (!wellFormed) throw new Error("invalid reference format");
  if (digest !== undefined && !SHA256.test(digest)) {
    throw new Error("unsupported digest: only sha256 in lower case can be checked");
  }
  if (digest !== undefined) return { registry, repository, digest, ...(tag && { tag }) };
  return { registry, repository, tag: tag ?? "latest" };
}

/** The name in full, as messages show it. */
export function formatReference({ registry, repository, tag, digest }: Reference): string {
  return `${registry}/${repository}${tag ? `:${tag}` : ""}${digest ? `@${digest}` : ""}`;
}

// The first part is a host only if it looks like one, as for Docker.
function splitName(name: string): { registry: string; repository: string } {
  const slash = name.indexOf("/");
  const first = name.slice(0, Math.max(slash, 0));
  if (!/[.:A-Z]/.test(first) && first !== "localhost") {
    return { registry: DOCKER_HUB, repository: slash < 0 ? `library/${name}` : name };
  }
  const registry = first === "index.docker.io" ? DOCKER_HUB : first;
  const rest = name.slice(slash + 1);
  const official = registry === DOCKER_HUB && !rest.includes("/");
  return { registry, repository: official ? `library/${rest}` : rest };
}
