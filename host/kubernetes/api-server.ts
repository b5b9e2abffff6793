import { isObject, type JsonObject } from "../document.js";
import { masked, notFound, refuseScope, toList, type Cluster } from "./cluster.js";
import { Budget, type Connection } from "./connection.js";
import { Discovery, segment, type Resource } from "./discovery.js";
import { ApiError } from "./status.js";

/** How many objects are asked for at once. */
const PAGE = 500;

/**
 * A real cluster. What policy-server keeps in a cache is asked for anew each time, and what makes it wait for ever,
 * like a list that it may not read, is an error here.
 */
export class ApiServer implements Cluster {
  private readonly discovery: Discovery;

  constructor(private readonly connection: Connection) {
    this.discovery = new Discovery(connection);
  }

  async list(asked: JsonObject): Promise<JsonObject> {
    const { label_selector: labels, field_selector: fields } = asked;
    const path = pathOf(await this.find(asked, false), asked["namespace"]);
    const query: Record<string, string> = {
      limit: String(PAGE),
      ...(labels && { labelSelector: String(labels) }),
      ...(fields && { fieldSelector: String(fields) }),
    };
    const budget = new Budget();
    const objects: JsonObject[] = [];
    for (let next: string | undefined = ""; next !== undefined;) {
      const [page, bytes] = await this.connection.get(
        path,
        next ? { ...query, continue: next } : query,
      );
      budget.spend(bytes);
      const { items, metadata } = isObject(page) ? page : {};
      if (!Array.isArray(items)) throw new Error("Error deserializing response: it is no List");
      objects.push(...items.filter(isObject));
      next = (isObject(metadata) && String(metadata["continue"] ?? "")) || undefined;
    }
    return toList(asked, objects);
  }

  async get(asked: JsonObject): Promise<JsonObject> {
    const resource = await this.find(asked, true);
    const folder = pathOf(resource, resource.namespaced ? asked["namespace"] : null);
    const path = `${folder}/${segment(String(asked["name"]))}`;
    try {
      const [object] = await this.connection.get(path);
      if (isObject(object)) return masked(asked, object);
    } catch (error) {
      if (error instanceof ApiError && error.status.code === 404) throw notFound(asked);
      throw error;
    }
    throw new Error("Error deserializing response: it is no object");
  }

  private async find(asked: JsonObject, oneObject: boolean): Promise<Resource> {
    const { api_version, kind } = asked;
    const resource = await this.discovery.find(String(api_version), String(kind));
    refuseScope(asked, resource.namespaced, oneObject);
    return resource;
  }
}

function pathOf({ root, plural }: Resource, namespace: unknown = null): string {
  if (namespace === null) return `${root}/${plural}`;
  return `${root}/namespaces/${segment(String(namespace))}/${plural}`;
}
