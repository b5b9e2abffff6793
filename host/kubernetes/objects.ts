import { isObject, UserError, type JsonObject } from "../document.js";
import { readManifests } from "../manifests.js";
import { masked, metadataOf, notFound, objectIn, refuseScope, toList, without } from "./cluster.js";
import type { Cluster } from "./cluster.js";
import { stored } from "./defaults.js";
import { parseFieldSelector } from "./field-selector.js";
import { parseLabelSelector } from "./label-selector.js";
import { isBuiltIn, scopeOf, type Scope } from "./scope.js";
import { badRequest } from "./status.js";

/** Objects from files, asked for as those of a cluster are. */
export class KubernetesObjects implements Cluster {
  private readonly namespaced: Scope;
  private readonly objects: JsonObject[];

  constructor(objects: JsonObject[]) {
    this.namespaced = scopeOf(objects);
    const placed = objects.map((object) => stored(this.place(object)));
    // Of two with one name the later one counts, as if they were applied one after the other.
    const byKey = new Map(placed.map((object) => [storageKey(object), object]));
    const keys = [...byKey].map(([key, object]) => ({ key: Buffer.from(key), object }));
    this.objects = keys.sort((a, b) => Buffer.compare(a.key, b.key)).map(({ object }) => object);
  }

  /** Lists by the selectors, in the order of an API server: by namespace and name. */
  async list(asked: JsonObject): Promise<JsonObject> {
    const { api_version, namespace = null, label_selector, field_selector } = asked;
    this.refuse(asked, false);
    const builtIn = isBuiltIn(String(api_version));
    const labels = understand(parseLabelSelector, label_selector);
    const fields = understand((text) => parseFieldSelector(text, builtIn), field_selector);
    const found = this.ofKind(asked).filter((object) => {
      const { name, namespace: place = "" } = metadataOf(object);
      const inside = namespace === null || place === namespace;
      const values = { "metadata.name": String(name), "metadata.namespace": String(place) };
      return inside && labels(labelsOf(object)) && fields(values);
    });
    // In a List of a kind of its own, an API server does not say of the items again what they are.
    const items = builtIn ? found.map(withoutKind) : found;
    return toList(asked, items);
  }

  async get(asked: JsonObject): Promise<JsonObject> {
    const { name, namespace = null } = asked;
    const namespaced = this.refuse(asked, true);
    const found = this.ofKind(asked).find((object) => {
      const metadata = metadataOf(object);
      return metadata["name"] === name && (!namespaced || metadata["namespace"] === namespace);
    });
    if (!found) throw notFound(asked);
    return masked(asked, found);
  }

  private refuse(asked: JsonObject, oneObject: boolean): boolean {
    const namespaced = this.namespaced(String(asked["api_version"]), String(asked["kind"]));
    refuseScope(asked, namespaced, oneObject);
    return namespaced;
  }

  private ofKind({ api_version, kind }: JsonObject): JsonObject[] {
    return this.objects.filter(
      (object) => object["apiVersion"] === api_version && object["kind"] === kind,
    );
  }

  /** Puts an object that does not say where it belongs where kubectl would. */
  private place(object: JsonObject): JsonObject {
    const { namespace = "default", ...metadata } = metadataOf(object);
    const namespaced = this.namespaced(String(object["apiVersion"]), String(object["kind"]));
    return { ...object, metadata: namespaced ? { ...metadata, namespace } : metadata };
  }
}

/** Reads objects from files and folders with manifests. */
export function readKubernetesObjects(paths: string[]): KubernetesObjects {
  const manifests = paths.flatMap((path) => readManifests(path, "Kubernetes object"));
  return new KubernetesObjects(
    manifests.map(({ document, source }) => {
      const well = isObject(document) && typeof metadataOf(document)["name"] === "string";
      if (well && typeof document["kind"] === "string") return document;
      throw new UserError(
        `${source}: not a Kubernetes object: it has no kind, or no metadata.name`,
      );
    }),
  );
}

function understand<T>(parse: (text: string) => T, selector: unknown): T {
  try {
    return parse(String(selector ?? ""));
  } catch (error) {
    throw badRequest((error as Error).message);
  }
}

function labelsOf(object: JsonObject): Record<string, string> {
  return objectIn(metadataOf(object), "labels") as Record<string, string>;
}

function withoutKind(object: JsonObject): JsonObject {
  return without(without(object, "apiVersion"), "kind");
}

// Where etcd would have it, in this order.
function storageKey(object: JsonObject): string {
  const { namespace = "", name } = metadataOf(object);
  const kind = `${String(object["apiVersion"])}/${String(object["kind"])}`;
  return `${kind}/${String(namespace)}/${String(name)}`;
}
