import { isObject, type JsonObject } from "../document.js";
import type { Connection } from "./connection.js";
import { ApiError } from "./status.js";

/** Where an API server has the objects of a kind. */
export interface Resource {
  /** `/api/v1` or `/apis/GROUP/VERSION`. */
  root: string;
  /** The kind's name in paths, like `configmaps`. */
  plural: string;
  namespaced: boolean;
}

/** Finds where the objects of a kind are, custom ones included. What was found is remembered. */
export class Discovery {
  private readonly known = new Map<string, Resource>();

  constructor(private readonly connection: Connection) {}

  async find(apiVersion: string, kind: string): Promise<Resource> {
    const name = `${apiVersion}/${kind}`;
    const known = this.known.get(name);
    if (known) return known;
    const root = rootOf(apiVersion);
    const found = (await this.resources(root, apiVersion, kind)).find(
      // A name with a slash is a subresource, like `deployments/scale`.
      (resource) => resource["kind"] === kind && !String(resource["name"]).includes("/"),
    );
    if (!found) throw new Error(`Cannot find resource ${name}`);
    const plural = segment(String(found["name"]));
    const resource = { root, plural, namespaced: found["namespaced"] === true };
    this.known.set(name, resource);
    return resource;
  }

  private async resources(root: string, apiVersion: string, kind: string): Promise<JsonObject[]> {
    try {
      const [answer] = await this.connection.get(root);
      const resources = isObject(answer) ? answer["resources"] : undefined;
      return Array.isArray(resources) ? resources.filter(isObject) : [];
    } catch (error) {
      if (apiVersion === "v1") throw error;
      const reason = error instanceof ApiError ? error.summary : (error as Error).message;
      throw new Error(`error finding resource ${apiVersion} / ${kind}: ${reason}`, {
        cause: error,
      });
    }
  }
}

function rootOf(apiVersion: string): string {
  if (apiVersion === "v1") return "/api/v1";
  const [group = "", version, ...more] = apiVersion.split("/");
  if (version === undefined || more.length > 0) {
    throw new Error(`cannot determine group and version for ${apiVersion}`);
  }
  return `/apis/${segment(group)}/${segment(version)}`;
}

/** A name as a part of a path, and no way to another one. */
export function segment(name: string): string {
  if (/^\.{0,2}$/.test(name)) {
    throw new Error(`Failed to build request: failed to validate request: "${name}" is no name`);
  }
  return encodeURIComponent(name);
}
