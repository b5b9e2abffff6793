import { isObject, own, UserError, type Json, type JsonObject } from "../document.js";
import { readManifests } from "../manifests.js";
import { parseFieldSelector, parseLabelSelector } from "./selector.js";

/** Objects from files, asked for as those of a cluster are. */
export class KubernetesObjects {
  constructor(private readonly objects: JsonObject[]) {}

  /** Lists the objects of a kind, in one namespace or in all of them, that the selectors ask for. */
  list(asked: JsonObject): JsonObject {
    const { api_version, kind, namespace = null, label_selector, field_selector } = asked;
    const labels = parseLabelSelector(String(label_selector ?? ""));
    const fields = parseFieldSelector(String(field_selector ?? ""));
    const items = this.ofKind(asked).filter(
      (object) =>
        (namespace === null || namespaceOf(object) === namespace) &&
        labels(labelsOf(object)) &&
        fields({ "metadata.name": nameOf(object), "metadata.namespace": namespaceOf(object) }),
    );
    return {
      apiVersion: api_version!,
      kind: `${String(kind)}List`,
      metadata: {},
      items: items.map((object) => mask(object, asked)),
    };
  }

  /** Gets one object; without a namespace it is one that is in none. */
  get(asked: JsonObject): JsonObject {
    const { api_version, kind, name, namespace = null } = asked;
    const found = this.ofKind(asked).find(
      (object) =>
        nameOf(object) === name &&
        (namespace === null || namespaceOf(object) === namespace) &&
        (namespace !== null || metadata(object)["namespace"] === undefined),
    );
    if (!found) {
      const inside = namespace === null ? "None" : `Some("${String(namespace)}")`;
      throw new Error(
        `Cannot find ${String(api_version)}/${String(kind)} named '${String(name)}' ` +
          `inside of namespace '${inside}'`,
      );
    }
    return mask(found, asked);
  }

  private ofKind({ api_version, kind }: JsonObject): JsonObject[] {
    return this.objects.filter(
      (object) => object["apiVersion"] === api_version && object["kind"] === kind,
    );
  }
}

/** Reads objects from files and folders with manifests. */
export function readKubernetesObjects(paths: string[]): KubernetesObjects {
  const manifests = paths.flatMap((path) => readManifests(path, "Kubernetes object"));
  return new KubernetesObjects(
    manifests.map(({ document, source }) => {
      const well = isObject(document) && nameOf(document) !== undefined;
      if (well && typeof document["kind"] === "string") return document;
      throw new UserError(
        `${source}: not a Kubernetes object: it has no kind, or no metadata.name`,
      );
    }),
  );
}

function metadata(object: JsonObject): JsonObject {
  return isObject(object["metadata"]) ? object["metadata"] : {};
}

function labelsOf(object: JsonObject): Record<string, string> {
  const { labels } = metadata(object);
  return isObject(labels) ? (labels as Record<string, string>) : {};
}

function nameOf(object: JsonObject): string | undefined {
  const { name } = metadata(object);
  return typeof name === "string" ? name : undefined;
}

// Where kubectl puts what does not say where it belongs. What belongs nowhere is never asked for by namespace.
function namespaceOf(object: JsonObject): string {
  const { namespace } = metadata(object);
  return typeof namespace === "string" ? namespace : "default";
}

const ALWAYS = ["apiVersion", "kind", "metadata"];

/** Leaves of an object only the fields that the masks name, like `spec.replicas`; lists are transparent. */
function mask(object: JsonObject, { field_masks: masks }: JsonObject): JsonObject {
  if (!Array.isArray(masks)) return object;
  const paths = [...ALWAYS, ...masks.map(String)].map((path) => path.split("."));
  return prune(object, paths) as JsonObject;
}

function prune(value: Json, paths: string[][]): Json {
  if (paths.some((path) => path.length === 0)) return value;
  if (Array.isArray(value)) return value.map((item) => prune(item, paths));
  if (!isObject(value)) return value;
  const kept: JsonObject = {};
  for (const name of Object.keys(value)) {
    const below = paths.filter(([first]) => first === name).map((path) => path.slice(1));
    if (below.length > 0) kept[name] = prune(own(value, name)!, below);
  }
  return kept;
}
