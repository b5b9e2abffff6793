import { stringify } from "yaml";
import { UserError, type JsonObject } from "../document.js";
import type { Metadata } from "./metadata.js";

const HEADER = `# Kubewarden Artifacthub Package config
#
# Use this config to submit the policy to https://artifacthub.io.
#
# This config can be saved to its default location with:
#   kwctl scaffold artifacthub > artifacthub-pkg.yml `;

// The layout of kwctl's own YAML.
const STYLE = { lineWidth: 0, indentSeq: false, singleQuote: true } as const;

const CONTROLLER = "https://artifacthub.io/packages/helm/kubewarden/kubewarden-controller";

/**
 * Writes artifacthub-pkg.yml as `kwctl scaffold artifacthub` does.
 *
 * @param questions the text of questions-ui.yml
 * @param createdAt when this version was made, as RFC 3339 has it
 */
export function artifactHubPackage(
  metadata: Metadata,
  questions: string,
  createdAt: string,
): string {
  const notes = metadata.annotations ?? {};
  const need = (name: string): string => {
    const value = notes[name];
    if (value) return value;
    throw new UserError(`the metadata lacks the annotation ${name}, which Artifact Hub needs`);
  };
  const version = need("io.kubewarden.policy.version");
  const image = `${need("io.kubewarden.policy.ociUrl")}:v${version}`;
  const source = notes["io.kubewarden.policy.source"];
  const tag = notes["com.github.release.tag"];
  const document = {
    version,
    name: need("io.kubewarden.policy.title"),
    displayName: need("io.artifacthub.displayName"),
    createdAt,
    description: need("io.kubewarden.policy.description"),
    license: notes["io.kubewarden.policy.license"],
    homeURL: notes["io.kubewarden.policy.url"],
    containersImages: [{ name: "policy", image }],
    keywords: keywords(notes["io.artifacthub.keywords"]),
    links: links(source, tag ? encodeURIComponent(tag) : `v${version}`),
    install: install(image),
    maintainers: maintainers(notes["io.kubewarden.policy.author"]),
    provider: { name: "kubewarden" },
    recommendations: [{ url: CONTROLLER }],
    annotations: annotations(metadata, questions),
  };
  return `${HEADER}\n${stringify(document, STYLE)}`;
}

function keywords(text: string | undefined): string[] | undefined {
  const words = text?.split(",").map((word) => word.trim());
  if (words?.includes("")) throw new UserError("io.artifacthub.keywords has an empty word");
  return words;
}

function links(source: string | undefined, release: string): JsonObject[] | undefined {
  if (source === undefined) return undefined;
  const link = { name: "source", url: source };
  if (new URL(source).host !== "github.com") return [link];
  return [{ name: "policy", url: `${source}/releases/download/${release}/policy.wasm` }, link];
}

function install(image: string): string {
  return `The policy can be obtained using [kwctl](https://docs.kubewarden.io/howtos/install-kwctl):
\`\`\`console
kwctl pull ${image}
\`\`\`
Then, generate the policy manifest and tune it to your liking. For example:
\`\`\`console
kwctl scaffold manifest -t ClusterAdmissionPolicy registry://${image}
\`\`\`
`;
}

/** `Name <address>, Name <address>` */
function maintainers(text: string | undefined): JsonObject[] | undefined {
  return text?.split(",").map((item) => {
    const [, name, email] = /^\s*([^<>]*?)\s*<([^<>@\s]+@[^<>@\s]+)>\s*$/.exec(item) ?? [];
    if (name !== undefined && email !== undefined) return { name, email };
    throw new UserError("io.kubewarden.policy.author must be a list of Name <address>");
  });
}

function annotations(metadata: Metadata, questions: string): Record<string, string> {
  const { contextAwareResources: resources, annotations: notes = {} } = metadata;
  const found: Record<string, string | undefined> = {
    "kubewarden/contextAwareResources":
      resources.length > 0 ? stringify(resources, STYLE) : undefined,
    "kubewarden/hidden-ui": notes["io.kubewarden.hidden-ui"],
    "kubewarden/mutation": String(metadata.mutating),
    "kubewarden/questions-ui": questions,
    "kubewarden/resources": notes["io.artifacthub.resources"],
    "kubewarden/rules": stringify(metadata.rules, STYLE),
  };
  const given = Object.entries(found).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as Record<string, string>;
}
